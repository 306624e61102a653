"""The specification of a reference year, read from its YAML files and checked, as plain values.

What each key means is told by the README beside the files. The files hold what each city and school had; they hold no
totals, and nothing is counted here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jineng.reference.parsing import Entry, SpecificationError, read_entry

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

    @property
    def end(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)


def folder_of(year: int) -> Path:
    """Where the specification of ``year`` lies: ``$JINENG_REFERENCE``, or ``reference/gansu-<year>`` in a checkout."""
    chosen = os.environ.get("JINENG_REFERENCE")
    return Path(chosen).resolve() if chosen else Path(__file__).resolve().parents[3] / "reference" / f"gansu-{year}"


def read_specification(year: int, folder: Path | None = None) -> Specification:
    """The specification of ``year`` from ``folder`` (by default :func:`folder_of` the year).

    Raises:
        SpecificationError: a file is missing or unreadable, or an entry says something strange; the message says where.
    """
    folder = folder or folder_of(year)
    organisations = _organisations(read_entry(folder / "organisations.yaml"))
    calls = _calls(read_entry(folder / "calls.yaml"), organisations)
    people = read_entry(folder / "people.yaml")
    accounts = read_entry(folder / "accounts.yaml")
    return Specification(
        year=year,
        organisations=organisations,
        offerings=tuple(_offerings(read_entry(folder / "offerings.yaml"), organisations)),
        calls=calls,
        awards={
            slug: _award_list(read_entry(folder / "awards" / f"{slug}.yaml"), call, organisations)
            for slug, call in calls.items()
        },
        people=PeopleRule(*(people.texts(key) for key in ("surnames", "first", "second", "birthplaces"))),
        kinship=tuple(
            Kinship(row.number("a"), row.number("b"), row.text("relation")) for row in people.rows("kinship")
        ),
        employment=tuple(
            Employment(
                row.number("person"),
                row.one_of("organisation", organisations),
                row.day("from"),
                row.maybe_day("until"),
            )
            for row in people.rows("employment")
        ),
        accounts=tuple(
            DemoAccount(
                row.text("login"),
                row.text("role"),
                row.one_of("organisation", organisations),
                row.number("person"),
                row.text("title"),
            )
            for row in accounts.rows("accounts")
        ),
        delegations=tuple(
            DemoDelegation(row.text("from"), row.text("to"), row.day("since"), row.day("until"))
            for row in accounts.rows("delegations")
        ),
    )


def _organisations(tree: Entry) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for _, group in tree.entries("groups"):
        synthetic = group.flag("synthetic")
        for entry in group.rows("organisations"):
            organisation = _organisation(entry, synthetic)
            if organisation.id in found:
                raise entry.fault("id", f"“{organisation.id}”已经有了", f"{organisation.id} was there before")
            found[organisation.id] = organisation
    for entry_id, organisation in found.items():
        named = [organisation.authority, *(change.into for change in organisation.changes)]
        strange = [name for name in named if name is not None and name not in found]
        if strange:
            raise SpecificationError(tree.where, f"{entry_id} 提到未知机构 {strange[0]}", f"unknown {strange[0]}")
    return found


def _organisation(entry: Entry, synthetic: bool) -> Organisation:
    changes = sorted((_change(change) for change in entry.rows("changes")), key=lambda change: change.day)
    return Organisation(
        id=entry.text("id"),
        synthetic=synthetic,
        name=entry.text("name"),
        kind=entry.text("kind"),
        founded=entry.maybe_day("founded"),
        changes=tuple(changes),
        **{
            key: entry.maybe_text(key)
            for key in ("code", "credit_code", "local_code", "nature", "level", "authority", "governs", "located")
        },
    )


def _change(entry: Entry) -> Change:
    to = entry.inner("to")
    return Change(
        day=entry.day("date"),
        type=entry.text("type"),
        into=entry.maybe_text("into"),
        document=entry.inner("document").maybe_text("number") or "",
        **{key: to.maybe_text(key) for key in ("name", "kind", "code", "located")},
    )


def _offerings(tree: Entry, organisations: Mapping[str, Organisation]) -> Iterable[Offering]:
    for organisation, groups in tree.lists("offerings"):
        if organisation not in organisations:
            raise tree.fault("offerings", f"未知机构 {organisation}", f"unknown organisation {organisation}")
        for group in groups:
            opened, revoked = group.day("opened"), group.maybe_day("revoked")
            void_reason = group.inner("voided").text("reason") if group.has("voided") else None
            for major in group.texts("majors"):
                for years in group.numbers("years"):
                    yield Offering(organisation, major, years, opened, revoked, void_reason)


def _calls(tree: Entry, organisations: Mapping[str, Organisation]) -> dict[str, Call]:
    calls = {}
    for slug, entry in tree.entries("calls"):
        departments = entry.texts("departments")
        for department in departments:
            if department not in organisations:
                raise entry.fault("departments", f"未知机构 {department}", f"unknown organisation {department}")
        batches = [
            Batch(row.number("number"), row.number("year"), row.day("date"), row.inner("document").text("number"))
            for row in entry.rows("batches")
        ]
        calls[slug] = Call(
            slug,
            entry.text("name"),
            entry.text("level"),
            entry.text("item"),
            departments,
            {batch.number: batch for batch in batches},
        )
    return calls


def _award_list(tree: Entry, call: Call, organisations: Mapping[str, Organisation]) -> AwardList:
    tree.one_of("call", {call.slug})
    return AwardList(
        tuple(_award(row, call, organisations) for row in tree.rows("awards")),
        _item_rule(tree.inner("items")) if tree.has("items") else None,
        tuple(_expansion(row, call, organisations) for row in tree.rows("expansions")),
    )


def _item_rule(entry: Entry) -> ItemRule:
    return ItemRule(entry.text("title"), entry.texts("topics"), entry.number("people_after"))


def _award(entry: Entry, call: Call, organisations: Mapping[str, Organisation]) -> Award:
    by = entry.one_of("by", organisations)
    batch = call.batches.get(entry.number("batch"))
    if batch is None:
        raise entry.fault("batch", "该遴选没有此批次", "the call has no such batch")
    events = tuple(
        Event(day, state) for day, state in sorted(entry.pairs("events"), key=lambda pair: pair[0])
    ) or (Event(batch.day, RECOGNISED),)
    for event in events:
        if event.state not in AWARD_STATES:
            raise entry.fault("events", f"未知状态 {event.state}", f"unknown state {event.state}")
    holders = tuple(_holder(row, organisations) for row in entry.rows("holders")) or (Holder(organisation=by),)
    return Award(
        call=call.slug,
        batch=batch.number,
        title=entry.text("title"),
        by=by,
        holders=holders,
        events=events,
        also_reported_by=entry.one_of("also_reported_by", organisations) if entry.has("also_reported_by") else None,
        void_reason=entry.inner("voided").text("reason") if entry.has("voided") else None,
    )


def _holder(entry: Entry, organisations: Mapping[str, Organisation]) -> Holder:
    if entry.has("organisation"):
        return Holder(organisation=entry.one_of("organisation", organisations))
    if entry.has("team"):
        return Holder(people=entry.numbers("team"), is_team=True)
    return Holder(people=(entry.number("person"),))


def _expansion(entry: Entry, call: Call, organisations: Mapping[str, Organisation]) -> Expansion:
    numbers = {}
    for organisation, row in entry.entries("organisations"):
        if organisation not in organisations:
            raise entry.fault("organisations", f"未知机构 {organisation}", f"unknown organisation {organisation}")
        numbers[organisation] = Numbers(**row.all_numbers(Numbers.__dataclass_fields__))
    if entry.number("batch") not in call.batches:
        raise entry.fault("batch", "该遴选没有此批次", "the call has no such batch")
    return Expansion(entry.number("batch"), entry.day("withdrawn_on"), entry.text("void_reason"), numbers)
