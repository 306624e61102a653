"""Caps inside a run and reserve pools, as a season's scheme declares them: kept, explained, or refused with why."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jineng.admissions.capping import Capped, cap_words, holds, told_caps
from jineng.admissions.models import Plan, Result, Told
from jineng.admissions.schemes import RunCap, read_law
from jineng.admissions.verbs import declare_scheme, file_score_rule
from jineng.admissions.verbs.runs import computed
from jineng.engines.allocation import AllocationError
from jineng.engines.recount import check_file
from jineng.kernel.actors import acting
from tests.admissions.small_rounds import LAW, Rounds, rounds
from tests.admissions.small_season import ACCOUNTING, CHEMISTRY, MACHINES, OPENS
from tests.factories import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
MACHINERY: dict[str, Any] = {"name": "装备制造类", "limit": 2, "order": "round", "majors": ["46"]}


def law(*caps: dict[str, Any], **of_first: Any) -> dict[str, Any]:
    """The small law with caps in its first round."""
    data = copy.deepcopy(LAW)
    data["rounds"][0] |= {"caps": list(caps), "own_rules": False, **of_first}
    return data


def faults(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What is refused of a law: paths and codes."""
    with pytest.raises(AllocationError) as refusal:
        read_law(data)
    return [(fault.path, fault.code) for fault in refusal.value.faults]


def declared(season: Rounds, data: dict[str, Any]) -> None:
    """The law's next version."""
    declare_scheme(actor=season.province, season_id=season.season.pk, data=data, declared_on=OPENS)


def test_a_cap_whose_keys_do_not_compare_is_refused_with_what_to_write_instead() -> None:
    where = "rounds[0].caps[0]"
    assert read_law(law(MACHINERY)).rounds[0].caps[0].limit == 2
    assert faults(law({**MACHINERY, "order": None})) == [(f"{where}.order", "no_common_order")]
    assert faults(law(MACHINERY, own_rules=True)) == [(f"{where}.order", "no_common_order")]
    assert faults(law({**MACHINERY, "pools": ["nobody"]})) == [(f"{where}.pools[0]", "unknown")]
    assert (where, "not_deferred") in faults(law(MACHINERY, mechanism="serial"))
    assert read_law(law({**MACHINERY, "order": "school"}, own_rules=True))
    with pytest.raises(AllocationError) as refusal:
        read_law(law(MACHINERY, own_rules=True))
    assert "own_rules: false" in refusal.value.faults[0].zh
    assert "计划上设限额" in refusal.value.faults[0].zh


def test_a_cap_is_over_what_meets_all_its_conditions_and_says_so() -> None:
    one = Capped("a", "4162010001", "520201", "county", "620121", "round")
    other = Capped("b", "4162010002", "520201", "ordinary", "", "round")
    narrow = RunCap("定向护理", 3, "round", ("4162010001",), ("52",), ("county",), ("620121",))
    every = RunCap("每校", 3, "school")
    assert [holds(narrow, each) for each in (one, other)] == [True, False]
    assert [holds(every, each) for each in (one, other)] == [True, True]
    assert cap_words(narrow) == "机构 4162010001，专业代码以 52 开头，县区定向，定向 620121；合并计算"
    assert cap_words(every) == "本轮全部计划；各校各自计算"


def test_of_nested_caps_the_one_that_asks_most_is_told() -> None:
    scheme = {
        "caps": [
            {"key": "cap-0", "name": "全部", "places": ["a", "b"]},
            {"key": "cap-1", "name": "其中", "places": ["a"]},
            {"key": "cap-2", "name": "未满", "places": ["b"]},
        ]
    }
    lines = [{"key": "cap-0", "score": "99.5"}, {"key": "cap-1", "score": "240"}, {"key": "cap-2"}]
    assert told_caps(scheme, lines) == {"a": ("其中", "240"), "b": ("全部", "99.5")}


@pytest.fixture
def season(world: World) -> Rounds:
    """Five applicants, the strongest first, who would all have machines at the one college, then at the other."""
    made = rounds(world)
    for who in range(1, 6):
        made.enrol(who, str(260 - 10 * who))
    return made


