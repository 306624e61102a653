"""The pages: filing a plan, completion by school, one admission with its name read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from jineng.admissions.models import Applicant, Plan
from jineng.admissions.verbs import cancel_round
from jineng.kernel.actors import acting
from tests.admissions.small_season import COLLEGE, accepted, admission, applicant, cap, classified, held_round
from tests.calls.small_world import resident
from tests.factories import World

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def as_(world: World) -> Callable[[str], Client]:
    """A browser in which somebody has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.accounts[name], backend=BACKEND)
        return client

    return sign_in


def test_the_form_says_what_the_cap_leaves(world: World, as_: Callable[[str], Client]) -> None:
    season = classified(world)
    cap(world, season, limit_seats=10)
    form = {
        "season": season.code,
        "organisation": COLLEGE,
        "programme": "460301",
        "channel": "direct",
        "pool": "ordinary",
        "seats": "11",
    }
    refused = as_("college_officer").post("/admissions/plans/file/", form)
    assert refused.status_code == 422
    assert "还可申报 10 人" in refused.content.decode()
    assert as_("college_officer").post("/admissions/plans/file/", {**form, "seats": "10"}).status_code == 302
    with acting(world.actor("province_officer")):
        made = Plan.objects.get()
    page = as_("province_officer").get(f"/admissions/plans/{made.pk}/").content.decode()
    assert "核准" in page
    assert "项招生计划待核准" in as_("province_officer").get("/").content.decode()
    assert as_("college_officer").get(f"/admissions/seasons/{season.pk}/").status_code == 200


def test_a_round_that_was_cancelled_says_so(world: World, as_: Callable[[str], Client]) -> None:
    season = classified(world)
    within = held_round(world, season)
    page = f"/admissions/rounds/{within.pk}/"
    assert "尚未开放" in as_("college_officer").get(page).content.decode()
    cancel_round(actor=world.actor("province_officer"), round_id=within.pk, cancelled_on=date(2021, 3, 2))
    told = as_("college_officer").get(page).content.decode()
    assert "2021-03-02 取消" in told
    assert "尚未开放" not in told


def test_completion_shows_one_s_own_schools(world: World, as_: Callable[[str], Client]) -> None:
    season = classified(world)
    within = held_round(world, season)
    here, there = accepted(world, season, seats=2), accepted(world, season, "forestry", seats=1)
    admission(world, applicant(world, season, 1), here, within)
    admission(world, applicant(world, season, 2, "forestry"), there, within)
    everything = as_("province_officer").get("/admissions/completion/?year=2021").content.decode()
    assert "50%" in everything
    assert "66.6%" in everything
    own = as_("college_officer").get("/admissions/completion/?year=bad").content.decode()
    assert "示例石化职业学院" in own
    assert "示例林业职业学院" not in own
    told = as_("college_officer").get("/api/v1/admission-completion?year=2021").json()
    assert [(row["now"]["taken"], row["now"]["planned"]) for row in told] == [("1", "2")]


def test_a_name_is_masked_until_it_is_read(world: World, as_: Callable[[str], Client]) -> None:
    season = classified(world)
    made = admission(world, applicant(world, season, 1), accepted(world, season), held_round(world, season))
    client = as_("college_officer")
    masked = client.get(f"/admissions/outcomes/{made.pk}/").content.decode()
    assert "考**" in masked
    assert "考生1" not in masked
    assert "考生1" in client.post(f"/admissions/outcomes/{made.pk}/names/").content.decode()
    assert client.get(f"/admissions/outcomes/?plan={made.plan_id}&status=confirmed").status_code == 200
    assert client.get("/admissions/outcomes/?plan=x&programme=机电").status_code == 200


def test_an_office_registers_at_itself_where_it_names_no_other(world: World, as_: Callable[[str], Client]) -> None:
    season = classified(world)
    form = {
        "season": season.code,
        "person_name": "考生1",
        "resident_id": resident(1),
        "category": "general_graduate",
        "home": "620121",
    }
    assert as_("city_officer").post("/admissions/applicants/register/", form).status_code == 302
    with acting(world.actor("province_officer")):
        assert Applicant.objects.get().registered_at_id == world.actor("city_officer").organisation_id
