"""The house's one catalogue of indicators and one set of sources, and the live engine that computes them."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from jineng.engines.measures import Catalogue, Sources, SqlEngine

sources = Sources()
indicators = Catalogue()


def _run(sql: str) -> list[dict[str, Any]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE jineng_reader")
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL ROLE jineng_app")
    return rows


live_engine = SqlEngine(dialect="postgres", run=_run)
