"""Many figures from few passes: figures whose records differ only in what is filtered share one scan and one join.

Of each figure the selections and filters are lifted off its records, through joins where that changes nothing, down
to a *base*. Figures with the same base (and of distinct counts those that count the same thing) become one query: what
all of them filter by stays a filter, what each adds becomes a condition of its own aggregate. A figure that shares with
no other keeps the query that it has anyway. A filter below a window is lifted where it leaves out whole partitions;
into groups and unions nothing looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.operations as ops

from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import Aggregate, Distinct, Sum
from jineng.engines.measures.standard import EXACT

LIFTED_JOINS = frozenset({"inner", "left", "semi", "anti", "cross"})
"""Joins through which a filter of their left side may be lifted."""
WITHOUT_COLUMNS = frozenset({"semi", "anti"})
UNLIKE_A_VALUE = (ops.Unnest, ops.Impure)
OPAQUE = (ops.WindowFunction, ops.Reduction, ops.Analytic, *UNLIKE_A_VALUE)


@dataclass(frozen=True)
class Lifted:
    """A relation as a base, its columns as expressions over the base, and what the base is filtered by."""

    base: Any
    columns: Mapping[str, Any]
    predicates: tuple[Any, ...]


@dataclass(frozen=True)
class Shared:
    """One query for the members named by number: its one row holds `counted_N` and `amount_N` of each."""

    members: tuple[int, ...]
    expression: ibis.Table


def share(figures: Sequence[tuple[Aggregate, ibis.Table]]) -> tuple[Shared, ...]:
    """The queries that several of `figures` (how each aggregates, and its records in standard shape) share.

    A figure that is in none of them shares with no other.
    """
    groups: dict[Any, list[tuple[int, Aggregate, Lifted]]] = {}
    for number, (aggregate, records) in enumerate(figures):
        lifted = lift(records.op())
        counted = lifted.columns["counted_id"] if isinstance(aggregate, Distinct) else None
        groups.setdefault((lifted.base, counted), []).append((number, aggregate, lifted))
    return tuple(
        Shared(tuple(number for number, _, _ in members), _query(members))
        for members in groups.values()
        if len(members) > 1
    )


def lift(relation: Any) -> Lifted:
    """`relation` with the selections and filters above its base lifted off."""
    match relation:
        case ops.Project() if not _opaque(relation.values.values()):
            inner = lift(relation.parent)
            known = _known(relation.parent, inner)
            columns = {name: _put(value, known) for name, value in relation.values.items()}
            return Lifted(inner.base, columns, inner.predicates)
        case ops.Project() if not _opaque(relation.values.values(), UNLIKE_A_VALUE):
            return _lift_windows(relation)
        case ops.Filter() if not _opaque(relation.predicates):
            inner = lift(relation.parent)
            known = _known(relation.parent, inner)
            own = tuple(_put(predicate, known) for each in relation.predicates for predicate in _conjuncts(each))
            return Lifted(inner.base, inner.columns, (*inner.predicates, *own))
        case ops.DropColumns():
            inner = lift(relation.parent)
            return Lifted(inner.base, {name: inner.columns[name] for name in relation.schema}, inner.predicates)
        case ops.JoinChain() if relation.rest and all(link.how in LIFTED_JOINS for link in relation.rest):
            return _lift_join(relation)
    return Lifted(relation, dict(relation.fields), ())


def _lift_windows(project: Any) -> Lifted:
    """A selection with windows, and above it what was filtered below by nothing but columns that every one of the
    windows is partitioned by: that leaves each partition whole or out."""
    inner = lift(project.parent)
    known = _known(project.parent, inner)
    windows = [each for value in project.values.values() for each in value.find(ops.WindowFunction, filter=ops.Value)]
    keys = [{_put(key, known) for key in window.group_by} for window in windows]
    names = [name for name in inner.base.schema if all(ops.Field(inner.base, name) in each for each in keys)]
    whole = {ops.Field(inner.base, name) for name in names}
    above = [each for each in inner.predicates if _fields(each) <= whole]
    below = [each for each in dict.fromkeys(inner.predicates) if each not in above]
    parent = ops.Filter(inner.base, below) if below else inner.base
    moved = {ops.Field(inner.base, name): ops.Field(parent, name) for name in inner.base.schema}
    values = {name: _put(_put(value, known), moved) for name, value in project.values.items()}
    base = ops.Project(parent, {**values, **{f"whole_{name}": ops.Field(parent, name) for name in names}})
    told = {ops.Field(inner.base, name): ops.Field(base, f"whole_{name}") for name in names}
    return Lifted(
        base, {name: ops.Field(base, name) for name in values}, tuple(_put(predicate, told) for predicate in above)
    )


def _fields(predicate: Any) -> set[Any]:
    return set(predicate.find(ops.Field, filter=ops.Value))


def _lift_join(chain: Any) -> Lifted:
    """A chain of joins over the bases of what it joins, with all their columns; filters and expressions come above.

    Of the first relation and of those joined by inner joins: the rows of any other are told apart from missing ones.
    """
    known: dict[Any, Any] = {}
    predicates: list[Any] = []
    tables: list[Any] = []
    for how, reference in (("inner", chain.first), *((link.how, link.table) for link in chain.rest)):
        inner = lift(reference.parent) if how in ("inner", "cross") else _as_it_is(reference.parent)
        table = ops.JoinReference(inner.base, identifier=reference.identifier)
        moved = {ops.Field(inner.base, name): ops.Field(table, name) for name in inner.base.schema}
        known.update({ops.Field(reference, name): _put(value, moved) for name, value in inner.columns.items()})
        predicates += (_put(predicate, moved) for predicate in inner.predicates)
        tables.append((how, table))
    links = [
        ops.JoinLink(link.how, table, tuple(_put(predicate, known) for predicate in link.predicates))
        for link, (_, table) in zip(chain.rest, tables[1:], strict=True)
    ]
    values = {
        f"{name}_{place}": ops.Field(table, name)
        for place, (how, table) in enumerate(tables)
        if how not in WITHOUT_COLUMNS
        for name in table.schema
    }
    base = ops.JoinChain(tables[0][1], rest=tuple(links), values=values)
    above = {field: ops.Field(base, name) for name, field in values.items()}
    return Lifted(
        base,
        {name: _put(_put(value, known), above) for name, value in chain.values.items()},
        tuple(_put(predicate, above) for predicate in predicates),
    )


def _as_it_is(relation: Any) -> Lifted:
    return Lifted(relation, dict(relation.fields), ())


def _known(parent: Any, inner: Lifted) -> dict[Any, Any]:
    return {ops.Field(parent, name): value for name, value in inner.columns.items()}


def _put(value: Any, instead: Mapping[Any, Any]) -> Any:
    """`value` with fields put in place of others; subqueries are left as they are."""
    return value.replace(dict(instead), filter=ops.Value)


def _opaque(values: Any, kinds: tuple[type, ...] = OPAQUE) -> bool:
    return any(value.find(kinds, filter=ops.Value) for value in values)


def _conjuncts(predicate: Any) -> list[Any]:
    if isinstance(predicate, ops.And):
        return [*_conjuncts(predicate.left), *_conjuncts(predicate.right)]
    return [predicate]


def _query(members: list[tuple[int, Aggregate, Lifted]]) -> ibis.Table:
    table = members[0][2].base.to_expr()
    if isinstance(table, ibis.expr.types.Join):
        table = table._finish()
    predicates = [tuple(dict.fromkeys(lifted.predicates)) for _, _, lifted in members]
    common = [each for each in predicates[0] if all(each in others for others in predicates[1:])]
    columns: dict[str, ibis.Value] = {}
    for (number, aggregate, lifted), own in zip(members, predicates, strict=True):
        rest = [predicate.to_expr() for predicate in own if predicate not in common]
        columns[f"is_{number}"] = reduce(lambda one, other: one & other, rest, ibis.literal(True))
        if isinstance(aggregate, Sum):
            columns[f"measure_{number}"] = lifted.columns["measure"].to_expr().cast(EXACT)
    distinct = isinstance(members[0][1], Distinct)
    if distinct:
        columns["counted_id"] = members[0][2].columns["counted_id"].to_expr()
    if common:
        filtered = ops.Filter(table.op(), common)
        over = {ops.Field(table.op(), name): ops.Field(filtered, name) for name in filtered.schema}
        columns = {name: _put(value.op(), over).to_expr() for name, value in columns.items()}
        table = filtered.to_expr()
    told = table.select(**columns)
    told = told.filter(reduce(or_, (told[f"is_{number}"] for number, _, _ in members)))
    if distinct:
        flags = {f"is_{number}": told[f"is_{number}"].ifelse(1, 0).max() for number, _, _ in members}
        told = told.group_by("counted_id").aggregate(**flags)
        return _summed(told, {f"counted_{number}": told[f"is_{number}"] for number, _, _ in members}, {})
    ones = {f"counted_{number}": told[f"is_{number}"].ifelse(1, 0) for number, _, _ in members}
    sums = {
        f"amount_{number}": told[f"is_{number}"].ifelse(told[f"measure_{number}"], ibis.null(EXACT))
        for number, aggregate, _ in members
        if isinstance(aggregate, Sum)
    }
    return _summed(told, ones, sums)


def _summed(table: ibis.Table, counts: Mapping[str, Any], sums: Mapping[str, Any]) -> ibis.Table:
    if not counts:
        raise MeasureError("没有要计算的数字", "there is no figure to compute")
    return table.aggregate(
        **{name: value.sum().fill_null(0).cast("int64") for name, value in counts.items()},
        **{name: value.sum().cast(EXACT) for name, value in sums.items()},
    )
