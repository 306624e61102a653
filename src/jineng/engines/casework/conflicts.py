"""Conflicts of interest: who may have nothing to do with which application, and for what reasons.

A pure rule over facts. What it finds is a filter below everything: whoever lists, counts, exports or assigns asks it
first. People are named by ids of persons, organisations and authorities by theirs; no id names two things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from jineng.engines.casework.faults import Words

Index = npt.NDArray[np.int64]
NOBODY: frozenset[str] = frozenset()


class Reason(StrEnum):
    """Why there is a conflict."""

    SAME_ORGANISATION = "same_organisation"
    PAST_ORGANISATION = "past_organisation"
    TEAM_MEMBER = "team_member"
    KINSHIP = "kinship"
    CO_WORKER = "co_worker"
    SAME_AUTHORITY = "same_authority"
    DECLARED = "declared"
    AVOIDED = "avoided"
    OWN_APPLICATION = "own_application"

    @property
    def words(self) -> Words:
        """The reason, as it is told to those who may know it."""
        return _WORDS[self]


_WORDS: Mapping[Reason, Words] = {
    Reason.SAME_ORGANISATION: Words("与申报单位同属一个机构", "of an organisation that applies"),
    Reason.PAST_ORGANISATION: Words("近年曾在申报单位任职", "recently of an organisation that applies"),
    Reason.TEAM_MEMBER: Words("本人是申报人或团队成员", "one of those who apply"),
    Reason.KINSHIP: Words("与申报人或团队成员有亲属关系", "related to one of those who apply"),
    Reason.CO_WORKER: Words("与申报人或团队成员有合作成果", "has worked with one of those who apply"),
    Reason.SAME_AUTHORITY: Words("与申报单位属同一主管部门", "under the authority of those who apply"),
    Reason.DECLARED: Words("评审人主动申请回避", "declared by the reviewer"),
    Reason.AVOIDED: Words("申报人申请其回避", "asked for by those who apply"),
    Reason.OWN_APPLICATION: Words("本人在同一批次有申报", "applies in the same batch"),
}


@dataclass(frozen=True)
class PastPost:
    """Where a reviewer was, and until when (the last day)."""

    organisation: str
    until: date


@dataclass(frozen=True)
class Reviewer:
    """What is known of a reviewer.

    `declared` names applications, persons or organisations that the reviewer wants nothing to do with. `applies_in`
    are batches with an application of the reviewer's own; `find_conflicts` adds those that it sees.
    """

    id: str
    person: str
    organisations: frozenset[str] = NOBODY
    past: tuple[PastPost, ...] = ()
    authorities: frozenset[str] = NOBODY
    kin: frozenset[str] = NOBODY
    co_workers: frozenset[str] = NOBODY
    declared: frozenset[str] = NOBODY
    applies_in: frozenset[str] = NOBODY


@dataclass(frozen=True)
class Application:
    """What is known of an application: who applies, with whom, under which authority, in which batch.

    `kin` are persons whom those who apply named as their relatives, `avoid` persons whom they do not want as
    reviewers.
    """

    id: str
    organisations: frozenset[str] = NOBODY
    people: frozenset[str] = NOBODY
    authorities: frozenset[str] = NOBODY
    kin: frozenset[str] = NOBODY
    avoid: frozenset[str] = NOBODY
    batch: str = ""


@dataclass(frozen=True)
class ConflictRule:
    """Which facts make a conflict. Membership of the team, kinship, the same organisation and declarations always do.

    `past_years` is for how many years a former post still does (0: not at all); a post that ended on the very day
    counts.
    """

    past_years: int = 3
    co_work: bool = True
    same_authority: bool = False
    asked_by_applicants: bool = True
    own_batch: bool = True

    @property
    def reasons(self) -> frozenset[Reason]:
        """The reasons that the rule knows."""
        asked = {
            Reason.PAST_ORGANISATION: self.past_years > 0,
            Reason.CO_WORKER: self.co_work,
            Reason.SAME_AUTHORITY: self.same_authority,
            Reason.AVOIDED: self.asked_by_applicants,
            Reason.OWN_APPLICATION: self.own_batch,
        }
        return frozenset(reason for reason in Reason if asked.get(reason, True))

    def since(self, on: date) -> date:
        """The first day of the years before `on`; of 29 February the day before where there is none."""
        try:
            return on.replace(year=on.year - self.past_years)
        except ValueError:
            return on.replace(year=on.year - self.past_years, day=28)


_Keys = Iterable[str]
_Facts = tuple[Reason, Callable[[Reviewer, date], _Keys], Callable[[Application], _Keys]]

_MEETINGS: tuple[_Facts, ...] = (
    (Reason.SAME_ORGANISATION, lambda r, _: r.organisations, lambda a: a.organisations),
    (
        Reason.PAST_ORGANISATION,
        lambda r, since: {post.organisation for post in r.past if post.until >= since},
        lambda a: a.organisations,
    ),
    (Reason.TEAM_MEMBER, lambda r, _: (r.person,), lambda a: a.people),
    (Reason.KINSHIP, lambda r, _: r.kin, lambda a: a.people),
    (Reason.KINSHIP, lambda r, _: (r.person,), lambda a: a.kin),
    (Reason.CO_WORKER, lambda r, _: r.co_workers, lambda a: a.people),
    (Reason.SAME_AUTHORITY, lambda r, _: r.authorities, lambda a: a.authorities),
    (Reason.DECLARED, lambda r, _: r.declared, lambda a: {a.id} | a.people | a.organisations),
    (Reason.AVOIDED, lambda r, _: (r.person,), lambda a: a.avoid),
    (Reason.OWN_APPLICATION, lambda r, _: r.applies_in, lambda a: (a.batch,)),
)  # fmt: skip
"""A reason holds where what is known of a reviewer and of an application have something in common."""


def conflicts_between(reviewer: Reviewer, application: Application, rule: ConflictRule, on: date) -> tuple[Reason, ...]:
    """Why a reviewer may have nothing to do with an application on that day; nothing where they may."""
    since = rule.since(on)
    found = {
        reason
        for reason, of_reviewer, of_application in _MEETINGS
        if not {*of_reviewer(reviewer, since)}.isdisjoint(of_application(application))
    }
    return tuple(reason for reason in Reason if reason in found & rule.reasons)


class Conflicts:
    """The conflicts between many reviewers and many applications: only the pairs that have one are kept."""

    def __init__(
        self, reviewers: Sequence[str], applications: Sequence[str], places: Index, bits: npt.NDArray[np.uint16]
    ) -> None:
        self.reviewers = tuple(reviewers)
        self.applications = tuple(applications)
        self._places = places
        self._bits = bits

    def __len__(self) -> int:
        return len(self._places)

    @cached_property
    def indices(self) -> tuple[Index, Index]:
        """Of each pair the application and the reviewer by their place among those given, in order."""
        width = max(len(self.reviewers), 1)
        return self._places // width, self._places % width

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[str, int]]:
        return {name: at for at, name in enumerate(self.reviewers)}, {
            name: at for at, name in enumerate(self.applications)
        }

    def reasons(self, reviewer: str, application: str) -> tuple[Reason, ...]:
        """Why the reviewer may have nothing to do with the application. Raises KeyError for an unknown id."""
        reviewers, applications = self._numbers
        place = applications[application] * len(self.reviewers) + reviewers[reviewer]
        at = int(np.searchsorted(self._places, place))
        if at == len(self._places) or self._places[at] != place:
            return ()
        bits = int(self._bits[at])
        return tuple(reason for bit, reason in enumerate(Reason) if bits >> bit & 1)

    def barred(self, reviewer: str) -> frozenset[str]:
        """The applications with which the reviewer may have nothing to do. Raises KeyError for an unknown id."""
        applications, reviewers = self.indices
        mine = applications[reviewers == self._numbers[0][reviewer]]
        return frozenset(self.applications[at] for at in mine.tolist())

    def open_to(self, reviewer: str) -> tuple[str, ...]:
        """The applications that the reviewer may see, in the order given. Raises KeyError for an unknown id."""
        barred = self.barred(reviewer)
        return tuple(application for application in self.applications if application not in barred)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Application and reviewer of each conflict, in the order given."""
        for application, reviewer in zip(*(column.tolist() for column in self.indices), strict=True):
            yield self.applications[application], self.reviewers[reviewer]

    def counts(self) -> dict[Reason, int]:
        """How many pairs have each reason."""
        return {reason: int((self._bits >> bit & 1).sum()) for bit, reason in enumerate(Reason)}


