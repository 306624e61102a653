from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.casework.conflicts import (
    Application,
    ConflictRule,
    PastPost,
    Reason,
    Reviewer,
    conflicts_between,
    find_conflicts,
    with_own_batches,
)

ON = date(2021, 9, 1)
RULE = ConflictRule()
SCHOOL, OTHER = frozenset({"school"}), frozenset({"other"})


def reviewer(**facts: Any) -> Reviewer:
    return Reviewer("r", "p-r", **facts)


APPLICATION = Application("a", SCHOOL, frozenset({"p-1", "p-2"}), frozenset({"city"}), batch="2021")


@pytest.mark.parametrize(
    ("given_reviewer", "reasons"),
    [
        (reviewer(organisations=OTHER), []),
        (reviewer(organisations=SCHOOL | OTHER), [Reason.SAME_ORGANISATION]),
        (reviewer(past=(PastPost("school", date(2018, 9, 1)),)), [Reason.PAST_ORGANISATION]),
        (reviewer(past=(PastPost("school", date(2018, 8, 31)), PastPost("other", ON))), []),
        (Reviewer("r", "p-2"), [Reason.TEAM_MEMBER]),
        (reviewer(kin=frozenset({"p-1"})), [Reason.KINSHIP]),
        (reviewer(co_workers=frozenset({"p-2"})), [Reason.CO_WORKER]),
        (reviewer(authorities=frozenset({"city"})), []),
        (reviewer(declared=frozenset({"a"})), [Reason.DECLARED]),
        (reviewer(declared=SCHOOL), [Reason.DECLARED]),
        (reviewer(declared=frozenset({"p-1"})), [Reason.DECLARED]),
        (reviewer(applies_in=frozenset({"2021"})), [Reason.OWN_APPLICATION]),
        (reviewer(applies_in=frozenset({"2020"})), []),
        (
            reviewer(organisations=SCHOOL, kin=frozenset({"p-1"}), declared=SCHOOL),
            [Reason.SAME_ORGANISATION, Reason.KINSHIP, Reason.DECLARED],
        ),
    ],
)
def test_each_fact_has_its_reason(given_reviewer: Reviewer, reasons: list[Reason]) -> None:
    assert conflicts_between(given_reviewer, APPLICATION, RULE, ON) == tuple(reasons)
    found = find_conflicts([given_reviewer], [APPLICATION], RULE, ON)
    assert found.reasons("r", "a") == (*reasons, *([Reason.OWN_APPLICATION] if Reason.TEAM_MEMBER in reasons else []))


def test_applicants_name_relatives_and_whom_to_avoid() -> None:
    asked = Application("a", kin=frozenset({"p-r"}), avoid=frozenset({"p-r"}))
    assert conflicts_between(reviewer(), asked, RULE, ON) == (Reason.KINSHIP, Reason.AVOIDED)
    deaf = ConflictRule(asked_by_applicants=False)
    assert conflicts_between(reviewer(), asked, deaf, ON) == (Reason.KINSHIP,)


def test_what_a_rule_may_leave_out_or_add() -> None:
    close = reviewer(
        past=(PastPost("school", ON),), authorities=frozenset({"city"}), co_workers=frozenset({"p-1"}),
        applies_in=frozenset({"2021"}),
    )  # fmt: skip
    lenient = ConflictRule(past_years=0, co_work=False, own_batch=False)
    assert conflicts_between(close, APPLICATION, lenient, ON) == ()
    strict = ConflictRule(same_authority=True)
    assert conflicts_between(close, APPLICATION, strict, ON) == (
        Reason.PAST_ORGANISATION, Reason.CO_WORKER, Reason.SAME_AUTHORITY, Reason.OWN_APPLICATION,
    )  # fmt: skip


def test_three_years_before_a_leap_day() -> None:
    assert RULE.since(date(2024, 2, 29)) == date(2021, 2, 28)
    assert ConflictRule(past_years=4).since(date(2024, 2, 29)) == date(2020, 2, 29)


def test_whoever_applies_reviews_nothing_of_that_batch() -> None:
    applications = [APPLICATION, Application("b", OTHER, batch="2021"), Application("c", OTHER, batch="2020")]
    found = find_conflicts([Reviewer("r", "p-1")], applications, RULE, ON)
    assert found.reasons("r", "a") == (Reason.TEAM_MEMBER, Reason.OWN_APPLICATION)
    assert found.open_to("r") == ("c",)
    assert found.barred("r") == {"a", "b"}
    assert list(found.pairs()) == [("a", "r"), ("b", "r")]
    assert found.counts()[Reason.OWN_APPLICATION] == 2


def test_every_reason_has_words() -> None:
    assert all(reason.words.zh and reason.words.en for reason in Reason)


def test_nobody_and_nothing() -> None:
    assert len(find_conflicts([], [], RULE, ON)) == 0
    found = find_conflicts([], [APPLICATION], RULE, ON)
    assert (len(found), list(found.pairs())) == (0, [])
    with pytest.raises(KeyError):
        found.barred("r")


def test_given_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        find_conflicts([reviewer(), reviewer()], [], RULE, ON)
    with pytest.raises(ValueError, match="twice"):
        find_conflicts([], [APPLICATION, APPLICATION], RULE, ON)


FEW = st.frozensets(st.sampled_from(["x", "y", "z"]), max_size=2)
POSTS = st.builds(PastPost, st.sampled_from(["x", "y"]), st.dates(date(2017, 1, 1), ON))
REVIEWERS = st.builds(
    Reviewer,
    id=st.just(""),
    person=st.sampled_from(["x", "y", "q"]),
    organisations=FEW,
    past=st.lists(POSTS, max_size=2).map(tuple),
    authorities=FEW,
    kin=FEW,
    co_workers=FEW,
    declared=FEW,
    applies_in=st.frozensets(st.sampled_from(["", "2021"]), max_size=1),
)  # fmt: skip
APPLICATIONS = st.builds(
    Application,
    id=st.just(""),
    organisations=FEW,
    people=FEW,
    authorities=FEW,
    kin=FEW,
    avoid=FEW,
    batch=st.sampled_from(["", "2021"]),
)
RULES = st.builds(ConflictRule, st.integers(0, 4), st.booleans(), st.booleans(), st.booleans(), st.booleans())


def named(items: list[Any], letter: str) -> list[Any]:
    return [type(item)(**{**vars(item), "id": f"{letter}{at}"}) for at, item in enumerate(items)]


@settings(max_examples=60, deadline=None)
@given(st.lists(REVIEWERS, max_size=3), st.lists(APPLICATIONS, max_size=3), RULES)
def test_many_are_found_as_one_by_one(reviewers: list[Any], applications: list[Any], rule: ConflictRule) -> None:
    reviewers, applications = named(reviewers, "r"), named(applications, "a")
    found = find_conflicts(reviewers, applications, rule, ON)
    expected = {
        (one.id, other.id): reasons
        for one in with_own_batches(reviewers, applications)
        for other in applications
        if (reasons := conflicts_between(one, other, rule, ON))
    }
    assert {(one, other): found.reasons(one, other) for other, one in found.pairs()} == expected
    assert len(found) == len(expected)
    for one in reviewers:
        assert not found.barred(one.id) & {*found.open_to(one.id)}
        assert len(found.barred(one.id)) + len(found.open_to(one.id)) == len(applications)
        assert all(found.reasons(one.id, other) == () for other in found.open_to(one.id))
