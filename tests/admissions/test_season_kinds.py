"""Seasons of other kinds than the five rounds, each by the scheme that its kind begins with: run to their figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jineng.admissions.models import Score
from jineng.admissions.running_queries import statistics
from jineng.admissions.verbs import declare_scheme, register_applicant
from jineng.admissions.verbs.schemes import first_scheme
from jineng.kernel import clock
from jineng.kernel.actors import acting
from tests.admissions.small_rounds import Rounds
from tests.admissions.small_season import CHEMISTRY, OPENS, accepted, admission, applicant, classified, held_round
from tests.calls.small_world import resident
from tests.factories import World

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
OPENING = clock.today().replace(month=1, day=1)
NURSING, AUTOMATION = "720201", "260101"


def season_of(world: World, kind: str) -> Rounds:
    """A season of a kind with two rounds, by its first scheme."""
    found = classified(world, kind.replace("_", "-"), kind=kind, opens_on=OPENING)
    rounds = [held_round(world, found, number, opens_on=OPENING) for number in (1, 2)]
    made = Rounds(world, found, *rounds)
    declare_scheme(actor=made.province, season_id=found.pk, data=first_scheme(kind), declared_on=OPENS)
    return made


def test_secondary_schools_admit_by_county_and_completion_covers_both_levels(world: World) -> None:
    season = season_of(world, "secondary")
    nursing = {"programme": NURSING}
    season.plans = {
        "county": accepted(world, season.season, "county_school", 1, pool="county", county_code="620121", **nursing),
        "open": accepted(world, season.season, "county_school", 1, **nursing),
    }
    with pytest.raises(ValidationError):
        register_applicant(
            actor=world.actor("county_officer"),
            season_id=season.season.pk,
            person_name="考生9",
            resident_id=resident(9),
            organisation_id=world["county_school"].pk,
            category="general_graduate",
            home_code="620121",
        )
    for who, points, home in ((1, "260", "620121"), (2, "290", "620102"), (3, "250", "620121"), (4, "280", "620102")):
        season.enrol(who, points, category="junior_graduate", home_code=home)
    opening = season.open()
    for who in (1, 2, 3, 4):
        season.submit(opening, who, "open")
    season.publish(opening)
    assert season.admitted() == {1: "county", 2: "open"}
    season.answer(1)
    season.answer(2)
    season.end(opening)
    with pytest.raises(ValidationError, match="没有可填报的计划"):
        season.open(season.second)

    with acting(world.actor("county_officer")):
        tallies = statistics(world.actor("county_officer"), season.season)
    assert {(each.name, each.registered, each.confirmed) for each in tallies["counties"]} == {
        ("永登县", 2, 1),
        ("城关区", 2, 1),
    }
    higher, today = classified(world, opens_on=OPENING), clock.today()
    plan = accepted(world, higher, "petrochemical", 2, programme=CHEMISTRY)
    within = held_round(world, higher, opens_on=OPENING)
    admission(world, applicant(world, higher, 8), plan, within, today, admitted_on=today)
    client = Client()
    client.force_login(world.accounts["province_officer"], backend=BACKEND)
    rows = client.get(f"/api/v1/admission-completion?year={today.year}").json()
    assert sorted((row["now"]["taken"], row["now"]["planned"]) for row in rows) == [("1", "2"), ("2", "2")]


def test_a_vocational_bachelor_s_season_has_two_ways_and_what_is_left_is_open_to_both(world: World) -> None:
    season = season_of(world, "vocational_bachelor")
    third = held_round(world, season.season, 3, opens_on=OPENING)
    season.plans = {"automation": accepted(world, season.season, "petrochemical", 2, programme=AUTOMATION)}
    season.enrol(1, "250")
    season.enrol(2, "180", "200", category="vocational_graduate")
    opening = season.open()
    with pytest.raises(ValidationError, match="不符合本轮报考条件"):
        season.submit(opening, 2, "automation")
    season.submit(opening, 1, "automation")
    season.publish(opening)
    season.answer(1)
    season.end(opening)
    last = season.open(third)
    season.submit(last, 2, "automation")
    season.publish(last)
    assert (season.admitted(), season.admitted(third)) == ({1: "automation"}, {2: "automation"})
    assert season.plans["automation"].level == "bachelor"


def test_a_joint_college_asks_for_its_language_at_least(world: World) -> None:
    season = season_of(world, "joint")
    joint = {"programme": CHEMISTRY, "joint_college": "sino-german-college"}
    season.plans = {"joint": accepted(world, season.season, "petrochemical", 2, **joint)}
    for who, language in ((1, 59), (2, 60)):
        one = season.enrol(who, "300")
        with acting(season.province):
            Score.objects.create(
                applicant=one, component="culture", subject="外语", points=Decimal(language), out_of=150
            )
    opening = season.open()
    season.submit(opening, 1, "joint")
    season.submit(opening, 2, "joint")
    season.publish(opening)
    assert season.admitted() == {2: "joint"}
