"""A return with errors, the marked workbook, the corrected return, and the brief that has moved by it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from jineng.engines.exchange import write_book
from jineng.kernel.actors import acting
from jineng.kernel.returns import the_book
from jineng.majors.models import Major, MajorOffering
from jineng.registry.models import Organisation
from tests.journeys.conftest import Visit
from tests.journeys.reading import exact
from tests.reference_year import ReferenceYear

KEY = "major_offerings"
SHEET = "offerings"
ANOTHER = "4162014595"
"""A college that the demonstration college may not report for."""


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_refused_return_to_a_figure_that_moved(
    db: None, reference_year: ReferenceYear, visit: Visit, tmp_path: Path, script: bool
) -> None:
    page = visit("college", java_script_enabled=script)
    before = exact(page, KEY)
    row = _new_offering(reference_year)
    _hand_in(page, tmp_path / "broken.xlsx", [row | {"major_code": "999999"}, row | {"org_code": ANOTHER}])
    expect(page.locator("main")).to_contain_text("未通过")
    cells = page.locator("table.list", has_text="处错误").locator("tbody tr")
    expect(cells).to_have_count(2)
    for wrong in ("999999", ANOTHER):
        expect(cells.filter(has_text=wrong)).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载标注错误的文件").click()
    marked = openpyxl.load_workbook(BytesIO(waiting.value.path().read_bytes()))
    notes = [cell.comment.text for line in marked["专业点"].iter_rows() for cell in line if cell.comment]
    assert len(notes) >= 2
    assert exact(page, KEY) == before
    page.goto("/")
    page.get_by_role("link", name="broken.xlsx").click()
    expect(page.locator("h1")).to_contain_text("broken.xlsx")
    _hand_in(page, tmp_path / "corrected.xlsx", [row])
    expect(page.locator("main")).to_contain_text("已入库")
    expect(page.locator("table.list tbody tr")).to_contain_text(["专业点"])
    assert exact(page, KEY) == before + 1
    page.goto("/briefs/2021/")
    expect(page.locator(f'.paper a.fig[data-key="{KEY}"]').first).to_contain_text(str(before + 1))


def _new_offering(year: ReferenceYear) -> dict[str, Any]:
    """An offering of the demonstration college that the register does not have."""
    actor = year.actor("college")
    with acting(actor):
        college = Organisation.objects.get(pk=actor.organisation_id)
        offered = MajorOffering.objects.filter(organisation=college).values("major")
        free = Major.objects.filter(level="higher", state_controlled=False, edition__year=2021).exclude(pk__in=offered)
        major = free.order_by("code").first()
    assert major is not None
    return {"org_code": college.code, "major_code": major.code, "duration": 3, "opened_on": date(2021, 9, 1)}


def _hand_in(page: Page, path: Path, rows: list[dict[str, Any]]) -> None:
    book = the_book()
    columns = book.by_name[SHEET].columns
    path.write_bytes(write_book(book, {SHEET: [[row.get(column.name) for column in columns] for row in rows]}))
    page.goto("/returns/")
    page.get_by_role("link", name="提交填报").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/returns/*-*/")


def test_a_file_that_is_no_workbook_is_answered_in_words(visit: Visit, tmp_path: Path) -> None:
    page = visit("college")
    path = tmp_path / "notes.xlsx"
    path.write_bytes(b"not a workbook")
    page.goto("/returns/submit/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main .notice.red, main .errorlist").first).to_be_visible()
