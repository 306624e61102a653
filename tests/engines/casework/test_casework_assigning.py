from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from jineng.engines.casework.assigning import Assignment, assign
from jineng.engines.casework.faults import DefinitionError, Refused
from jineng.engines.casework.panel_dealing import swap_across
from jineng.engines.casework.panel_proof import Proof, upper_bound, verify_assignment
from jineng.engines.casework.panels import Expert, Problem, Submission, problem_of

TOPICS = ["农学", "医药", "机械"]


def problem(
    submissions: dict[str, list[str]],
    experts: list[Expert],
    conflicts: list[tuple[str, str]] | None = None,
    each: int = 1,
    together: int | None = None,
) -> Problem:
    given_submissions = [Submission(name, frozenset(topics)) for name, topics in submissions.items()]
    return problem_of(given_submissions, experts, conflicts or [], each=each, together=together)


@st.composite
def problems(draw: st.DrawFn, submissions: int = 3, experts: int = 5) -> Problem:
    """Small ones; many draws would be slow, so one seeds most of it."""
    number, each = draw(st.integers(0, submissions)), draw(st.integers(1, 3))
    together = draw(st.sampled_from([None, 1, 2]))
    by = random.Random(draw(st.integers(0, 2**32)))
    some = [
        Expert(
            f"r{at}",
            by.choice(["甲校", "乙校", "丙校"]),
            {topic: by.randint(0, 10) for topic in TOPICS if by.random() < 0.7},
            most=by.choice([1, 2, 3, 9]),
            least=by.choice([0, 0, 0, 1]),
            held=by.choice([0, 0, 2]),
        )
        for at in range(by.randint(1, experts))
    ]
    few = [frozenset(by.sample(TOPICS, by.randint(0, 2))) for _ in range(2)]
    given_submissions = [Submission(f"a{at}", by.choice(few)) for at in range(number)]
    conflicts = [(f"a{a}", f"r{r}") for a in range(number) for r in range(experts) if by.random() < 0.2]
    return problem_of(given_submissions, some, conflicts, each=each, together=together)


def best_by_trying(given_problem: Problem) -> tuple[int, int] | None:
    """The greatest expertise and the least squares of all assignments there are."""
    reviewers = range(len(given_problem.reviewers))
    teams = [
        [
            team
            for team in combinations(reviewers, given_problem.each)
            if not given_problem.barred_of[at] & {*team}
            and all(
                sum(given_problem.organisation[one] == given_problem.organisation[other] for one in team)
                <= given_problem.together
                for other in team
            )
        ]
        for at in range(len(given_problem.applications))
    ]
    best = None
    for choice in product(*teams):
        loads = [sum(reviewer in team for team in choice) for reviewer in reviewers]
        if all(
            least <= load <= most
            for least, load, most in zip(given_problem.least, loads, given_problem.most, strict=True)
        ):
            expertise = sum(
                int(given_problem.match[given_problem.kind[at], reviewer])
                for at, team in enumerate(choice)
                for reviewer in team
            )
            squares = sum(int(held + load) ** 2 for held, load in zip(given_problem.held, loads, strict=True))
            best = max(best or (expertise, -squares), (expertise, -squares))
    return (best[0], -best[1]) if best else None


def try_assign(given_problem: Problem, **how: Any) -> Assignment | None:
    try:
        return assign(given_problem, **how)
    except Refused:
        return None


@settings(max_examples=120, deadline=None)
@given(problems())
def test_none_is_better(given_problem: Problem) -> None:
    found, best = try_assign(given_problem), best_by_trying(given_problem)
    assert (found is None) is (best is None)
    if found is not None and best is not None:
        assert (found.proof.expertise, found.proof.squares) == best
        assert found.proof == Proof(best[0], best[1], best[0], True)
        assert found.proof.gap == 0


@settings(max_examples=60, deadline=None)
@given(problems(submissions=12, experts=12), st.sampled_from([1, 10**6]))
def test_the_proof_is_checked_apart(given_problem: Problem, most_arcs: int) -> None:
    found = try_assign(given_problem, most_arcs=most_arcs)
    if found is not None:
        assert verify_assignment(given_problem, found.teams, found.prices) == found.proof
        assert found.proof.faults == ()
        assert found.proof.gap <= Fraction(1, 200)
        assert found.proof.is_optimal or most_arcs == 1


@settings(max_examples=40, deadline=None)
@given(problems(), st.lists(st.integers(-5000, 5000), min_size=5, max_size=5))
def test_whatever_the_prices_the_bound_holds(given_problem: Problem, prices: list[int]) -> None:
    best = best_by_trying(given_problem)
    if best is not None:
        bound = upper_bound(given_problem, prices[: len(given_problem.reviewers)])
        assert bound >= best[0] * given_problem.weight - best[1]


