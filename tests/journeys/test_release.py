"""A release: its files, its seal, and that later corrections leave it as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast
from playwright.sync_api import Page, expect

from jineng.briefs.verifying import verify_file
from jineng.kernel import clock
from jineng.kernel.actors import acting
from jineng.majors.models import MajorOffering
from tests.journeys.conftest import Visit
from tests.journeys.reading import exact, figure, hrefs, number
from tests.reference_year import ReferenceYear

KEY = "major_offerings"
FILES = {"brief.html": b"<!doctype html>", "brief.docx": b"PK", "brief.pdf": b"%PDF", "manifest.json": b"{"}


def test_a_release_outlives_later_corrections(
    db: None, reference_year: ReferenceYear, visit: Visit, tmp_path: Path
) -> None:
    page = visit("province")
    page.goto("/briefs/2021/")
    said = number(figure(page, KEY).inner_text())
    page.get_by_role("link", name="打开编辑台").click()
    page.get_by_role("button", name="开编一期").click()
    page.get_by_role("button", name="已核对").click()
    expect(page.get_by_text("等另一人签发")).to_be_visible()
    signer = visit("signer")
    signer.goto("/")
    signer.get_by_role("link", name="已核对，待签发").click()
    signer.get_by_role("button", name="签发").click()
    expect(signer.get_by_role("button", name="冻结数据并发布")).to_be_visible()
    page.reload()
    page.get_by_label("说明").fill("第一版")
    page.get_by_role("button", name="冻结数据并发布").click(timeout=60_000)
    page.wait_for_url("**/briefs/releases/*/", timeout=60_000)
    released = page.url
    expect(page.locator(".paper .head")).to_contain_text(f"{clock.today():%Y年%-m月%-d日}")
    first = _files(page)
    for name, beginning in FILES.items():
        assert first[name].startswith(beginning), name
    folder = reference_year.folder / "releases" / "2021-01"
    assert {name: (folder / name).read_bytes() for name in FILES} == first
    findings = verify_file(folder / "manifest.json")
    assert findings
    assert [finding for finding in findings if not finding.ok] == []
    _void_one(page, _of_one_duration(reference_year))
    assert exact(page, KEY) == said - 1
    page.goto(released)
    assert number(figure(page, KEY).inner_text()) == said
    figure(page, KEY).click()
    expect(page.locator("#panel .big")).to_contain_text(f"{said:,}")
    assert {name: _digest(content) for name, content in _files(page).items()} == {
        name: _digest(content) for name, content in first.items()
    }


def _files(page: Page) -> dict[str, bytes]:
    return {name: page.request.get(f"{page.url.split('?')[0]}files/{name}").body() for name in FILES}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _of_one_duration(year: ReferenceYear) -> set[str]:
    """Offerings of colleges that offer their major in one duration only: the figure counts college and major once."""
    with acting(year.province):
        pairs = MajorOffering.objects.values("organisation", "major").annotate(
            one=Max(Cast("pk", TextField())), n=Count("pk")
        )
        return {pair["one"] for pair in pairs if pair["n"] == 1}


def _void_one(page: Page, alone: set[str]) -> None:
    """Strike out one of the records that the figure counts, and with it what it alone stood for."""
    page.goto(f"/briefs/2021/figures/{KEY}/records/")
    page.goto(next(href for href in hrefs(page) if alone & set(href.split("/"))))
    page.get_by_role("link", name="作废").click()
    page.locator("main form.form").get_by_label("原因").fill("误报")
    page.get_by_role("button", name="作废").click()
    expect(page.locator("main .messages")).to_be_visible()
