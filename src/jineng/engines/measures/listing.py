"""The records behind a figure: every figure can be counted or summed again from the rows listed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import ibis

from jineng.engines.measures.drilling import within_place
from jineng.engines.measures.engine import Engine, Row, within_text
from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import Catalogue
from jineng.engines.measures.period import Period
from jineng.engines.measures.source import Sources
from jineng.engines.measures.standard import KEPT, RECORD_COLUMNS, as_built, placed, standard_records

SIDES = {1: ("value",), 2: ("numerator", "denominator")}
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
    placeholder, text = within_text(within)
    built = as_built(catalogue, sources, key, period)
    everything = records_expression(catalogue, sources, key, built, placeholder)
    column = order.removeprefix("-")
    if column not in everything.columns:
        raise MeasureError(
            f"不能按“{column}”排序；可用：{'、'.join(everything.columns)}",
            f"cannot order by '{column}'; use one of {', '.join(everything.columns)}",
        )
    rows = engine.rows(_ordered(everything, order), during=period, within=text, limit=limit, offset=offset)
    if limit is None and not offset:
        return Page(tuple(rows), len(rows))
    (count,) = engine.rows(_counted(_found(catalogue, sources, key, built, placeholder)), during=period, within=text)
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
    everything = _found(catalogue, sources, key, as_built(catalogue, sources, key, period), placeholder)
    found: dict[str, list[UUID]] = {}
    for row in engine.rows(_identities(everything), during=period, within=text):
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
    everything = records_expression(catalogue, sources, key, as_built(catalogue, sources, key, period), placeholder)
    rows = engine.rows(everything, during=period, within=text, only=ids)
    place = {str(identity): number for number, identity in enumerate(ids)}
    return tuple(sorted(rows, key=lambda row: (place[str(row["record_id"])], row["side"], row["record_type"])))


@lru_cache(maxsize=KEPT)
def records_expression(
    catalogue: Catalogue, sources: Sources, key: str, period: Period, within: str | None = None
) -> ibis.Table:
    """The records behind `key` as an expression, unordered, for embedding in a query of one's own."""
    sides = catalogue.sides(key)
    shared = [
        dimension.name
        for dimension in sides[0].dimensions
        if all(side.dimension(dimension.name) is not None for side in sides)
    ]
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
