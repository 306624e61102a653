"""Applicants of a sheet: registered once per person and season, whoever reported them first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import sql

from jineng.admissions.exchange.keys import SeasonFacts
from jineng.admissions.exchange.refusing import refuse_text
from jineng.admissions.models import Applicant, Opening
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.kernel.returns.staging import identities, stage
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach

DIFFERS = (
    "该考生在本招生季已登记，且此处内容不同。",
    "The applicant is registered in this season with another value here.",
    "请与首次报名的单位核对；以其主管单位的更正为准。",
    "Settle it with who registered the applicant first.",
)
NEEDS_A_CASE = (
    "免试资格须经审定：此处与已认定的免试类别不同。",
    "Exemption is decided as a case: this differs from what was granted.",
    "请由报名单位提交“免试资格审定”，认定后再报；放弃免试由省级在考生页面办理。",
    "Hand in the evidence as a case first; who waives has the province end it on the applicant's page.",
)
COLUMNS = ("category", "home_code", "is_household", "exempt_code")
LANDING = sql.Identifier("landing_applicants")


class Registration(NamedTuple):
    """What a row says of its applicant; ``registered_at_id`` counts for who is new only."""

    season_id: UUID
    person_id: UUID
    category: str
    home_id: str | None
    is_household: bool
    exempt_category_id: UUID | None
    registered_at_id: UUID

    @property
    def told(self) -> tuple[str, str | None, bool, UUID | None]:
        """What two reports of one applicant must agree on, in the order of ``COLUMNS``."""
        return self[2:6]


CORRECTION = Merge(
    Applicant,
    (
        Field("person_id", key=True),
        Field("season_id", key=True),
        *map(Field, ("category", "home_id", "is_household", "exempt_category_id")),
    ),
    ("resident_id", "season_code", *COLUMNS),
)
Key = tuple[int, int]
"""Season and person as numbers, which compare faster than UUIDs."""
Known = dict[Key, tuple[UUID, Registration]]


def named(seasons: Sequence[SeasonFacts | None], people: Sequence[UUID | None]) -> dict[int, tuple[UUID, UUID]]:
    """Season and person of each row that names both."""
    return {
        index: (season.id, person)
        for index, (season, person) in enumerate(zip(seasons, people, strict=True))
        if season is not None and person is not None
    }


def register_applicants(hall: Hall, table: Table, rows: Mapping[int, Registration]) -> dict[int, UUID]:
    """Ids of the applicants by row. New ones are recorded; what differs corrects those registered within reach.

    Two rows that differ on one applicant, rows that differ from a registration of somebody else, and rows that would
    exempt somebody, or end an exemption, without the case that decides it, are refused.
    """
    keys = {index: (row.season_id.int, row.person_id.int) for index, row in rows.items()}
    first: dict[Key, int] = {}
    for index, key in keys.items():
        earlier = first.setdefault(key, index)
        if earlier != index and rows[earlier].told != rows[index].told:
            _refuse(hall, table, index, rows[earlier], rows[index])
    known = _known((rows[index].season_id, rows[index].person_id) for index in first.values())
    undecided = _refuse_undecided(hall, table, rows, first, known)
    fresh = {key: rows[index] for key, index in first.items() if key not in known}
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    corrected: dict[int, Registration] = {}
    for key, (_, registered) in known.items():
        row = rows[first[key]]
        if registered.told == row.told or first[key] in undecided:
            continue
        if mine is None or registered.registered_at_id in mine:
            corrected[first[key]] = row
        else:
            _refuse(hall, table, first[key], registered, row)
    if corrected:
        values = [(row.person_id, row.season_id, *row.told) for row in corrected.values()]
        hall.merge(table, CORRECTION, list(corrected), values)
    ids = {key: found for key, (found, _) in known.items()} | _record(hall, fresh)
    refused = hall.refused_rows.get(table.sheet.name, set())
    return {index: ids[key] for index, key in keys.items() if index not in refused}


def _refuse_undecided(
    hall: Hall, table: Table, rows: Mapping[int, Registration], first: Mapping[Key, int], known: Known
) -> set[int]:
    """Refuse exemptions that no case decided: in seasons whose rounds are run here all that a return would change; in
    others, of which a return tells what was decided elsewhere, what would change a registered applicant's exemption
    without the province."""
    granted = {key: registration.exempt_category_id for key, (_, registration) in known.items()}
    differing = {index: key for key, index in first.items() if rows[index].exempt_category_id != granted.get(key)}
    if not differing:
        return set()
    seasons = {rows[index].season_id for index in differing}
    run_here = set(Opening.objects.filter(STANDS, round__season__in=seasons).values_list("round__season", flat=True))
    undecided = {
        index
        for index, key in differing.items()
        if rows[index].season_id in run_here or (key in known and not hall.actor.sees_all)
    }
    for index in sorted(undecided):
        refuse_text(hall, table, index, "exempt_code", ErrorCode.CONFLICT, NEEDS_A_CASE)
    return undecided


def registered(pairs: Mapping[int, tuple[UUID, UUID]]) -> dict[int, UUID]:
    """By row the applicant whom its season and person name, also one whom the actor does not see."""
    known = _known(set(pairs.values()))
    found = {index: known.get((season.int, person.int)) for index, (season, person) in pairs.items()}
    return {index: one[0] for index, one in found.items() if one is not None}


def exemptions(pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], UUID | None]:
    """By season and person what each registered applicant is exempted by, for rows that do not speak of it."""
    return {(row.season_id, row.person_id): row.exempt_category_id for _, row in _known(pairs).values()}


def _known(pairs: Iterable[tuple[UUID, UUID]]) -> Known:
    """Registered applicants by season and person, also those whom the actor does not see."""
    people: dict[UUID, list[UUID]] = {}
    for season, person in pairs:
        people.setdefault(season, []).append(person)
    known: Known = {}
    with connection.cursor() as cursor:
        for season, named in people.items():
            cursor.execute(
                "SELECT person_id, id, category, home_id, is_household, exempt_category_id, registered_at_id "
                "FROM admissions_applicants_by_person(%s, %s::uuid[])",
                [season, f"{{{','.join(map(str, named))}}}"],
            )
            for person, found, *facts in cursor.fetchall():
                known[season.int, person.int] = (found, Registration(season, person, *facts))
    return known


def _record(hall: Hall, fresh: Mapping[Key, Registration]) -> dict[Key, UUID]:
    """Record applicants in one statement; their ids."""
    if not fresh:
        return {}
    start = UUID(f"{identities()}{0:012x}").int
    ids = [UUID(int=start + number) for number in range(len(fresh))]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(LANDING))
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {} (id uuid, season_id uuid, person_id uuid, category text, home_id text, "
                "is_household boolean, exempt_category_id uuid, registered_at_id uuid) ON COMMIT DROP"
            ).format(LANDING)
        )
        stage(cursor, LANDING, ("id", *Registration._fields), (ids, *zip(*fresh.values(), strict=True)))
        cursor.execute(
            sql.SQL(
                "INSERT INTO admissions_applicant (id, recorded_at, origin_kind, origin_id, reporter_id, void_reason, "
                "season_id, person_id, category, home_id, is_household, exempt_category_id, registered_at_id) "
                "SELECT id, %(now)s, %(origin_kind)s, %(origin_id)s, %(reporter_id)s, '', season_id, person_id, "
                "category, home_id, is_household, exempt_category_id, registered_at_id FROM {}"
            ).format(LANDING),
            {"now": clock.now(), **origin()},
        )
    hall.tables.add(Applicant._meta.db_table)
    return dict(zip(fresh, ids, strict=True))


def _refuse(hall: Hall, table: Table, index: int, known: Registration, row: Registration) -> None:
    differing = next(place for place, (one, other) in enumerate(zip(known.told, row.told, strict=True)) if one != other)
    refuse_text(hall, table, index, COLUMNS[differing], ErrorCode.CONFLICT, DIFFERS)
