"""The sheet 专业点: what lands, what is refused where, what goes out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Confirmation, Receipt
from jineng.kernel.returns import Hall, the_book
from jineng.kernel.returns.underway import under_way
from jineng.kernel.rights import Right
from jineng.kernel.verbs import verb
from jineng.majors.exchange import OFFERINGS, OfferingsLanding
from jineng.majors.models import MajorOffering
from jineng.majors.verbs import void_offering

PETROCHEMICAL, FORESTRY, UNIVERSITY = "4162010001", "4162010002", "4162010003"
CITY_SCHOOL, COUNTY_SCHOOL = "3662010001", "3662010002"
OPENED, REVOKED = date(2018, 9, 1), date(2021, 9, 1)
Row = Sequence[Any]


def row(
    org: str = PETROCHEMICAL,
    major: str = "460301",
    years: int | str = 3,
    opened: date = OPENED,
    revoked: date | None = None,
    document: str | None = None,
    voided: bool | None = None,
    reason: str | None = None,
) -> Row:
    """A row of the sheet, right unless said otherwise."""
    return (org, major, Decimal(years), opened, revoked, document, voided, reason)


def table_of(rows: Sequence[Row]) -> Table:
    """The rows as reading a workbook gives them; the first is the spreadsheet's row 3."""
    columns = {column.name: [each[position] for each in rows] for position, column in enumerate(OFFERINGS.columns)}
    positions = {column.name: position for position, column in enumerate(OFFERINGS.columns)}
    return Table(OFFERINGS, columns, list(range(3, len(rows) + 3)), positions)


@verb(Right.EDIT_MAJORS, room="majors")
def land(*, actor: Actor, rows: Sequence[Row]) -> Hall:
    """Land ``rows`` as the importer does."""
    receipt = Receipt.objects.create(
        file_name="专业点.xlsx",
        digest=uuid4().hex * 2,
        size=1,
        organisation_id=actor.organisation_id,
        actor_label="测试",
    )
    with under_way() as meanwhile:
        hall = Hall(actor, receipt.pk, meanwhile)
        OfferingsLanding().land(table_of(rows), hall)
    return hall


def counts(hall: Hall) -> tuple[int, int, int, int]:
    """Added, corrected, unchanged, confirmed."""
    return tuple(hall.outcomes["offerings"].as_counts().values())  # type: ignore[return-value]


def refusals(hall: Hall) -> list[tuple[int, str, str]]:
    """Row, column and kind of each refused cell."""
    return [(error.row, error.column, str(error.code)) for error in hall.errors]


def test_the_sheet_stands_in_the_return():
    assert the_book().by_name["offerings"] is OFFERINGS
    assert OfferingsLanding.right is Right.EDIT_MAJORS


def test_rows_land_and_the_same_rows_again_change_nothing(world):
    officer = world.actor("province_officer")
    rows = [row(), row(years=5), row(FORESTRY, "410201", revoked=REVOKED), row(COUNTY_SCHOOL, "610101")]
    assert counts(land(actor=officer, rows=rows)) == (4, 0, 0, 0)
    assert counts(land(actor=officer, rows=rows)) == (0, 0, 4, 0)
    with acting(officer):
        assert MajorOffering.objects.count() == 4
        assert MajorOffering.objects.get(organisation__code=FORESTRY).revoked_on == REVOKED


def test_a_later_return_corrects_and_keeps_the_row(world):
    officer = world.actor("province_officer")
    land(actor=officer, rows=[row()])
    assert counts(land(actor=officer, rows=[row(revoked=REVOKED, document="撤1号")])) == (0, 1, 0, 0)
    with acting(officer):
        assert MajorOffering.objects.get().document == "撤1号"


def test_the_same_course_reported_by_school_and_city_is_one_record(world):
    school, county = world.actor("school_officer"), world.actor("county_officer")
    rows = [row(COUNTY_SCHOOL, "610101")]
    assert counts(land(actor=school, rows=rows)) == (1, 0, 0, 0)
    assert counts(land(actor=county, rows=rows)) == (0, 0, 1, 1)
    with acting(county):
        assert MajorOffering.objects.count() == 1
        assert Confirmation.objects.count() == 1


def test_a_school_cannot_overrule_what_its_authority_reported(world):
    county, school = world.actor("county_officer"), world.actor("school_officer")
    land(actor=county, rows=[row(COUNTY_SCHOOL, "610101")])
    hall = land(actor=school, rows=[row(COUNTY_SCHOOL, "610101", revoked=REVOKED)])
    assert refusals(hall) == [(3, "revoked_on", "conflict")]


WRONG = [
    (row("9999999999"), "org_code", "unknown_reference"),
    (row(major="469999"), "major_code", "unknown_reference"),
    (row(major="460302K"), "major_code", "unknown_reference"),
    (row(major="数控"), "major_code", "unknown_reference"),
    (row(CITY_SCHOOL), "major_code", "conflict"),
    (row(years=8), "duration", "out_of_range"),
    (row(major="520401K"), "document", "required"),
    (row(major="460303", revoked=OPENED), "revoked_on", "out_of_range"),
    (row(major="410123"), "opened_on", "out_of_range"),
    (row(years=2, voided=True), "void_reason", "required"),
]


