"""Rows on their way into a register: staged by one COPY whose text is made column by column.

Columns of a return repeat themselves (codes, dates, documents), so each distinct value is written out once.
PostgreSQL takes no COPY into tables with row-level security; what is staged goes on by INSERT … SELECT.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from psycopg import sql

AT_ONCE = 20_000
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_holds_special = re.compile(r"[\\\t\n\r]").search


def stage(cursor: Any, target: sql.Identifier, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
    """Copy ``columns``, all of one length, into the columns ``names`` of the table ``target``.

    Values are text, numbers, dates, truth values, UUIDs, bytes or None.
    """
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(target, sql.SQL(", ").join(map(sql.Identifier, names)))
    texts = [_texts(column) for column in columns]
    with cursor.copy(copy) as stream:
        for start in range(0, len(texts[0]), AT_ONCE):
            lines = zip(*(column[start : start + AT_ONCE] for column in texts), strict=True)
            stream.write("\n".join(map("\t".join, lines)) + "\n")


def _texts(values: Sequence[Any]) -> list[str]:
    """The values of one column as COPY's text format writes them."""
    distinct = set(values)
    if 2 * len(distinct) > len(values):
        return list(map(_text, values))
    known = {value: _text(value) for value in distinct}
    return [known[value] for value in values]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_SPECIAL) if _holds_special(value) else value
    if value is None:
        return "\\N"
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def identities() -> str:
    """The first 24 characters of the ids of one landing's new records; their number, in 12 hex digits, follows.

    The ids are UUIDs of version 8 (RFC 9562): 74 random bits tell landings apart. Following each other, they go
    into indexes at one end rather than all over them, which takes a sixth off a large landing.
    """
    drawn = secrets.token_bytes(10).hex()
    variant = "89ab"[int(drawn[15], 16) & 3]
    return f"{drawn[:8]}-{drawn[8:12]}-8{drawn[12:15]}-{variant}{drawn[16:19]}-"
