"""The specification of a reference year, read from its YAML files and checked.

What each key means is told by the README beside the files. The files hold what each city and school had; they hold no
totals, and nothing is counted here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from jineng.reference.parsing import Entry, SpecificationError, read_entry
from jineng.reference.year import (
    AWARD_STATES,
    RECOGNISED,
    Award,
    AwardList,
    Batch,
    Call,
    Change,
    DemoAccount,
    DemoDelegation,
    Employment,
    Event,
    Expansion,
    Holder,
    ItemRule,
    Kinship,
    Numbers,
    Offering,
    Organisation,
    PeopleRule,
    Specification,
)


def folder_of(year: int) -> Path:
    """Where the specification of ``year`` lies: ``$JINENG_REFERENCE``, or ``reference/gansu-<year>`` in a checkout."""
    chosen = os.environ.get("JINENG_REFERENCE")
    return Path(chosen).resolve() if chosen else Path(__file__).resolve().parents[3] / "reference" / f"gansu-{year}"


def read_specification(year: int, folder: Path | None = None) -> Specification:
    """The specification of ``year`` from ``folder`` (by default :func:`folder_of` the year).

    Raises:
        SpecificationError: a file is missing or unreadable, or an entry says something strange; the message says where.
    """
    return _read(year, folder or folder_of(year))


@lru_cache(maxsize=1)
def _read(year: int, folder: Path) -> Specification:
    """Read once by a process, of whose steps several ask for it."""
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
        folder=folder,
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
    events = tuple(Event(day, state) for day, state in sorted(entry.pairs("events"), key=lambda pair: pair[0])) or (
        Event(batch.day, RECOGNISED),
    )
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
