"""The room's sheets: what lands, what merges, what is refused at which cell, what goes out and comes in again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.governance.exchange import LANDINGS
from jineng.governance.models import (
    Assignment,
    CountyFact,
    ExhibitionItem,
    GroupMember,
    Policy,
    PolicyIssuer,
    PressItem,
    Task,
    TaskStep,
)
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Confirmation
from tests.calls.small_world import report
from tests.factories import World
from tests.governance.small_world import FINANCE, LANZHOU, ROOT, YONGDENG, landed, refused

DAY = date(2021, 5, 1)
SCHOOL, OTHER_SCHOOL = "3662010002", "3662050001"
POLICY = {"number": "甘教〔2021〕1号", "title": "某办法", "issuers": ROOT, "level": "provincial", "issued_on": DAY}
TASK = {"giver_code": ROOT, "number": "1", "title": "核查", "given_on": DAY, "due_on": date(2021, 11, 30)}
SHARE = {"giver_code": ROOT, "number": "1", "receiver_code": LANZHOU, "share": 3}
STEP = {"giver_code": ROOT, "number": "1", "receiver_code": LANZHOU, "sequence": 1, "kind": "received"}
PRESS = {"outlet": "某报", "published_on": DAY, "title": "一", "org_code": LANZHOU, "level": "city"}
GROUP = {"org_code": LANZHOU, "group_name": "小组", "formed_on": DAY}
EVENT = {"host_code": LANZHOU, "name": "活动周", "begins_on": DAY}
COUNTY = {"office_code": YONGDENG, "since": DAY}


def everything() -> dict[str, list[dict[str, Any]]]:
    """A row or two of every sheet, those that build on others behind or before them."""
    return {
        "policies": [
            {**POLICY, "number": "新", "replaces": "旧", "issuers": f"{ROOT}、{FINANCE}"},
            {**POLICY, "number": "旧", "issued_on": date(2020, 1, 1), "repealed_on": DAY},
            {**POLICY, "number": "拟", "issued_on": None},
        ],
        "policy_signings": [{"number": "新", "org_code": FINANCE, "signed_on": date(2021, 6, 1)}],
        "leading_groups": [{**GROUP, "level": "city"}],
        "group_members": [{**GROUP, "member_code": FINANCE, "post_title": "处长", "role": "member"}],
        "tasks": [
            {**TASK, "giver_code": LANZHOU, "number": "分", "parent_giver_code": ROOT, "parent_number": "1"},
            {**TASK, "policy_number": "新"},
        ],
        "task_assignments": [
            SHARE,
            {"giver_code": LANZHOU, "number": "分", "receiver_code": YONGDENG, "share": 2, "due_on": DAY},
        ],
        "task_steps": [
            {**STEP, "happened_on": DAY},
            {**STEP, "sequence": 2, "kind": "reported", "value": 3, "happened_on": DAY},
        ],
        "press_items": [PRESS],
        "occasions": [{**EVENT, "kind": "activity_week", "level": "city"}],
        "occasion_participants": [{**EVENT, "org_code": SCHOOL, "people": 3}],
        "exhibition_items": [{**EVENT, "org_code": SCHOOL, "title": "漆器", "kind": "work"}],
        "pooled_departments": [{"department": "education", "since": DAY, "document": "某文"}],
        "county_facts": [
            {**COUNTY, "item": "school", "org_code": SCHOOL},
            {**COUNTY, "item": "director", "post_title": "县长"},
            {**COUNTY, "item": "department", "department": "education"},
        ],
    }


@pytest.fixture
def province(world: World) -> Actor:
    return world.actor("province_officer")


def test_everything_lands_and_comes_out_as_it_went_in(world: World, province: Actor) -> None:
    counts = landed(report(province, **everything()))
    assert counts["policies"]["added"] == 7, "three policies and four who issue them"
    with acting(province):
        assert Policy.objects.get(number="新").replaces.number == "旧"
        assert Task.objects.get(number="分").parent.number == "1"
        assert Assignment.objects.get(receiver=world["yongdeng"]).due_on == DAY
        assert GroupMember.objects.get().since == DAY
        assert ExhibitionItem.objects.get().organisation == world["county_school"]
        done = Assignment.objects.get(receiver=world["lanzhou"]).progress
        assert (done.state, done.done) == ("reported", 0), "its part says how much is done"
        exported = {
            landing.sheet.name: [
                dict(zip((column.name for column in landing.sheet.columns), row, strict=True))
                for row in landing.export(province, 2021)
            ]
            for landing in LANDINGS
        }
    for name, rows in everything().items():
        assert len(exported[name]) == len(rows), name
    again = landed(report(province, **exported))
    assert {name: (told["added"], told["corrected"]) for name, told in again.items()} == dict.fromkeys(again, (0, 0))


def test_other_years_stay_at_home(province: Actor) -> None:
    landed(report(province, **everything()))
    with acting(province):
        told = {landing.sheet.name: list(landing.export(province, 2019)) for landing in LANDINGS}
    assert {name for name, rows in told.items() if rows} == {"policies"}, "the draft has no day"


def test_the_same_twice_is_one_and_confirmed(world: World, province: Actor) -> None:
    row = {**POLICY, "issuers": f"{ROOT}、{LANZHOU}"}
    landed(report(province, policies=[row]))
    city = world.actor("city_officer")
    landed(report(city, policies=[row]))
    assert refused(report(city, policies=[{**row, "title": "别的"}])) == {("policies", 3, "title", "conflict")}
    with acting(province):
        assert Policy.objects.count() == 1
        assert PolicyIssuer.objects.count() == 2
        assert Confirmation.objects.count() == 3


def test_what_never_held_is_struck_out_or_kept_as_such(world: World, province: Actor) -> None:
    landed(report(province, press_items=[PRESS]))
    void = {"voided": True, "void_reason": "误报"}
    landed(report(province, press_items=[{**PRESS, **void}, {**PRESS, "title": "二", **void}]))
    again = landed(report(province, press_items=[{**PRESS, "title": "二", **void}, {**PRESS, "title": "三"}]))
    assert again["press_items"] == {"added": 1, "corrected": 0, "unchanged": 1, "confirmed": 0}
    with acting(province):
        assert list(PressItem.objects.filter(voided_at=None).values_list("title", flat=True)) == ["三"]
        assert PressItem.objects.exclude(voided_at=None).count() == 2
    city = world.actor("city_officer")
    assert refused(report(city, press_items=[{**PRESS, "title": "三", **void}])) == {
        ("press_items", 3, "voided", "conflict")
    }


BAD: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("policies", {**POLICY, "issuers": "nobody"}, ("issuers", "unknown_reference")),
    ("policies", {**POLICY, "replaces": "没有"}, ("replaces", "unknown_reference")),
    ("policies", {**POLICY, "topic": "9-bad-"}, ("topic", "bad_code")),
    ("policies", {**POLICY, "repealed_on": DAY}, ("repealed_on", "conflict")),
    ("policies", {**POLICY, "issued_on": None, "repealed_on": DAY}, ("repealed_on", "conflict")),
    ("policies", {**POLICY, "voided": True}, ("void_reason", "required")),
    ("policy_signings", {"number": "没有", "org_code": FINANCE, "signed_on": DAY}, ("org_code", "unknown_reference")),
    ("leading_groups", {**GROUP, "level": "city", "dissolved_on": DAY}, ("dissolved_on", "conflict")),
    ("group_members", {**GROUP, "member_code": FINANCE, "role": "head"}, ("group_name", "unknown_reference")),
    ("tasks", {**TASK, "due_on": date(2021, 1, 1)}, ("due_on", "conflict")),
    ("tasks", {**TASK, "policy_number": "没有"}, ("policy_number", "unknown_reference")),
    ("tasks", {**TASK, "parent_giver_code": ROOT, "parent_number": "没有"}, ("parent_number", "unknown_reference")),
    ("task_assignments", SHARE, ("number", "unknown_reference")),
    ("task_steps", {**STEP, "happened_on": DAY}, ("number", "unknown_reference")),
    ("occasions", {**EVENT, "kind": "forum", "level": "city", "ends_on": date(2021, 4, 1)}, ("ends_on", "conflict")),
    ("exhibition_items", {**EVENT, "org_code": SCHOOL, "title": "器", "kind": "work"}, ("name", "unknown_reference")),
    ("county_facts", {**COUNTY, "item": "school"}, ("org_code", "required")),
    (
        "county_facts",
        {**COUNTY, "item": "director", "post_title": "县长", "org_code": SCHOOL},
        ("org_code", "conflict"),
    ),
    (
        "county_facts",
        {**COUNTY, "office_code": SCHOOL, "item": "director", "post_title": "县长"},
        ("office_code", "unknown_reference"),
    ),
]


@pytest.mark.parametrize(("sheet", "row", "told"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_cells_are_refused_where_they_stand(
    province: Actor, sheet: str, row: dict[str, Any], told: tuple[str, str]
) -> None:
    assert refused(report(province, **{sheet: [row]})) == {(sheet, 3, *told)}


def test_steps_and_shares_must_be_possible(world: World, province: Actor) -> None:
    landed(report(province, tasks=everything()["tasks"], policies=everything()["policies"]))
    landed(report(province, task_assignments=everything()["task_assignments"]))
    step = {**STEP, "happened_on": DAY}
    assert refused(report(province, task_steps=[{**step, "kind": "accepted"}])) == {
        ("task_steps", 3, "kind", "conflict")
    }
    assert refused(report(province, task_steps=[{**step, "kind": "reported", "value": 4}])) == {
        ("task_steps", 3, "value", "conflict")
    }
    back = {**step, "sequence": 2, "kind": "sent_back"}
    assert refused(report(province, task_steps=[{**step, "kind": "reported"}, back])) == {
        ("task_steps", 4, "text", "required")
    }
    assert refused(report(province, task_steps=[{**step, "receiver_code": FINANCE}])) == {
        ("task_steps", 3, "receiver_code", "unknown_reference")
    }
    more = {"giver_code": LANZHOU, "number": "分", "receiver_code": "CG-JY", "share": 2}
    assert refused(report(province, task_assignments=[more])) == {("task_assignments", 3, "share", "conflict")}
    with acting(province):
        assert not TaskStep.objects.exists()


def test_an_office_reports_what_lies_in_its_scope(world: World, province: Actor) -> None:
    landed(report(province, **everything()))
    city, county = world.actor("other_city_officer"), world.actor("county_officer")
    rows = everything()
    outside = {
        "policies": ("issuers", {**POLICY, "number": "外", "issuers": ROOT}),
        "leading_groups": ("org_code", {**GROUP, "level": "city", "document": "外"}),
        "tasks": ("giver_code", {**TASK, "number": "外"}),
        "press_items": ("org_code", {**PRESS, "title": "外"}),
        "occasions": ("host_code", {**EVENT, "kind": "forum", "level": "city", "name": "外"}),
        "pooled_departments": ("department", {"department": "agriculture", "since": DAY, "document": "外"}),
        "county_facts": ("office_code", {**COUNTY, "item": "director", "post_title": "外"}),
    }
    for sheet, (column, row) in outside.items():
        assert refused(report(city, **{sheet: [row]})) == {(sheet, 3, column, "out_of_scope")}, sheet
    below = {
        "group_members": ("group_name", "unknown_reference"),
        "task_assignments": ("number", "unknown_reference"),
        "exhibition_items": ("name", "unknown_reference"),
    }
    for sheet, told in below.items():
        assert (sheet, 3, *told) in refused(report(city, **{sheet: [rows[sheet][0]]})), sheet
    member = {**rows["group_members"][0], "post_title": "外"}
    assert refused(report(county, group_members=[member])) == {("group_members", 3, "org_code", "out_of_scope")}
    joined = {**rows["occasion_participants"][0], "org_code": YONGDENG}
    assert refused(report(county, occasion_participants=[joined])) == {
        ("occasion_participants", 3, "host_code", "out_of_scope")
    }
    judged = {"giver_code": LANZHOU, "number": "分", "receiver_code": YONGDENG, "sequence": 1, "happened_on": DAY}
    assert refused(report(county, task_steps=[{**judged, "kind": "accepted"}])) == {
        ("task_steps", 3, "kind", "out_of_scope"),
    }
    landed(report(county, task_steps=[{**judged, "kind": "reported", "value": 2}]))
    with acting(province):
        assert Assignment.objects.get(receiver=world["lanzhou"]).progress.done == 2
        assert CountyFact.objects.count() == 3
