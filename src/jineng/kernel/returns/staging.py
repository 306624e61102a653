"""Rows on their way into a register: staged by one COPY whose text is made column by column.

Columns of a return repeat themselves (organisations, dates, documents), so each distinct object is written out once,
and what stands in every row is told once, as the column's default.
PostgreSQL takes no COPY into tables with row-level security; what is staged goes on by INSERT … SELECT.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

AT_ONCE = 20_000
MANY = 1_000
"""From so many rows on it pays to tell a column once."""
PLAIN = (str, date, UUID, type(None))
"""Kinds of values of which two that are equal are written alike, and equal nothing of another kind."""
NOTHING = "\\N"
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_holds_special = re.compile(r"[\\\t\n\r]").search


@dataclass(frozen=True)
class Staged:
    """Columns as COPY's text format writes them. ``said`` are those in which every row says the same, with what it is;
    of ``texts`` each has ``height`` rows."""

    height: int
    said: dict[str, str]
    texts: dict[str, Sequence[str]]

    @classmethod
    def of(cls, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> Staged:
        """``columns``, all of one length, by their names; values are text, numbers, dates, truth values, UUIDs, bytes
        or None."""
        height = len(columns[0])
        alike = {
            name for name, column in zip(names, columns, strict=True) if height >= MANY and _says_one_thing(column)
        }
        told = dict(zip(names, columns, strict=True))
        said = {name: str(told[name][0]) for name in names if name in alike and told[name][0] is not None}
        various = [name for name in names if name not in alike] or names[:1]
        return cls(height, said, {name: _texts(told[name]) for name in various})

    def into(self, cursor: Any, target: sql.Identifier) -> None:
        """Copy the rows into the temporary table ``target``."""
        if self.said:
            defaults = [
                sql.SQL("ALTER COLUMN {} SET DEFAULT {}").format(sql.Identifier(name), sql.Literal(value))
                for name, value in self.said.items()
            ]
            cursor.execute(sql.SQL("ALTER TABLE {} {}").format(target, sql.SQL(", ").join(defaults)))
        names = sql.SQL(", ").join(map(sql.Identifier, self.texts))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, names)) as stream:
            for start in range(0, self.height, AT_ONCE):
                lines = zip(*(column[start : start + AT_ONCE] for column in self.texts.values()), strict=True)
                stream.write("\n".join(map("\t".join, lines)) + "\n")


def stage(cursor: Any, target: sql.Identifier, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
    """Copy ``columns`` into the columns ``names`` of the temporary table ``target``; see :meth:`Staged.of`."""
    Staged.of(names, columns).into(cursor, target)


def _says_one_thing(values: Sequence[Any]) -> bool:
    """Whether the same text, day, UUID or nothing stands in every row."""
    first = values[0]
    return values[-1] == first and values.count(first) == len(values) and type(first) in PLAIN


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """The values of one column as COPY's text format writes them."""
    types = set(map(type, values))
    if types <= {str, type(None)}:
        plain = not _holds_special("".join(filter(None, values)))
        if plain and types == {str}:
            return values
        return [NOTHING if value is None else value if plain else value.translate(_SPECIAL) for value in values]
    if types == {int}:
        return list(map(str, values))
    if types == {bytes}:
        return [f"\\\\x{value.hex()}" for value in values]
    # What was resolved from a code or stands for a day is one object in many rows.
    objects = dict(zip(map(id, values), values, strict=True))
    known = {key: _text(value) for key, value in objects.items()}
    return list(map(known.__getitem__, map(id, values)))


def _text(value: Any) -> str:
    return NOTHING if value is None else str(value).translate(_SPECIAL)


def new_ids(count: int) -> list[str]:
    """Ids for the new records of one landing: :func:`identities`, numbered."""
    drawn = identities()
    return [f"{drawn}{number:012x}" for number in range(count)]


def identities() -> str:
    """The first 24 characters of the ids of one landing's new records; their number, in 12 hex digits, follows.

    The ids are UUIDs of version 8 (RFC 9562): 74 random bits tell landings apart. Following each other, they go
    into indexes at one end rather than all over them, which takes a sixth off a large landing.
    """
    drawn = secrets.token_bytes(10).hex()
    variant = "89ab"[int(drawn[15], 16) & 3]
    return f"{drawn[:8]}-{drawn[8:12]}-8{drawn[12:15]}-{variant}{drawn[16:19]}-"
