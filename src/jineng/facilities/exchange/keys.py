"""How rows find the park, the phase or the facility that they speak of, and what is refused where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import Table
from jineng.facilities.models import Park, Phase, SharedFacility
from jineng.facilities.rules import TAKEN
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall, Landing
from jineng.kernel.rights import Right
from jineng.majors.rules import Fault
from jineng.registry.scope import reach

Rows = dict[int, Sequence[Any]]
"""Values in the order of the merge's fields, by row of the sheet."""


class FacilityLanding(Landing):
    """A sheet of this room."""

    right: ClassVar[Right] = Right.EDIT_FACILITIES
    room: ClassVar[str] = "facilities"


def refuse(hall: Hall, table: Table, index: int, fault: Fault) -> None:
    """Refuse a cell by a fault of the rules."""
    hall.refuse(
        table,
        index,
        fault.field,
        fault.code,
        fault.message,
        fault.message_en,
        fault.remedy,
        fault.remedy_en,
    )


def _mine(hall: Hall) -> set[UUID] | None:
    return None if hall.actor.sees_all else set(reach(hall.actor))


def resolve_parks(hall: Hall, table: Table) -> list[UUID | None]:
    """The park that each row names, in scope; ``None`` where the row was refused or names what was struck out."""
    codes, mine = table.columns["park_code"], _mine(hall)
    rows = list(Park.objects.filter(code__in=set(codes)).values_list("code", "id", "organisation", "voided_at"))
    standing = {code: (pk, keeper) for code, pk, keeper, voided_at in rows if voided_at is None}
    void = {code for code, *_, voided_at in rows if voided_at is not None}
    found: list[UUID | None] = []
    for index, code in enumerate(codes):
        pk, keeper = standing.get(code, (None, None))
        if pk is None and code not in void:
            hall.unknown(table, index, "park_code", "园区", "park")
        elif pk is not None and mine is not None and keeper not in mine:
            hall.out_of_scope(table, index, "park_code")
            pk = None
        found.append(pk)
    return found


def resolve_phases(hall: Hall, table: Table) -> list[UUID | None]:
    """The phase that each row names, in scope; ``None`` where it was refused or names what was struck out."""
    parks, numbers = resolve_parks(hall, table), table.columns["number"]
    rows = Phase.objects.filter(park__in={pk for pk in parks if pk}).values_list("park", "number", "id", "voided_at")
    standing: dict[tuple[UUID, int], UUID] = {}
    void = set()
    for park, number, pk, voided_at in rows:
        if voided_at is None:
            standing[park, number] = pk
        else:
            void.add((park, number))
    found: list[UUID | None] = []
    for index, (park_id, number) in enumerate(zip(parks, numbers, strict=True)):
        phase = standing.get((park_id, number)) if park_id is not None else None
        if park_id is not None and phase is None and (park_id, number) not in void:
            hall.unknown(table, index, "number", "园区分期", "phase")
        found.append(phase)
    return found


def resolve_facilities(hall: Hall, table: Table) -> tuple[list[UUID | None], Mapping[UUID, UUID]]:
    """The facility in sight that each row names, and who keeps each; ``None`` as in :func:`resolve_parks`."""
    codes = table.columns["facility_code"]
    standing: dict[str, UUID] = {}
    keepers: dict[UUID, UUID] = {}
    void = set()
    rows = SharedFacility.objects.filter(code__in=set(codes))
    for code, pk, keeper, voided_at in rows.values_list("code", "id", "park__organisation", "voided_at"):
        if voided_at is None:
            standing[code], keepers[pk] = pk, keeper
        else:
            void.add(code)
    for index, code in enumerate(codes):
        if code not in standing and code not in void:
            hall.unknown(table, index, "facility_code", "共享设施", "facility")
    return [standing.get(code) for code in codes], keepers


def refuse_taken(hall: Hall, table: Table, rows: Mapping[int, Any], model: type[Any]) -> None:
    """Refuse codes under which somebody out of sight keeps something else."""
    codes = {table.columns["code"][index]: index for index in rows}
    with connection.cursor() as cursor:
        cursor.execute("SELECT facilities_codes_taken(%s, %s)", [model._meta.db_table, list(codes)])
        taken = {row[0] for row in cursor.fetchall()}
    seen = set(model._default_manager.filter(STANDS, code__in=taken).values_list("code", flat=True))
    for code in taken - seen:
        refuse(hall, table, codes[code], TAKEN)


def standing_marks(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Rows for export with the two columns of voiding left empty behind them."""
    return ((*row, None, None) for row in rows)


def year_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def codes_of(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Codes of the organisations that records in sight name, whoever sees those; in one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM facilities_codes_of(%s)", [[pk for pk in set(ids) if pk is not None]])
        return dict(cursor.fetchall())
