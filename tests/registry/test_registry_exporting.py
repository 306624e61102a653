"""What goes out as a workbook comes in again and changes nothing; what may go out to whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.engines.exchange import read
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.landing import Landing, landings
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.registry.verbs import export_return
from jineng.registry.verbs.exporting import exportable
from tests.calls.small_world import award_row, report, resident
from tests.factories import World

DAY = date(2021, 6, 1)
COLLEGE, SCHOOL = "4162010001", "3662010002"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def filled(world: World, settings: Any, tmp_path: Path) -> World:
    """The world with changes, offerings, a call with awards, and people who hold them."""
    settings.VAR = tmp_path
    actor = world.actor("province_officer")
    with clock_at(DAY):
        receipt = report(
            actor,
            organisations=[
                {
                    "code": "GS-BW",
                    "code_scheme": "office",
                    "name": "国家某部",
                    "kind": "government_department",
                    "division_code": "620000",
                    "is_synthetic": True,
                },
                {
                    "code": "LZ-FIRM2",
                    "code_scheme": "office",
                    "name": "示例工厂",
                    "kind": "enterprise",
                    "division_code": "620104",
                    "authority_code": "LZ-JY",
                    "since": date(2021, 2, 1),
                    "document": "兰工商〔2021〕1号",
                },
            ],
            organisation_changes=[
                {"code": SCHOOL, "change": "renamed", "since": date(2021, 3, 1), "name": "示例永登新职教中心"},
                {"code": "LZ-FIRM", "change": "merged", "since": date(2021, 4, 1), "related_code": "LZ-FIRM2"},
            ],
            offerings=[
                {"org_code": COLLEGE, "major_code": "460301", "duration": 3, "opened_on": date(2018, 9, 1)},
                {
                    "org_code": SCHOOL,
                    "major_code": "710201",
                    "duration": 3,
                    "opened_on": date(2018, 9, 1),
                    "revoked_on": date(2021, 5, 1),
                },
            ],
            calls=[
                {
                    "code": "studio",
                    "name": "名师工作室",
                    "level": "provincial",
                    "deciders": "620000-JY、620000-CZ",
                    "holder_form": "person",
                }
            ],
            batches=[{"call_code": "studio", "batch_number": 1, "year": 2021, "decided_on": date(2021, 5, 20)}],
            awards=[
                award_row("studio", "电气工作室", COLLEGE, status="recognised"),
                award_row("studio", "焊接工作室", SCHOOL, status="candidate"),
            ],
            award_statuses=[
                award_row("studio", "焊接工作室", SCHOOL, status="recognised", since=date(2021, 5, 25)),
            ],
            award_holders=[
                award_row(
                    "studio",
                    "电气工作室",
                    COLLEGE,
                    holder_kind="person",
                    person_name="赵某",
                    resident_id=resident(1),
                    is_synthetic=True,
                ),
            ],
        )
    assert receipt.state == "landed", receipt.errors
    return world


def again(actor: Actor, content: bytes) -> Receipt:
    receipt = submit_return(actor=actor, file_name="again.xlsx", content=content)
    return process_return(actor=actor, receipt_id=receipt.pk)


@pytest.mark.parametrize("who", ["province_officer", "city_officer", "county_officer", "college_officer"])
def test_what_goes_out_comes_in_again_and_changes_nothing(filled: World, who: str) -> None:
    actor = filled.actor(who)
    with clock_at(DAY):
        sheets = [name for name in exportable(actor) if actor.may(landings()[name].right)]
        content = export_return(actor=actor, year=2021, sheets=sheets)
        receipt = again(actor, content)
    assert receipt.state == "landed", [(e["sheet"], e["cell"], e["message"]) for e in receipt.errors]
    assert receipt.counts
    changed = {name: counts for name, counts in receipt.counts.items() if counts["added"] or counts["corrected"]}
    assert changed == {}


def test_the_province_takes_out_every_sheet_that_holds_something(filled: World) -> None:
    actor = filled.actor("province_officer")
    with clock_at(DAY):
        reading = read(export_return(actor=actor, year=2021), the_book())
    assert reading.ok, reading.errors
    rows = {name: len(table) for name, table in reading.tables.items() if len(table)}
    assert {name: rows[name] for name in ("organisation_changes", "offerings", "awards", "award_holders")} == {
        "organisation_changes": 2,
        "offerings": 2,
        "awards": 2,
        "award_holders": 1,
    }
    assert reading.tables["award_holders"].columns["person_name"] == ["赵某"]
    with acting(actor):
        line = AuditLine.objects.get(verb="export_return")
    assert line.details["rows"]["awards"] == 2
    assert "award_holders" in line.details["personal"]
    assert "offerings" not in line.details["personal"]


def test_an_auditor_takes_out_no_people(filled: World) -> None:
    auditor = filled.actor("auditor")
    with clock_at(DAY), acting(auditor):
        reading = read(export_return(actor=auditor, year=2021, sheets=["awards", "award_holders"]), the_book())
    assert (len(reading.tables["awards"]), len(reading.tables["award_holders"])) == (2, 0)


def test_an_office_takes_out_its_own_scope_only(filled: World) -> None:
    actor = filled.actor("other_city_officer")
    with clock_at(DAY):
        with pytest.raises(ValidationError, match="没有可导出的记录"):
            export_return(actor=actor, year=2021, sheets=["offerings", "awards"])
        reading = read(export_return(actor=actor, year=2021, sheets=["organisations"]), the_book())
    assert set(reading.tables["organisations"].columns["code"]) == {"QZ-JY", "3662050001"}


def test_what_cannot_go_out_is_said(filled: World) -> None:
    actor = filled.actor("province_officer")
    with pytest.raises(ValidationError, match="没有可导出的表：nothing"):
        export_return(actor=actor, year=2021, sheets=["nothing"])
    with pytest.raises(ValidationError, match="超过 1 行"):
        export_return(actor=actor, year=2021, sheets=["organisations"], at_most=1)


def test_every_sheet_goes_out() -> None:
    assert [name for name, landing in landings().items() if type(landing).export is Landing.export] == []


def test_the_page_offers_years_and_sheets(filled: World) -> None:
    client = Client()
    client.force_login(filled.accounts["province_officer"], backend=BACKEND)
    page = reverse("export_return", args=[2021])
    with clock_at(DAY):
        shown = client.get(page)
        assert [tab.current for tab in shown.context["years"]] == [False, False, True, False, False]
        assert reverse("export_return", args=[2021]) in client.get(reverse("returns")).content.decode()
        answer = client.post(page, {"sheets": ["offerings"]})
        assert answer["Content-Type"].endswith("sheet")
        assert list(read(answer.content, the_book()).tables) == ["offerings"]
        assert client.post(page, {"sheets": ["nothing"]}).status_code == 422
        empty = client.post(reverse("export_return", args=[1990]), {"sheets": ["awards"]})
        assert empty.status_code == 422
        assert "没有可导出的记录" in empty.content.decode()
        assert client.post(page).status_code == 200
        assert client.get(reverse("export_return", args=[3000])).status_code == 404
