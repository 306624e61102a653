"""The sheets of the admissions: what lands, what is refused and where."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.admissions.models import Admission, Applicant, Cap, ExemptCategory, Plan, Round, Season
from jineng.kernel.actors import acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.landing import landings
from jineng.registry.models import Person
from tests.admissions.small_season import (
    COUNTY_SCHOOL,
    OPENS,
    OTHER_COLLEGE,
    SEASON,
    UNIVERSITY,
    admission_row,
    cap_row,
    declare_season,
    plan_row,
    round_row,
    season_row,
)
from tests.calls.small_world import report
from tests.factories import World

pytestmark = pytest.mark.django_db


def landed(receipt: Receipt) -> Receipt:
    """The receipt, which must have landed."""
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt


def cells(receipt: Receipt) -> list[tuple[str, str]]:
    """What was refused: column letter and code."""
    assert receipt.state == Receipt.State.REFUSED, receipt.counts
    return [(error["cell"].rstrip("0123456789"), error["code"]) for error in receipt.errors]


def test_a_season_its_plans_and_its_admissions_land(world: World) -> None:
    actor = world.actor("province_officer")
    landed(declare_season(world))
    landed(report(world.actor("college_officer"), admission_plans=[plan_row()]))
    landed(report(world.actor("college_officer"), admissions=[admission_row(1), admission_row(2)]))
    with acting(actor):
        assert Season.objects.count() == 1
        assert Round.objects.count() == 2
        plan = Plan.objects.get()
        assert (plan.programme_name, plan.level, plan.status) == ("机电一体化技术", "higher", "accepted")
        assert Applicant.objects.count() == Person.objects.count() == 2
        assert {admission.status for admission in Admission.objects.all()} == {"confirmed"}


def test_the_same_file_again_and_a_second_reporter_add_nothing(world: World) -> None:
    landed(declare_season(world))
    rows = {"admission_plans": [plan_row(COUNTY_SCHOOL, programme_code="710202")]}
    rows["admissions"] = [admission_row(1, COUNTY_SCHOOL, programme_code="710202", category="junior_graduate")]
    for who in ("school_officer", "school_officer", "county_officer"):
        receipt = landed(report(world.actor(who), **rows))
    assert receipt.counts["admissions"]["confirmed"] == 1
    assert receipt.counts["admissions"]["added"] == 0
    with acting(world.actor("province_officer")):
        assert (Plan.objects.count(), Admission.objects.count(), Applicant.objects.count()) == (1, 1, 1)


def test_only_the_province_declares(world: World) -> None:
    receipt = report(world.actor("college_officer"), admission_seasons=[season_row()])
    assert [code for _, code in cells(receipt)] == ["out_of_scope"]


def test_bad_declarations_are_refused_at_their_cells(world: World) -> None:
    landed(declare_season(world))
    receipt = report(
        world.actor("province_officer"),
        admission_seasons=[season_row("2021_X"), season_row("2022-x", year=2022)],
        admission_rounds=[round_row(9, season_code="2021-none"), round_row(8, closes_on=date(2021, 1, 1))],
        admission_caps=[
            cap_row("no-seats"),
            cap_row("bad-channel", limit_seats=5, channels="保送"),
            cap_row("share", kind="share", limit_seats=5),
        ],
        exempt_categories=[{"season_code": "2021-none", "exempt_code": "x", "name": "某类"}],
    )
    codes = [code for _, code in cells(receipt)]
    assert codes == [
        "bad_code",
        "out_of_range",
        "unknown_reference",
        "out_of_range",
        "required",
        "not_a_choice",
        "conflict",
        "required",
        "unknown_reference",
    ]


def test_plans_beyond_a_cap_are_refused_with_what_it_allows(world: World) -> None:
    landed(declare_season(world, caps=[cap_row("total", limit_seats=5)]))
    receipt = report(
        world.actor("college_officer"),
        admission_plans=[plan_row(seats=4), plan_row(seats=4, channel="general")],
    )
    assert [code for _, code in cells(receipt)] == ["out_of_range", "out_of_range"]
    assert "允许 5，合计 8，超 3" in receipt.errors[0]["message"]
    with acting(world.actor("province_officer")):
        assert not Plan.objects.exists()
    landed(report(world.actor("college_officer"), admission_plans=[plan_row(seats=5)]))


def test_a_cap_below_what_is_filed_is_refused(world: World) -> None:
    landed(declare_season(world))
    landed(report(world.actor("college_officer"), admission_plans=[plan_row(seats=4)]))
    receipt = report(world.actor("province_officer"), admission_caps=[cap_row("total", limit_seats=3)])
    assert [code for _, code in cells(receipt)] == ["out_of_range"]


def test_bad_plans_are_refused_at_their_cells(world: World) -> None:
    landed(declare_season(world))
    receipt = report(
        world.actor("college_officer"),
        admission_plans=[
            plan_row(OTHER_COLLEGE),
            plan_row(programme_code="999999"),
            plan_row(programme_code="080901"),
            plan_row(pool="county"),
            plan_row(pool="county", county_code="620199"),
            plan_row(pool="reserve", voided=True),
            plan_row(season_code="2021-none"),
        ],
    )
    assert [code for _, code in cells(receipt)] == [
        "out_of_scope",
        "unknown_reference",
        "required",
        "required",
        "unknown_reference",
        "required",
        "unknown_reference",
    ]


def test_a_plan_of_an_ordinary_major_lands_and_a_blank_acceptance_keeps_the_one_on_record(world: World) -> None:
    actor = world.actor("province_officer")
    landed(declare_season(world))
    row = plan_row(UNIVERSITY, programme_code="080901", programme_name="计算机科学与技术")
    landed(report(actor, admission_plans=[row]))
    landed(report(actor, admission_plans=[{**row, "accepted_on": None, "seats": 7}]))
    with acting(actor):
        plan = Plan.objects.get()
        assert (plan.level, plan.seats, plan.accepted_on) == ("undergraduate", 7, OPENS)


def test_voided_rows_strike_out_or_are_kept_as_void(world: World) -> None:
    landed(declare_season(world))
    college = world.actor("college_officer")
    landed(report(college, admission_plans=[plan_row()], admissions=[admission_row(1)]))
    void = {"voided": True, "void_reason": "误报"}
    landed(report(college, admissions=[admission_row(1, **void), admission_row(2, **void)]))
    again = landed(report(college, admissions=[admission_row(1, **void)]))
    assert again.counts["admissions"] == {"added": 0, "corrected": 0, "unchanged": 1, "confirmed": 0}
    receipt = landed(report(college, admission_plans=[plan_row(**void)]))
    assert receipt.counts["admission_plans"]["corrected"] == 1
    with acting(college):
        assert [row.is_void for row in Admission.objects.all()] == [True, True]
        assert Plan.objects.get().is_void


def test_nobody_voids_what_another_office_reported(world: World) -> None:
    landed(declare_season(world))
    landed(report(world.actor("province_officer"), admission_plans=[plan_row()]))
    void = plan_row(voided=True, void_reason="误报")
    assert [code for _, code in cells(report(world.actor("college_officer"), admission_plans=[void]))] == ["conflict"]


def test_bad_admissions_are_refused_at_their_cells(world: World) -> None:
    landed(declare_season(world))
    college = world.actor("college_officer")
    landed(report(college, admission_plans=[plan_row(seats=50)]))
    receipt = report(
        college,
        admissions=[
            admission_row(1, programme_code="470204"),
            admission_row(2, round=9),
            admission_row(3, ended_on=date(2021, 4, 1), ending="declined"),
            admission_row(4, home_code="999999"),
            admission_row(5, exempt_code="veteran"),
            admission_row(6, admitted_on=None, confirmed_on=None),
        ],
    )
    assert sorted(code for _, code in cells(receipt)) == sorted(
        ["unknown_reference", "unknown_reference", "out_of_range", "unknown_reference", "unknown_reference", "required"]
    )


def test_a_round_that_was_held_is_not_cancelled_by_a_return(world: World) -> None:
    landed(declare_season(world, rounds=3))
    province, gone = world.actor("province_officer"), {"cancelled_on": OPENS}
    landed(report(province, admission_plans=[plan_row()], admissions=[admission_row(1)]))
    rows = [round_row(1, **gone), round_row(2, **gone)]
    assert [code for _, code in cells(report(province, admission_rounds=rows))] == ["conflict"]
    landed(report(province, admission_rounds=rows[1:]))
    landed(report(province, admission_rounds=rows[1:]))
    late = admission_row(2, round=2)
    assert [code for _, code in cells(report(province, admissions=[late]))] == ["conflict"]
    landed(report(province, admission_rounds=[round_row(2)], admissions=[late]))


def test_a_registered_applicant_s_exemption_is_changed_by_a_case_and_by_no_school_s_return(world: World) -> None:
    landed(declare_season(world))
    province, college = world.actor("province_officer"), world.actor("college_officer")
    exempt = {"season_code": SEASON, "exempt_code": "veteran", "name": "退役士兵"}
    landed(report(province, exempt_categories=[exempt], admission_plans=[plan_row()]))
    spared = {"exempt_code": "veteran"}
    landed(report(college, admissions=[admission_row(1, **spared), admission_row(2)]))
    for changed in (admission_row(1), admission_row(2, **spared)):
        receipt = report(college, admissions=[changed])
        assert [code for _, code in cells(receipt)] == ["conflict"]
        assert "免试资格审定" in receipt.errors[0]["remedy"]
    landed(report(province, admissions=[admission_row(1), admission_row(2, **spared)]))


def test_a_plan_is_never_filled_beyond_its_seats(world: World) -> None:
    landed(declare_season(world))
    college = world.actor("college_officer")
    landed(report(college, admission_plans=[plan_row(seats=1)]))
    receipt = report(college, admissions=[admission_row(1), admission_row(2)])
    assert [code for _, code in cells(receipt)] == ["conflict", "conflict"]
    ended = {"ended_on": date(2021, 4, 20), "ending": "declined"}
    landed(report(college, admissions=[admission_row(1, **ended), admission_row(2)]))
    fewer = report(college, admission_plans=[plan_row(seats=1, withdrawn_on=date(2021, 5, 1))])
    assert [code for _, code in cells(fewer)] == ["out_of_range"]


def test_nobody_holds_two_seats_of_a_season_at_a_time(world: World) -> None:
    landed(declare_season(world))
    province_officer = world.actor("province_officer")
    plans = [plan_row(), plan_row(OTHER_COLLEGE)]
    landed(report(province_officer, admission_plans=plans, admissions=[admission_row(1)]))
    second = admission_row(1, OTHER_COLLEGE, round=2, confirmed_on=date(2021, 5, 1))
    assert [code for _, code in cells(report(province_officer, admissions=[second]))] == ["conflict"]
    given_up = admission_row(1, ended_on=date(2021, 4, 30), ending="declined")
    landed(report(province_officer, admissions=[given_up, second]))


def test_two_reports_of_one_applicant_must_agree(world: World) -> None:
    landed(declare_season(world))
    landed(report(world.actor("province_officer"), admission_plans=[plan_row(), plan_row(COUNTY_SCHOOL)]))
    placed = {"admitted_on": date(2021, 4, 1), "confirmed_on": None}
    college, school = world.actor("college_officer"), world.actor("school_officer")
    landed(report(college, admissions=[admission_row(1, **placed)]))
    other = admission_row(1, COUNTY_SCHOOL, **placed)
    assert [code for _, code in cells(report(school, admissions=[{**other, "category": "veteran"}]))] == ["conflict"]
    landed(report(school, admissions=[other]))
    landed(report(college, admissions=[admission_row(1, home_code="620102", **placed)]))
    twice = [admission_row(2, **placed), admission_row(2, round=2, is_household=True, **placed)]
    assert [code for _, code in cells(report(college, admissions=twice))] == ["conflict"]
    with acting(school):
        assert Applicant.objects.get().home_id == "620102"


def test_declarations_and_plans_go_out_as_they_came_in(world: World) -> None:
    actor = world.actor("province_officer")
    share = cap_row("share", kind="share", channels="单考单招", category=12, limit_percent=20)
    exempt = {"season_code": SEASON, "exempt_code": "veteran", "name": "退役士兵"}
    landed(declare_season(world, caps=[cap_row("total", limit_seats=5), share]))
    landed(report(actor, exempt_categories=[exempt], admission_plans=[plan_row()]))
    out: dict[str, Any] = {}
    landed(report(actor, admissions=[admission_row(1), admission_row(2, admitted_on=OPENS, confirmed_on=None)]))
    names = (
        "admission_seasons",
        "admission_rounds",
        "admission_caps",
        "exempt_categories",
        "admission_plans",
        "admissions",
    )
    with acting(actor):
        for name in names:
            columns = [column.name for column in the_book().by_name[name].columns]
            out[name] = [dict(zip(columns, row, strict=True)) for row in landings()[name].export(actor, 2021)]
    receipt = landed(report(actor, **out))
    assert all(counts["added"] == counts["corrected"] == 0 for counts in receipt.counts.values())
    assert all(out.values())
    with acting(actor):
        assert (Cap.objects.count(), ExemptCategory.objects.count()) == (2, 1)


def test_an_applicant_reported_by_two_schools_is_one_person(world: World) -> None:
    landed(declare_season(world))
    landed(report(world.actor("province_officer"), admission_plans=[plan_row(), plan_row(OTHER_COLLEGE)]))
    given_up = admission_row(1, ended_on=date(2021, 4, 12), ending="declined")
    taken = admission_row(1, OTHER_COLLEGE, round=2, confirmed_on=date(2021, 4, 12))
    landed(report(world.actor("province_officer"), admissions=[given_up, taken]))
    with acting(world.actor("college_officer")):
        assert Admission.objects.get().status == "declined"
        assert Applicant.objects.count() == 1
