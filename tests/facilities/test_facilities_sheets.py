"""The room's sheets: what lands, what is refused at which cell, and that what went in comes out again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from jineng.engines.exchange import write_book
from jineng.facilities.exchange import LANDINGS
from jineng.facilities.models import InvestmentBooking, Relocation, SharingMember
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
from jineng.registry.models import Division
from jineng.registry.verbs import change_organisation, enter_organisation
from tests.calls.small_world import report
from tests.factories import LONG_AGO, World

SCHOOL, OTHER = "3662010002", "3662050001"
KEY = {"park_code": "P-1", "number": 1}
SHEETS: dict[str, list[dict[str, Any]]] = {
    "parks": [{"code": "P-1", "name": "示例园区", "org_code": "YD-PARK", "area_mu": 860}],
    "park_phases": [
        {
            **KEY,
            "name": "一期",
            "planned_investment": 1_000_000,
            "started_on": date(2019, 1, 1),
            "planned_completion": date(2021, 1, 1),
        }
    ],
    "investments": [
        {**KEY, "voucher": "V-1", "booked_on": date(2021, 1, 5), "amount": 980_000, "funding": "bond"},
        {**KEY, "voucher": "V-2", "booked_on": date(2021, 2, 5), "amount": 1, "funding": "own", "voided": True,
         "void_reason": "误记"},
    ],
    "phase_reports": [{**KEY, "status": "completed", "since": date(2021, 3, 1)}],
    "shared_facilities": [
        {"code": "F-1", "park_code": "P-1", "name": "车间", "kind": "workshop", "capacity": 40, "weekly_hours": 70,
         "opened_on": date(2020, 1, 1)},
    ],
    "facility_members": [
        {"facility_code": "F-1", "org_code": SCHOOL, "name": "示例永登职教中心", "since": date(2020, 1, 1)},
        {"facility_code": "F-1", "org_code": OTHER, "name": "示例秦州职业学校", "since": date(2021, 1, 1),
         "until": date(2021, 9, 1)},
    ],
    "facility_hours": [{"facility_code": "F-1", "org_code": OTHER, "month": date(2021, 8, 9), "hours": 12.5}],
    "relocations": [{"park_code": "P-1", "org_code": SCHOOL, "name": "示例永登职教中心", "moved_on": date(2021, 5, 1)}],
}  # fmt: skip


@pytest.fixture
def county(world: World) -> Iterator[Actor]:
    """The county's officer, acting, with a park below the county and a school that moved."""
    province = world.actor("province_officer")
    with acting(province):
        world.organisations["park"] = enter_organisation(
            actor=province,
            since=LONG_AGO,
            change=Change.FOUNDED,
            code="YD-PARK",
            code_scheme=CodeScheme.OFFICE,
            name="示例园区",
            kind=OrganisationKind.PARK,
            division=Division.objects.get(code="620121"),
            authority=world["yongdeng"],
            is_synthetic=True,
        )
        change_organisation(
            actor=province,
            organisation_id=world["county_school"].pk,
            change=Change.MOVED,
            on=date(2021, 5, 1),
            division=Division.objects.get(code="620102"),
        )
    with acting(world.actor("county_officer")) as actor:
        yield actor


def refused(receipt: Receipt) -> set[tuple[str, str, str]]:
    assert receipt.state == Receipt.State.REFUSED
    return {(error["sheet"], error["column"], error["code"]) for error in receipt.errors}


def test_what_lands_comes_out_and_changes_nothing_when_handed_in_again(county: Actor) -> None:
    assert report(county, **SHEETS).state == Receipt.State.LANDED
    assert InvestmentBooking.objects.filter(voided_at=None).count() == 1
    assert Relocation.objects.get().change_id is not None
    assert SharingMember.objects.count() == 2
    out = {landing.sheet.name: [list(row) for row in landing.export(county, 2021)] for landing in LANDINGS}
    assert {name: len(rows) for name, rows in out.items()} == {
        name: sum(not row.get("voided") for row in rows) for name, rows in SHEETS.items()
    }
    assert write_book(the_book(), out)
    again = report(
        county,
        **{
            name: [dict(zip([c.name for c in the_book().by_name[name].columns], row, strict=True)) for row in rows]
            for name, rows in out.items()
        },
    )
    assert again.state == Receipt.State.LANDED, again.errors
    assert all(count["added"] == count["corrected"] == 0 for count in again.counts.values())
    twice = report(county, **SHEETS)
    assert all(count["added"] == count["corrected"] == 0 for count in twice.counts.values())


def without(**changes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The sheets with some exchanged."""
    return SHEETS | changes


def test_each_wrong_cell_is_named(county: Actor) -> None:
    park, phase, member = SHEETS["parks"][0], SHEETS["park_phases"][0], SHEETS["facility_members"][1]
    hours, place = SHEETS["facility_hours"][0], SHEETS["shared_facilities"][0]
    cases: list[tuple[dict[str, list[dict[str, Any]]], tuple[str, str, str]]] = [
        (without(parks=[park | {"org_code": SCHOOL}]), ("园区", "org_code", "conflict")),
        (without(parks=[park, park | {"code": "P-2"}]), ("园区", "org_code", "conflict")),
        (without(park_phases=[phase | {"planned_completion": date(2018, 1, 1)}]),
         ("园区分期", "planned_completion", "out_of_range")),
        (without(park_phases=[phase | {"park_code": "P-9"}]), ("园区分期", "park_code", "unknown_reference")),
        (without(investments=[SHEETS["investments"][0] | {"number": 7}]),
         ("投资入账", "number", "unknown_reference")),
        (without(investments=[SHEETS["investments"][0] | {"amount": 10}]), ("分期进度", "reason", "required")),
        (without(investments=[SHEETS["investments"][1] | {"void_reason": None}]),
         ("投资入账", "void_reason", "required")),
        (without(shared_facilities=[place | {"closed_on": date(2019, 1, 1)}]),
         ("共享设施", "closed_on", "out_of_range")),
        (without(facility_members=[*SHEETS["facility_members"], member | {"since": date(2021, 6, 1)}]),
         ("共享单位", "since", "conflict")),
        (without(facility_members=[member | {"until": date(2020, 1, 1)}]), ("共享单位", "until", "out_of_range")),
        (without(facility_hours=[hours | {"month": date(2021, 9, 1)}]), ("使用时数", "org_code", "conflict")),
        (without(facility_hours=[hours | {"facility_code": "F-9"}]),
         ("使用时数", "facility_code", "unknown_reference")),
    ]  # fmt: skip
    for sheets, wrong in cases:
        assert wrong in refused(report(county, **sheets)), wrong
    assert InvestmentBooking.objects.count() == 0


def test_others_neither_book_nor_take_the_codes(world: World, county: Actor) -> None:
    assert report(county, **SHEETS).state == Receipt.State.LANDED
    with acting(world.actor("other_county_officer")) as stranger:
        assert ("投资入账", "park_code", "out_of_scope") in refused(
            report(stranger, investments=SHEETS["investments"][:1])
        )
        assert ("共享单位", "facility_code", "out_of_scope") in refused(
            report(stranger, facility_members=SHEETS["facility_members"][1:])
        )
        own = report(stranger, facility_hours=[SHEETS["facility_hours"][0] | {"month": date(2021, 7, 1)}])
        assert own.state == Receipt.State.LANDED, own.errors
