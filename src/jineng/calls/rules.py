"""The law of the calls: how an award's status may go, how titles are told apart, who may hold what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

CANDIDATE = "candidate"
UNDER_CONSTRUCTION = "under_construction"
RECOGNISED = "recognised"
REFUSED = "refused"
WITHDRAWN = "withdrawn"

IN_BEING = frozenset({RECOGNISED})
"""Statuses in which an award counts as held."""
CANDIDACY = frozenset({CANDIDATE, UNDER_CONSTRUCTION})
"""Statuses of what is being nurtured or built and is not recognised yet (培育、建设对象)."""

NEXT: dict[str | None, frozenset[str]] = {
    None: frozenset({CANDIDATE, UNDER_CONSTRUCTION, RECOGNISED, REFUSED}),
    CANDIDATE: frozenset({UNDER_CONSTRUCTION, RECOGNISED, REFUSED, WITHDRAWN}),
    UNDER_CONSTRUCTION: frozenset({RECOGNISED, REFUSED, WITHDRAWN}),
    RECOGNISED: frozenset({WITHDRAWN}),
    REFUSED: frozenset({CANDIDATE, UNDER_CONSTRUCTION, RECOGNISED}),
    WITHDRAWN: frozenset({UNDER_CONSTRUCTION, RECOGNISED}),
}
"""What may follow each status. A refusal may be lifted after an objection, a withdrawal after rectification."""

RANK = {CANDIDATE: 1, UNDER_CONSTRUCTION: 2, REFUSED: 3, RECOGNISED: 4, WITHDRAWN: 5}
"""The usual order of statuses, for those of one day that came in one return."""

HOLDER_KINDS: dict[str, frozenset[str]] = {
    "organisation": frozenset({"organisation", "person", "team"}),
    "person": frozenset({"person", "team", "organisation"}),
    "team": frozenset({"team", "person", "organisation"}),
    "studio": frozenset({"person", "organisation"}),
}
"""Kinds of holder that an award may name, by the call's holder form. Only a studio cannot be held by a team:
a course may name its teachers, and a call for persons may let a team or a school in."""
TEAM_ROLES = frozenset({"leader", "member"})

_BLANKS = re.compile(r"\s+")
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff]"
_BLANK_IN_CHINESE = re.compile(rf"(?<={_CJK}) (?={_CJK})")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"'})
_UNEVEN = re.compile(r"[\s“”‘’「」\"]")
_BETWEEN = "\x00"
_CHINESE_PAIR = re.compile(r'"([^"]*)"')


class Event(NamedTuple):
    """One standing status of an award, as far as order matters."""

    since: date
    recorded_at: datetime
    status: str


@dataclass(frozen=True)
class Fault:
    """A status that may not follow the one before it."""

    before: str | None
    after: str
    since: date


def normal_title(title: str) -> str:
    """The title as the natural key keeps it, so that two reporters of one item say the same.

    Width and compatibility forms are unified (Unicode NFKC), blanks between Chinese characters are dropped,
    other runs of blanks become one, and quotation marks become “ ” throughout. Applying it twice changes nothing.
    """
    text = _BLANKS.sub(" ", unicodedata.normalize("NFKC", title)).strip()
    text = _BLANK_IN_CHINESE.sub("", text)
    return _CHINESE_PAIR.sub(r"“\1”", text.translate(_QUOTES))


def normal_titles(titles: Sequence[str]) -> list[str]:
    """:func:`normal_title` of each of ``titles``, found at once for those that need nothing but another width."""
    joined = unicodedata.normalize("NFKC", _BETWEEN.join(titles))
    texts = joined.split(_BETWEEN)
    if len(texts) != len(titles) or _UNEVEN.search(joined):
        return [normal_title(title) for title in titles]
    return texts


def public_title(title: str, holder_form: str) -> str:
    """The title as figures and snapshots may show it: empty where titles carry people's names."""
    return "" if holder_form in ("person", "studio") else title


def may_follow(before: str | None, after: str) -> bool:
    """Whether ``after`` may follow ``before`` (``None``: the award is new)."""
    return after in NEXT.get(before, frozenset())


def in_order(events: Iterable[Event]) -> list[Event]:
    """Events as time has them; of one day, the one recorded later, and of one record the one further on."""
    return sorted(events, key=lambda event: (event.since, event.recorded_at, RANK.get(event.status, 0)))


def status_on(events: Iterable[Event], day: date) -> str | None:
    """The status on ``day``: the latest begun by then, of one day the last recorded; ``None`` before the first."""
    begun = [event for event in in_order(events) if event.since <= day]
    return begun[-1].status if begun else None


def first_fault(events: Iterable[Event], *, incomplete: bool = False) -> Fault | None:
    """The first status of a timeline that may not follow the one before it, if there is one.

    Of an ``incomplete`` timeline, whose earlier statuses may yet be told, a withdrawal is taken without asking.
    """
    before: str | None = None
    for event in in_order(events):
        told_later = incomplete and event.status == WITHDRAWN
        if not told_later and not may_follow(before, event.status):
            return Fault(before, event.status, event.since)
        before = event.status
    return None


def holder_faults(holder_form: str, holders: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with holders, given as (kind, role), of an award of a call with ``holder_form``.

    ``kind``: a kind that the form does not allow; ``role``: leader or member who is not a person;
    ``leaders``: more than one leader.
    """
    allowed = HOLDER_KINDS.get(holder_form, frozenset())
    faults = []
    if any(kind not in allowed for kind, _ in holders):
        faults.append("kind")
    if any(role in TEAM_ROLES and kind != "person" for kind, role in holders):
        faults.append("role")
    if sum(role == "leader" for _, role in holders) > 1:
        faults.append("leaders")
    return faults
