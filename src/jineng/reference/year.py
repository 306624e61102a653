"""What a specification says of a reference year, as plain values. The README beside its files tells what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ENDINGS = frozenset({"merged", "closed"})
AWARD_STATES = frozenset({"candidate", "under_construction", "recognised", "refused", "withdrawn"})
RECOGNISED = "recognised"


@dataclass(frozen=True)
class Change:
    """What happened to an organisation on ``day``; fields that stay as they were are ``None``."""

    day: date
    type: str
    name: str | None
    kind: str | None
    code: str | None
    located: str | None
    into: str | None
    document: str


@dataclass(frozen=True)
class State:
    """What an organisation is on a day. ``code`` is the ten-digit school code, if it has one."""

    name: str
    kind: str
    code: str | None
    located: str | None
    ended: bool


@dataclass(frozen=True)
class Organisation:
    """An organisation; the fields say what held before the first of its ``changes``, which are in order of date."""

    id: str
    synthetic: bool
    name: str
    kind: str
    code: str | None
    credit_code: str | None
    local_code: str | None
    nature: str | None
    level: str | None
    authority: str | None
    governs: str | None
    located: str | None
    founded: date | None
    changes: tuple[Change, ...]

    def on(self, day: date) -> State:
        """The state at the end of ``day``."""
        name, kind, code, located, ended = self.name, self.kind, self.code, self.located, False
        for change in self.changes:
            if change.day <= day:
                name, kind = change.name or name, change.kind or kind
                code, located = change.code or code, change.located or located
                ended = ended or change.type in ENDINGS
        return State(name, kind, code, located, ended)


@dataclass(frozen=True)
class Offering:
    """A major that an organisation runs, lasting ``years``, from ``opened`` up to the day before ``revoked``."""

    organisation: str
    major: str
    years: int
    opened: date
    revoked: date | None
    void_reason: str | None

    def stands(self, day: date) -> bool:
        """Whether it is in being on ``day``; a void offering never is."""
        return self.void_reason is None and self.opened <= day and (self.revoked is None or day < self.revoked)


@dataclass(frozen=True)
class Batch:
    """A batch of a call, with the number of the document that announced it."""

    number: int
    year: int
    day: date
    document: str


@dataclass(frozen=True)
class Call:
    """A selection, the departments that decide it in the order in which they sign, and its batches by number."""

    slug: str
    name: str
    level: str
    item: str
    departments: tuple[str, ...]
    batches: Mapping[int, Batch]


@dataclass(frozen=True)
class Holder:
    """One holder of an award: an organisation (its id), a person, or a team (serials of people, the leader first)."""

    organisation: str | None = None
    people: tuple[int, ...] = ()
    is_team: bool = False


@dataclass(frozen=True)
class Event:
    """From ``day`` on the award is in ``state``."""

    day: date
    state: str


@dataclass(frozen=True)
class Award:
    """An item of a call: whose it is, who holds it, what became of it in order of time."""

    call: str
    batch: int
    title: str
    by: str
    holders: tuple[Holder, ...]
    events: tuple[Event, ...]
    also_reported_by: str | None = None
    void_reason: str | None = None


@dataclass(frozen=True)
class Numbers:
    """How many items an institution has in a batch, by what became of them."""

    recognised: int = 0
    refused: int = 0
    under_construction: int = 0
    candidate: int = 0
    voided: int = 0
    double: int = 0
    withdrawn_later: int = 0


@dataclass(frozen=True)
class Expansion:
    """Numbers per institution of one batch, and the dates and reason that go with them."""

    batch: int
    withdrawn_on: date
    void_reason: str
    organisations: Mapping[str, Numbers]


@dataclass(frozen=True)
class ItemRule:
    """How the items of a call are titled, and after which serial the people who lead them begin."""

    title: str
    topics: tuple[str, ...]
    people_after: int


@dataclass(frozen=True)
class AwardList:
    """The awards of a call: item by item, or by numbers per institution."""

    awards: tuple[Award, ...]
    items: ItemRule | None
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True)
class Kinship:
    """Two people, by serial, are related."""

    one: int
    other: int
    relation: str


@dataclass(frozen=True)
class Employment:
    """A person works for an organisation from ``since`` up to ``until``; ``None`` holds still."""

    person: int
    organisation: str
    since: date
    until: date | None


@dataclass(frozen=True)
class PeopleRule:
    """The word lists from which people follow by serial."""

    surnames: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    birthplaces: tuple[str, ...]


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account and its post."""

    login: str
    role: str
    organisation: str
    person: int
    title: str


@dataclass(frozen=True)
class DemoDelegation:
    """The account ``giver`` lets ``taker`` act in its post."""

    giver: str
    taker: str
    since: date
    until: date


@dataclass(frozen=True)
class Specification:
    """Everything that is said of a reference year."""

    year: int
    organisations: Mapping[str, Organisation]
    offerings: tuple[Offering, ...]
    calls: Mapping[str, Call]
    awards: Mapping[str, AwardList]
    people: PeopleRule
    kinship: tuple[Kinship, ...]
    employment: tuple[Employment, ...]
    accounts: tuple[DemoAccount, ...]
    delegations: tuple[DemoDelegation, ...]
    folder: Path | None = None
    """Where the files of the rooms above the calls lie; each reads its own."""

    @property
    def end(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)
