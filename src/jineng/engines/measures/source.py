"""The declared tables that indicators may read.

A declaration is a name and its columns with ibis data types; nothing is introspected, so the same expression
compiles for every engine. Only de-identified tables are declared: no names or numbers of people.

Ids are declared `uuid`. PostgreSQL and DuckDB have the type; a Parquet file may hold an id as UUID or as
text, because the DuckDB engine casts every column to its declared type when it opens the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis

from jineng.engines.measures.errors import MeasureError

NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True)
class SourceTable:
    """One table: its name in the database and in a snapshot, and its columns as ibis data types.

    ``pseudonyms`` are the columns that tell people apart (ids, of type uuid). Whoever writes a snapshot puts other ids
    in their place, the same for the same person throughout that snapshot and nowhere else.
    """

    name: str
    columns: Mapping[str, str]
    pseudonyms: frozenset[str] = frozenset()


class Sources:
    """Registry of the tables that rooms declare. Repeating the same declaration does no harm."""

    def __init__(self, *tables: SourceTable) -> None:
        self._declared: dict[str, SourceTable] = {}
        self._tables: dict[str, ibis.Table] = {}
        for table in tables:
            self.declare(table)

    def declare(self, table: SourceTable) -> None:
        """Add `table`. Raises MeasureError for another declaration of the name, a bad name or type."""
        known = self._declared.get(table.name)
        if known is not None:
            if dict(known.columns) == dict(table.columns) and known.pseudonyms == table.pseudonyms:
                return
            raise MeasureError(
                f"数据表“{table.name}”已声明过，且列不同；请只声明一次",
                f"table '{table.name}' is already declared with other columns; declare it once",
            )
        for name in (table.name, *table.columns):
            if not NAME.fullmatch(name):
                raise MeasureError(
                    f"数据表“{table.name}”的名称“{name}”不合规：用小写字母、数字和下划线",
                    f"'{name}' of table '{table.name}': use lower-case letters, digits and underscores",
                )
        if not table.columns:
            raise MeasureError(f"数据表“{table.name}”没有列", f"table '{table.name}' has no columns")
        strange = sorted(name for name in table.pseudonyms if table.columns.get(name) != "uuid")
        if strange:
            raise MeasureError(
                f"数据表“{table.name}”的假名列“{strange[0]}”应为 uuid 列",
                f"pseudonym '{strange[0]}' of table '{table.name}' must be one of its columns of type uuid",
            )
        try:
            unbound = ibis.table(dict(table.columns), name=table.name)
        except Exception as error:
            raise MeasureError(
                f"数据表“{table.name}”的列类型无法识别：{error}",
                f"table '{table.name}' has a column type that ibis does not know: {error}",
            ) from error
        columns = MappingProxyType(dict(table.columns))
        self._declared[table.name] = SourceTable(table.name, columns, table.pseudonyms)
        self._tables[table.name] = unbound

    def table(self, name: str) -> ibis.Table:
        """The unbound ibis table of that name. Raises MeasureError where none is declared."""
        self[name]
        return self._tables[name]

    def names(self) -> tuple[str, ...]:
        """Names of all declared tables, sorted."""
        return tuple(sorted(self._declared))

    def __getitem__(self, name: str) -> SourceTable:
        try:
            return self._declared[name]
        except KeyError:
            raise MeasureError(
                f"没有声明数据表“{name}”；已声明：{'、'.join(self.names()) or '无'}",
                f"no table '{name}' is declared; declared are: {', '.join(self.names()) or 'none'}",
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._declared
