"""Engines: what runs an expression. The expression is the same on each; only the SQL text differs.

Compiling goes through ibis' SQL compilers directly, so no driver is imported and no database is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import duckdb
import ibis
import ibis.expr.datatypes as dt
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler

from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.period import FIRST_DAY, LAST_DAY, Period
from jineng.engines.measures.shelf import Shelf
from jineng.engines.measures.source import Sources, SourceTable

Row = dict[str, Any]
Run = Callable[[str], list[Row]]
"""Runs one SQL text, without parameters (so `%` stands for itself), and gives its rows as dicts."""

MEMO_SIZE = 2048

SHARED_FROM = 64 * 2**20
"""How many bytes of Parquet files make it worth while to share scans in DuckDB: in smaller ones a figure is read sooner
than a query that several share is written, and that is written anew for every company of figures."""

# To fold a query's steps into fewer is what the databases do anyway, and takes ibis a third of its time.
ibis.options.sql.fuse_selects = False

PLACE = "within-this-place"
ORGANISATION = "00000000-aaaa-4aaa-8aaa-00000000aaaa"
"""Placeholders for a place code and an organisation id in expressions; see `Engine.rows`."""

CODE = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


def within_text(within: str | None) -> tuple[str | None, str | None]:
    """The placeholder to build an expression with, and the text to put in its place when it runs.

    Raises MeasureError for a code of anything but letters, digits and hyphens.
    """
    if within is None:
        return None, None
    if not CODE.fullmatch(within):
        raise MeasureError(
            f"地区或机构代码“{within}”不合规：只能用字母、数字和连字符",
            f"'{within}' is no code of a place or organisation: use letters, digits and hyphens only",
        )
    try:
        return ORGANISATION, str(UUID(within))
    except ValueError:
        return PLACE, within


@dataclass(frozen=True)
class Named:
    """An expression by its name: it is built only where its text is not on the shelf. `ids` names its columns that
    hold ids."""

    name: str
    build: Callable[[], ibis.Table]
    shelf: Shelf | None = None
    ids: tuple[str, ...] = ()


class Engine(Protocol):
    """Runs unbound ibis expressions over the declared tables."""

    @property
    def dialect(self) -> str:
        """Name of the SQL dialect."""
        ...

    @property
    def shares_scans(self) -> bool:
        """Whether many figures are best computed by few queries that read each file once (`sharing`).

        Not where the data may change between two queries, or where indexes answer each figure for itself.
        """
        ...

    def rows(
        self,
        expr: ibis.Table | Named,
        *,
        during: Period | None = None,
        within: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        only: Sequence[UUID] | None = None,
    ) -> list[Row]:
        """The rows of `expr`, in its order, as dicts by column name.

        `during` takes the place of the placeholders FIRST_DAY and LAST_DAY in the text, `within` that of PLACE and
        ORGANISATION, and `limit` and `offset` are added to it, so that one compiled text serves every period, every
        place and every page. Whoever gives `within` has made sure that it is letters, digits and hyphens only
        (`within_text`). `only`, which is not empty, leaves the rows whose `record_id` is among these, in no order.
        """
        ...

    def together(self, exprs: Sequence[Named], during: Sequence[Period]) -> list[Row]:
        """The rows of all `exprs`, which have the same columns, each in its period of `during`, from one query and in
        no order; `slot` says which of `exprs` (from 0) a row is of."""
        ...


class Compiler:
    """SQL text of expressions in one dialect. The latest `MEMO_SIZE` texts are kept, for all engines of the dialect."""

    def __init__(self, compiler: Any) -> None:
        self._compiler = compiler
        self._text = lru_cache(maxsize=MEMO_SIZE)(self._compile)
        self._day = lru_cache(maxsize=MEMO_SIZE)(self._write_day)

    @property
    def type_mapper(self) -> Any:
        """How the dialect writes the types of ibis."""
        return self._compiler.type_mapper

    def sql(
        self,
        expr: ibis.Table | Named,
        *,
        during: Period | None = None,
        within: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        only: Sequence[UUID] | None = None,
    ) -> str:
        """The SQL text of `expr`, with what `Engine.rows` says put in."""
        text = self._named(expr) if isinstance(expr, Named) else self._text(expr.op())
        if during is not None:
            text = self._in_time(text, during)
        if within is not None:
            text = text.replace(PLACE, within).replace(ORGANISATION, within)
        if only is not None:
            # An id is put in as `UUID` writes it, so nothing but hexadecimal digits and hyphens gets into the text.
            ids = ", ".join(f"'{UUID(str(one))}'" for one in only)
            text = f"SELECT * FROM ({text}) AS listed WHERE record_id IN ({ids})"  # noqa: S608
        if limit is not None:
            text += f" LIMIT {limit:d}"
        return f"{text} OFFSET {offset:d}" if offset else text

    def together(self, exprs: Sequence[Named], during: Sequence[Period]) -> str:
        """The SQL text of `exprs` as `Engine.together` says. Each is compiled by itself, so that it is compiled once
        in whatever company it is asked for."""
        texts = [self._in_time(self._named(expr), period) for expr, period in zip(exprs, during, strict=True)]
        # A text that the compiler wrote, and a number.
        selects = (f"SELECT {slot:d} AS slot, part.* FROM ({text}) AS part" for slot, text in enumerate(texts))  # noqa: S608
        return " UNION ALL ".join(selects)

    def _named(self, expr: Named) -> str:
        if expr.shelf is None:
            return self._text(expr.build().op())
        name = f"{type(self._compiler).__name__} {expr.name}"
        text = expr.shelf.get(name)
        if text is None:
            text = self._text(expr.build().op())
            expr.shelf.put(name, text)
        return text

    def _in_time(self, text: str, during: Period) -> str:
        for placeholder, day in ((FIRST_DAY, during.start), (LAST_DAY, during.end)):
            text = text.replace(self._day(placeholder), self._day(day))
        return text

    def _write_day(self, day: date) -> str:
        literal = ibis.literal(day, type="date").op()
        written = self._compiler.visit_Literal(literal, value=literal.value, dtype=literal.dtype)
        return str(written.sql(dialect=self._compiler.dialect))

    def _compile(self, operation: Any) -> str:
        tree = self._compiler.to_sqlglot(operation.to_expr())
        return str(tree.sql(dialect=self._compiler.dialect, copy=False))


@cache
def compiler_for(make: Callable[[], Any]) -> Compiler:
    """The one compiler of a dialect, given the class of ibis' compiler for it."""
    return Compiler(make())


