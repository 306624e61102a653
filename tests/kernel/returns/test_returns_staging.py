"""What stands in every row of a landing is told once, and lands as if it were told in each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from psycopg import sql

from jineng.kernel.returns.staging import MANY, stage

pytestmark = pytest.mark.django_db
TARGET = sql.Identifier("staged_here")
BODY = UUID("12345678-1234-5678-1234-567812345678")
COLUMNS = "number int, name text, day date, body uuid, note text, share numeric, agreed bool, blank text"


def staged(columns: list[list[object]]) -> list[tuple[object, ...]]:
    names = [column.split()[0] for column in COLUMNS.split(", ")]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE staged_here ({COLUMNS}) ON COMMIT DROP")
        stage(cursor, TARGET, names, columns)
        cursor.execute("SELECT * FROM staged_here ORDER BY number, name")
        return list(cursor.fetchall())


@pytest.mark.parametrize("height", [1, MANY - 1, MANY])
@pytest.mark.parametrize("various", [True, False])
def test_rows_land_as_they_are_told(height: int, various: bool) -> None:
    rows = [
        (
            at if various else 7,
            f"名称\t{at}\\" if various else "it's\ta 'name'\\N %s",
            date(2021, 1, 1 + at % 28) if various else date(2021, 6, 1),
            UUID(int=at) if various else BODY,
            ("", None)[at % 2] if various else "",
            Decimal(at) / 4 if various else Decimal("0.25"),
            at % 2 == 0 if various else True,
            None,
        )
        for at in range(height)
    ]
    assert staged([list(column) for column in zip(*rows, strict=True)]) == sorted(rows)


def test_values_that_are_equal_but_of_two_kinds_are_told_one_by_one() -> None:
    names = ["1", *["x"] * (MANY - 2), "1"]
    columns = [[1] * MANY, names, *([[None] * MANY] * 6)]
    assert [row[1] for row in staged(columns)].count("x") == MANY - 2
