"""The verbs: what they do, what they refuse and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from jineng.admissions.models import Admission, Cap, Plan
from jineng.admissions.verbs import (
    accept_plan,
    add_round,
    cancel_round,
    confirm_admission,
    correct_plan,
    end_admission,
    lift_cap,
    open_season,
    read_names,
    void_admission,
    void_plan,
    withdraw_plan,
)
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from tests.admissions.small_season import (
    CHEMISTRY,
    OPENS,
    accepted,
    admission,
    applicant,
    cap,
    classified,
    held_round,
    plan,
)
from tests.calls.small_world import resident
from tests.factories import World

pytestmark = pytest.mark.django_db
LATER = date(2021, 6, 1)


def test_a_plan_beyond_the_cap_is_refused_with_what_would_fit(world: World) -> None:
    season = classified(world)
    cap(world, season, kind="institution", organisation_id=world["petrochemical"].pk, limit_seats=100)
    plan(world, season, seats=88, by="college_officer")
    with pytest.raises(ValidationError) as refusal:
        plan(world, season, seats=20, by="college_officer", programme=CHEMISTRY)
    (told,) = refusal.value.message_dict["seats"]
    assert "还可申报 12 人" in told
    assert "机电一体化技术（不分途径·普通） 88" in told
    plan(world, season, seats=12, by="college_officer", programme=CHEMISTRY)
    plan(world, season, "forestry", seats=500)


def test_a_share_is_taken_of_the_total_or_of_what_is_filed(world: World) -> None:
    season = classified(world)
    cap(world, season, "share", kind="share", channels=["separate"], limit_percent=Decimal(50))
    with pytest.raises(ValidationError):
        plan(world, season, seats=1, channel="separate")
    plan(world, season, seats=10)
    plan(world, season, seats=10, channel="separate")
    general = Plan.objects.filter(channel="direct")
    with acting(world.actor("province_officer")):
        found = general.get()
    with pytest.raises(ValidationError):
        withdraw_plan(actor=world.actor("province_officer"), plan_id=found.pk, withdrawn_on=LATER, reason="不再招生")


def test_a_cap_of_the_same_code_replaces_and_one_below_what_is_filed_is_refused(world: World) -> None:
    season, actor = classified(world), world.actor("province_officer")
    cap(world, season, limit_seats=10)
    plan(world, season, seats=8)
    with pytest.raises(ValidationError):
        cap(world, season, limit_seats=9)
    with pytest.raises(ValidationError):
        cap(world, season, limit_seats=5, issued_on=LATER)
    cap(world, season, limit_seats=8, issued_on=LATER)
    with acting(actor):
        first, second = Cap.objects.order_by("issued_on")
        assert first.lifted_on == LATER
    with pytest.raises(ValidationError):
        plan(world, season, seats=1, pool="veteran")
    with pytest.raises(ValidationError):
        lift_cap(actor=actor, cap_id=second.pk, lifted_on=OPENS)
    lift_cap(actor=actor, cap_id=second.pk, lifted_on=LATER)
    with pytest.raises(ValidationError):
        lift_cap(actor=actor, cap_id=second.pk, lifted_on=LATER)
    plan(world, season, seats=1, pool="veteran")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"programme": "999999"}, "programme"),
        ({"programme": "080901"}, "name"),
        ({"pool": "county"}, "county_code"),
        ({"pool": "county", "county_code": "620199"}, "county_code"),
    ],
)
def test_a_misshapen_plan_is_refused_at_its_field(world: World, fields: dict[str, str], where: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        plan(world, classified(world), **fields)
    assert list(refusal.value.message_dict) == [where]


def test_plans_are_filed_within_scope_once_and_in_time(world: World) -> None:
    season = classified(world, closes_on=LATER)
    with pytest.raises(NotAllowed):
        plan(world, season, "forestry", by="college_officer")
    plan(world, season)
    with pytest.raises(ValidationError):
        plan(world, season)
    with pytest.raises(ValidationError):
        plan(world, season, programme=CHEMISTRY, filed_on=date(2021, 7, 1))


def test_what_the_province_accepted_the_province_corrects(world: World) -> None:
    season, college = classified(world), world.actor("college_officer")
    chief = world.actor("province_officer")
    filed = plan(world, season, by="college_officer")
    assert correct_plan(actor=college, plan_id=filed.pk, reason="调整", seats=3).seats == 3
    with pytest.raises(ValidationError):
        correct_plan(actor=college, plan_id=filed.pk, reason="调整", seats=3)
    with pytest.raises(ValidationError):
        correct_plan(actor=college, plan_id=filed.pk, reason=" ", seats=4)
    with pytest.raises(NotAllowed):
        accept_plan(actor=college, plan_id=filed.pk, accepted_on=OPENS)
    assert accept_plan(actor=chief, plan_id=filed.pk, accepted_on=OPENS).status == "accepted"
    with pytest.raises(ValidationError):
        accept_plan(actor=chief, plan_id=filed.pk, accepted_on=OPENS)
    for deed in (
        lambda: correct_plan(actor=college, plan_id=filed.pk, reason="调整", seats=9),
        lambda: withdraw_plan(actor=college, plan_id=filed.pk, withdrawn_on=LATER, reason="不招"),
        lambda: void_plan(actor=college, plan_id=filed.pk, reason="误报"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert withdraw_plan(actor=chief, plan_id=filed.pk, withdrawn_on=LATER, reason="不招").status == "withdrawn"
    with pytest.raises(ValidationError):
        correct_plan(actor=chief, plan_id=filed.pk, reason="调整", seats=9)
    assert void_plan(actor=chief, plan_id=filed.pk, reason="误报").status == "void"
    with pytest.raises(ValidationError):
        void_plan(actor=chief, plan_id=filed.pk, reason="误报")


def test_seats_are_held_one_at_a_time_and_never_more_than_there_are(world: World) -> None:
    season, chief = classified(world), world.actor("province_officer")
    first, second = held_round(world, season), held_round(world, season, 2)
    here, there = accepted(world, season, seats=1), accepted(world, season, "forestry", seats=1)
    one, other = applicant(world, season, 1), applicant(world, season, 2)
    held = admission(world, one, here, first)
    with pytest.raises(ValidationError) as refusal:
        admission(world, other, here, first)
    assert "confirmed_on" in refusal.value.message_dict
    with pytest.raises(ValidationError):
        admission(world, one, there, second)
    waiting = admission(world, one, there, second, None)
    with pytest.raises(ValidationError):
        confirm_admission(actor=chief, admission_id=waiting.pk, confirmed_on=LATER)
    with pytest.raises(ValidationError):
        withdraw_plan(actor=chief, plan_id=here.pk, withdrawn_on=LATER, reason="不招")
    end_admission(actor=chief, admission_id=held.pk, ended_on=LATER, ending="declined")
    assert confirm_admission(actor=chief, admission_id=waiting.pk, confirmed_on=LATER).status == "confirmed"
    with pytest.raises(ValidationError):
        confirm_admission(actor=chief, admission_id=waiting.pk, confirmed_on=LATER)
    with pytest.raises(ValidationError):
        end_admission(actor=chief, admission_id=held.pk, ended_on=LATER, ending="declined")
    assert void_admission(actor=chief, admission_id=waiting.pk, reason="误报").status == "void"
    with pytest.raises(ValidationError):
        void_admission(actor=chief, admission_id=waiting.pk, reason="误报")
    with acting(chief):
        assert {row.status for row in Admission.objects.all()} == {"declined", "void"}


def test_applicants_register_once_and_in_scope(world: World) -> None:
    season = classified(world)
    applicant(world, season, 1)
    with pytest.raises(ValidationError):
        applicant(world, season, 1)
    with pytest.raises(ValidationError):
        applicant(world, season, 2, home_code="999999")
    stranger = applicant(world, classified(world, "2021-other"), 1)
    with pytest.raises(ValidationError):
        admission(world, stranger, accepted(world, season), held_round(world, season))


def test_only_the_province_declares_and_each_thing_once(world: World) -> None:
    chief = world.actor("province_officer")
    season = classified(world)
    for again in (
        lambda: classified(world),
        lambda: classified(world, "坏 code"),
        lambda: held_round(world, season) and held_round(world, season),
    ):
        with pytest.raises(ValidationError):
            again()
    with pytest.raises(NotAllowed):
        open_season(actor=world.actor("city_officer"), code="x", kind="joint", name="某季", opens_on=OPENS)
    made = add_round(actor=chief, season_id=season.pk, ordinal=4, name="第四轮", opens_on=OPENS)
    assert cancel_round(actor=chief, round_id=made.pk, cancelled_on=LATER).cancelled_on == LATER
    with pytest.raises(ValidationError):
        cancel_round(actor=chief, round_id=made.pk, cancelled_on=LATER)
    for nothing in (
        lambda: cancel_round(actor=chief, round_id=season.pk, cancelled_on=LATER),
        lambda: lift_cap(actor=chief, cap_id=season.pk, lifted_on=LATER),
        lambda: add_round(actor=chief, season_id=made.pk, ordinal=1, name="x", opens_on=OPENS),
    ):
        with pytest.raises(NotAllowed):
            nothing()


def test_reading_a_name_leaves_a_line(world: World) -> None:
    season = classified(world)
    held = admission(world, applicant(world, season, 1), accepted(world, season), held_round(world, season))
    college = world.actor("college_officer")
    with clock_at(LATER):
        assert read_names(actor=college, admission_id=held.pk) == ("考生1", resident(1))
    with acting(college):
        assert AuditLine.objects.filter(verb="read_names").count() == 1
    with pytest.raises(NotAllowed):
        read_names(actor=world.actor("school_officer"), admission_id=held.pk)
