"""What counts and what does not, on small registers made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from jineng.engines.measures import Period, measure_many
from jineng.governance import verbs
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, record_doors, sources
from tests.factories import World
from tests.governance.small_world import give, policy, share

DAY = date(2021, 6, 1)
YEARS = (2020, 2021, 2022)


@pytest.fixture
def province(world: World) -> Iterator[Actor]:
    with clock_at(DAY), acting(world.actor("province_officer")) as actor:
        yield actor


def told(key: str) -> tuple[int, ...]:
    """A figure in the three years, as the reader computes it on the register as it is."""
    wanted = [(key, Period.year(year)) for year in YEARS]
    found = measure_many(live_engine, indicators, sources, wanted)
    return tuple(int(found[pair].value or 0) for pair in wanted)


def test_every_figure_has_a_definition_and_a_door(world: World) -> None:
    own = indicators.of_room("governance")
    assert {"integration_policy_issuers", "county_centres_complete", "policies_of_year"} <= {item.key for item in own}
    for item in own:
        assert item.definition.endswith(("。", "零。"))
        assert record_doors[item.record_type].model_label.startswith("governance.")


@pytest.mark.parametrize(
    ("key", "topic"),
    [
        ("integration_policy_issuers", "integration-pilot"),
        ("teacher_policy_issuers", "dual-qualified-teachers"),
        ("ethnic_policy_issuers", "ethnic-areas"),
        ("pay_notice_issuers", "performance-pay"),
    ],
)
def test_issuers_count_once_for_the_policy_in_force(world: World, province: Actor, key: str, topic: str) -> None:
    both = [world.root.pk, world["finance"].pk]
    first = policy(world, "旧", topic=topic, issuer_ids=[world.root.pk], issued_on=date(2019, 1, 1))
    assert told(key) == (1, 1, 1)
    now = policy(world, "新", topic=topic, issuer_ids=both, issued_on=date(2021, 12, 31), replaces_id=first.pk)
    assert told(key) == (1, 2, 2)
    verbs.add_issuer(actor=province, policy_id=now.pk, organisation_id=world["lanzhou"].pk, signed_on=date(2022, 1, 1))
    assert told(key) == (1, 2, 3)
    policy(world, "草", topic=topic, issuer_ids=[world["tianshui"].pk], issued_on=None)
    policy(world, "市", topic=topic, issuer_ids=[world["tianshui"].pk], level="city")
    policy(world, "转", topic=topic, issuer_ids=[world["tianshui"].pk], kind="forwarded")
    policy(world, "别", topic="quality", issuer_ids=[world["tianshui"].pk])
    assert told(key) == (1, 2, 3)
    second = policy(world, "补", topic=topic, issuer_ids=both)
    assert told(key) == (1, 2, 3)
    verbs.void_record(actor=province, kind="policy", record_id=second.pk, reason="误录")
    verbs.repeal_policy(actor=province, policy_id=now.pk, repealed_on=date(2022, 12, 31))
    assert told(key) == (1, 2, 0)
    verbs.void_record(actor=province, kind="policy", record_id=now.pk, reason="误录")
    assert told(key) == (1, 0, 0)


def test_policies_of_the_year_are_provincial_and_original(world: World, province: Actor) -> None:
    policy(world, "一", issuer_ids=[world.root.pk, world["finance"].pk])
    policy(world, "二", issued_on=date(2020, 12, 31))
    policy(world, "草", issued_on=None)
    policy(world, "市", level="city")
    policy(world, "转", kind="forwarded")
    assert told("policies_of_year") == (1, 1, 0)


def test_groups_in_being(world: World, province: Actor) -> None:
    made = [
        verbs.form_group(actor=province, organisation_id=world[name].pk, name="小组", level="city", formed_on=formed)
        for name, formed in (("lanzhou", date(2020, 5, 1)), ("tianshui", date(2021, 5, 1)), ("finance", DAY))
    ]
    verbs.dissolve_group(actor=province, group_id=made[0].pk, dissolved_on=date(2021, 12, 31))
    verbs.void_record(actor=province, kind="group", record_id=made[2].pk, reason="误报")
    assert told("leading_groups_in_being") == (1, 1, 1)


def test_coverage_and_events_of_the_year(world: World, province: Actor) -> None:
    root = world.root.pk
    for title, day in (("一", DAY), ("二", date(2020, 12, 31))):
        verbs.record_press(
            actor=province, organisation_id=root, outlet="某报", published_on=day, title=title, level="national"
        )
    week = verbs.record_occasion(
        actor=province, host_id=root, name="周", kind="activity_week", level="provincial", begins_on=DAY
    )
    verbs.record_occasion(actor=province, host_id=root, name="赛", kind="contest", level="provincial", begins_on=DAY)
    verbs.add_exhibit(actor=province, occasion_id=week.pk, organisation_id=root, title="漆器", kind="work")
    assert told("press_items") == (1, 1, 0)
    assert told("activity_week_events") == (0, 1, 0)
    assert told("events_held") == (0, 2, 0)
    assert told("exhibition_items") == (0, 1, 0)
    verbs.void_record(actor=province, kind="occasion", record_id=week.pk, reason="未办")
    assert told("activity_week_events") == told("exhibition_items") == (0, 0, 0)


def test_shares_accepted_in_the_year(world: World, province: Actor) -> None:
    task = give(world, due_on=date(2021, 12, 1), lanzhou=1, tianshui=1)
    for name, officer in (("lanzhou", "city_officer"), ("tianshui", "other_city_officer")):
        held = share(world, task, name)
        verbs.report_share(actor=world.actor(officer), assignment_id=held.pk, value=held.share)
    verbs.accept_share(actor=province, assignment_id=share(world, task, "lanzhou").pk)
    assert told("task_shares_accepted") == (0, 1, 0)
    verbs.withdraw_task(actor=province, task_id=task.pk)
    assert told("task_shares_accepted") == (0, 0, 0)


def test_a_county_counts_when_it_has_all_that_is_asked_on_the_day(world: World, province: Actor) -> None:
    def fact(**fields: object) -> None:
        values = {"office_id": world["yongdeng"].pk, "since": date(2020, 6, 1), **fields}
        verbs.record_county_fact(actor=province, **values)  # type: ignore[arg-type]

    school = world["county_school"].pk
    fact(item="school", organisation_id=school)
    fact(item="centre", organisation_id=school)
    assert told("county_centres_complete") == (0, 0, 0)
    fact(item="director", post_title="县长", since=date(2021, 2, 1))
    assert told("county_schools") == told("county_centres") == (1, 1, 1)
    assert told("county_centres_led") == told("county_centres_complete") == (0, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_pooleddepartment "
            "(id, recorded_at, origin_kind, void_reason, department, since, document) "
            "VALUES (gen_random_uuid(), now(), 'page', '', 'agriculture', '2021-12-31', '某文')"
        )
    assert told("county_centres_complete") == (0, 0, 0)
    fact(item="department", department="agriculture", since=date(2022, 3, 1))
    fact(item="department", department="education", since=date(2022, 3, 1))
    assert told("county_centres_complete") == (0, 0, 1)
