"""Checks that several of the room's sheets share; each refuses cells of the hall and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import Person, PersonDocument
from jineng.registry.rules import normal_name
from jineng.registry.scope import visible
from jineng.workforce.models import Teacher

Text = tuple[str, str, str, str]
Span = tuple[date, date | None]
NOT_A_TEACHER: Text = (
    "此人不是管辖范围内学校的教师。",
    "This person does not teach at a school in your scope.",
    "请核对证件号码，或先在“教师”表中填报。",
    "Check the number, or report the teacher first.",
)
OTHER_NAME: Text = (
    "姓名与该证件号码登记的姓名不一致。",
    "The name is not the one recorded with this number.",
    "请核对姓名和证件号码，或将姓名留空。",
    "Check name and number, or leave the name blank.",
)
ENDS_TOO_EARLY: Text = (
    "结束日期应晚于起始日期。",
    "The end must lie after the beginning.",
    "请核对两个日期；从未有过的请作废。",
    "Check both dates; what never held is voided.",
)
OVERLAPS: Text = (
    "与已有的一行时间重叠。",
    "It overlaps another row in time.",
    "请先填上前一行的结束日期，或核对起始日期。",
    "End the earlier one first, or check the beginning.",
)


def refuse(hall: Hall, table: Table, index: int, column: str, code: ErrorCode, text: Text) -> None:
    """Refuse a cell with a text of four parts: message and remedy, each in both languages."""
    message, message_en, remedy, remedy_en = text
    hall.refuse(table, index, column, code, message, message_en, remedy, remedy_en)


def check_order(hall: Hall, table: Table, first: str, last: str) -> None:
    """Refuse rows whose ``last`` day, where given, does not lie after their ``first``."""
    for index, (since, until) in enumerate(zip(table.columns[first], table.columns[last], strict=True)):
        if until is not None and until <= since:
            refuse(hall, table, index, last, ErrorCode.OUT_OF_RANGE, ENDS_TOO_EARLY)


def check_overlaps(
    hall: Hall,
    table: Table,
    column: str,
    rows: Mapping[int, tuple[Any, Span]],
    standing: Iterable[tuple[Any, Span]],
) -> None:
    """Refuse rows that overlap, for the same key, another row or what stands and is not named by the file.

    ``rows`` holds key and span by row index, ``standing`` those of the register; a standing span that begins on the
    day of a row is that row's own record.
    """
    spans: dict[Any, list[tuple[Span, int | None]]] = {}
    given = {(key, span[0]) for key, span in rows.values()}
    for index, (key, span) in rows.items():
        spans.setdefault(key, []).append((span, index))
    for key, span in standing:
        if key in spans and (key, span[0]) not in given:
            spans[key].append((span, None))
    for index in sorted({index for of_key in spans.values() for index in _clashing(of_key)}):
        refuse(hall, table, index, column, ErrorCode.CONFLICT, OVERLAPS)


def _clashing(spans: list[tuple[Span, int | None]]) -> Iterator[int]:
    ordered = sorted(spans, key=lambda item: item[0][0])
    for (one, one_index), (other, other_index) in pairwise(ordered):
        if one[1] is None or other[0] < one[1]:
            yield from (index for index in (one_index, other_index) if index is not None)


def resolve_teachers(hall: Hall, table: Table) -> list[UUID | None]:
    """The people named by ``resident_id``, row by row; who teaches nowhere in the importer's scope is refused.

    People are found by the keyed hash of their number among the teachers in scope, in two queries.
    """
    numbers, names = table.columns["resident_id"], table.columns["person_name"]
    kind = DocumentKind.RESIDENT_ID
    hashes = {number: PersonDocument.hash_of(kind, number) for number in set(numbers)}
    teaching = visible(hall.actor, Teacher).filter(STANDS)
    people: dict[UUID, UUID] = {}
    for person, merged_into in teaching.values_list("person", "person__merged_into").distinct():
        people[merged_into or person] = people[person] = person
    documents = PersonDocument.objects.filter(STANDS, kind=kind, number_hash__in=hashes.values())
    owners: dict[str, UUID] = {
        digest: people[merged_into or person]
        for digest, person, merged_into in documents.values_list("number_hash", "person", "person__merged_into")
        if (merged_into or person) in people
    }
    known: dict[UUID, Any] = {}
    if any(names):
        known = dict(Person.objects.filter(pk__in=set(owners.values())).values_list("pk", "name"))
    found: list[UUID | None] = []
    for index, (number, name) in enumerate(zip(numbers, names, strict=True)):
        owner = owners.get(hashes[number])
        if owner is None:
            refuse(hall, table, index, "resident_id", ErrorCode.UNKNOWN_REFERENCE, NOT_A_TEACHER)
        elif name and normal_name(name) != normal_name(known[owner]):
            refuse(hall, table, index, "person_name", ErrorCode.CONFLICT, OTHER_NAME)
            owner = None
        found.append(owner)
    return found


Make = Callable[[int, UUID], Sequence[Any]]


def rows_of(people: Sequence[UUID | None], good: Iterable[int], make: Make) -> dict[int, Sequence[Any]]:
    """What ``make`` gives for each good row whose person is known, by row index."""
    return {index: make(index, person) for index in good if (person := people[index]) is not None}
