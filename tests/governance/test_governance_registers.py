"""Policies, groups, events, coverage and counties: recorded, ended, struck out, by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jineng.governance import verbs
from jineng.governance.models import CountyFact, PolicyIssuer
from jineng.governance.queries import (
    counties_on,
    exhibits_of,
    groups_of,
    members_of,
    occasions_of,
    participants_of,
    policies_of,
    policies_on,
    press_of,
)
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.factories import World
from tests.governance.small_world import policy

DAY = date(2021, 6, 1)


@pytest.fixture(autouse=True)
def summer() -> Iterator[None]:
    with clock_at(DAY):
        yield


@pytest.fixture
def province(world: World) -> Iterator[Actor]:
    with acting(world.actor("province_officer")) as actor:
        yield actor


def test_a_draft_is_its_drafters_until_it_is_issued(world: World) -> None:
    city, other = world.actor("city_officer"), world.actor("other_city_officer")
    draft = policy(world, "拟-1", by="city_officer", issuer_ids=[world["lanzhou"].pk], issued_on=None, level="city")
    with acting(other):
        assert not policies_of(other).exists()
        assert not PolicyIssuer.objects.exists()
    with pytest.raises(NotAllowed):
        verbs.issue_policy(actor=other, policy_id=draft.pk, number="兰教〔2021〕1号", issued_on=DAY)
    verbs.issue_policy(actor=city, policy_id=draft.pk, number="兰教〔2021〕1号", issued_on=DAY)
    with acting(other):
        assert [row.number for row in policies_of(other)] == ["兰教〔2021〕1号"]
    with pytest.raises(ValidationError, match="已印发"):
        verbs.issue_policy(actor=city, policy_id=draft.pk, number="兰教〔2021〕2号", issued_on=DAY)
    with pytest.raises(NotAllowed):
        verbs.repeal_policy(actor=other, policy_id=draft.pk, repealed_on=date(2021, 12, 1))


def test_a_later_version_ends_the_one_it_replaces(world: World, province: Actor) -> None:
    first = policy(world, issued_on=date(2020, 1, 1))
    second = policy(world, "甘教〔2021〕2号", replaces_id=first.pk, issued_on=DAY)
    first.refresh_from_db()
    assert first.repealed_on == DAY
    assert list(policies_on(province, "performance-pay", DAY)) == [second]
    assert list(policies_on(province, "performance-pay", date(2020, 6, 1))) == [first]
    with pytest.raises(ValidationError, match="已自"):
        verbs.repeal_policy(actor=province, policy_id=first.pk, repealed_on=date(2022, 1, 1))


def test_policies_refuse_what_cannot_be(world: World, province: Actor) -> None:
    known = policy(world)
    with pytest.raises(ValidationError):
        policy(world)
    with pytest.raises(ValidationError, match="印发单位"):
        policy(world, "甘教〔2021〕3号", issuer_ids=[])
    with pytest.raises(ValidationError, match="晚于"):
        verbs.repeal_policy(actor=province, policy_id=known.pk, repealed_on=date(2021, 5, 1))
    draft = policy(world, "拟-2", issued_on=None)
    with pytest.raises(ValidationError, match="草案"):
        verbs.repeal_policy(actor=province, policy_id=draft.pk, repealed_on=DAY)
    with pytest.raises(NotAllowed):
        policy(world, "甘教〔2021〕4号", by="city_officer")
    added = verbs.add_issuer(actor=province, policy_id=known.pk, organisation_id=world["finance"].pk, signed_on=DAY)
    assert added.order == 2
    with pytest.raises(ValidationError, match="已在"):
        verbs.add_issuer(actor=province, policy_id=known.pk, organisation_id=world["finance"].pk)


def test_groups_have_members_by_post(world: World, province: Actor) -> None:
    group = verbs.form_group(
        actor=province, organisation_id=world.root.pk, name="领导小组", level="provincial", formed_on=date(2020, 1, 1)
    )
    finance = world["finance"].pk
    verbs.add_member(actor=province, group_id=group.pk, organisation_id=finance, post_title="厅长", role="deputy")
    verbs.add_member(
        actor=province, group_id=group.pk, organisation_id=world.root.pk, role="head", since=date(2020, 5, 1)
    )
    assert [member.role for member in members_of(province, group)] == ["head", "deputy"]
    with pytest.raises(ValidationError, match="晚于"):
        verbs.add_member(actor=province, group_id=group.pk, organisation_id=finance, since=date(2019, 1, 1))
    with pytest.raises(ValidationError, match="晚于"):
        verbs.dissolve_group(actor=province, group_id=group.pk, dissolved_on=date(2020, 1, 1))
    assert verbs.dissolve_group(actor=province, group_id=group.pk, dissolved_on=DAY).dissolved_on == DAY
    school = world.actor("school_officer")
    with acting(school):
        assert [row.member_count for row in groups_of(school)] == [2]
    with pytest.raises(NotAllowed):
        verbs.dissolve_group(actor=school, group_id=group.pk, dissolved_on=date(2022, 1, 1))


def test_events_show_who_took_part_and_what_was_shown(world: World, province: Actor) -> None:
    held = verbs.record_occasion(
        actor=province,
        host_id=world["tianshui"].pk,
        name="活动周",
        kind="activity_week",
        level="city",
        begins_on=DAY,
    )
    assert held.ends_on == DAY
    school = world["county_school"].pk
    verbs.add_participant(actor=province, occasion_id=held.pk, organisation_id=school, people=3)
    verbs.add_exhibit(actor=province, occasion_id=held.pk, organisation_id=school, title="漆器", kind="work")
    guest, stranger = world.actor("school_officer"), world.actor("college_officer")
    with acting(guest):
        assert [row.name for row in occasions_of(guest)] == ["活动周"]
        assert [row.people for row in participants_of(guest, held)] == [3]
        assert [row.title for row in exhibits_of(guest, held)] == ["漆器"]
    with acting(stranger):
        assert not occasions_of(stranger).exists()
        assert not exhibits_of(stranger, held)
    with pytest.raises(ValidationError):
        verbs.record_occasion(
            actor=province,
            host_id=world.root.pk,
            name="倒着办",
            kind="forum",
            level="city",
            begins_on=DAY,
            ends_on=date(2021, 5, 1),
        )


def test_coverage_is_seen_from_below_and_struck_out_by_its_own(world: World, province: Actor) -> None:
    item = verbs.record_press(
        actor=province,
        organisation_id=world["lanzhou"].pk,
        outlet="某报",
        published_on=DAY,
        title="报道",
        level="city",
    )
    county, other = world.actor("county_officer"), world.actor("other_city_officer")
    with acting(county):
        assert press_of(county).count() == 1
    with acting(other):
        assert not press_of(other).exists()
    for stranger in (county, other):
        with pytest.raises(NotAllowed):
            verbs.void_record(actor=stranger, kind="press", record_id=item.pk, reason="不对")
    with pytest.raises(ValidationError, match="原因"):
        verbs.void_record(actor=province, kind="press", record_id=item.pk, reason=" ")
    verbs.void_record(actor=province, kind="press", record_id=item.pk, reason="误报")
    assert not press_of(province).exists()
    with pytest.raises(NotAllowed):
        verbs.void_record(actor=province, kind="press", record_id=item.pk, reason="再来")


def _fact(actor: Actor, world: World, **fields: Any) -> CountyFact:
    values = {"office_id": world["yongdeng"].pk, "since": date(2020, 1, 1), **fields}
    return verbs.record_county_fact(actor=actor, **values)


def test_a_county_is_complete_when_nothing_is_missing(world: World, province: Actor) -> None:
    county = world.actor("county_officer")
    school = world["county_school"].pk
    _fact(county, world, item="school", organisation_id=school)
    _fact(county, world, item="centre", organisation_id=school)
    director = _fact(county, world, item="director", post_title="县长")
    (state,) = counties_on(province, DAY)
    assert (state.name, state.city_code, state.complete, state.missing) == ("永登县", "620100", True, [])
    verbs.end_county_fact(actor=county, fact_id=director.pk, until=DAY)
    (state,) = counties_on(province, DAY)
    assert state.missing == ["director"]
    (state,) = counties_on(province, date(2021, 5, 31))
    assert state.complete
    with pytest.raises(ValidationError, match="已自"):
        verbs.end_county_fact(actor=county, fact_id=director.pk, until=date(2022, 1, 1))
    other = world.actor("other_county_officer")
    with acting(other):
        assert counties_on(other, DAY) == []
    with pytest.raises(NotAllowed):
        verbs.end_county_fact(actor=other, fact_id=director.pk, until=DAY)
    with pytest.raises(NotAllowed):
        _fact(other, world, item="director", post_title="县长")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"item": "school"}, "organisation"),
        ({"item": "director"}, "post_title"),
        ({"item": "department"}, "department"),
        ({"item": "director", "post_title": "县长", "department": "education"}, "department"),
    ],
)
def test_a_fact_takes_what_it_needs_and_nothing_else(world: World, fields: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _fact(world.actor("county_officer"), world, **fields)
    assert field in refusal.value.message_dict


def test_facts_are_of_counties(world: World, province: Actor) -> None:
    with pytest.raises(ValidationError, match="教育局"):
        _fact(province, world, office_id=world["county_school"].pk, item="director", post_title="县长")
