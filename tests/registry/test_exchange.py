"""Returns of organisations and their changes: refused cell by cell, or merged whole and once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.kernel.actors import acting
from jineng.kernel.models import AuditLine, Confirmation, Receipt
from jineng.registry.models import Organisation, OrganisationState
from tests.calls.small_world import report
from tests.factories import World

LANDED, REFUSED = Receipt.State.LANDED, Receipt.State.REFUSED


def row(code: str = "3662015001", **cells: Any) -> dict[str, Any]:
    """A new secondary school in Yongdeng, but for what ``cells`` say."""
    return {
        "code": code,
        "code_scheme": "school",
        "name": f"学校{code}",
        "kind": "secondary_vocational",
        "division_code": "620121",
        "authority_code": "YD-JY",
        **cells,
    }


def changed(code: str = "3662010002", **cells: Any) -> dict[str, Any]:
    """A renaming of the county's school, but for what ``cells`` say."""
    return {"code": code, "change": "renamed", "since": date(2021, 9, 1), "name": "改名学校", **cells}


def errors(receipt: Receipt) -> list[tuple[str, str]]:
    """Column and code of each refused cell."""
    return [(error["column"], error["code"]) for error in receipt.errors]


def find(world: World, code: str) -> Organisation | None:
    """The organisation of that code, whoever may see it."""
    with acting(world.actor("province_officer")):
        return Organisation.objects.filter(code=code).first()


def test_organisations_land_with_their_first_state(world: World) -> None:
    officer = world.actor("county_officer")
    receipt = report(
        officer, organisations=[row(since=date(2020, 9, 1), document="永教〔2020〕1号"), row("3662015002")]
    )
    assert receipt.state == LANDED, receipt.errors
    with acting(officer):
        states = {state.organisation.code: state for state in OrganisationState.objects.filter(
            organisation__code__startswith="36620150").select_related("organisation")}  # fmt: skip
    assert (states["3662015001"].change, states["3662015001"].since) == ("founded", date(2020, 9, 1))
    assert states["3662015002"].change == "entered"
    assert {state.origin_id for state in states.values()} == {receipt.pk}
    assert {state.origin_kind for state in states.values()} == {"return"}


def test_authorities_and_those_below_may_come_in_one_file(world: World) -> None:
    rows = [
        row(authority_code="QLH-JY", division_code="620111"),
        row(
            "QLH-JY", code_scheme="office", kind="education_department", authority_code="LZ-JY", division_code="620111"
        ),
    ]
    receipt = report(world.actor("city_officer"), organisations=rows)
    assert receipt.state == LANDED, receipt.errors
    school, office = find(world, "3662015001"), find(world, "QLH-JY")
    assert school is not None
    assert office is not None
    assert school.authority_id == office.pk


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"authority_code": "QZ-JY"}, ("authority_code", "out_of_scope")),
        ({"authority_code": "NOBODY"}, ("authority_code", "unknown_reference")),
        ({"authority_code": None}, ("authority_code", "unknown_reference")),
        ({"division_code": "999999"}, ("division_code", "unknown_reference")),
        ({"code": "12345"}, ("code", "bad_code")),
    ],
)
def test_what_is_wrong_is_refused_in_its_cell(world: World, cells: dict[str, Any], expected: tuple[str, str]) -> None:
    receipt = report(world.actor("county_officer"), organisations=[row("3662015002"), row(**cells)])
    assert receipt.state == REFUSED
    assert errors(receipt) == [expected]
    assert find(world, "3662015002") is None, "all or nothing"


def test_a_circle_of_authorities_is_refused(world: World) -> None:
    office = {"code_scheme": "office", "kind": "education_department", "division_code": "620111"}
    receipt = report(
        world.actor("city_officer"),
        organisations=[row("A-JY", authority_code="B-JY", **office), row("B-JY", authority_code="A-JY", **office)],
    )
    assert receipt.state == REFUSED
    assert {column for column, _ in errors(receipt)} == {"authority_code"}


def test_a_school_does_not_report_organisations(world: World) -> None:
    receipt = report(world.actor("school_officer"), organisations=[row()], organisation_changes=[])
    assert receipt.state == REFUSED
    assert errors(receipt) == [("code", "out_of_scope")]


