"""Applicants of a sheet: registered once per person and season, whoever reported them first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from jineng.admissions.exchange.refusing import refuse_text
from jineng.admissions.models import Applicant
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.returns import Field, Hall, Merge
from jineng.registry.scope import reach

DIFFERS = (
    "该考生在本招生季已登记，且此处内容不同。",
    "The applicant is registered in this season with another value here.",
    "请与首次报名的单位核对；以其主管单位的更正为准。",
    "Settle it with who registered the applicant first.",
)
COLUMNS = ("category", "home_code", "is_household", "exempt_code")


class Registration(NamedTuple):
    """What a row says of its applicant; ``registered_at`` counts for who is new only."""

    season_id: UUID
    person_id: UUID
    category: str
    home_id: str | None
    is_household: bool
    exempt_category_id: UUID | None
    registered_at_id: UUID


FIELDS = ("category", "home_id", "is_household", "exempt_category_id")
MERGE = Merge(
    Applicant,
    (
        Field("person_id", key=True),
        Field("season_id", key=True),
        *map(Field, FIELDS),
        Field("registered_at_id", first=True),
    ),
    ("resident_id", "season_code", *COLUMNS, "org_code"),
)
Key = tuple[UUID, UUID]


def register_applicants(hall: Hall, table: Table, rows: Mapping[int, Registration]) -> dict[int, UUID]:
    """Ids of the applicants by row. New ones are recorded; what differs corrects those registered within reach.

    Two rows that differ on one applicant, and rows that differ from a registration of somebody else, are refused.
    """
    known = _known(rows.values())
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    first: dict[Key, tuple[int, Registration]] = {}
    for index, row in rows.items():
        key = (row.season_id, row.person_id)
        earlier = first.setdefault(key, (index, row))[1]
        if earlier is not row:
            _compare(hall, table, index, earlier, row)
    landing = []
    for key, (index, row) in first.items():
        theirs = known.get(key)
        if theirs is not None and mine is not None and theirs[1].registered_at_id not in mine:
            _compare(hall, table, index, theirs[1], row)
        else:
            landing.append((index, row))
    hall.merge(
        table,
        MERGE,
        [index for index, _ in landing],
        [(row.person_id, row.season_id, *row[2:6], row.registered_at_id) for _, row in landing],
    )
    hall.outcomes.pop(table.sheet.name, None)
    if any(key not in known for key in first):
        known = _known(rows.values())
    refused = hall.refused_rows.get(table.sheet.name, set())
    return {
        index: known[row.season_id, row.person_id][0]
        for index, row in rows.items()
        if index not in refused and (row.season_id, row.person_id) in known
    }


def _known(rows: object) -> dict[Key, tuple[UUID, Registration]]:
    """Registered applicants among those that rows name, also those whom the actor does not see."""
    wanted = {(row.season_id, row.person_id) for row in rows}  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT season_id, person_id, id, category, home_id, is_household, exempt_category_id, registered_at_id "
            "FROM admissions_applicants_by_person(%s, %s)",
            [[season for season, _ in wanted], [person for _, person in wanted]],
        )
        return {
            (season, person): (pk, Registration(season, person, *facts))
            for season, person, pk, *facts in cursor.fetchall()
        }


def _compare(hall: Hall, table: Table, index: int, known: Registration, row: Registration) -> None:
    for name, column in zip(FIELDS, COLUMNS, strict=True):
        if getattr(known, name) != getattr(row, name):
            refuse_text(hall, table, index, column, ErrorCode.CONFLICT, DIFFERS)
            return
