"""How evidence is judged: conditions one by one, alternatives, bridges, windows, whatever is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jineng.workforce.judging import Judge
from jineng.workforce.kinds import Series, title_name
from jineng.workforce.rules import (
    Bridge,
    Condition,
    Evidence,
    Held,
    Level,
    Stay,
    Version,
    holds,
    may_recognise,
    practice_days,
    recognised_on,
    service_years,
    version_on,
    years_after,
    years_before,
)

DAY = date(2021, 12, 31)
LONG = date(2010, 1, 1)
OTHER, TECHNICIAN = "有其他职业资格", "技能等级二级（技师）"
BRIDGE = Bridge("technician", "engineer", "intermediate", 3, date(2020, 12, 28))


def judged(
    evidence: Evidence, *conditions: Condition, bridges: tuple[Bridge, ...] = (BRIDGE,)
) -> list[tuple[bool, str]]:
    """How an elementary level with these conditions comes out."""
    version = Version("2020", LONG, None, 30, (Level("elementary", "institution", None, conditions),))
    (assessment,) = Judge(version, DAY, bridges).standing(evidence).assessments
    assert len(assessment.met) + len(assessment.missing) == len({condition.item for condition in conditions})
    return [(finding.met, str(finding)) for finding in assessment.findings]


@pytest.mark.parametrize(
    ("evidence", "condition", "met", "words"),
    [
        (Evidence("practice"), Condition(1, "kind", "practice"), True, "实习指导教师"),
        (Evidence("general"), Condition(1, "kind", "practice"), False, "应为实习指导教师"),
        (Evidence("x", certificates=(Held("teacher", LONG),)), Condition(1, "certificate"), True, "有教师资格证"),
        (Evidence("x", certificates=(Held("teacher", LONG, DAY),)), Condition(1, "certificate"), False, "缺教师资格证"),
        (
            Evidence("x", certificates=(Held("professional", LONG),)),
            Condition(1, "professional"),
            True,
            "有其他职业资格",
        ),
        (Evidence("x"), Condition(1, "professional"), False, "缺其他职业资格"),
        (
            Evidence("x", grades=(Held("technician", LONG),)),
            Condition(1, "skill", "senior"),
            True,
            "技能等级二级（技师）",
        ),
        (
            Evidence("x", grades=(Held("middle", LONG),)),
            Condition(1, "skill", "senior"),
            False,
            "技能等级须达三级（高级工），现为四级（中级工）",
        ),
        (Evidence("x"), Condition(1, "skill", "senior"), False, "技能等级须达三级（高级工），现无"),
        (
            Evidence("x", titles=(Held("intermediate", LONG, series="engineer"),)),
            Condition(1, "skill", "senior", bridged=True),
            True,
            "工程技术系列中级（贯通二级（技师））",
        ),
        (
            Evidence("x", titles=(Held("assistant", LONG, series="engineer"),)),
            Condition(1, "skill", "senior", bridged=True),
            False,
            "技能等级须达三级（高级工），现无",
        ),
        (
            Evidence("x", titles=(Held("deputy_senior", LONG, series="higher_teacher"),)),
            Condition(1, "title", "intermediate"),
            True,
            "高校教师系列副高级",
        ),
        (
            Evidence("x", titles=(Held("deputy_senior", LONG, series="higher_teacher"),)),
            Condition(1, "title", "intermediate", "engineer"),
            False,
            "专业技术职务须达工程技术系列中级",
        ),
        (
            Evidence("x", grades=(Held("technician", LONG),)),
            Condition(1, "title", "intermediate", bridged=True),
            True,
            "二级（技师）（贯通工程技术系列中级）",
        ),
        (
            Evidence("x", grades=(Held("technician", date(2019, 1, 1)),)),
            Condition(1, "title", "intermediate", bridged=True),
            False,
            "专业技术职务须达中级",
        ),
        (
            Evidence("x", grades=(Held("technician", LONG),)),
            Condition(1, "title", "intermediate", "secondary_teacher", bridged=True),
            False,
            "专业技术职务须达中职教师系列中级",
        ),
        (
            Evidence("x", stays=(Stay(date(2021, 1, 1), date(2021, 4, 30), 105),)),
            Condition(1, "practice", amount=6, window_years=5),
            False,
            "近5年企业实践须满6个月，还差2.5个月",
        ),
        (
            Evidence("x", stays=(Stay(date(2021, 1, 1), date(2021, 12, 31), 185),)),
            Condition(1, "practice", amount=6),
            True,
            "累计企业实践6.1个月",
        ),
        (Evidence("x", posts=(Held("x", date(2019, 1, 1)),)), Condition(1, "service", amount=3), True, "任教满3年"),
        (
            Evidence("x", posts=(Held("x", date(2019, 1, 2)),)),
            Condition(1, "service", amount=3),
            False,
            "任教须满3年，还差1年",
        ),
        (
            Evidence("x", recognitions=(Held("intermediate", date(2020, 12, 31)),)),
            Condition(1, "earlier", "elementary", amount=1),
            True,
            "已认定双师型中级",
        ),
        (
            Evidence("x", recognitions=(Held("elementary", date(2021, 1, 1)),)),
            Condition(1, "earlier", "elementary", amount=1),
            False,
            "须先认定双师型初级满1年",
        ),
        (Evidence("x"), Condition(1, "earlier", "elementary"), False, "须先认定双师型初级"),
    ],
)
def test_a_condition_is_judged(evidence: Evidence, condition: Condition, met: bool, words: str) -> None:
    assert judged(evidence, condition) == [(met, words)]


def test_alternatives_of_an_item_need_one_and_items_all() -> None:
    conditions = (Condition(2, "professional"), Condition(1, "certificate"), Condition(2, "skill", "senior"))
    assert judged(Evidence("x", grades=(Held("senior", LONG),)), *conditions) == [
        (False, "缺教师资格证"),
        (True, "技能等级三级（高级工）"),
    ]
    assert judged(Evidence("x"), *conditions)[1] == (False, "缺其他职业资格，或技能等级须达三级（高级工），现无")


def test_a_bridge_counts_only_while_it_holds() -> None:
    evidence = Evidence("x", grades=(Held("technician", LONG),))
    condition = Condition(1, "title", "intermediate", bridged=True)
    ended = Bridge("technician", "engineer", "intermediate", 0, LONG, DAY)
    coming = Bridge("technician", "engineer", "intermediate", 0, DAY + timedelta(days=1))
    assert judged(evidence, condition, bridges=(ended, coming)) == [(False, "专业技术职务须达中级")]


def test_an_unknown_kind_of_condition_is_no_condition_that_is_met() -> None:
    with pytest.raises(ValueError, match="no condition of kind 'x'"):
        judged(Evidence("x"), Condition(1, "x"))


THREE = tuple(
    Level(level, "institution", None, (Condition(1, "certificate"), Condition(2, "practice", amount=months)))
    for level, months in (("senior", 24), ("elementary", 6), ("intermediate", 12))
)


def standing(days: int, *recognised: str) -> tuple[str, str, str]:
    """Recognised, within reach, and the next level, of a certified teacher with so many days of practice."""
    evidence = Evidence(
        "x",
        certificates=(Held("teacher", LONG),),
        stays=(Stay(date(2018, 1, 1), DAY, days),) if days else (),
        recognitions=tuple(Held(level, LONG) for level in recognised),
    )
    found = Judge(Version("v", LONG, None, 30, THREE), DAY).standing(evidence)
    assert [one.level for one in found.assessments] == ["elementary", "intermediate", "senior"]
    return found.recognised, found.reachable, found.next.level if found.next else ""


def test_the_standing_tells_what_is_reached_and_what_comes_next() -> None:
    assert standing(0) == ("", "", "elementary")
    assert standing(180) == ("", "elementary", "intermediate")
    assert standing(400) == ("", "intermediate", "senior")
    assert standing(400, "intermediate") == ("intermediate", "", "senior")
    assert standing(400, "intermediate", "elementary") == ("intermediate", "", "senior")
    assert standing(800, "intermediate") == ("intermediate", "senior", "")
    found = Judge(Version("v", LONG, None, 30, THREE), DAY).standing(Evidence("x"))
    assert found.at("senior") is found.assessments[2]
    assert found.at("none") is None
    assert found.assessments[0].lacks == {"certificate", "practice"}


def test_the_version_of_a_day_is_the_one_in_force() -> None:
    old = Version("old", date(2019, 1, 1), date(2021, 1, 1), 30, ())
    new = Version("new", date(2020, 7, 1), None, 30, THREE)
    assert version_on(date(2018, 12, 31), [old, new]) is None
    assert version_on(date(2019, 1, 1), [new, old]) is old
    assert version_on(date(2020, 7, 1), [old, new]) is new
    assert version_on(date(2021, 1, 1), [old]) is None
    assert new.level("elementary") is THREE[1]
    assert new.level("none") is None


def test_a_level_is_recognised_by_its_body_or_one_above() -> None:
    assert may_recognise("city", "province")
    assert may_recognise("city", "city")
    assert not may_recognise("city", "county")
    assert may_recognise("institution", "institution")
    assert not may_recognise("institution", "")


def test_leap_days_have_neighbours() -> None:
    assert years_before(date(2020, 2, 29), 1) == date(2019, 2, 28)
    assert years_after(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_titles_are_called_what_their_series_calls_them() -> None:
    assert title_name(Series.ENGINEER, "intermediate") == "工程师"
    assert title_name(Series.OTHER, "senior") == "正高级"


DAYS = st.dates(date(2015, 3, 1), date(2023, 12, 31))


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Stay(first, last, draw(st.integers(1, (last - first).days + 1)))


@given(st.lists(stays(), max_size=6), DAYS, DAYS)
def test_practice_never_counts_more_days_than_the_window_has(drawn: list[Stay], one: date, other: date) -> None:
    first, last = sorted((one, other))
    days = practice_days(drawn, first, last)
    assert 0 <= days <= (last - first).days + 1
    assert days <= sum(stay.days for stay in drawn)
    assert days <= practice_days(drawn, date(2015, 3, 1), date(2023, 12, 31))
    assert days <= practice_days([*drawn, Stay(first, last, 1)], first, last)


@given(stays())
def test_a_stay_counts_whole_within_and_not_at_all_beyond(stay: Stay) -> None:
    assert practice_days([stay], stay.first, stay.last) == stay.days
    assert practice_days([stay], date.min, stay.first - timedelta(days=1)) == 0
    assert practice_days([stay], stay.last + timedelta(days=1), date.max) == 0


@given(DAYS.filter(lambda day: (day.month, day.day) != (2, 29)), st.integers(0, 6))
def test_years_taught_are_whole_years(since: date, years: int) -> None:
    until = years_after(since, years)
    assert service_years([Held("x", since, until)], date(2035, 1, 1)) == years
    assert service_years([Held("x", since, until), Held("y", since, until)], date(2035, 1, 1)) == years
    if years:
        assert service_years([Held("x", since, until - timedelta(days=1))], date(2035, 1, 1)) == years - 1
    assert service_years([Held("x", since)], since - timedelta(days=1)) == 0


@given(DAYS, DAYS, st.none() | DAYS)
def test_what_holds_has_begun_and_not_ended(day: date, since: date, until: date | None) -> None:
    assert holds(day, since, until) == (since <= day and (until is None or day < until))
    expected = "senior" if holds(day, since, until) else ""
    assert recognised_on(day, [Held("senior", since, until)]) == expected
