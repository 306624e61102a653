"""The law of the calls, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.calls.kinds import HolderForm, HolderKind, Status
from jineng.calls.rules import (
    CANDIDACY,
    HOLDER_KINDS,
    IN_BEING,
    NEXT,
    RANK,
    Event,
    Fault,
    first_fault,
    holder_faults,
    in_order,
    may_follow,
    normal_title,
    normal_titles,
    public_title,
    status_on,
)

MOMENT = datetime(2021, 1, 1, tzinfo=UTC)
LATER = datetime(2021, 1, 2, tzinfo=UTC)
days = st.dates(date(2020, 1, 1), date(2022, 12, 31))
events = st.lists(st.builds(Event, days, st.sampled_from([MOMENT, LATER]), st.sampled_from(Status.values)), max_size=6)


def told(*pairs: tuple[str, str]) -> list[Event]:
    return [Event(date.fromisoformat(since), MOMENT, status) for since, status in pairs]


def test_rules_know_every_code() -> None:
    assert set(NEXT) == {None, *Status.values}
    assert set(RANK) == set(Status.values)
    assert set(HOLDER_KINDS) == set(HolderForm.values)
    assert frozenset().union(*HOLDER_KINDS.values()) == set(HolderKind.values)
    assert not IN_BEING & CANDIDACY


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (None, "recognised", True),
        (None, "withdrawn", False),
        ("candidate", "recognised", True),
        ("recognised", "refused", False),
        ("recognised", "recognised", False),
        ("refused", "recognised", True),
        ("withdrawn", "recognised", True),
        ("unheard_of", "recognised", False),
    ],
)
def test_what_may_follow_what(before: str | None, after: str, allowed: bool) -> None:
    assert may_follow(before, after) is allowed


def test_status_on_a_day() -> None:
    timeline = told(("2021-03-01", "candidate"), ("2021-06-01", "recognised"), ("2022-01-01", "withdrawn"))
    assert status_on(timeline, date(2021, 2, 28)) is None
    assert status_on(timeline, date(2021, 5, 31)) == "candidate"
    assert status_on(timeline, date(2021, 6, 1)) == "recognised"
    assert status_on(timeline, date(2021, 12, 31)) == "recognised"
    assert status_on(timeline, date(2022, 1, 1)) == "withdrawn"


def test_of_one_day_the_later_record_holds_then_the_further_status() -> None:
    day = date(2021, 5, 1)
    corrected = [Event(day, LATER, "refused"), Event(day, MOMENT, "recognised")]
    together = [Event(day, MOMENT, "recognised"), Event(day, MOMENT, "candidate")]
    assert status_on(corrected, day) == "refused"
    assert status_on(together, day) == "recognised"


@given(events, days)
@settings(deadline=None)
def test_status_depends_on_what_was_told_not_on_the_order_of_telling(timeline: list[Event], day: date) -> None:
    assert status_on(timeline, day) == status_on(list(reversed(timeline)), day)
    assert status_on(timeline, day) == status_on([event for event in timeline if event.since <= day], day)
    assert in_order(in_order(timeline)) == in_order(timeline)


def test_first_fault() -> None:
    assert first_fault(told(("2021-01-01", "candidate"), ("2021-02-01", "recognised"))) is None
    assert first_fault(told(("2021-01-01", "recognised"), ("2021-02-01", "refused"))) == Fault(
        "recognised", "refused", date(2021, 2, 1)
    )
    alone = told(("2021-02-01", "withdrawn"))
    assert first_fault(alone) == Fault(None, "withdrawn", date(2021, 2, 1))
    assert first_fault(alone, incomplete=True) is None
    lifted = told(("2021-02-01", "withdrawn"), ("2021-03-01", "refused"))
    assert first_fault(lifted, incomplete=True) == Fault("withdrawn", "refused", date(2021, 3, 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("护理 名班主任工作室（1）", "护理名班主任工作室(1)"),
        ("　双师型 教师　", "双师型教师"),
        ('"匠心"文化品牌', "“匠心”文化品牌"),
        ("Python  程序设计", "Python 程序设计"),
        ("ＡＢＣ１２３", "ABC123"),
    ],
)
def test_titles_that_say_the_same(one: str, other: str) -> None:
    assert normal_title(one) == normal_title(other)


def test_titles_that_differ() -> None:
    assert normal_title("工作室(1)") != normal_title("工作室(2)")
    assert normal_title("A B") != normal_title("AB")


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_normal_title_is_normal(title: str) -> None:
    once = normal_title(title)
    assert normal_title(once) == once
    assert once == once.strip()


def test_titles_that_name_people_stay_inside() -> None:
    assert public_title("王某某名师工作室", "studio") == ""
    assert public_title("思政骨干教师", "person") == ""
    assert public_title("机电团队", "team") == "机电团队"
    assert public_title("文化品牌", "organisation") == "文化品牌"


@pytest.mark.parametrize(
    ("form", "holders", "faults"),
    [
        ("organisation", [("organisation", "holder")], []),
        ("person", [("person", "holder")], []),
        ("studio", [("person", "leader"), ("organisation", "holder")], []),
        ("studio", [("team", "holder")], ["kind"]),
        ("team", [("team", "holder"), ("person", "leader"), ("person", "member")], []),
        ("team", [("team", "leader")], ["role"]),
        ("team", [("person", "leader"), ("person", "leader")], ["leaders"]),
        ("unheard_of", [("person", "holder")], ["kind"]),
    ],
)
def test_holder_faults(form: str, holders: list[tuple[str, str]], faults: list[str]) -> None:
    assert holder_faults(form, holders) == faults


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from('课ａ（“「" \n\u0301Å'), max_size=6), max_size=4))
def test_titles_of_a_sheet_become_what_each_becomes(titles: list[str]) -> None:
    assert normal_titles(titles) == [normal_title(title) for title in titles]
