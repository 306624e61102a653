"""Values: one figure, many figures, one figure over several periods.

Each call is one query, but on engines that read whole files many figures are as many queries as scans are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import ibis

from jineng.engines.measures.engine import Engine, Named
from jineng.engines.measures.indicator import Catalogue, Distinct, Indicator, Ratio, Sum
from jineng.engines.measures.period import Period
from jineng.engines.measures.sharing import Shared, share
from jineng.engines.measures.source import Sources
from jineng.engines.measures.standard import EXACT, KEPT, as_built, named, standard_records

Number = int | Fraction
"""Exact: an int where the value is whole, else a Fraction (`float(x)` where a float will do)."""

Value = int | float | Decimal | Fraction
"""A number as a caller may give it; a float stands for what it prints."""


@dataclass(frozen=True)
class Measured:
    """The value of an indicator in a period; for a ratio also both sides, None where the denominator is 0.

    `counted` says how many records (distinct things for a distinct count) stand behind the value; a ratio has
    one number for each side.
    """

    key: str
    period: Period
    value: Number | None
    counted: tuple[int, ...]
    numerator: Number | None = None
    denominator: Number | None = None


def value(engine: Engine, catalogue: Catalogue, sources: Sources, key: str, period: Period) -> Measured:
    """The figure `key` in `period`."""
    return _measure(engine, catalogue, sources, ((key, period),))[0]


def values(
    engine: Engine, catalogue: Catalogue, sources: Sources, keys: Iterable[str], period: Period
) -> dict[str, Measured]:
    """The figures of `keys` in `period`, by key in the order given."""
    wanted = tuple((key, period) for key in dict.fromkeys(keys))
    return {measured.key: measured for measured in _measure(engine, catalogue, sources, wanted)}


def compare(
    engine: Engine, catalogue: Catalogue, sources: Sources, key: str, periods: Sequence[Period]
) -> list[Measured]:
    """The figure `key` in each of `periods`, in the order given."""
    return _measure(engine, catalogue, sources, tuple((key, period) for period in periods))


def measure_many(
    engine: Engine, catalogue: Catalogue, sources: Sources, wanted: Iterable[tuple[str, Period]]
) -> dict[tuple[str, Period], Measured]:
    """Any figures in any periods, together: what a page with last year beside this year needs."""
    pairs = tuple(dict.fromkeys(wanted))
    return dict(zip(pairs, _measure(engine, catalogue, sources, pairs), strict=True))


def exact(amount: Any) -> Number:
    """A number from a database as an exact one: an int where it is whole, else a Fraction; null is 0."""
    if amount is None:
        return 0
    return whole(as_fraction(amount))


def as_fraction(value: Value) -> Fraction:
    """Any number exactly; a float as it prints (0.1 is a tenth)."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def number_text(value: Value) -> str:
    """A number in plain digits, rounded to six decimals where it has more."""
    fraction = as_fraction(value)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    digits = f"{Decimal(round(fraction * 10**6)).scaleb(-6):f}"
    return digits.rstrip("0").rstrip(".")


def divided(numerator: Number, denominator: Number) -> Number | None:
    """The exact quotient, or None where the denominator is 0."""
    return None if denominator == 0 else whole(Fraction(numerator) / Fraction(denominator))


def whole(fraction: Fraction) -> Number:
    """An int where `fraction` is whole, else itself."""
    return fraction.numerator if fraction.denominator == 1 else fraction


def total_of(indicator: Indicator, records: ibis.Table) -> ibis.Table:
    """One row for all of `records`: `counted` (int64) and `amount` (exact decimal)."""
    if isinstance(indicator.aggregate, Distinct):
        records = records.select("counted_id").distinct()
    counted = records.count().cast("int64")
    if isinstance(indicator.aggregate, Sum):
        amount = records.measure.cast(EXACT).sum().cast(EXACT)
    else:
        amount = counted.cast(EXACT)
    return records.aggregate(counted=counted, amount=amount)


@lru_cache(maxsize=KEPT)
def _total(catalogue: Catalogue, sources: Sources, key: str, period: Period) -> ibis.Table:
    return total_of(catalogue.get(key), standard_records(catalogue, sources, key, period))


@lru_cache(maxsize=KEPT)
def _shared(
    catalogue: Catalogue, sources: Sources, built: tuple[tuple[str, Period], ...]
) -> tuple[tuple[Shared, ...], tuple[int, ...]]:
    """The queries that several of `built` (keys, and what each is built with) share, and the numbers of those that
    share with no other."""
    shared = share(
        [(catalogue.get(key).aggregate, standard_records(catalogue, sources, key, period)) for key, period in built]
    )
    told = {number for query in shared for number in query.members}
    return shared, tuple(number for number in range(len(built)) if number not in told)


def _found(
    engine: Engine, catalogue: Catalogue, sources: Sources, plain: tuple[tuple[str, Period], ...]
) -> dict[tuple[str, Period], tuple[int, Number]]:
    """How many records stand behind each figure that is no ratio, and its amount."""
    built = tuple((key, as_built(catalogue, sources, key, period)) for key, period in plain)
    found: dict[tuple[str, Period], tuple[int, Number]] = {}
    if not engine.shares_scans:
        shelf = catalogue.shelf(sources)
        totals = [
            Named(f"total {named(key, period)}", partial(_total, catalogue, sources, key, period), shelf)
            for key, period in built
        ]
        for row in engine.together(totals, [period for _, period in plain]):
            found[plain[row["slot"]]] = (int(row["counted"]), exact(row["amount"]))
        return found
    for during in dict.fromkeys(period for _, period in plain):
        of_period = [number for number, (_, period) in enumerate(plain) if period == during]
        shared, alone = _shared(catalogue, sources, tuple(built[number] for number in of_period))
        for query in shared:
            (row,) = engine.rows(query.expression, during=during)
            for number in query.members:
                counted = int(row[f"counted_{number}"])
                amount = exact(row[f"amount_{number}"]) if f"amount_{number}" in row else counted
                found[plain[of_period[number]]] = (counted, amount)
        for number in alone:
            (row,) = engine.rows(_total(catalogue, sources, *built[of_period[number]]), during=during)
            found[plain[of_period[number]]] = (int(row["counted"]), exact(row["amount"]))
    return found


def _measure(
    engine: Engine, catalogue: Catalogue, sources: Sources, wanted: tuple[tuple[str, Period], ...]
) -> list[Measured]:
    if not wanted:
        return []
    sides = [[(side.key, period) for side in catalogue.sides(key)] for key, period in wanted]
    plain = tuple(dict.fromkeys(pair for pairs in sides for pair in pairs))
    found = _found(engine, catalogue, sources, plain)
    measured = []
    for (key, period), pairs in zip(wanted, sides, strict=True):
        counted = tuple(found[pair][0] for pair in pairs)
        amounts = [found[pair][1] for pair in pairs]
        if isinstance(catalogue.get(key).aggregate, Ratio):
            quotient = divided(amounts[0], amounts[1])
            measured.append(Measured(key, period, quotient, counted, amounts[0], amounts[1]))
        else:
            measured.append(Measured(key, period, amounts[0], counted))
    return measured