def test_each_wrong_cell_is_refused_where_it_stands(world):
    hall = land(actor=world.actor("province_officer"), rows=[row(), *(wrong for wrong, _, _ in WRONG), row(years=5)])
    expected = [(number, column, code) for number, (_, column, code) in enumerate(WRONG, start=4)]
    assert sorted(refusals(hall)) == expected
    for error in hall.errors:
        assert error.heading == OFFERINGS.by_name[error.column].heading
        assert error.message
        assert error.remedy
    assert counts(hall)[0] == 2


def test_a_row_may_be_wrong_in_several_cells(world):
    hall = land(actor=world.actor("province_officer"), rows=[row("9999999999", "469999")])
    assert refusals(hall) == [(3, "org_code", "unknown_reference"), (3, "major_code", "unknown_reference")]


def test_a_row_outside_the_scope_is_a_cell_error_like_any_other(world):
    hall = land(actor=world.actor("college_officer"), rows=[row(), row(FORESTRY)])
    assert [(error[0], error[1]) for error in refusals(hall)] == [(4, "org_code")]
    assert hall.errors[0].code in (ErrorCode.OUT_OF_SCOPE, ErrorCode.UNKNOWN_REFERENCE)


def test_state_controlled_codes_may_be_written_with_or_without_the_mark(world):
    officer = world.actor("province_officer")
    rows = [row(major="520401K", document="批1号"), row(FORESTRY, "520401", document="批2号")]
    assert counts(land(actor=officer, rows=rows)) == (2, 0, 0, 0)


def test_overlaps_within_the_file_are_refused_on_both_rows(world):
    rows = [
        row(),
        row(opened=date(2020, 9, 1)),
        row(years=5, revoked=REVOKED),
        row(years=5, opened=REVOKED),
    ]
    hall = land(actor=world.actor("province_officer"), rows=rows)
    assert refusals(hall) == [(3, "opened_on", "conflict"), (4, "opened_on", "conflict")]


def test_overlaps_with_the_register_are_refused_unless_the_file_ends_the_older_one(world):
    officer = world.actor("province_officer")
    land(actor=officer, rows=[row()])
    again = row(opened=REVOKED)
    assert refusals(land(actor=officer, rows=[again])) == [(3, "opened_on", "conflict")]
    assert counts(land(actor=officer, rows=[row(revoked=REVOKED), again])) == (1, 1, 0, 0)


def test_a_void_row_does_not_stand_in_the_way(world):
    officer = world.actor("province_officer")
    land(actor=officer, rows=[row()])
    with acting(officer):
        offering = MajorOffering.objects.get()
    void_offering(actor=officer, offering_id=offering.pk, reason="误报")
    assert counts(land(actor=officer, rows=[row(opened=date(2019, 9, 1))])) == (1, 0, 0, 0)


def test_a_void_row_strikes_out_what_stands_and_is_kept_where_nothing_stood(world):
    officer = world.actor("province_officer")
    land(actor=officer, rows=[row()])
    rows = [row(voided=True, reason="误报"), row(years=5, voided=True, reason="从未开设"), row(opened=REVOKED)]
    assert counts(land(actor=officer, rows=rows)) == (2, 1, 0, 0)
    assert counts(land(actor=officer, rows=rows)) == (0, 0, 3, 0)
    with acting(officer):
        assert MajorOffering.objects.filter(voided_at__isnull=False).count() == 2
        assert MajorOffering.objects.get(voided_at__isnull=True).opened_on == REVOKED
        assert MajorOffering.objects.get(opened_on=OPENED, duration_years=3).void_reason == "误报"


def test_a_school_cannot_void_what_its_authority_reported(world):
    county, school = world.actor("county_officer"), world.actor("school_officer")
    land(actor=county, rows=[row(COUNTY_SCHOOL, "610101")])
    hall = land(actor=school, rows=[row(COUNTY_SCHOOL, "610101", voided=True, reason="误报")])
    assert refusals(hall) == [(3, "voided", "conflict")]
    assert counts(land(actor=county, rows=[row(COUNTY_SCHOOL, "610101", voided=True, reason="误报")])) == (0, 1, 0, 0)


def test_export_gives_what_held_in_the_year_and_lands_again_unchanged(world):
    officer = world.actor("province_officer")
    rows = [
        row(),
        row(years=5, revoked=date(2021, 1, 2)),
        row(major="460302", revoked=date(2021, 1, 1)),
        row(major="460303", opened=date(2022, 1, 1)),
        row(FORESTRY, "410201", opened=date(2021, 12, 31), document="备1号"),
    ]
    land(actor=officer, rows=rows)
    with acting(officer):
        exported = [tuple(each) for each in OfferingsLanding().export(officer, 2021)]
    assert [each[:2] for each in exported] == [
        (PETROCHEMICAL, "460301"),
        (PETROCHEMICAL, "460301"),
        (FORESTRY, "410201"),
    ]
    assert counts(land(actor=officer, rows=exported)) == (0, 0, 3, 0)
    college = world.actor("college_officer")
    with acting(college):
        assert {each[0] for each in OfferingsLanding().export(college, 2021)} == {PETROCHEMICAL}


def test_the_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries):
    officer = world.actor("province_officer")
    majors = [f"4603{serial:02d}" for serial in range(1, 12)]
    land(actor=officer, rows=[row(major=majors[0])])
    with django_assert_max_num_queries(30) as few:
        land(actor=officer, rows=[row(major=major) for major in majors[:2]])
    with django_assert_max_num_queries(30) as many:
        hall = land(actor=officer, rows=[row(org, major) for major in majors for org in (PETROCHEMICAL, FORESTRY)])
    assert not hall.errors
    assert len(many) == len(few)
