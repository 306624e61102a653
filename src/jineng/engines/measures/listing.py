"""The records behind a figure: every figure can be counted or summed again from the rows listed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import ibis

from jineng.engines.measures.drilling import within_place
from jineng.engines.measures.engine import Engine, Named, Row, within_text
from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import Catalogue
from jineng.engines.measures.period import Period
from jineng.engines.measures.source import Sources
from jineng.engines.measures.standard import KEPT, RECORD_COLUMNS, as_built, named, placed, standard_records

SIDES = {1: ("value",), 2: ("numerator", "denominator")}
IDS = tuple(name for name, kind in RECORD_COLUMNS.items() if kind == "uuid")
PLACE_COLUMNS = ("organisation_name", "city_place", "city_label", "county_place", "county_label")


@dataclass(frozen=True)
class Page:
    """Some of the records, and how many there are in all.

    A row has `side` (value, or numerator and denominator of a ratio), the columns of RECORD_COLUMNS,
    those of the dimensions (of both sides of a ratio alike), organisation_name, city_place, city_label,
    county_place and county_label.
    """

    rows: tuple[Row, ...]
    total: int


def records(
    engine: Engine,
    catalogue: Catalogue,
    sources: Sources,
    key: str,
    period: Period,
    *,
    within: str | None = None,
    limit: int | None = 50,
    offset: int = 0,
    order: str = "on",
) -> Page:
    """A page of the records behind `key`; `within` as in `drill`; no limit where `limit` is None.

    `order` is a column of the rows, with `-` before it to turn it round; ties go by side, type and id, so
    pages never overlap. Text sorts as the database collates it. Raises MeasureError for an unknown
    column.
    """
    column = order.removeprefix("-")
    columns = (*RECORD_COLUMNS, *_shared_dimensions(catalogue, key), *PLACE_COLUMNS, "side")
    if column not in columns:
        raise MeasureError(
            f"不能按“{column}”排序；可用：{'、'.join(columns)}",
            f"cannot order by '{column}'; use one of {', '.join(columns)}",
        )
    placeholder, text = within_text(within)
    of = _Behind(catalogue, sources, key, as_built(catalogue, sources, key, period), placeholder)
    rows = engine.rows(of.ordered(order), during=period, within=text, limit=limit, offset=offset)
    if limit is None and not offset:
        return Page(tuple(rows), len(rows))
    (count,) = engine.rows(of.count(), during=period, within=text)
    return Page(tuple(rows), int(count["total"]))


def record_ids(
    engine: Engine,
    catalogue: Catalogue,
    sources: Sources,
    key: str,
    period: Period,
    *,
    within: str | None = None,
) -> dict[str, tuple[UUID, ...]]:
    """The ids behind `key` by record type, each once and in order, for crossing with a reader's scope."""
    placeholder, text = within_text(within)
    of = _Behind(catalogue, sources, key, as_built(catalogue, sources, key, period), placeholder)
    found: dict[str, list[UUID]] = {}
    for row in engine.rows(of.identities(), during=period, within=text):
        identity = row["record_id"]
        found.setdefault(row["record_type"], []).append(identity if isinstance(identity, UUID) else UUID(str(identity)))
    return {kind: tuple(ids) for kind, ids in found.items()}


def records_of(
    engine: Engine,
    catalogue: Catalogue,
    sources: Sources,
    key: str,
    period: Period,
    ids: Sequence[UUID],
    *,
    within: str | None = None,
) -> tuple[Row, ...]:
    """The rows of these records behind `key`, in the order of `ids`, as `records` lists them.

    An id that does not stand behind the figure has no row; of a ratio one may have two, the numerator's
    after the denominator's.
    """
    if not ids:
        return ()
    placeholder, text = within_text(within)
    of = _Behind(catalogue, sources, key, as_built(catalogue, sources, key, period), placeholder)
    rows = engine.rows(of.everything(), during=period, within=text, only=ids)
    place = {str(identity): number for number, identity in enumerate(ids)}
    return tuple(sorted(rows, key=lambda row: (place[str(row["record_id"])], row["side"], row["record_type"])))


@dataclass(frozen=True)
class _Behind:
    """What stands behind a figure, as expressions by name; `within` is a placeholder."""

    catalogue: Catalogue
    sources: Sources
    key: str
    built: Period
    within: str | None

    def everything(self) -> Named:
        """Its rows."""
        return self._named("records", self._records)

    def ordered(self, order: str) -> Named:
        """Its rows in order."""
        return self._named(f"records by {order}", lambda: _ordered(self._records(), order))

    def count(self) -> Named:
        """How many rows there are."""
        return self._named("count", lambda: _counted(self._identified()), ids=())

    def identities(self) -> Named:
        """The ids of its records."""
        return self._named("ids", lambda: _identities(self._identified()), ids=("record_id",))

    def _records(self) -> ibis.Table:
        return records_expression(self.catalogue, self.sources, self.key, self.built, self.within)

    def _identified(self) -> ibis.Table:
        return _found(self.catalogue, self.sources, self.key, self.built, self.within)

    def _named(self, what: str, build: Callable[[], ibis.Table], ids: tuple[str, ...] = IDS) -> Named:
        name = f"{what} of {named(self.key, self.built)} within {self.within}"
        return Named(name, build, self.catalogue.shelf(self.sources), ids)


def _shared_dimensions(catalogue: Catalogue, key: str) -> list[str]:
    """Dimensions that all sides of a figure have."""
    sides = catalogue.sides(key)
    return [
        dimension.name
        for dimension in sides[0].dimensions
        if all(side.dimension(dimension.name) is not None for side in sides)
    ]


@lru_cache(maxsize=KEPT)
def records_expression(
    catalogue: Catalogue, sources: Sources, key: str, period: Period, within: str | None = None
) -> ibis.Table:
    """The records behind `key` as an expression, unordered, for embedding in a query of one's own."""
    sides, shared = catalogue.sides(key), _shared_dimensions(catalogue, key)
    branches = []
    for name, side in zip(SIDES[len(sides)], sides, strict=True):
        located = within_place(placed(standard_records(catalogue, sources, side.key, period), sources, period), within)
        branches.append(located.select(*RECORD_COLUMNS, *shared, *PLACE_COLUMNS).mutate(side=ibis.literal(name)))
    return branches[0] if len(branches) == 1 else ibis.union(*branches)


@lru_cache(maxsize=KEPT)
def _found(catalogue: Catalogue, sources: Sources, key: str, period: Period, within: str | None) -> ibis.Table:
    """Type and id of the records behind `key`, a row for each of `records_expression`; placed only where `within`
    asks where they lie."""
    branches = []
    for side in catalogue.sides(key):
        found = standard_records(catalogue, sources, side.key, period)
        if within is not None:
            found = within_place(placed(found, sources, period), within)
        branches.append(found.select("record_type", "record_id"))
    return branches[0] if len(branches) == 1 else ibis.union(*branches)


@lru_cache(maxsize=KEPT)
def _identities(found: ibis.Table) -> ibis.Table:
    return found.distinct().order_by(["record_type", "record_id"])


@lru_cache(maxsize=KEPT)
def _ordered(everything: ibis.Table, order: str) -> ibis.Table:
    column = order.removeprefix("-")
    first = everything[column].desc() if order.startswith("-") else everything[column].asc()
    ties = [name for name in ("side", "record_type", "record_id") if name != column]
    return everything.order_by([first, *ties])


@lru_cache(maxsize=KEPT)
def _counted(everything: ibis.Table) -> ibis.Table:
    return everything.aggregate(total=everything.count())
