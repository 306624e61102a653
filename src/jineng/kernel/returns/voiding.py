"""Rows marked 作废, for any sheet: what stands is struck out; what the register never had is kept as void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import Column, ErrorCode, Kind, Table
from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.returns.landing import Hall
from jineng.kernel.returns.merging import Merge, Outcome
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import origin

VOID_COLUMNS = (
    Column("voided", "作废", Kind.BOOLEAN, help="误报、从未有过的填“是”；后来终止的不在此填，填终止日期。"),
    Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。"),
)
"""The last two columns of a sheet whose rows can be struck out."""


def merge_or_strike(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, Sequence[Any]]) -> None:
    """Merge the sound ones of ``rows`` (values in the order of ``spec.fields``, by row of ``table``).

    Rows marked 作废 need a reason. They strike out the standing record of their natural key, or are kept as void
    records where the register never had one. Only the first reporter or its authorities may strike out.
    """
    _need_reasons(hall, table)
    voided = table.columns["voided"]
    _strike(hall, table, spec, {index: rows[index] for index in hall.good(table) if voided[index] and index in rows})
    sound = [index for index in hall.good(table) if not voided[index] and index in rows]
    hall.merge(table, spec, sound, [rows[index] for index in sound])


def _need_reasons(hall: Hall, table: Table) -> None:
    for index, (void, reason) in enumerate(zip(table.columns["voided"], table.columns["void_reason"], strict=True)):
        if void and not reason:
            hall.refuse(
                table,
                index,
                "void_reason",
                ErrorCode.REQUIRED,
                "作废的须写明原因。",
                "What is void needs its reason.",
                "请填写作废原因。",
                "Fill in why it never held.",
            )


def _strike(hall: Hall, table: Table, spec: Merge, rows: Mapping[int, Sequence[Any]]) -> None:
    if not rows:
        return
    places = [position for position, item in enumerate(spec.fields) if item.key]
    keys = {index: tuple(row[position] for position in places) for index, row in rows.items()}
    known = spec.model._default_manager.filter(**{f"{spec.key[0]}__in": {key[0] for key in keys.values()}})
    standing = {_key(record, spec): record for record in known.filter(STANDS)}
    struck = {_key(record, spec) for record in known.exclude(STANDS)}
    mine = None if hall.actor.sees_all else _reach(hall.actor.organisation_id)
    outcome = Outcome()
    gone: list[Recorded] = []
    fresh: list[Recorded] = []
    for index, key in keys.items():
        record, reason = standing.get(key), table.columns["void_reason"][index]
        if record is None and key in struck:
            outcome.unchanged += 1
        elif record is None:
            facts = dict(zip(spec.columns, rows[index], strict=True))
            fresh.append(spec.model(**facts, voided_at=clock.now(), void_reason=reason, **origin()))
        elif mine is not None and record.reporter_id is not None and record.reporter_id not in mine:
            _refuse(hall, table, index)
        else:
            record.voided_at, record.void_reason = clock.now(), reason
            gone.append(record)
    update_many(gone, ["voided_at", "void_reason"])
    spec.model._default_manager.bulk_create(fresh, batch_size=5000)
    outcome.corrected, outcome.added = len(gone), len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)


def _key(record: Recorded, spec: Merge) -> tuple[Any, ...]:
    return tuple(getattr(record, column) for column in spec.key)


def _reach(organisation_id: UUID) -> set[UUID]:
    """Who answers to the organisation, itself included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id FROM registry_reach WHERE authority_id = %s", [organisation_id])
        return {row[0] for row in cursor.fetchall()}


def _refuse(hall: Hall, table: Table, index: int) -> None:
    hall.refuse(
        table,
        index,
        "voided",
        ErrorCode.CONFLICT,
        "此项由其他单位填报，本单位不能作废。",
        "Another office reported this item, so you cannot void it.",
        "请由填报单位或其主管单位作废。",
        "Have that office or its authority void it.",
    )
