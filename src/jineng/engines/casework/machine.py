"""Where a case stands, and how what was done moves it: the state is nothing but the sum of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from jineng.engines.casework.flow import SYSTEM

Calendar = Callable[[date, int], date]
"""The working day so many after a day, or before it where the number is negative; zero gives the day itself."""


class Deed(StrEnum):
    """What an entry of the log tells of."""

    START = "start"
    ACT = "act"
    EXTEND = "extend"
    MIGRATE = "migrate"


@dataclass(frozen=True)
class Actor:
    """As whom somebody acts: a party of the case, and which member of it (an account, an organisation …)."""

    party: str
    member: str = ""


THE_SYSTEM = Actor(SYSTEM)


@dataclass(frozen=True)
class Entry:
    """One line of a case's log, complete enough to find the state again without the flow.

    `to` is where the case went (empty: it stayed), `outcome` is set where that is an end. `signature` marks an act
    that others have yet to join. `at` knows its time zone and is of the calendar's place, so that its date is the
    business day. `until` is an extended deadline, `mapping` what stages are called in the flow migrated to.
    """

    number: int
    deed: Deed
    at: datetime
    by: Actor
    stage: str = ""
    action: str = ""
    to: str = ""
    outcome: str = ""
    sent_back: bool = False
    signature: bool = False
    reason: str = ""
    files: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    until: date | None = None
    mapping: tuple[tuple[str, str], ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The entry as plain JSON data."""
        return {
            **vars(self),
            "deed": str(self.deed),
            "at": self.at.isoformat(),
            "by": dict(vars(self.by)),
            "files": list(self.files),
            "effects": list(self.effects),
            "until": self.until.isoformat() if self.until else None,
            "mapping": [list(pair) for pair in self.mapping],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Entry:
        """The entry that `to_data` wrote."""
        return cls(**{
            **data,
            "deed": Deed(data["deed"]),
            "at": datetime.fromisoformat(data["at"]),
            "by": Actor(**data["by"]),
            "files": tuple(data["files"]),
            "effects": tuple(data["effects"]),
            "until": date.fromisoformat(data["until"]) if data["until"] else None,
            "mapping": tuple((old, new) for old, new in data["mapping"]),
        })  # fmt: skip


@dataclass(frozen=True)
class State:
    """Where a case stands.

    `stage` is the stage, or, once the case has ended, the end; `outcome` is set then. `steps` counts the entries of
    the log, so that an act upon an older state can be told. `returns` counts how often the case was sent back,
    `sent_from` the stages that did and wait for it, the last one last. `came_by` names stage and action of the last
    move. `signed` are actions with the parties and members who have done them, while others have yet to.
    """

    stage: str
    started_on: date
    entered_on: date
    steps: int = 1
    outcome: str = ""
    returns: int = 0
    sent_from: tuple[str, ...] = ()
    came_by: tuple[str, str] | None = None
    signed: tuple[tuple[str, str, str], ...] = ()
    extended_to: date | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can be done."""
        return self.outcome != ""

    def to_data(self) -> dict[str, Any]:
        """The state as plain JSON data."""
        extended = self.extended_to.isoformat() if self.extended_to else None
        return {
            **vars(self),
            "started_on": self.started_on.isoformat(),
            "entered_on": self.entered_on.isoformat(),
            "sent_from": list(self.sent_from),
            "came_by": list(self.came_by) if self.came_by else None,
            "signed": [list(signature) for signature in self.signed],
            "extended_to": extended,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> State:
        """The state that `to_data` wrote."""
        came_by = data["came_by"]
        return cls(**{
            **data,
            "started_on": date.fromisoformat(data["started_on"]),
            "entered_on": date.fromisoformat(data["entered_on"]),
            "sent_from": tuple(data["sent_from"]),
            "came_by": (came_by[0], came_by[1]) if came_by else None,
            "signed": tuple((action, party, member) for action, party, member in data["signed"]),
            "extended_to": date.fromisoformat(data["extended_to"]) if data["extended_to"] else None,
        })  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What an act comes to: the new state, what the room has to do for it, and the line for the log."""

    state: State
    effects: tuple[str, ...]
    entry: Entry


def moment(at: datetime) -> datetime:
    """The time of an act. Raises ValueError where it does not know its time zone."""
    if at.tzinfo is None:
        raise ValueError("the time of an act must know its time zone")
    return at


def replay(entries: Iterable[Entry]) -> State:
    """The state that a whole log leads to. Raises ValueError where it has a gap or does not begin with the start."""
    state: State | None = None
    for entry in entries:
        state = after(state, entry)
    if state is None:
        raise ValueError("an empty log leads nowhere")
    return state


def after(state: State | None, entry: Entry) -> State:
    """The state after one more entry."""
    day = entry.at.date()
    if state is None:
        if entry.deed is not Deed.START or entry.number != 1:
            raise ValueError(f"a log begins with entry 1, the start, not with {entry.number}, {entry.deed}")
        return State(entry.to, day, day)
    if entry.number != state.steps + 1 or entry.deed is Deed.START or state.ended:
        raise ValueError(f"entry {entry.number}, {entry.deed}, cannot follow entry {state.steps}")
    state = replace(state, steps=entry.number)
    if entry.deed is Deed.EXTEND:
        return replace(state, extended_to=entry.until)
    if entry.deed is Deed.MIGRATE:
        return _migrated(state, entry)
    if not entry.to:
        return _stayed(state, entry)
    sent_from = (*state.sent_from, entry.stage) if entry.sent_back else state.sent_from
    if entry.to in sent_from:
        # What was waited for has arrived; so has, on the way, what later stages had sent back.
        sent_from = sent_from[: sent_from.index(entry.to)]
    return replace(
        state,
        stage=entry.to,
        entered_on=day,
        outcome=entry.outcome,
        returns=state.returns + entry.sent_back,
        sent_from=sent_from,
        came_by=(entry.stage, entry.action),
        signed=(),
        extended_to=None,
    )


def _stayed(state: State, entry: Entry) -> State:
    """After something done that leaves the case where it is: a signature among several, or the whole of it."""
    who = (entry.by.party, entry.by.member)
    if entry.signature:
        others = tuple(given for given in state.signed if given[1:] != who)
        return replace(state, signed=(*others, (entry.action, *who)))
    if all(given[0] != entry.action for given in state.signed):
        return state
    return replace(
        state, signed=tuple(given for given in state.signed if given[0] != entry.action and given[1:] != who)
    )


def _migrated(state: State, entry: Entry) -> State:
    """In another flow: the same stage goes on where it was, another begins anew; signatures are asked again."""
    names = dict(entry.mapping)
    came_by = state.came_by and (names.get(state.came_by[0], state.came_by[0]), state.came_by[1])
    state = replace(state, sent_from=tuple(names.get(key, key) for key in state.sent_from), came_by=came_by, signed=())
    if entry.to == entry.stage:
        return state
    return replace(state, stage=entry.to, entered_on=entry.at.date(), came_by=None, extended_to=None)