def test_the_order_of_what_is_given_makes_no_difference() -> None:
    experts = [Expert(f"r{at}", f"校{at % 3}", {"机械": at % 5, "医药": 7 - at % 4}, most=9) for at in range(9)]
    names = {f"a{at:02d}": [TOPICS[at % 3]] for at in range(20)}
    conflicts = [(f"a{at:02d}", f"r{at % 9}") for at in range(20)]
    first = assign(problem(names, experts, conflicts, each=3, together=1))
    shuffled = dict(sorted(names.items(), reverse=True))
    second = assign(problem(shuffled, experts[::-1], conflicts[::-1], each=3, together=1))
    assert first.by_application() == second.by_application()
    assert first.proof.is_optimal
    assert sum(first.loads().values()) == 60


def test_equal_experts_share_the_work_evenly() -> None:
    experts = [Expert(f"r{at}", f"校{at}", {"机械": 8}, held=4 * (at == 0)) for at in range(4)]
    found = assign(problem({f"a{at}": ["机械"] for at in range(6)}, experts, each=2))
    assert found.loads() == {"r0": 0, "r1": 4, "r2": 4, "r3": 4}
    assert found.proof.squares == 64


def test_expertise_goes_before_evenness() -> None:
    experts = [Expert("r0", "甲校", {"机械": 9}, most=5), Expert("r1", "乙校", {"机械": 8}, least=1)]
    found = assign(problem({f"a{at}": ["机械"] for at in range(6)}, experts))
    assert found.loads() == {"r0": 5, "r1": 1}


def test_an_expert_in_part_of_the_topics_counts_half_up() -> None:
    given_problem = problem({"a": ["机械", "医药"], "b": []}, [Expert("r", "甲校", {"机械": 9, "农学": 3})])
    assert given_problem.match[given_problem.kind].tolist() == [[5], [0]]


def test_a_group_that_cannot_be_dealt_is_split() -> None:
    """Both who know best are barred from a0, but as a group the three could have them."""
    experts = [Expert("r1", "甲校", {"机械": 9}), Expert("r2", "乙校", {"机械": 9}), Expert("r3", "丙校", {"机械": 1})]
    names = {f"a{at}": ["机械"] for at in range(12)}
    conflicts = [("a0", "r1"), ("a0", "r2"), *((f"a{at}", "r3") for at in range(1, 4))]
    found = assign(problem(names, experts, conflicts))
    assert found.by_application()["a0"] == ("r3",)
    assert (found.proof.expertise, found.proof.is_optimal) == (11 * 9 + 1, True)


@pytest.mark.parametrize(
    ("level", "slack", "left", "teams"),
    [(9, 0, [], [[2], [1], [0]]), (8, 0, ["a0"], [[0], [1], [2]]), (8, 1, [], [[2], [1], [0]])],
)
def test_two_groups_swap_where_no_more_is_lost_than_may_be(
    level: int, slack: int, left: list[str], teams: list[list[int]]
) -> None:
    """r0 is dealt to a0, which is barred from it and from r1; b0 can have it for r2 if it knows b0's topic as well."""
    experts = [
        Expert("r0", "甲校", {"机械": 9, "农学": level}), Expert("r1", "乙校", {"机械": 9, "农学": 9}),
        Expert("r2", "丙校", {"机械": 9, "农学": 9}),
    ]  # fmt: skip
    names = {"a0": ["机械"], "a1": ["机械"], "b0": ["农学"]}
    given_problem = problem(names, experts, [("a0", "r0"), ("a0", "r1")])
    dealt = np.array([[0], [1], [2]])
    assert [given_problem.applications[at] for at in swap_across(given_problem, dealt, [0], slack)] == left
    assert dealt.tolist() == teams


@settings(max_examples=60, deadline=None)
@given(problems(submissions=9, experts=9), st.integers(0, 9))
def test_a_swap_mends_and_breaks_nothing(given_problem: Problem, slack: int) -> None:
    found = try_assign(replace(given_problem, barred=given_problem.barred[:0], starts=0 * given_problem.starts))
    if found is None:
        return
    teams = found.teams.copy()
    stuck = [at for at, team in enumerate(teams.tolist()) if given_problem.barred_of[at] & {*team}]
    left = swap_across(given_problem, teams, stuck, slack)
    faults = verify_assignment(given_problem, teams, found.prices).faults
    assert {fault.path for fault in faults} == {f"[{at}]" for at in left}
    assert {fault.code for fault in faults} <= {"conflict"}
    assert given_problem.match[given_problem.kind[:, None], teams].sum() >= found.proof.expertise - slack
    assert np.bincount(teams.ravel()).tolist() == np.bincount(found.teams.ravel()).tolist()


