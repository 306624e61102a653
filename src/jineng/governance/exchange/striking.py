"""Rows marked 作废: the record never held. What stands is struck out, what is unknown is kept as void."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from jineng.engines.exchange import Column, ErrorCode, Kind, Table
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall, Merge, Outcome
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach

VOID = (
    Column("voided", "作废", Kind.BOOLEAN, help="误报、从未有过的填“是”；后来终止的不在此填，填终止日期。"),
    Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。"),
)
"""The last two columns of sheets whose rows may be struck out."""
Key = tuple[Any, ...]


def need_reasons(hall: Hall, table: Table) -> None:
    """Refuse rows marked void without a reason."""
    for index, (void, reason) in enumerate(zip(table.columns["voided"], table.columns["void_reason"], strict=True)):
        if void and not reason:
            hall.refuse(
                table,
                index,
                "void_reason",
                ErrorCode.REQUIRED,
                "作废的须写明原因。",
                "A void record needs its reason.",
                "请填写作废原因。",
                "Fill in why it never held.",
            )


def standing_rows(hall: Hall, table: Table) -> list[int]:
    """Good rows that are not marked void."""
    voided = table.columns["voided"]
    return [index for index in hall.good(table) if not voided[index]]


def land_voids(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, Sequence[Any]]) -> None:
    """Strike out the records that those of ``rows`` (values in the order of ``spec``) name that are marked void.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict.
    """
    voided = table.columns["voided"]
    keys = {index: _key(spec, rows[index]) for index in hall.good(table) if voided[index] and index in rows}
    if not keys:
        return
    hall.tables.add(spec.model._meta.db_table)
    standing, struck = _known(spec, keys.values())
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome = Outcome()
    gone: dict[str, list[UUID]] = {}
    fresh = []
    for index, key in keys.items():
        reason = table.columns["void_reason"][index]
        if key in standing:
            identity, reporter = standing[key]
            if mine is not None and reporter is not None and reporter not in mine:
                _refuse(hall, table, index)
            else:
                gone.setdefault(reason, []).append(identity)
        elif key in struck:
            outcome.unchanged += 1
        else:
            values = dict(zip(spec.columns, rows[index], strict=True))
            fresh.append(spec.model(**values, voided_at=clock.now(), void_reason=reason, **origin()))
    objects = spec.model._default_manager
    for reason, ids in gone.items():
        outcome.corrected += objects.filter(pk__in=ids).update(voided_at=clock.now(), void_reason=reason)
    objects.bulk_create(fresh, batch_size=5000)
    outcome.added = len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)


def _key(spec: Merge, row: Sequence[Any]) -> Key:
    return tuple(value for field, value in zip(spec.fields, row, strict=True) if field.key)


def _known(spec: Merge, keys: Iterable[Key]) -> tuple[dict[Key, tuple[UUID, UUID | None]], set[Key]]:
    """Standing records by key, with who reported them, and the keys of those struck out."""
    objects = spec.model._default_manager.filter(**{f"{spec.key[0]}__in": {key[0] for key in keys}})
    rows = objects.filter(STANDS).values_list("id", "reporter_id", *spec.key)
    standing = {tuple(row[2:]): (row[0], row[1]) for row in rows}
    return standing, {tuple(row) for row in objects.exclude(STANDS).values_list(*spec.key)}


def _refuse(hall: Hall, table: Table, index: int) -> None:
    hall.refuse(
        table,
        index,
        "voided",
        ErrorCode.CONFLICT,
        "此项由其他单位填报，本单位不能作废。",
        "Another office reported this, so you cannot void it.",
        "请由填报单位或其主管单位作废。",
        "Have that office or its authority void it.",
    )
