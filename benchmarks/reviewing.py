"""100,000 applications with five reviewers each: conflicts, assignment, ranking, and a decision that is run again.

The peer of the assignment is what a program without a solver does: application after application takes its best
reviewers who are still free. The peer of ranking is a loop over dictionaries with floats; that of deciding is to write
the same data as JSON and hash it.
"""

from __future__ import annotations

import hashlib
import json
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from benchmarks.timing import Line, Spread
from jineng.engines.casework.assigning import Assignment, assign
from jineng.engines.casework.conflicts import Application, ConflictRule, Conflicts, PastPost, Reviewer, find_conflicts
from jineng.engines.casework.panel_proof import verify_assignment
from jineng.engines.casework.panels import Expert, Problem, Submission, problem_of
from jineng.engines.casework.ranking import Aggregate, rank
from jineng.engines.casework.replaying import check, decide

APPLICATIONS, REVIEWERS, ORGANISATIONS = 100_000, 2_000, 200
EACH, TOGETHER = 5, 2
TOPICS = 60
MOST_SECONDS = 600.0
MOST_GAP = 0.01
ON = date(2021, 9, 1)
CRITERIA = {"aims": 200, "content": 300, "effect": 300, "team": 200}
PARAMETERS: dict[str, Any] = {
    "rubric": {
        "code": "course-review",
        "name": "课程评审",
        "decimals": 1,
        "criteria": [{"key": key, "name": key, "maximum": most // 10} for key, most in CRITERIA.items()],
    },
    "cut": {"share": "3/10", "per_unit": 200, "reserve": 100},
    "trim": {"high": 1, "low": 1, "at_least": 5},
    "normalise": {"by": "deviation"},
    "ties": [{"by": "criterion", "criterion": "content"}, {"by": "lot", "seed": "2021-11-27"}],
}


@dataclass(frozen=True)
class Field:
    """Who reviews and what, as facts."""

    reviewers: list[Reviewer]
    experts: list[Expert]
    applications: list[Application]
    submissions: list[Submission]


def field(topics_each: int) -> Field:
    """The same field every time. Applications have that many of the topics, so that they are of few kinds or many.

    A reviewer knows six topics and takes from 70 to 130 percent of the mean load. One application in five has a
    co-worker among the reviewers, one reviewer in four a former post within three years.
    """
    chance = np.random.default_rng(2021)
    mean = APPLICATIONS * EACH // REVIEWERS
    topics = [f"t{at:02d}" for at in range(TOPICS)]
    reviewers, experts = [], []
    co_workers: defaultdict[int, set[str]] = defaultdict(set)
    for at, other in enumerate(chance.integers(0, REVIEWERS, APPLICATIONS // 5).tolist()):
        co_workers[other].add(f"p{at * 5}")
    for at in range(REVIEWERS):
        name, home = f"r{at:04d}", f"o{at % ORGANISATIONS:03d}"
        past = (PastPost(f"o{(at * 7) % ORGANISATIONS:03d}", date(2019, 6, 30)),) if at % 4 == 0 else ()
        reviewers.append(Reviewer(name, f"q{at}", frozenset({home}), past=past, co_workers=frozenset(co_workers[at])))
        known = chance.choice(TOPICS, 6, replace=False).tolist()
        levels = dict(zip((topics[one] for one in known), chance.integers(4, 11, 6).tolist(), strict=True))
        experts.append(Expert(name, home, levels, most=mean * 13 // 10, least=mean * 7 // 10))
    applications, submissions = [], []
    homes = chance.integers(0, ORGANISATIONS, APPLICATIONS).tolist()
    for at in range(APPLICATIONS):
        name = f"a{at:06d}"
        applications.append(Application(name, frozenset({f"o{homes[at]:03d}"}), frozenset({f"p{at}"})))
        about = chance.choice(TOPICS, topics_each, replace=False).tolist()
        submissions.append(Submission(name, frozenset(topics[one] for one in about)))
    return Field(reviewers, experts, applications, submissions)


def greedy(problem: Problem) -> tuple[int, int]:
    """Total expertise when each in turn takes the best who are free, and how many reviewers end below their least."""
    left = problem.most.copy()
    total = 0
    for at in range(len(problem.applications)):
        worth = problem.match[problem.kind[at]].astype(np.int64)
        worth[list(problem.barred_of[at])] = -1
        worth[left == 0] = -1
        seats: defaultdict[int, int] = defaultdict(int)
        taken = 0
        for reviewer in np.argsort(-worth, kind="stable").tolist():
            home = int(problem.organisation[reviewer])
            if worth[reviewer] < 0 or taken == problem.each:
                break
            if seats[home] < problem.together:
                seats[home] += 1
                taken += 1
                left[reviewer] -= 1
                total += int(worth[reviewer])
    return total, int((problem.most - left < problem.least).sum())


def reviewed(field: Field, assignment: Assignment) -> dict[str, Any]:
    """Marks by all who were assigned, as frozen inputs; reviewers differ in strictness and applications in worth."""
    chance = np.random.default_rng(2022)
    teams = assignment.teams
    worth = chance.normal(0.72, 0.12, (len(teams), 1)) + chance.normal(0, 0.05, REVIEWERS)[teams]
    marks = {
        key: np.clip(np.rint((worth + chance.normal(0, 0.06, teams.shape)) * most), 0, most)
        .astype(int)
        .ravel()
        .tolist()
        for key, most in CRITERIA.items()
    }
    names = assignment.problem.reviewers
    return {
        "applications": [
            {"id": application.id, "unit": next(iter(application.organisations))} for application in field.applications
        ],
        "reviews": {
            "application": [name for name in assignment.problem.applications for _ in range(EACH)],
            "reviewer": [names[reviewer] for reviewer in teams.ravel().tolist()],
            "marks": marks,
        },
        "conflicts": [],
    }


def plain_ranking(inputs: dict[str, Any]) -> list[tuple[float, str]]:
    """The trimmed means in order, without any of the rest."""
    by: defaultdict[str, list[float]] = defaultdict(list)
    columns = inputs["reviews"]
    for application, *marks in zip(columns["application"], *columns["marks"].values(), strict=True):
        by[application].append(sum(marks) / 10)
    return sorted((-statistics.fmean(sorted(scores)[1:-1]), name) for name, scores in by.items())


def written(inputs: dict[str, Any], outcome: dict[str, Any]) -> str:
    """SHA-256 of inputs and outcome as the standard library writes them."""
    return hashlib.sha256(json.dumps([inputs, outcome], sort_keys=True).encode()).hexdigest()


def measure(rounds: int, only: str, tell: Callable[[Line], None]) -> list[Line]:
    """Lines for both fields and the ranking after the first; `rounds` measurements of what takes seconds."""
    lines = []
    for line in _lines(rounds, only):
        tell(line)
        lines.append(line)
    return lines


def _lines(rounds: int, only: str) -> Iterator[Line]:
    ranked: tuple[Field, Assignment] | None = None
    for name, topics_each in (("few kinds", 1), ("many kinds", 3)):
        if only not in f"assign {name}" and topics_each > 1:
            continue
        given = field(topics_each)
        seconds, conflicts = _timed(
            lambda given=given: find_conflicts(given.reviewers, given.applications, ConflictRule(), ON)
        )
        if topics_each == 1:
            yield _line("find conflicts", [seconds], [seconds], None, f"{len(conflicts)} pairs")
        line, assignment = _assigning(f"assign {name}", given, conflicts)
        yield line
        ranked = ranked or (given, assignment)
    if ranked:
        yield from _deciding(reviewed(*ranked), rounds)


def _assigning(name: str, given: Field, conflicts: Conflicts) -> tuple[Line, Assignment]:
    problem = problem_of(given.submissions, given.experts, conflicts.pairs(), each=EACH, together=TOGETHER)
    seconds, assignment = _timed(lambda: assign(problem))
    checking, proof = _timed(lambda: verify_assignment(problem, assignment.teams, assignment.prices))
    peer, (reached, unmet) = _timed(lambda: greedy(problem))
    if proof.faults or proof.gap > MOST_GAP:
        raise SystemExit(f"{name}: gap {float(proof.gap):.3%}, faults {proof.faults[:3]}")
    best = "optimal" if proof.is_optimal else f"gap {float(proof.gap):.3%}"
    note = (
        f"expertise {proof.expertise} of at most {proof.bound} ({best}), proof checked in {checking:.1f} s; "
        f"greedy {reached} ({reached / proof.expertise:.1%}), {unmet} reviewers below their least; "
        f"{len(problem.match)} kinds"
    )
    return _line(name, [seconds], [peer], MOST_SECONDS, note), assignment


def _deciding(inputs: dict[str, Any], rounds: int) -> Iterator[Line]:
    rule = f"rank-{Aggregate.TRIMMED_MEAN}/1"
    ranking = [_timed(lambda: rank(PARAMETERS, inputs, Aggregate.TRIMMED_MEAN)) for _ in range(rounds)]
    peers = [_timed(lambda: plain_ranking(inputs))[0] for _ in range(rounds)]
    statuses = ranking[0][1]["statuses"]
    yield _line("rank and cut", [seconds for seconds, _ in ranking], peers, None, f"{statuses['selected']} selected")
    decisions = [_timed(lambda: _decided(rule, inputs)) for _ in range(rounds)]
    digests = {digest for _, (_, digest) in decisions}
    document, digest = decisions[0][1]
    outcome = ranking[0][1]
    floors = [_timed(lambda: written(inputs, outcome))[0] for _ in range(rounds)]
    note = f"{len(document) / 1e6:.0f} MB, digest {digest[:12]}, {len(digests)} digest in {rounds} runs"
    yield _line("decide and digest", [seconds for seconds, _ in decisions], floors, None, note)
    checks = [_timed(lambda: check(document)) for _ in range(rounds)]
    if len(digests) > 1 or not all(found.ok for _, found in checks):
        raise SystemExit("a decision run again is not the same")
    yield _line("check a document", [seconds for seconds, _ in checks], floors, None, "the same bytes")


def _decided(rule: str, inputs: dict[str, Any]) -> tuple[bytes, str]:
    decision = decide(rule, PARAMETERS, inputs)
    return decision.to_bytes(), decision.digest


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


def _line(name: str, seconds: list[float], floor: list[float], most: float | None, note: str) -> Line:
    """With a bound, the ratio is the part of the seconds allowed; without one, that to the floor."""
    ours, floors = Spread.of(seconds), Spread.of(floor)
    ratio = statistics.median(seconds) / (most or statistics.median(floor))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    whole = f"{note}; {peak} MB at most"
    return Line(name, "engine", ours, floors, round(ratio, 2), 1.0 if most else None, whole)
