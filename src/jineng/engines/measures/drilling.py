"""Drilling down: the parts of a figure by place, by organisation or by a dimension of its room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from uuid import UUID

import ibis

from jineng.engines.measures.compute import Number, divided, exact, number_text, total_of
from jineng.engines.measures.engine import Engine, Named, within_text
from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import Catalogue, Dimension, Distinct, Indicator, Ratio, Sum
from jineng.engines.measures.period import Period
from jineng.engines.measures.places import UNPLACED, UNPLACED_LABEL
from jineng.engines.measures.source import Sources
from jineng.engines.measures.standard import EXACT, KEPT, as_built, named, placed, standard_records

PLACES = ("city", "county", "organisation")
UNSTATED = "unstated"
"""Code of the part whose records have no value in a dimension."""
UNSTATED_LABEL = "未注明"


@dataclass(frozen=True)
class Part:
    """One part of a drill-down.

    `code` can be given as `within` of the next step. `counted` is as in Measured. A part that was hidden for
    disclosure (`suppress`) has no value and no counts.
    """

    code: str
    label: str
    value: Number | None
    counted: tuple[int, ...]
    numerator: Number | None = None
    denominator: Number | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Drill:
    """A figure and its parts, ordered by code, what has no place or value last.

    `sums` says whether the parts sum to `total`; where they do not, `reason` and `reason_en` say why.
    """

    key: str
    period: Period
    by: str
    within: str | None
    parts: tuple[Part, ...]
    total: Number | None
    counted: tuple[int, ...]
    sums: bool
    reason: str | None = None
    reason_en: str | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    total_hidden: bool = False


def drill(
    engine: Engine,
    catalogue: Catalogue,
    sources: Sources,
    key: str,
    period: Period,
    by: str,
    within: str | None = None,
) -> Drill:
    """The parts of figure `key` by city, county, organisation or a dimension's name, from one query.

    `within` limits to one part of an earlier step: the code of a province, city, county or special area,
    the id of an organisation, `620200-direct` for what lies in that city but no known county, or
    `unplaced`. Places are those of the organisation at the end of the period. What has no known place is
    a part of its own, never left out. Raises MeasureError for an unknown key, way to drill or shape of code.
    """
    sides = catalogue.sides(key)
    if by not in PLACES:
        _dimensions(catalogue.get(key), sides, by)
    found: list[dict[str, tuple[str, int, Number]]] = [{} for _ in sides]
    totals: list[tuple[int, Number]] = [(0, 0) for _ in sides]
    placeholder, text = within_text(within)
    built = as_built(catalogue, sources, key, period)
    expression = Named(
        f"drill {named(key, built)} by {by} within {placeholder}",
        partial(_expression, catalogue, sources, key, built, by, placeholder),
        catalogue.shelf(sources),
    )
    for row in engine.rows(expression, during=period, within=text):
        cell = (int(row["counted"]), exact(row["amount"]))
        if row["code"] is None:
            totals[row["slot"]] = cell
        else:
            found[row["slot"]][row["code"]] = (row["label"], *cell)
    labels = {code: label for side in reversed(found) for code, (label, _, _) in side.items()}
    codes = sorted(labels, key=lambda code: (code in (UNPLACED, UNSTATED), code))
    counted = tuple(total[0] for total in totals)
    if isinstance(catalogue.get(key).aggregate, Ratio):
        parts = []
        for code in codes:
            (_, above_n, above), (_, below_n, below) = (side.get(code, ("", 0, 0)) for side in found)
            parts.append(Part(code, labels[code], divided(above, below), (above_n, below_n), above, below))
        return Drill(
            key=key,
            period=period,
            by=by,
            within=within,
            parts=tuple(parts),
            total=divided(totals[0][1], totals[1][1]),
            counted=counted,
            sums=False,
            reason="比率的各部分不相加；分子、分母各自相加",
            reason_en="parts of a ratio do not sum; numerators and denominators do, each for itself",
            numerator=totals[0][1],
            denominator=totals[1][1],
        )
    plain = tuple(Part(code, labels[code], found[0][code][2], (found[0][code][1],)) for code in codes)
    total = totals[0][1]
    surplus = sum(found[0][code][2] for code in codes) - total
    reason, reason_en = _why(catalogue.get(key), surplus)
    return Drill(key, period, by, within, plain, total, counted, surplus == 0, reason, reason_en)


def within_place(table: ibis.Table, within: str | None) -> ibis.Table:
    """The rows of a `placed` table that lie within; all where `within` is None."""
    if within is None:
        return table
    organisation = _organisation(within)
    if organisation is not None:
        return table.filter(table.organisation_id == ibis.uuid(organisation))
    return table.filter((table.city_place == within) | (table.county_place == within) | (table.province_code == within))


def _organisation(code: str) -> UUID | None:
    try:
        return UUID(code)
    except ValueError:
        return None


def _dimensions(indicator: Indicator, sides: tuple[Indicator, ...], by: str) -> list[Dimension]:
    found = [side.dimension(by) for side in sides]
    known = [dimension for dimension in found if dimension is not None]
    if len(known) < len(sides):
        ways = [*PLACES, *(each.name for each in sides[0].dimensions if sides[-1].dimension(each.name))]
        raise MeasureError(
            f"指标“{indicator.key}”不能按“{by}”展开；可用：{'、'.join(ways)}",
            f"indicator '{indicator.key}' cannot be drilled by '{by}'; use one of {', '.join(ways)}",
        )
    return known


def _why(indicator: Indicator, surplus: Number) -> tuple[str | None, str | None]:
    if surplus == 0:
        return None, None
    if indicator.additive:
        return (
            f"各部分之和应等于合计，却相差{number_text(surplus)}，请检查数据",
            f"the parts must sum to the total but differ by {number_text(surplus)}; check the data",
        )
    if indicator.reason:
        return indicator.reason, indicator.reason_en or None
    return (
        f"同一对象可在多处出现，合计只计一次；各部分之和比合计多{number_text(surplus)}",
        "one thing may appear in several parts and counts once in the total; "
        f"the parts sum to {number_text(surplus)} more",
    )


@lru_cache(maxsize=KEPT)
def _expression(
    catalogue: Catalogue, sources: Sources, key: str, period: Period, by: str, within: str | None
) -> ibis.Table:
    branches = []
    for slot, side in enumerate(catalogue.sides(key)):
        number = ibis.literal(slot, "int64")
        records = standard_records(catalogue, sources, side.key, period)
        grouped = _grouped(side, records, by)
        if by in PLACES or within is not None:
            grouped = within_place(placed(grouped, sources, period), within)
        # The whole is counted apart from its parts, so that parts which do not sum to it are seen.
        total = total_of(side, records) if within is None else _total_of_groups(side, grouped)
        nothing = ibis.null("string")
        branches.append(total.select(slot=number, code=nothing, label=nothing, counted="counted", amount="amount"))
        parts = _parts(side, grouped, by)
        branches.append(parts.select(slot=number, code="code", label="label", counted="counted", amount="amount"))
    return ibis.union(*branches)


def _grouped(indicator: Indicator, records: ibis.Table, by: str) -> ibis.Table:
    """`records` brought together by organisation (and dimension) before places are joined."""
    axis = ["organisation_id"] if by in PLACES else ["organisation_id", by]
    if isinstance(indicator.aggregate, Distinct):
        return records.select(*axis, "counted_id").distinct()
    amount = records.measure.cast(EXACT).sum() if isinstance(indicator.aggregate, Sum) else records.count()
    return records.group_by(axis).aggregate(counted=records.count(), amount=amount)


def _total_of_groups(indicator: Indicator, grouped: ibis.Table) -> ibis.Table:
    if isinstance(indicator.aggregate, Distinct):
        return total_of(indicator, grouped)
    return grouped.aggregate(
        counted=grouped.counted.sum().fill_null(0).cast("int64"), amount=grouped.amount.sum().cast(EXACT)
    )


def _parts(indicator: Indicator, grouped: ibis.Table, by: str) -> ibis.Table:
    """One row per part: code, label, counted, amount."""
    coded = grouped.mutate(**_code(indicator, grouped, by))
    if isinstance(indicator.aggregate, Distinct):
        distinct = coded.select("code", "label", "counted_id").distinct()
        parts = distinct.group_by(["code", "label"]).aggregate(counted=distinct.count().cast("int64"))
        return parts.mutate(amount=parts.counted.cast(EXACT))
    return coded.group_by(["code", "label"]).aggregate(
        counted=coded.counted.sum().cast("int64"), amount=coded.amount.sum().cast(EXACT)
    )


def _code(indicator: Indicator, table: ibis.Table, by: str) -> dict[str, ibis.Value]:
    if by in ("city", "county"):
        return {"code": table[f"{by}_place"], "label": table[f"{by}_label"]}
    if by == "organisation":
        code = table.organisation_id.cast("string").coalesce(ibis.literal(UNPLACED))
        name = ibis.coalesce(
            table.organisation_name, table.organisation_id.cast("string"), ibis.literal(UNPLACED_LABEL)
        )
        return {"code": code, "label": name}
    code = table[by].coalesce(ibis.literal(UNSTATED))
    dimension = indicator.dimension(by)
    labels = {**(dimension.labels if dimension else {}), UNSTATED: UNSTATED_LABEL}
    return {"code": code, "label": code.cases(*labels.items(), else_=code)}
