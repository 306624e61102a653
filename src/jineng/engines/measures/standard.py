"""The standard shape of records: what every indicator returns, and how it is brought there."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import ibis
import ibis.expr.operations as ops

from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import Catalogue, Indicator
from jineng.engines.measures.period import ANY_PERIOD, DayAskedError, Period
from jineng.engines.measures.places import DIVISION, ORGANISATION_STATE, UNPLACED, UNPLACED_LABEL, as_of
from jineng.engines.measures.source import Sources

RECORD_COLUMNS = {
    "record_type": "string",
    "record_id": "uuid",
    "counted_id": "string",
    "organisation_id": "uuid",
    "on": "date",
    "measure": "float64",
    "label": "string",
}
"""Columns of records and their ibis types. One row per record; several may share a `counted_id`."""

EXACT = "decimal(38, 6)"

KEPT = 2048
"""How many expressions of each kind are kept: building one takes longer than most of them take to run."""


def as_records(
    table: ibis.Table,
    *,
    record_type: str,
    record_id: ibis.Value,
    organisation_id: ibis.Value,
    on: ibis.Value,
    label: ibis.Value,
    counted_id: ibis.Value | None = None,
    measure: ibis.Value | None = None,
    **dimensions: ibis.Value,
) -> ibis.Table:
    """`table` in the standard shape; the record itself is what counts unless `counted_id` says otherwise."""
    return table.select(
        record_type=ibis.literal(record_type),
        record_id=record_id,
        counted_id=(record_id if counted_id is None else counted_id).cast("string"),
        organisation_id=organisation_id,
        on=on,
        measure=ibis.null("float64") if measure is None else measure.cast("float64"),
        label=label,
        **dimensions,
    )


def standard(indicator: Indicator, sources: Sources, period: Period) -> ibis.Table:
    """The records of `indicator`: standard columns in their types, then its dimensions as text.

    Raises MeasureError where its function gives no table or lacks a column.
    """
    given = indicator.records(sources, period) if indicator.records is not None else None
    if given is None:
        raise MeasureError(
            f"指标“{indicator.key}”没有返回记录表",
            f"indicator '{indicator.key}' returns no table of records",
        )
    wanted = {**RECORD_COLUMNS, **{dimension.name: "string" for dimension in indicator.dimensions}}
    missing = [name for name in wanted if name not in given.columns]
    if missing:
        raise MeasureError(
            f"指标“{indicator.key}”的记录表缺少列：{'、'.join(missing)}",
            f"the records of indicator '{indicator.key}' lack the columns {', '.join(missing)}",
        )
    typed = {name: given[name].cast(kind) for name, kind in wanted.items()}
    typed["counted_id"] = typed["counted_id"].coalesce(typed["record_id"].cast("string"))
    return given.select(**typed)


@lru_cache(maxsize=KEPT)
def standard_records(catalogue: Catalogue, sources: Sources, key: str, period: Period) -> ibis.Table:
    """`standard` for the indicator `key`, which is not a ratio; built once."""
    return standard(catalogue.get(key), sources, period)


def as_built(catalogue: Catalogue, sources: Sources, key: str, period: Period) -> Period:
    """What to build the expressions of figure `key` in `period` with: `ANY_PERIOD`, so that they are built and compiled
    once for all periods, or `period` itself where the indicator looks at its days."""
    return ANY_PERIOD if _alike_in_every_period(catalogue, sources, key) else period


@lru_cache(maxsize=KEPT)
def _alike_in_every_period(catalogue: Catalogue, sources: Sources, key: str) -> bool:
    known = shelved(catalogue, sources, f"alike {key}", lambda: str(_is_alike(catalogue, sources, key)))
    return known == str(True)


def _is_alike(catalogue: Catalogue, sources: Sources, key: str) -> bool:
    try:
        for side in catalogue.sides(key):
            standard_records(catalogue, sources, side.key, ANY_PERIOD)
    except DayAskedError:
        return False
    return True


def shelved(catalogue: Catalogue, sources: Sources, name: str, make: Callable[[], str]) -> str:
    """The text of that name from the shelf of `catalogue`; what is not there, `make` gives and it is put there."""
    shelf = catalogue.shelf(sources)
    text = None if shelf is None else shelf.get(name)
    if text is None:
        text = make()
        if shelf is not None:
            shelf.put(name, text)
    return text


def named(key: str, period: Period) -> str:
    """What a figure's expression that was built with `period` is called on the shelf."""
    return f"{key} any" if period is ANY_PERIOD else f"{key} {period.start} {period.end}"


def placed(table: ibis.Table, sources: Sources, period: Period) -> ibis.Table:
    """`table` (with organisation_id) and beside it the place of the organisation at the end of the period."""
    places = as_of(sources, period.last_day).rename(place_organisation_id="organisation_id", organisation_name="name")
    joined = table.left_join(places, table.organisation_id == places.place_organisation_id)
    return joined.select(
        *table.columns,
        "organisation_name",
        "province_code",
        city_place=joined.city_place.coalesce(ibis.literal(UNPLACED)),
        city_label=joined.city_label.coalesce(ibis.literal(UNPLACED_LABEL)),
        county_place=joined.county_place.coalesce(ibis.literal(UNPLACED)),
        county_label=joined.county_label.coalesce(ibis.literal(UNPLACED_LABEL)),
    )


PLACING = frozenset({ORGANISATION_STATE.name, DIVISION.name})
"""Names of the tables that say where a record lies."""


def tables_behind(catalogue: Catalogue, sources: Sources, key: str, period: Period) -> frozenset[str]:
    """Names of the tables that figure `key` in `period` is computed from, of a ratio those of both sides.

    A change in any other table leaves its value as it is. Where its records lie is told by `PLACING` besides.
    """
    return _tables_behind(catalogue, sources, key, as_built(catalogue, sources, key, period))


@lru_cache(maxsize=KEPT)
def _tables_behind(catalogue: Catalogue, sources: Sources, key: str, period: Period) -> frozenset[str]:
    def find() -> str:
        read: set[str] = set()
        for side in catalogue.sides(key):
            found = standard_records(catalogue, sources, side.key, period)
            read.update(table.name for table in found.op().find(ops.UnboundTable))
        return " ".join(sorted(read))

    return frozenset(shelved(catalogue, sources, f"tables {named(key, period)}", find).split())
