"""Organisations enter, change and are corrected; every deed leaves one line, every row its history."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import AuditLine
from jineng.kernel.verbs import NoDeed, origin
from jineng.registry.models import Division, Organisation, OrganisationState
from jineng.registry.queries import children_of, find_organisations, history_of, kind_on, state_as_known, told_of
from jineng.registry.scope import in_reach
from jineng.registry.verbs import change_organisation, enter_organisation, void_organisation_state
from tests.factories import LONG_AGO, World

DAY = date(2021, 9, 1)


def change(world: World, who: str, where: str, what: str, /, on: date = DAY, **attributes: Any) -> OrganisationState:
    """``what`` happened to the organisation called ``where``, as ``who`` records it."""
    return change_organisation(
        actor=world.actor(who), organisation_id=world[where].pk, change=what, on=on, **attributes
    )


def now(world: World, name: str) -> Organisation:
    """The organisation as it stands."""
    with acting(world.actor("province_officer")):
        return Organisation.objects.get(pk=world[name].pk)


def enter(world: World, who: str, **fields: Any) -> Organisation:
    """A new secondary school in Yongdeng, but for what ``fields`` say."""
    actor = world.actor(who)
    with acting(actor):
        given = {
            "code": "3662019999",
            "code_scheme": "school",
            "name": "新学校",
            "kind": "secondary_vocational",
            "division": Division.objects.get(code="620121"),
            "authority": world["yongdeng"],
            **fields,
        }
        return enter_organisation(actor=actor, since=DAY, document="永教〔2021〕1号", **given)


def test_an_organisation_enters_with_its_first_state(world: World) -> None:
    made = enter(world, "county_officer")
    with acting(world.actor("county_officer")):
        state = OrganisationState.objects.get(organisation=made)
        assert (state.change, state.since, state.document) == ("founded", DAY, "永教〔2021〕1号")
        assert made.reporter_id == world["yongdeng"].pk
        assert made.origin_kind == "page"
        assert made.origin_id == AuditLine.objects.get(verb="enter_organisation").deed
    with acting(world.actor("city_officer")) as city:
        assert in_reach(city, made.pk)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"authority": None}, NotAllowed),
        ({"code": "123"}, ValidationError),
        ({"code": "3662010002"}, ValidationError),
        ({"kind": "castle"}, ValidationError),
        ({"code_scheme": "credit", "code": "91620000000000000A"}, ValidationError),
    ],
)
def test_what_is_wrong_does_not_enter(world: World, fields: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        enter(world, "county_officer", **fields)


def test_nobody_enters_under_another_authority(world: World) -> None:
    with pytest.raises(NotAllowed):
        enter(world, "county_officer", authority=world["qinzhou"])
    with pytest.raises(NotAllowed):
        enter(world, "school_officer")


def test_a_rename_keeps_what_it_was_called(world: World) -> None:
    before = world["county_school"].name
    change(world, "county_officer", "county_school", "renamed", name="永登理工学校")
    assert now(world, "county_school").name == "永登理工学校"
    actor = world.actor("county_officer")
    with acting(actor):
        assert [row.name for row in history_of(actor, world["county_school"].pk)] == [before, "永登理工学校"]
        assert [row.pk for row in find_organisations(actor, before)] == [world["county_school"].pk]
        assert find_organisations(actor, "  ") == []


def test_a_redesignation_leaves_the_kind_of_earlier_days(world: World) -> None:
    change(world, "province_officer", "petrochemical", "redesignated", kind="vocational_university")
    with acting(world.actor("province_officer")):
        assert kind_on(world["petrochemical"].pk, date(2021, 8, 31)) == "higher_vocational"
        assert kind_on(world["petrochemical"].pk, DAY) == "vocational_university"
        assert kind_on(world["petrochemical"].pk, date(2000, 1, 1)) is None


def test_a_change_dated_back_does_not_undo_a_later_one(world: World) -> None:
    change(world, "county_officer", "county_school", "renamed", name="后名")
    change(world, "county_officer", "county_school", "renamed", on=date(2019, 1, 1), name="前名")
    assert now(world, "county_school").name == "后名"


def test_a_move_changes_the_place_and_not_the_authority(world: World) -> None:
    with acting(world.actor("city_officer")):
        place = Division.objects.get(code="620102")
    change(world, "city_officer", "county_school", "moved", division=place)
    moved = now(world, "county_school")
    assert (moved.division_id, moved.authority_id) == ("620102", world["yongdeng"].pk)
    with acting(world.actor("county_officer")) as county:
        assert in_reach(county, moved.pk)


def test_a_transfer_moves_the_scope_at_once(world: World) -> None:
    change(world, "city_officer", "county_school", "transferred", authority=world["lanzhou"])
    county, city = world.actor("county_officer"), world.actor("city_officer")
    with acting(county):
        assert not in_reach(county, world["county_school"].pk)
        assert not Organisation.objects.filter(pk=world["county_school"].pk).exists()
    with acting(city):
        assert [row.pk for row in children_of(city, None)] == [world["lanzhou"].pk]
        assert world["county_school"].pk in {row.pk for row in children_of(city, world["lanzhou"].pk)}


def test_nobody_transfers_out_of_their_scope(world: World) -> None:
    with pytest.raises(NotAllowed):
        change(world, "county_officer", "county_school", "transferred", authority=world["qinzhou"])
    with pytest.raises(NotAllowed):
        change(world, "county_officer", "other_school", "renamed", name="别人的")


@pytest.mark.parametrize("what", ["merged", "closed"])
def test_an_end_has_its_day(world: World, what: str) -> None:
    related = world["city_school"] if what == "merged" else None
    change(world, "city_officer", "county_school", what, related=related)
    assert now(world, "county_school").closed_on == DAY
    actor = world.actor("county_officer")
    with acting(actor):
        assert list(children_of(actor, world["yongdeng"].pk)) == []


def test_a_change_must_say_something(world: World) -> None:
    with pytest.raises(ValidationError):
        change(world, "county_officer", "county_school", "renamed", name=world["county_school"].name)


def test_a_voided_state_never_held(world: World) -> None:
    state = change(world, "county_officer", "county_school", "renamed", name="错名")
    officer = world.actor("county_officer")
    with pytest.raises(ValidationError):
        void_organisation_state(actor=officer, state_id=state.pk, reason="  ")
    void_organisation_state(actor=officer, state_id=state.pk, reason="误录")
    assert now(world, "county_school").name == world["county_school"].name
    with acting(officer):
        assert [row.is_void for row in history_of(officer, world["county_school"].pk)] == [False, True]
    with pytest.raises(NotAllowed):
        void_organisation_state(actor=officer, state_id=state.pk, reason="再次")


def test_the_only_state_stays(world: World) -> None:
    officer = world.actor("county_officer")
    with acting(officer):
        only = OrganisationState.objects.get(organisation=world["county_school"])
    with pytest.raises(ValidationError):
        void_organisation_state(actor=officer, state_id=only.pk, reason="误录")
    with acting(world.actor("province_officer")):
        foreign = OrganisationState.objects.get(organisation=world["other_school"])
    with pytest.raises(NotAllowed):
        void_organisation_state(actor=officer, state_id=foreign.pk, reason="误录")


def test_one_deed_one_line(world: World) -> None:
    officer = world.actor("county_officer")
    with acting(officer):
        before = AuditLine.objects.count()
        change(world, "county_officer", "county_school", "renamed", name="新名")
        line = AuditLine.objects.order_by("-id").first()
        assert AuditLine.objects.count() == before + 1
    assert line is not None
    assert (line.verb, line.room, line.account_id) == ("change_organisation", "registry", officer.account_id)
    assert (line.post_id, line.organisation_id) == (officer.post_id, officer.organisation_id)
    assert line.on_behalf_of_id is None
    assert (line.subject_type, line.subject_id) == ("registry.Organisation", str(world["county_school"].pk))


def test_a_refused_deed_leaves_nothing(world: World) -> None:
    officer = world.actor("county_officer")
    with acting(officer):
        before = AuditLine.objects.count()
        with pytest.raises(ValidationError):
            enter(world, "county_officer", kind="castle")
        assert AuditLine.objects.count() == before


def test_nothing_is_recorded_outside_a_deed() -> None:
    with pytest.raises(NoDeed):
        origin()


def test_events_carry_the_deed(world: World) -> None:
    change(world, "county_officer", "county_school", "renamed", name="新名")
    with acting(world.actor("county_officer")):
        told = told_of(Organisation.objects.get(pk=world["county_school"].pk))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pgh_context FROM registry_organisationevent ORDER BY pgh_id DESC LIMIT 1")
            context = cursor.fetchone()[0]
        line = AuditLine.objects.get(verb="change_organisation")
    context = json.loads(context) if isinstance(context, str) else context
    assert context["deed"] == str(line.deed)
    assert context["verb"] == "change_organisation"
    assert told[-1].changes["name"] == (world["county_school"].name, "新名")
    assert "county_officer" in told[-1].who


def test_what_the_register_said_then(world: World) -> None:
    """Two times: a correction changes what is said of the past, and not what was said in the past."""
    with acting(world.actor("county_officer")):
        organisation = Organisation.objects.get(pk=world["county_school"].pk)
        known_at = datetime.now(clock.CHINA)
        change(world, "county_officer", "county_school", "renamed", on=LONG_AGO + timedelta(days=1), name="改过的名")
        then = state_as_known(organisation, known_at)
        later = state_as_known(organisation, datetime.now(clock.CHINA) + timedelta(minutes=1))
        assert state_as_known(organisation, datetime(2001, 1, 1, tzinfo=clock.CHINA)) is None
    assert then is not None
    assert later is not None
    assert then["name"] == world["county_school"].name
    assert later["name"] == "改过的名"
