"""Whether the records of an indicator keep its word: each once, identified, of its type, and in its time."""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from jineng.engines.measures.engine import Engine
from jineng.engines.measures.indicator import Catalogue, Over
from jineng.engines.measures.period import Period
from jineng.engines.measures.source import Sources
from jineng.engines.measures.standard import standard


@dataclass(frozen=True)
class Contradictions:
    """How many records of `key` break what it declares; all 0 in a sound declaration.

    `repeated`: rows beyond the first with the same type and id. `unidentified`: no id. `mistyped`: another
    record_type than declared. `undated`: no date. `mistimed`: dated after the period, or, for a flow, before it.
    """

    key: str
    repeated: int
    unidentified: int
    mistyped: int
    undated: int
    mistimed: int

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any((self.repeated, self.unidentified, self.mistyped, self.undated, self.mistimed))


def contradictions(
    engine: Engine, catalogue: Catalogue, sources: Sources, key: str, period: Period
) -> tuple[Contradictions, ...]:
    """What is wrong with the records behind `key`, for a ratio side by side. One query each."""
    found = []
    for side in catalogue.sides(key):
        records = standard(side, sources, period)
        in_time = period.holds(records.on) if side.over is Over.FLOW else period.reached(records.on)
        identities = records.filter(records.record_id.notnull())
        known = identities.aggregate(rows=identities.count())
        different = identities.select("record_type", "record_id").distinct()
        summed = records.aggregate(
            unidentified=_number(records.record_id.isnull()),
            mistyped=_number(records.record_type != side.record_type),
            undated=_number(records.on.isnull()),
            mistimed=_number(~in_time),
        )
        table = summed.cross_join(known).cross_join(different.aggregate(kinds=different.count()))
        (row,) = engine.rows(table)
        found.append(
            Contradictions(
                side.key,
                int(row["rows"] - row["kinds"]),
                *(int(row[name]) for name in ("unidentified", "mistyped", "undated", "mistimed")),
            )
        )
    return tuple(found)


def _number(condition: ibis.Value) -> ibis.Value:
    return condition.ifelse(1, 0).sum().fill_null(0)
