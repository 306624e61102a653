"""Merges under the triggers' eyes: what the database refuses is told cell by cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.returns import Hall, Merge

Rows = Sequence[tuple[int, tuple[Any, ...]]]
"""Row indices of the table, and the values that they merge as."""


def broken(error: IntegrityError) -> tuple[str, list[dict[str, Any]]]:
    """The constraint that refused, and what its trigger told of it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    detail = getattr(diagnosis, "message_detail", None) or "[]"
    name = getattr(diagnosis, "constraint_name", None) or ""
    return name, json.loads(detail) if detail.startswith("[") else []


def merge_within_caps(hall: Hall, table: Table, spec: Merge, rows: Rows, column: str) -> None:
    """Merge rows of plans or caps; where a cap is broken, each row that it counts is refused at ``column``.

    The refusal says what the cap allows to all rows of the table that it counts, taken together.
    """
    try:
        with transaction.atomic():
            hall.merge(table, spec, [index for index, _ in rows], [row for _, row in rows])
    except IntegrityError as error:
        name, caps = broken(error)
        if name != "plans_within_caps":
            raise
        refused = False
        for index, row in rows:
            values = dict(zip(spec.columns, row, strict=True))
            for cap in caps:
                if _concerns(cap, values):
                    over = cap["used"] - cap["allowed"]
                    hall.refuse(
                        table,
                        index,
                        column,
                        ErrorCode.OUT_OF_RANGE,
                        f"超出限额“{cap['name']}”：允许 {cap['allowed']}，合计 {cap['used']}，超 {over}。",
                        f"The cap allows {cap['allowed']} seats; together they would be {cap['used']}.",
                        f"请把受此限额约束的计划合计调减 {over}；调整限额的，先调减计划。",
                        f"Take {over} seats off the plans that it counts; before lowering a cap, lower the plans.",
                    )
                    refused = True
                    break
        if not refused:
            raise


def _concerns(cap: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether the row is one that the broken cap counts, or is that cap."""
    if str(values["season_id"]) != cap["season"]:
        return False
    if "code" in values:
        return bool(values["code"] == cap["code"])
    in_organisation = cap["organisation"] is None or str(values["organisation_id"]) == cap["organisation"]
    return in_organisation and (not cap["channels"] or values["channel"] in cap["channels"].split(","))