class SqlEngine:
    """Compiles to SQL text and has `run` execute it; `dialect` is one of `_compilers`.

    Raises MeasureError for another dialect.
    """

    _compilers: Mapping[str, Callable[[], Any]] = {"postgres": PostgresCompiler, "duckdb": DuckDBCompiler}
    shares_scans = False

    def __init__(self, dialect: str, run: Run) -> None:
        if dialect not in self._compilers:
            raise MeasureError(
                f"不支持的方言“{dialect}”；可用：{'、'.join(self._compilers)}",
                f"unknown dialect '{dialect}'; use one of {', '.join(self._compilers)}",
            )
        self._dialect = dialect
        self._compiler = compiler_for(self._compilers[dialect])
        self._run = run

    @property
    def dialect(self) -> str:
        return self._dialect

    def sql(self, expr: ibis.Table) -> str:
        """The SQL text of `expr`."""
        return self._compiler.sql(expr)

    def rows(
        self,
        expr: ibis.Table | Named,
        *,
        during: Period | None = None,
        within: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        only: Sequence[UUID] | None = None,
    ) -> list[Row]:
        text = self._compiler.sql(expr, during=during, within=within, limit=limit, offset=offset, only=only)
        return self._given_back(expr, self._run(text))

    def together(self, exprs: Sequence[Named], during: Sequence[Period]) -> list[Row]:
        return self._run(self._compiler.together(exprs, during))

    def _given_back(self, expr: ibis.Table | Named, found: list[Row]) -> list[Row]:
        """The rows of `expr` in the types that callers expect."""
        del expr
        return found


