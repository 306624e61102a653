"""Rows marked 作废: what stands under their key is struck out; what is unknown is kept as void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.records import Recorded
from jineng.kernel.returns import Hall, Outcome
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach

Values = Mapping[str, Any]
"""A record by its columns."""


def land_voids(
    hall: Hall,
    table: Table,
    model: type[Recorded],
    key: Sequence[str],
    rows: Mapping[int, Values],
    reason: str = "void_reason",
    mark: str = "voided",
) -> list[UUID]:
    """Strike out the records that ``rows`` name by ``key``; keep those that the register never had as void records.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict at the cell
    ``mark``. Returns the ids of what was struck out.
    """
    if not rows:
        return []
    manager: Any = model._default_manager
    narrowed = manager.filter(**{f"{key[0]}__in": {values[key[0]] for values in rows.values()}})
    standing: dict[tuple[Any, ...], Any] = {}
    struck = set()
    for record in narrowed:
        identity = tuple(getattr(record, name) for name in key)
        if record.is_void:
            struck.add(identity)
        else:
            standing[identity] = record
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome, gone, fresh = Outcome(), [], []
    for index, values in rows.items():
        identity = tuple(values[name] for name in key)
        found, why = standing.get(identity), table.columns[reason][index]
        if found is None and identity in struck:
            outcome.unchanged += 1
        elif found is None:
            fresh.append(model(**values, voided_at=clock.now(), void_reason=why, **origin()))
        elif mine is not None and found.reporter_id is not None and found.reporter_id not in mine:
            _refuse(hall, table, index, mark)
        else:
            found.voided_at, found.void_reason = clock.now(), why
            gone.append(found)
    update_many(gone, ["voided_at", "void_reason"])
    manager.bulk_create(fresh, batch_size=5000)
    outcome.corrected, outcome.added = len(gone), len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)
    return [record.pk for record in gone]


def _refuse(hall: Hall, table: Table, index: int, mark: str) -> None:
    hall.refuse(
        table,
        index,
        mark,
        ErrorCode.CONFLICT,
        "此项由其他单位填报，本单位不能作废。",
        "Another office reported this item, so you cannot void it.",
        "请由填报单位或其主管单位作废。",
        "Have that office or its authority void it.",
    )
