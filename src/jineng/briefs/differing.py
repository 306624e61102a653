"""Why is this figure not what I count? An officer's own list beside the records behind a figure, row by row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.briefs.desk import Desk
from jineng.briefs.queries import seen_behind
from jineng.engines.exchange import CellError, Column, Problem, Reading, Sheet
from jineng.engines.exchange.values import parser
from jineng.engines.measures import Indicator, Period
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, record_doors
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.registry.scope import visible

YEARS_AROUND = 3
"""In so many years before and after the figure's is a record looked for that it does not count."""
SHOWN = 200
"""Of records that the list lacks, so many are named."""
MOST_ROWS = 20_000
AT_ONCE = 1000
Key = tuple[Hashable, ...]


def own_returns(actor: Actor) -> QuerySet[Receipt]:
    """The returns that the actor's own office handed in."""
    return visible(actor, Receipt).filter(organisation_id=actor.organisation_id)


class Why(StrEnum):
    """Why a row of a list is not counted by itself."""

    REFUSED = "refused"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    VOID = "void"
    OTHER_YEAR = "other_year"
    OUTSIDE = "outside"
    ONCE = "once"


@dataclass(frozen=True)
class Listed:
    """A row of somebody's list: its number there, the values of the key, and why it was refused, if it was.

    The values of a row that is not ``sound`` are as they were written.
    """

    number: int
    values: Key
    fault: str = ""
    sound: bool = True

    @property
    def words(self) -> str:
        """The row as it is told again."""
        return " · ".join(str(value) for value in self.values if value not in (None, ""))


@dataclass(frozen=True)
class NotCounted:
    """A row of the list that the figure does not count, why, and the record that it names, if the register has one."""

    row: Listed
    why: Why
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Differing:
    """How a list differs from what a figure counts: rows in all, those counted, those not, and what the list lacks.

    ``lacking`` are records that are counted and lie in the asker's sight; of ``lacking_total`` the first are named.
    """

    rows: int
    counted: int
    not_counted: tuple[NotCounted, ...]
    lacking: tuple[dict[str, Any], ...]
    lacking_total: int


@dataclass
class _Known:
    """What the register holds under one natural key."""

    standing: list[UUID] = field(default_factory=list)
    void: list[tuple[UUID, str]] = field(default_factory=list)


def key_of(indicator: Indicator) -> tuple[RecordDoor, NaturalKey, Sheet] | None:
    """How lists name the records behind an indicator; ``None`` for a ratio and for records known by persons alone."""
    door = record_doors.get(getattr(indicator, "record_type", ""))
    if door is None or door.key is None:
        return None
    return door, door.key, the_book().by_name[door.key.sheet]


def columns_of(key: NaturalKey, sheet: Sheet) -> list[Column]:
    """The columns by which a list names records, in the order in which they are typed."""
    return [sheet.by_name[name] for name in key.paths]


def typed(key: NaturalKey, sheet: Sheet, text: str) -> list[Listed]:
    """The rows of a text, one a line, columns apart by tabs (as copied from a workbook) or by ``|``."""
    columns = columns_of(key, sheet)
    parsers = [parser(column) for column in columns]
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else "|")]
        if len(cells) != len(columns):
            fault = f"应有 {len(columns)} 列，实有 {len(cells)} 列 {len(columns)} columns are needed"
            rows.append(Listed(number, tuple(cells), fault, sound=False))
            continue
        found = [parse(cell) if cell else None for parse, cell in zip(parsers, cells, strict=True)]
        rows.append(_listed(key, columns, number, found, cells))
    return rows


def of_reading(key: NaturalKey, sheet: Sheet, reading: Reading, refused: Iterable[CellError] = ()) -> list[Listed]:
    """The rows of a workbook's sheet; rows with refused cells, and those that were refused when the file was handed in,
    say why."""
    table = reading.tables.get(sheet.name)
    if table is None:
        return []
    columns = columns_of(key, sheet)
    faults = _refusals(sheet, (*reading.errors, *refused))
    cells = zip(*(table.columns[column.name] for column in columns), strict=True)
    return [
        _listed(key, columns, number, list(values), values, faults.get(number, ""))
        for number, values in zip(table.row_numbers, cells, strict=True)
    ]


def _refusals(sheet: Sheet, errors: Iterable[CellError]) -> dict[int, str]:
    """What is wrong with rows of a sheet, by their numbers."""
    told: dict[int, str] = {}
    for error in errors:
        if error.sheet == sheet.title:
            told.setdefault(error.row, f"{error.heading}：{error.message} {error.message_en}")
    return told


def _listed(
    key: NaturalKey, columns: Sequence[Column], number: int, found: list[Any], cells: Sequence[Any], fault: str = ""
) -> Listed:
    for column, value in zip(columns, found, strict=True):
        if isinstance(value, Problem):
            return Listed(number, tuple(cells), f"{column.heading}：{value.message} {value.message_en}", sound=False)
    normal = [key.normal.get(column.name) for column in columns]
    values = (do(value) if do and isinstance(value, str) else value for do, value in zip(normal, found, strict=True))
    return Listed(number, tuple(values), fault)