def test_one_that_could_not_be_mended_may_be_by_the_swap_of_another() -> None:
    """a0 can give r2 to nobody before a1, which may have one of 甲校 only, has given r0 away and takes r2 for r1."""
    experts = [Expert(f"r{at}", f"{school}校") for at, school in enumerate("甲乙甲丙丁戊")]
    conflicts = [("a0", "r0"), ("a0", "r2"), ("a1", "r0"), ("a1", "r1"), ("a2", "r2")]
    given_problem = problem({f"a{at}": [] for at in range(3)}, experts, conflicts, each=2, together=1)
    teams = np.array([[2, 3], [0, 1], [4, 5]])
    assert swap_across(given_problem, teams, [0, 1], 0) == []
    assert verify_assignment(given_problem, teams, [0] * 6).faults == ()
    assert teams.tolist() == [[1, 3], [4, 2], [0, 5]]


def narrow_problem(least: int = 0) -> Problem:
    """Forty reviewers for ten applications of kinds of their own; most reviewers know nothing of anything."""
    experts = [
        Expert(
            f"r{at:02d}",
            f"校{at}",
            {f"t{at % 10}": 9 - at % 4} if at < 20 else {},
            most=4,
            least=least if at < 10 else 0,
        )
        for at in range(40)
    ]
    names = {f"a{at}": [f"t{at}", f"t{(at + 1) % 10}"] for at in range(10)}
    conflicts = [(f"a{at}", f"r{other:02d}") for at in range(5) for other in range(30)]
    return problem(names, experts, conflicts, each=4, together=1)


@pytest.mark.parametrize("least", [0, 1])
def test_weighing_promising_pairs_comes_near(least: int) -> None:
    given_problem = narrow_problem(least)
    full, narrow = assign(given_problem), assign(given_problem, Fraction(0), most_arcs=1)
    assert full.proof.is_optimal
    assert narrow.proof.expertise == full.proof.expertise
    assert narrow.proof.gap == 0


def refusal(given_problem: Problem, **how: Any) -> str:
    with pytest.raises(Refused) as caught:
        assign(given_problem, **how)
    assert caught.value.code == "impossible"
    assert caught.value.en.startswith("no assignment is possible")
    return caught.value.zh.removeprefix("无法分配：")


def test_what_is_impossible_is_told() -> None:
    one = [Expert("r", "甲校", most=1)]
    assert refusal(problem({"a": [], "b": []}, one)) == "共需 2 人次，评审人合计最多 1"
    owing = [Expert("r", "甲校", most=3, least=1), Expert("s", "甲校", most=3, least=1)]
    assert refusal(problem({"a": []}, owing)) == "共需 1 人次，评审人合计至少 2"
    same = [Expert("r", "甲校"), Expert("s", "甲校"), Expert("t", "乙校")]
    assert refusal(problem({"a": []}, same, each=3, together=1)) == "有 1 件可用评审人不足 3 名：a"
    names = {"a": [], "b": []}
    assert refusal(problem(names, same, [("b", "t")], each=2, together=1)) == "有 1 件可用评审人不足 2 名：b"
    assert assign(problem({"a": []}, same, [("a", "r")], each=2, together=1)).by_application() == {"a": ("s", "t")}


@pytest.mark.parametrize("most_arcs", [1, 1000])
def test_what_only_the_solver_sees_to_be_impossible(most_arcs: int) -> None:
    experts = [Expert(f"r{at}", f"校{at}", most=1) for at in range(3)]
    conflicts = [(name, expert) for name in "ab" for expert in ("r1", "r2")]
    assert (
        refusal(problem({"a": [], "b": []}, experts, conflicts), most_arcs=most_arcs)
        == "工作量、回避和单位限制不能同时满足"
    )


def test_a_solver_that_gives_up_is_no_proof_that_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(min_cost_flow.SimpleMinCostFlow, "solve", lambda flow: flow.BAD_COST_RANGE)
    with pytest.raises(Refused) as caught:
        assign(GIVEN)
    assert caught.value.code == "too_large"