@pytest.mark.django_db
def test_a_category_is_capped_over_all_schools_and_who_meets_the_cap_is_told_so(
    season: Rounds,
) -> None:
    declared(season, law(MACHINERY))
    opening = season.open()
    for who in range(1, 6):
        season.submit(opening, who, "machines", "forest", "chemistry")
    run = season.publish(opening)
    assert season.admitted() == {1: "machines", 2: "machines", 3: "chemistry"}
    with acting(season.province):
        published, _ = computed(run)
        assert all(finding.ok for finding in check_file(published.document()))
        (cap,) = published.certificate["caps"]
        assert (cap["seats"], cap["taken"], cap["score"]) == (2, 2, "240")
        told = [line["zh"] for line in _told(season, 4)]
    assert told == [
        "录取线 240 分，您 220 分，候补第 2 位",
        "限额“装备制造类”已满，录取线 240 分，您 220 分，候补第 2 位",
        "录取线 230 分，您 220 分，候补第 1 位",
    ]
    client = Client()
    client.force_login(season.world.accounts["province_officer"], backend=BACKEND)
    page = client.get(f"/admissions/runs/{run.pk}/").content.decode()
    assert "运行内限额" in page
    assert "装备制造类" in page
    scheme = client.get(f"/admissions/seasons/{season.season.pk}/scheme/").content.decode()
    assert "专业代码以 46 开头；合并计算" in scheme


def _told(season: Rounds, who: int) -> list[dict[str, Any]]:
    page = Told.objects.get(pk=season.tickets[who]).page
    found: list[dict[str, Any]] = page["rounds"]["1"]["reasons"]
    return found


@pytest.mark.django_db
def test_each_school_is_capped_by_its_own_order(season: Rounds) -> None:
    file_score_rule(
        actor=season.world.actor("college_officer"),
        season_id=season.season.pk,
        organisation_id=season.world["petrochemical"].pk,
        formula={"weights": {"culture": "2"}},
        ties=["culture"],
    )
    declared(season, law({"name": "每校", "limit": 1, "order": "school"}, own_rules=True))
    opening = season.open()
    for who in range(1, 6):
        season.submit(opening, who, "machines", "chemistry", "forest")
    season.publish(opening)
    assert season.admitted() == {1: "machines", 2: "forest"}


@pytest.mark.django_db
def test_caps_that_cross_over_what_is_offered_are_refused_when_the_round_opens(season: Rounds) -> None:
    college = {"name": "石化院", "limit": 2, "order": "round", "organisations": ["4162010001"]}
    declared(season, law(MACHINERY, college))
    with pytest.raises(ValidationError, match="石化院") as refusal:
        season.open()
    assert "装备制造类" in refusal.value.messages[0]
    nowhere = {"name": "医药卫生", "limit": 0, "order": "round", "majors": ["52"]}
    declared(season, law(MACHINERY, {**college, "majors": ["46"]}, nowhere))
    assert season.open().phase == "open"


@pytest.mark.django_db
def test_reserve_pools_are_used_in_the_stated_order_and_release_what_nobody_took(world: World) -> None:
    machines = {"programme": MACHINES}
    plans = (
        ("county", "petrochemical", 2, {**machines, "pool": "county", "county_code": "620121"}),
        ("household", "petrochemical", 1, {**machines, "pool": "household"}),
        ("open", "petrochemical", 1, machines),
        ("other", "forestry", 1, {"programme": ACCOUNTING}),
    )
    season = rounds(world, plans)
    order = [
        {"key": "household", "name": "建档立卡", "releases_to": "county"},
        {"key": "county", "name": "县区定向", "releases_to": "ordinary"},
        {"key": "ordinary", "name": "普通"},
    ]
    declared(season, {**law(), "pools": order})
    season.enrol(1, "250", is_household=True)
    season.enrol(2, "240", home_code="620102")
    season.enrol(3, "230", home_code="620102")
    season.enrol(4, "220")
    season.enrol(5, "210", home_code="620102")
    opening = season.open()
    for who in range(1, 6):
        season.submit(opening, who, "open")
    run = season.publish(opening)
    assert season.admitted() == {1: "household", 2: "open", 3: "open", 4: "county"}
    with acting(season.province):
        seats = dict(Plan.objects.values_list("pool", "seats").exclude(programme_code=ACCOUNTING))
        assert seats == {"household": 1, "county": 1, "ordinary": 2}
        assert Result.objects.get(run=run, applicant=season.people[5]).outcome == "unplaced"


@pytest.mark.django_db
def test_a_county_cap_holds_for_released_seats_too(world: World) -> None:
    machines = {"programme": MACHINES}
    plans = (
        ("county", "petrochemical", 2, {**machines, "pool": "county", "county_code": "620121"}),
        ("open", "petrochemical", 1, machines),
        ("chemistry", "petrochemical", 3, {"programme": CHEMISTRY}),
    )
    season = rounds(world, plans)
    declared(season, law({"name": "普通", "limit": 1, "order": "round", "pools": ["ordinary"], "majors": ["46"]}))
    for who in (1, 2, 3):
        season.enrol(who, str(260 - 10 * who), home_code="620102")
    opening = season.open()
    for who in (1, 2, 3):
        season.submit(opening, who, "open")
    season.publish(opening)
    assert season.admitted() == {1: "open"}