def differing(
    actor: Actor, desk: Desk, indicator: Indicator, year: int, within: str | None, rows: Sequence[Listed]
) -> Differing:
    """The rows that differ between a list and a figure of a year, as far as the actor sees the register.

    Raises:
        LookupError: lists do not name the records behind this indicator.
    """
    named = key_of(indicator)
    if named is None:
        raise LookupError(indicator.key)
    door, key, _ = named
    period = Period.year(year)
    behind = {identity for ids in desk.record_ids(indicator.key, period, within).values() for identity in ids}
    known = _known(actor, door, key, {row.values for row in rows if row.sound})
    first: dict[Key, int] = {}
    counted: dict[UUID, Listed] = {}
    out: list[NotCounted] = []
    elsewhere: list[tuple[Listed, UUID]] = []
    for row in rows:
        held = known.get(row.values, _Known()) if row.sound else _Known()
        earlier = first.setdefault(row.values, row.number)
        if earlier != row.number:
            out.append(NotCounted(row, Why.REPEATED, f"与第 {earlier} 行是同一项 the same as row {earlier}"))
        elif found := next((pk for pk in held.standing if pk in behind), None):
            counted[found] = row
        elif row.fault:
            out.append(NotCounted(row, Why.REFUSED, row.fault))
        elif held.standing:
            elsewhere.append((row, held.standing[0]))
        elif held.void:
            out.append(NotCounted(row, Why.VOID, held.void[0][1], door.url(held.void[0][0])))
        else:
            out.append(NotCounted(row, Why.UNKNOWN))
    out += _elsewhere(desk, indicator, year, within, door, elsewhere)
    once = _once(desk, indicator, period, within, door, counted)
    out += once
    lacking = [pk for pk in seen_behind(actor, desk, indicator.key, period, within) if pk not in counted]
    shown = desk.records_of(indicator.key, period, within, tuple(lacking[:SHOWN]))
    return Differing(
        len(rows),
        len(counted) - len(once),
        tuple(sorted(out, key=lambda each: each.row.number)),
        shown,
        len(lacking),
    )


def _known(actor: Actor, door: RecordDoor, key: NaturalKey, wanted: set[Key]) -> dict[Key, _Known]:
    """What the register holds under these keys in the actor's sight; asked for by portions of the longest column."""
    found: dict[Key, _Known] = {}
    paths = list(key.paths.values())
    columns = list(zip(*wanted, strict=True)) if wanted else []
    if not columns:
        return found
    longest = max(range(len(columns)), key=lambda at: len(set(columns[at])))
    values = sorted({value for value in columns[longest] if value is not None}, key=str)
    for start in range(0, len(values), AT_ONCE):
        some = Q(**{f"{paths[longest]}__in": values[start : start + AT_ONCE]})
        rows = visible(actor, door.model()).filter(some).order_by("recorded_at")
        for *parts, pk, voided_at, reason in rows.values_list(*paths, "pk", "voided_at", "void_reason"):
            if (name := tuple(parts)) in wanted:
                held = found.setdefault(name, _Known())
                if voided_at is None:
                    held.standing.append(pk)
                else:
                    held.void.append((pk, reason))
    return found


def _elsewhere(
    desk: Desk,
    indicator: Indicator,
    year: int,
    within: str | None,
    door: RecordDoor,
    rows: Sequence[tuple[Listed, UUID]],
) -> list[NotCounted]:
    """Rows whose record stands and is not counted: by another year, or by none that is near."""
    years: dict[UUID, list[int]] = {}
    if rows:
        wanted = {pk for _, pk in rows}
        last = min(year + YEARS_AROUND, clock.today().year)
        for other in (each for each in range(year - YEARS_AROUND, last + 1) if each != year):
            ids = desk.record_ids(indicator.key, Period.year(other), within)
            for pk in wanted.intersection(chain.from_iterable(ids.values())):
                years.setdefault(pk, []).append(other)
    return [
        NotCounted(row, Why.OTHER_YEAR, "、".join(map(str, years[pk])), door.url(pk))
        if pk in years
        else NotCounted(row, Why.OUTSIDE, "", door.url(pk))
        for row, pk in rows
    ]


def _once(
    desk: Desk,
    indicator: Indicator,
    period: Period,
    within: str | None,
    door: RecordDoor,
    counted: dict[UUID, Listed],
) -> list[NotCounted]:
    """Of records that count as one (two awards of one body), all but the first in the list."""
    first: dict[str, Listed] = {}
    out = []
    of = {row["record_id"]: str(row["counted_id"]) for row in _rows(desk, indicator, period, within, tuple(counted))}
    for pk, row in counted.items():
        earlier = first.setdefault(of.get(pk, str(pk)), row)
        if earlier is not row:
            detail = f"与第 {earlier.number} 行合计一次 counts together with row {earlier.number}"
            out.append(NotCounted(row, Why.ONCE, detail, door.url(pk)))
    return out


def _rows(
    desk: Desk, indicator: Indicator, period: Period, within: str | None, ids: tuple[UUID, ...]
) -> Iterable[dict[str, Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield from desk.records_of(indicator.key, period, within, ids[start : start + AT_ONCE])