def test_an_application_barred_from_most_of_the_best() -> None:
    experts = [Expert(f"r{at:02d}", f"校{at % 30}", {"机械": 1 + at // 7}, most=2) for at in range(60)]
    conflicts = [("a", f"r{at:02d}") for at in range(4, 60)]
    found = assign(problem({"a": ["机械"], "b": ["机械"]}, experts, conflicts, each=2, together=1))
    assert found.proof.expertise == 2 + 18
    assert found.proof.is_optimal


def test_pairs_that_do_not_look_promising_are_weighed_where_there_are_no_others() -> None:
    experts = [Expert(f"r{at:02d}", f"校{at}", dict.fromkeys(TOPICS, 1 + at // 7), most=2) for at in range(60)]
    names = {f"a{at}": TOPICS[: at % 4] for at in range(8)}
    conflicts = [(name, f"r{at:02d}") for name in names for at in range(5, 60)]
    given_problem = problem(names, experts, conflicts)
    found = assign(given_problem, most_arcs=1)
    assert {expert for team in found.by_application().values() for expert in team} <= {f"r{at:02d}" for at in range(5)}
    assert found.proof.gap == 0


def test_more_pairs_are_weighed_as_long_as_too_much_may_be_missing() -> None:
    """Everyone's first eight are the same eight, who take one each; the next best are not among those weighed first."""
    levels = [10] * 8 + [5] * 12 + [0] * 40
    experts = [
        Expert(f"r{at:02d}", f"校{at}", dict.fromkeys(TOPICS, level), most=1 if level else 5)
        for at, level in enumerate(levels)
    ]
    given_problem = problem({f"a{at:02d}": TOPICS[at % 3 :] for at in range(12)}, experts)
    found = assign(given_problem, Fraction(0), most_arcs=1)
    assert (found.proof.expertise, found.proof.bound) == (8 * 10 + 4 * 5, 100)


def test_nothing_to_assign() -> None:
    assert assign(problem({}, [])).by_application() == {}
    assert assign(problem({}, [Expert("r", "甲校")])).loads() == {"r": 0}


GIVEN = problem(
    {"a": ["机械"], "b": ["机械"]},
    [Expert("r", "甲校", {"机械": 5}, most=1), Expert("s", "甲校"), Expert("t", "乙校", least=1), Expert("u", "丙校")],
    [("a", "t")],
    each=2,
    together=1,
)


@pytest.mark.parametrize(
    ("teams", "codes"),
    [
        ([[0, 3], [2, 3]], []),
        ([[0, 3]], ["shape"]),
        ([[0], [1]], ["shape"]),
        ([[0, 4], [2, 3]], ["unknown"]),
        ([[0, -1], [2, 3]], ["unknown"]),
        ([[3, 3], [0, 2]], ["twice", "together"]),
        ([[0, 2], [1, 3]], ["conflict"]),
        ([[0, 1], [2, 3]], ["together"]),
        ([[0, 3], [0, 2]], ["load"]),
        ([[0, 3], [1, 3]], ["load"]),
    ],
)
def test_what_keeps_no_condition_is_found(teams: list[list[int]], codes: list[str]) -> None:
    proof = verify_assignment(GIVEN, np.array(teams), [0, 0, 0, 0])
    assert [fault.code for fault in proof.faults] == codes
    assert all(fault.zh and fault.en for fault in proof.faults)
    if codes:
        assert (proof.bound, proof.is_optimal, proof.gap) == (0, False, 0)


def test_a_worse_assignment_is_seen_to_be_worse() -> None:
    best = assign(GIVEN)
    worse = verify_assignment(GIVEN, np.array([[1, 3], [2, 3]]), best.prices)
    assert (best.proof.expertise, worse.expertise, worse.bound) == (5, 0, 5)
    assert not worse.is_optimal
    assert worse.gap == 1


def test_what_cannot_be_asked() -> None:
    experts = [
        Expert("r", "甲校", {"机械": 11}), Expert("r", "甲校", least=2, most=1), Expert("s", "甲校", held=-1),
        Expert("t", "甲校", least=-1),
    ]  # fmt: skip
    with pytest.raises(DefinitionError) as caught:
        problem_of([Submission("a"), Submission("a")], experts, [], each=0)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("applications", "duplicate"),
        ("reviewers", "duplicate"),
        ("each", "too_small"),
        ("reviewers[0].expertise", "out_of_range"),
        ("reviewers[1]", "loads"),
        ("reviewers[2]", "loads"),
        ("reviewers[3]", "loads"),
    ]


def test_conflicts_of_others_are_of_no_account() -> None:
    given_problem = problem({"a": []}, [Expert("r", "甲校")], [("a", "x"), ("z", "r")])
    assert given_problem.barred_of == (frozenset(),)
