"""Which batches of a reference year ran on the platform as cases, and what was answered on their forms.

The file ``selections.yaml`` of the specification says it. Of such a batch an item is a case where its story is that of
an application: recognised or refused on the day of the batch, reported by nobody a second time, never struck out, and
held by nobody but the applicant and people, or by a team where the call is for teams. Of a batch of the certificate
pilot it is one where it was approved or refused, and is reported by nobody a second time. What became of the others
came to the register by returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jineng.reference.parsing import Entry, read_entry
from jineng.reference.specification import folder_of
from jineng.reference.year import RECOGNISED, Award, Call, Holder, Specification

FILE = "selections.yaml"
REFUSED = "refused"
TEAM = "team"
ITEMS_OF_PEOPLE = frozenset({"person", TEAM, "studio"})
"""What a call may recognise that nobody holds without a person."""
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Application:
    """What somebody applies for: by whom (the specification's id) and under which title, whether it is granted in the
    end, the serials of the people whom it names (the leader first), and what else its answers say by name."""

    by: str
    title: str
    wins: bool
    people: tuple[int, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Afterwards:
    """What was done, so many days after the notice, with every case at ``stage``; with answers by the applicant."""

    stage: str
    days: int
    action: str
    answers: Answers


@dataclass(frozen=True)
class Selection:
    """A batch of a call and the procedure by which it ran. ``notice_until`` is the day on which the public notice
    ended, where that is not the day of the batch."""

    call: str
    batch: int
    procedure: str
    notice_until: date | None
    answers: Answers
    afterwards: tuple[Afterwards, ...]

    def ended(self, specification: Specification) -> date:
        """The day on which what was under notice was confirmed."""
        return self.notice_until or specification.calls[self.call].batches[self.batch].day


@dataclass(frozen=True)
class PilotSelection:
    """The batches of the certificate pilot that ran as cases and the procedure by which they did. Everybody applied on
    the day until which the batch says that institutions had; ``days_before`` tells the other steps."""

    batches: tuple[int, ...]
    procedure: str
    answers: Answers
    days_before: Mapping[str, int]


@dataclass(frozen=True)
class Experts:
    """Those who review: one of each organisation, people from a serial on, each with so many items at most."""

    organisations: tuple[str, ...]
    first_person: int
    most: int


@dataclass(frozen=True)
class Selections:
    """All selections of a year that ran as cases: by the slugs of their calls, and of the certificate pilot."""

    by_call: Mapping[str, Selection]
    pilots: PilotSelection
    experts: Experts
    days_before: Mapping[str, int]
    reasons: Mapping[str, str]


def read_selections(year: int, folder: Path | None = None) -> Selections:
    """The selections of ``year``; a specification without the file has none that ran as cases.

    Raises:
        SpecificationError: an entry says something strange.
    """
    path = (folder or folder_of(year)) / FILE
    if not path.exists():
        return Selections({}, PilotSelection((), "", {}, {}), Experts((), 0, 0), {}, {})
    tree = read_entry(path)
    procedures = dict(tree.entries("procedures"))
    experts = tree.inner("experts")
    return Selections(
        by_call={call: _selection(call, entry, procedures) for call, entry in tree.entries("selections")},
        pilots=_pilots(tree.inner("pilots"), procedures),
        experts=Experts(experts.texts("organisations"), experts.number("first_person"), experts.number("most")),
        days_before=dict(tree.inner("days_before").values),
        reasons=dict(tree.inner("reasons").values),
    )


def _selection(call: str, entry: Entry, procedures: Mapping[str, Entry]) -> Selection:
    code = entry.one_of("procedure", procedures)
    known = procedures[code]
    return Selection(
        call=call,
        batch=entry.number("batch"),
        procedure=code,
        notice_until=entry.maybe_day("notice_until"),
        answers=known.inner("answers").values,
        afterwards=tuple(
            Afterwards(row.text("stage"), row.number("days"), row.text("action"), row.inner("answers").values)
            for row in known.rows("afterwards")
        ),
    )


def _pilots(entry: Entry, procedures: Mapping[str, Entry]) -> PilotSelection:
    if not entry.values:
        return PilotSelection((), "", {}, {})
    code = entry.one_of("procedure", procedures)
    days = dict(entry.inner("days_before").values)
    return PilotSelection(entry.numbers("batches"), code, procedures[code].inner("answers").values, days)


def applied_for(
    selections: Selections, specification: Specification, awards: Iterable[Award]
) -> dict[str, list[Award]]:
    """The items that came as applications, by the slugs of their calls, in the order of ``awards``."""
    found: dict[str, list[Award]] = {call: [] for call in selections.by_call}
    for award in awards:
        if is_applied_for(selections, specification, award):
            found[award.call].append(award)
    return found


def is_applied_for(selections: Selections, specification: Specification, award: Award) -> bool:
    """Whether an item came as an application and not in a return."""
    selection = selections.by_call.get(award.call)
    if selection is None or award.batch != selection.batch or award.void_reason or award.also_reported_by:
        return False
    call = specification.calls[award.call]
    day = call.batches[award.batch].day
    plain = [(event.day, event.state) for event in award.events] in ([(day, RECOGNISED)], [(day, REFUSED)])
    led = bool(_people_of(award)) or call.item not in ITEMS_OF_PEOPLE
    return plain and led and all(_is_own(holder, award, call) for holder in award.holders)


def _is_own(holder: Holder, award: Award, call: Call) -> bool:
    """Whether a holder is the applicant, a person, or a team where the call is for teams."""
    if holder.organisation not in (None, award.by):
        return False
    if call.item == TEAM:
        return holder.is_team or not holder.people
    return not holder.is_team and len(holder.people) <= 1


def is_recognised(award: Award) -> bool:
    """Whether an item that came as an application was successful."""
    return award.events[-1].state == RECOGNISED


def application_of(award: Award) -> Application:
    """The application that an item came by."""
    return Application(award.by, award.title, is_recognised(award), _people_of(award))


def _people_of(award: Award) -> tuple[int, ...]:
    """The serials of the people who hold an item, whoever leads it first."""
    return tuple(serial for holder in award.holders for serial in holder.people)


def answered(
    answers: Answers, serial: int, words: Mapping[str, str], members: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Answers for the item with this serial: of several for one field they take turns, rows of a table stay together,
    and ``words`` stand for their names in braces. What is said of ``each_member`` becomes a row for each of these."""
    return {key: _one(value, serial, words, members) for key, value in answers.items()}


def _one(value: Any, serial: int, words: Mapping[str, str], members: Sequence[Mapping[str, str]]) -> Any:
    if isinstance(value, Mapping):
        row = value["each_member"]
        return [answered(row, place, member) for place, member in enumerate(members)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if isinstance(value[0], Mapping):
            return [dict(row) for row in value]
        return _one(value[serial % len(value)], serial, words, members)
    return value.format_map(words) if isinstance(value, str) else value
