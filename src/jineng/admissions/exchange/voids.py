"""Rows marked 作废: it never held. What stands is struck out; what is unknown is kept as a void record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jineng.admissions.exchange.refusing import refuse_text
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.returns import Hall, Merge, Outcome
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach

NO_REASON = ("作废的须写明原因。", "A void row needs its reason.", "请填写作废原因。", "Fill in why it never held.")
NOT_YOURS = (
    "此项由其他单位填报，本单位不能作废。",
    "Another office reported this item, so you cannot void it.",
    "请由填报单位或其主管单位作废。",
    "Have that office or its authority void it.",
)


def need_reasons(hall: Hall, table: Table) -> None:
    """Refuse rows marked void without a reason."""
    for index, (void, reason) in enumerate(zip(table.columns["voided"], table.columns["void_reason"], strict=True)):
        if void and not reason:
            refuse_text(hall, table, index, "void_reason", ErrorCode.REQUIRED, NO_REASON)


def land_voids(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, tuple[Any, ...]]) -> None:
    """Strike out what ``rows`` (values in the order of ``spec``) name by their key, or keep them as void records.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict.
    """
    if not rows:
        return
    key = [position for position, field in enumerate(spec.fields) if field.key]
    keys = {index: tuple(row[position] for position in key) for index, row in rows.items()}
    known = _known(spec, set(keys.values()))
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome = Outcome()
    by_reason: dict[str, list[UUID]] = {}
    fresh: list[Recorded] = []
    for index, row in rows.items():
        reason = table.columns["void_reason"][index]
        found = known.get(keys[index])
        if found is None:
            fresh.append(spec.model(**dict(zip(spec.columns, row, strict=True)), **_void(reason)))
        elif found.struck:
            outcome.unchanged += 1
        elif mine is not None and found.reporter is not None and found.reporter not in mine:
            refuse_text(hall, table, index, "voided", ErrorCode.CONFLICT, NOT_YOURS)
        else:
            by_reason.setdefault(reason, []).append(found.id)
    objects = spec.model._default_manager
    for reason, ids in by_reason.items():
        outcome.corrected += objects.filter(pk__in=ids).update(voided_at=clock.now(), void_reason=reason)
    objects.bulk_create(fresh, batch_size=2000)
    outcome.added = len(fresh)
    hall.tables.add(spec.model._meta.db_table)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)


class _Found:
    """A record of the register: its id, whether it is struck out, who reported it."""

    def __init__(self, pk: UUID, struck: bool, reporter: UUID | None) -> None:
        self.id, self.struck, self.reporter = pk, struck, reporter


def _known(spec: Merge, keys: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], _Found]:
    """Records by key, those that stand before those struck out, among the values of each key column."""
    narrowed = {f"{name}__in": {key[place] for key in keys} for place, name in enumerate(spec.key)}
    records = spec.model._default_manager.filter(**narrowed)
    found: dict[tuple[Any, ...], _Found] = {}
    for standing in (True, False):
        rows = records.filter(STANDS) if standing else records.exclude(STANDS)
        for pk, reporter, *key in rows.values_list("id", "reporter_id", *spec.key):
            found.setdefault(tuple(key), _Found(pk, not standing, reporter))
    return {key: value for key, value in found.items() if key in keys}


def _void(reason: str) -> dict[str, Any]:
    return {"voided_at": clock.now(), "void_reason": reason, **origin()}