def test_an_empty_sheet_of_others_is_no_fault(world: World) -> None:
    """The template brings every sheet; what is left empty asks for no right."""
    receipt = report(world.actor("school_officer"), organisations=[], organisation_changes=[])
    assert receipt.state == LANDED, receipt.errors


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    officer = world.actor("county_officer")
    sheets = {"organisations": [row(), row("3662015002")], "organisation_changes": [changed()]}
    report(officer, **sheets)
    with acting(officer):
        before = list(OrganisationState.objects.order_by("pk").values())
    again = report(officer, **sheets)
    assert again.state == LANDED, again.errors
    for counts in again.counts.values():
        assert counts["added"] == counts["corrected"] == 0
    with acting(officer):
        assert list(OrganisationState.objects.order_by("pk").values()) == before
        assert Confirmation.objects.count() == 0


def test_the_authority_corrects_and_the_record_keeps_its_id(world: World) -> None:
    report(world.actor("county_officer"), organisations=[row(credit_code=None)])
    made = find(world, "3662015001")
    receipt = report(world.actor("city_officer"), organisations=[row(nature="private")])
    assert receipt.state == LANDED, receipt.errors
    corrected = find(world, "3662015001")
    assert made is not None
    assert corrected is not None
    assert (corrected.pk, corrected.nature) == (made.pk, "private")
    assert corrected.reporter_id == world["yongdeng"].pk


def test_another_office_that_says_otherwise_meets_a_conflict(world: World) -> None:
    """The city reported it; the county below may not report it differently."""
    report(world.actor("city_officer"), organisations=[row()])
    receipt = report(world.actor("county_officer"), organisations=[row(nature="private")])
    assert receipt.state == REFUSED
    assert errors(receipt) == [("nature", "conflict")]
    same = report(world.actor("county_officer"), organisations=[row()])
    assert same.state == LANDED, same.errors
    with acting(world.actor("county_officer")):
        assert {item.reporter_id for item in Confirmation.objects.all()} == {world["yongdeng"].pk}


def test_changes_fill_in_what_they_leave_blank(world: World) -> None:
    officer = world.actor("county_officer")
    rows = [
        changed(since=date(2021, 9, 1), change="moved", name=None, division_code="620102"),
        changed(since=date(2020, 9, 1), name="中间名"),
    ]
    receipt = report(officer, organisation_changes=rows)
    assert receipt.state == LANDED, receipt.errors
    now = find(world, "3662010002")
    assert now is not None
    assert (now.name, now.division_id, now.authority_id) == ("中间名", "620102", world["yongdeng"].pk)


def test_an_end_closes(world: World) -> None:
    receipt = report(
        world.actor("city_officer"),
        organisation_changes=[changed(change="merged", name=None, related_code="3662010001")],
    )
    assert receipt.state == LANDED, receipt.errors
    now = find(world, "3662010002")
    assert now is not None
    assert now.closed_on == date(2021, 9, 1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"code": "3662050001"}, ("code", "out_of_scope")),
        ({"code": "TS-JY"}, ("code", "out_of_scope")),
        ({"authority_code": "LZ-JY", "change": "transferred"}, ("authority_code", "out_of_scope")),
        ({"division_code": "999999", "change": "moved"}, ("division_code", "unknown_reference")),
    ],
)
def test_changes_stay_in_scope(world: World, cells: dict[str, Any], expected: tuple[str, str]) -> None:
    receipt = report(world.actor("county_officer"), organisation_changes=[changed(**cells)])
    assert receipt.state == REFUSED
    assert expected in errors(receipt)


def test_a_landed_return_leaves_its_line(world: World) -> None:
    officer = world.actor("county_officer")
    receipt = report(officer, organisations=[row()])
    with acting(officer):
        lines = dict(AuditLine.objects.filter(subject_id=str(receipt.pk)).values_list("verb", "details"))
    assert set(lines) == {"submit_return", "land_return"}
    assert lines["land_return"]["counts"] == receipt.counts
    assert receipt.seal is not None