def find_conflicts(
    reviewers: Sequence[Reviewer], applications: Sequence[Application], rule: ConflictRule, on: date
) -> Conflicts:
    """All conflicts on that day, found by what reviewers and applications have in common rather than pair by pair.

    Raises ValueError where a reviewer or an application is given twice.
    """
    names, given = [reviewer.id for reviewer in reviewers], [application.id for application in applications]
    if len({*names}) < len(names) or len({*given}) < len(given):
        raise ValueError("a reviewer or an application is given twice")
    known = with_own_batches(reviewers, applications)
    since = rule.since(on)
    bit = {reason: np.uint16(1 << at) for at, reason in enumerate(Reason)}
    places, bits = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
    for reason, of_reviewer, of_application in _MEETINGS:
        if reason in rule.reasons:
            met = _meet(
                (of_reviewer(reviewer, since) for reviewer in known), map(of_application, applications), len(known)
            )
            places.append(met)
            bits.append(np.full(len(met), bit[reason]))
    where, what = np.concatenate(places), np.concatenate(bits)
    order = np.argsort(where, kind="stable")
    where, what = where[order], what[order]
    starts = np.flatnonzero(np.diff(where, prepend=-1))
    merged = np.bitwise_or.reduceat(what, starts) if len(starts) else what
    return Conflicts(names, given, where[starts], merged)


def with_own_batches(reviewers: Sequence[Reviewer], applications: Iterable[Application]) -> list[Reviewer]:
    """The reviewers, knowing the batches in which they apply themselves."""
    batches: defaultdict[str, set[str]] = defaultdict(set)
    people = {reviewer.person for reviewer in reviewers}
    for application in applications:
        for person in application.people & people:
            batches[person].add(application.batch)
    return [replace(reviewer, applies_in=reviewer.applies_in | batches[reviewer.person]) for reviewer in reviewers]


def _meet(of_reviewers: Iterable[_Keys], of_applications: Iterable[_Keys], width: int) -> Index:
    """Places (application × width + reviewer) of all pairs that have a key in common; a pair may stand twice."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, keys in enumerate(of_reviewers):
        for key in keys:
            holders[key].append(at)
    # Applications of one organisation meet the same reviewers: they are gathered by what they have, then crossed.
    seekers: defaultdict[str, list[int]] = defaultdict(list)
    for at, keys in enumerate(of_applications):
        for key in keys:
            if key in holders:
                seekers[key].append(at)
    crossed = [
        np.add.outer(np.array(found, np.int64) * width, np.array(holders[key], np.int64)).ravel()
        for key, found in seekers.items()
    ]
    return np.concatenate([np.zeros(0, np.int64), *crossed])