class DuckDBEngine(SqlEngine):
    """Runs on a DuckDB connection whose tables or views bear the declared names."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, shares_scans: bool = False) -> None:
        super().__init__("duckdb", self._fetch)
        self.connection = connection
        self.shares_scans = shares_scans

    @classmethod
    def over_parquet(cls, directory: Path, sources: Sources) -> DuckDBEngine:
        """An engine over a snapshot: `<table>.parquet` in `directory` for every declared table.

        Each column is read as its declared type, but an id that is stored as text stays text until it is given back:
        reading it as UUID takes longer than all else that is done with it. Such text is as `str(UUID(...))` writes it.
        Figures share scans where the files are large. Raises MeasureError for a file or a column that is missing.
        """
        connection = duckdb.connect(":memory:")
        connection.execute("SET TimeZone = 'UTC'")
        size = 0
        for name in sources.names():
            path = directory / f"{name}.parquet"
            if not path.is_file():
                raise MeasureError(
                    f"快照缺少文件 {path.name}（目录 {directory}）；请重新生成快照",
                    f"the snapshot lacks {path.name} (in {directory}); write the snapshot again",
                )
            size += path.stat().st_size
            try:
                held = connection.read_parquet(str(path))
                stored = dict(zip(held.columns, map(str, held.types), strict=True))
                held.select(
                    *(
                        duckdb.ColumnExpression(column)
                        if (kind, stored.get(column)) == ("uuid", "VARCHAR")
                        else duckdb.ColumnExpression(column).cast(_duckdb_type(kind)).alias(column)
                        for column, kind in sources[name].columns.items()
                    )
                ).create_view(name)
            except duckdb.Error as error:
                raise MeasureError(
                    f"快照文件 {path.name} 读不出声明的列：{error}",
                    f"the snapshot file {path.name} does not hold the declared columns: {error}",
                ) from error
        return cls(connection, shares_scans=size >= SHARED_FROM)

    @classmethod
    def over_rows(cls, sources: Sources, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> DuckDBEngine:
        """An engine over rows by table name, for tests and demos; a column that a row lacks is null."""
        connection = duckdb.connect(":memory:")
        connection.execute("SET TimeZone = 'UTC'")
        for name in sources.names():
            connection.execute(create_table(sources[name]))
        for name, given in rows.items():
            columns = list(sources[name].columns)
            values = [[row.get(column) for column in columns] for row in given]
            if values:
                marks = ", ".join("?" * len(columns))
                # The name is a declared one: lower-case letters, digits and underscores.
                connection.executemany(f"INSERT INTO {_quoted(name)} VALUES ({marks})", values)  # noqa: S608
        return cls(connection)

    def _given_back(self, expr: ibis.Table | Named, found: list[Row]) -> list[Row]:
        if isinstance(expr, Named):
            ids = expr.ids
        else:
            ids = tuple(name for name, kind in expr.schema().items() if kind.is_uuid())
        for name in ids:
            for row in found:
                if isinstance(row[name], str):
                    row[name] = UUID(row[name])
        return found

    def _fetch(self, sql: str) -> list[Row]:
        cursor = self.connection.cursor().execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def create_table(table: SourceTable) -> str:
    """The DuckDB statement that makes an empty table as declared."""
    columns = ", ".join(f"{_quoted(name)} {_duckdb_type(kind)}" for name, kind in table.columns.items())
    return f"CREATE TABLE {_quoted(table.name)} ({columns})"


def _duckdb_type(kind: str) -> str:
    return str(DuckDBCompiler.type_mapper.to_string(dt.dtype(kind)))


def _quoted(name: str) -> str:
    return f'"{name}"'
