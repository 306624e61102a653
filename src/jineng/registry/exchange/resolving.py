"""The organisations that rows name by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import Table
from jineng.kernel.actors import Actor
from jineng.kernel.returns import Hall
from jineng.registry.scope import reach


@dataclass(frozen=True)
class Known:
    """What a code stands for: the organisation's id, kind, and whether it lies in the importer's scope."""

    id: UUID
    kind: str
    in_scope: bool


def resolve_organisations(actor: Actor, codes: Iterable[str]) -> dict[str, Known]:
    """Organisations by code, also those out of scope, in two queries whatever the number of codes.

    Whoever knows a code may name its organisation; what may be done with it is decided by ``in_scope``.
    """
    wanted = sorted({code for code in codes if code})
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id, kind FROM registry_organisations_by_code(%s)", [wanted])
        rows = cursor.fetchall()
    mine = None if actor.sees_all else set(reach(actor))
    return {code: Known(pk, kind, mine is None or pk in mine) for code, pk, kind in rows}


def resolve_column(hall: Hall, table: Table, column: str, *, must_be_in_scope: bool = True) -> list[Known | None]:
    """The organisations named by ``column``, row by row; what is unknown or out of scope is refused there."""
    codes = table.columns[column]
    known = resolve_organisations(hall.actor, set(codes))
    here = {code: found for code, found in known.items() if found.in_scope or not must_be_in_scope}
    missing = set(codes) - here.keys() - {None}
    if missing:
        for index, code in enumerate(codes):
            if code not in missing:
                continue
            if code in known:
                hall.out_of_scope(table, index, column)
            else:
                hall.unknown(table, index, column, "机构", "organisation")
    return list(map(here.get, codes))
