"""Rows marked 作废: what stands is struck out; what is unknown is kept as void, so that the report is not lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.records import Recorded
from jineng.kernel.returns import Hall, Merge, Outcome
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach
from jineng.workforce.exchange.checks import Text, refuse

REASON_NEEDED: Text = (
    "作废的须写明原因。",
    "A void row needs its reason.",
    "请填写作废原因。",
    "Fill in why it never held.",
)
REPORTED_BY_OTHERS: Text = (
    "此项由其他单位填报，本单位不能作废。",
    "Another office reported this, so you cannot void it.",
    "请由填报单位或其主管单位作废。",
    "Have that office or its authority void it.",
)


def land(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, Sequence[Any]]) -> None:
    """Merge the rows that stand by ``spec``; strike out, or keep as void, those that are marked so.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict.
    """
    voided, reasons = table.columns["voided"], table.columns["void_reason"]
    for index in rows:
        if voided[index] and not reasons[index]:
            refuse(hall, table, index, "void_reason", ErrorCode.REQUIRED, REASON_NEEDED)
    good = [index for index in hall.good(table) if index in rows]
    _strike(hall, table, spec, {index: rows[index] for index in good if voided[index]})
    sound = [index for index in hall.good(table) if index in rows and not voided[index]]
    hall.merge(table, spec, sound, [rows[index] for index in sound])


def _strike(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, Sequence[Any]]) -> None:
    if not rows:
        return
    places = [place for place, item in enumerate(spec.fields) if item.key]
    first = spec.key[0]
    known = spec.model._default_manager.filter(**{f"{first}__in": {row[places[0]] for row in rows.values()}})
    standing: dict[Any, Recorded] = {}
    struck = set()
    for row_known in known:
        key = tuple(getattr(row_known, name) for name in spec.key)
        if row_known.is_void:
            struck.add(key)
        else:
            standing[key] = row_known
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome = Outcome()
    gone: list[Recorded] = []
    fresh: list[Recorded] = []
    for index, row in rows.items():
        key = tuple(row[place] for place in places)
        reason = table.columns["void_reason"][index]
        record = standing.get(key)
        if record is None and key in struck:
            outcome.unchanged += 1
        elif record is None:
            values = dict(zip(spec.columns, row, strict=True))
            fresh.append(spec.model(**values, voided_at=clock.now(), void_reason=reason, **origin()))
        elif mine is not None and record.reporter_id is not None and record.reporter_id not in mine:
            refuse(hall, table, index, "voided", ErrorCode.CONFLICT, REPORTED_BY_OTHERS)
        else:
            record.voided_at, record.void_reason = clock.now(), reason
            gone.append(record)
    update_many(gone, ["voided_at", "void_reason"])
    spec.model._default_manager.bulk_create(fresh, batch_size=2000)
    outcome.corrected, outcome.added = len(gone), len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)
