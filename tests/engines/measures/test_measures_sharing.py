"""Figures that share scans are the same as those that have a query each, whatever their records are made of."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pytest
from hypothesis import HealthCheck, given, settings
from tests.engines.measures import province
from tests.engines.measures.province import Y2021
from tests.engines.measures.test_measures_oracle import AWARDS, STATES

from jineng.engines.measures import (
    Catalogue,
    Count,
    Distinct,
    DuckDBEngine,
    MeasureError,
    Over,
    Period,
    Ratio,
    Sources,
    Sum,
    as_records,
    indicator,
    sharing,
    value,
    values,
)
from jineng.engines.measures.engine import SqlEngine
from jineng.engines.measures.sharing import lift, share
from jineng.engines.measures.standard import standard

Make = Callable[[ibis.Table, ibis.Table], ibis.Table]


def _awards(table: ibis.Table, counted: str = "item") -> ibis.Table:
    return as_records(
        table,
        record_type="award",
        record_id=table.id,
        counted_id=table[counted],
        organisation_id=table.organisation_id,
        on=table.on,
        measure=table.money,
        label=table.item,
    )


def _states(state: ibis.Table) -> ibis.Table:
    return state.select(of="organisation_id", since="since", code="division_code", void="voided")


def _joined(award: ibis.Table, state: ibis.Table, how: str = "inner") -> ibis.Table:
    other = _states(state)
    return award.join(other, [award.organisation_id == other.of, other.since <= award.on], how=how)


def _ranked(award: ibis.Table, *by: str) -> ibis.Table:
    place = ibis.row_number().over(group_by=["item", *by], order_by=[award.on.desc(), award.id])
    return award.mutate(place=place).filter(lambda t: t.place < 1)


def _national(award: ibis.Table) -> ibis.Table:
    return award.filter(award.level == "N")


SHAPES: dict[str, tuple[Any, Make]] = {
    "all_awards": (Count(), lambda award, state: _awards(award)),
    "national": (Count(), lambda award, state: _awards(_national(award))),
    "national_money": (Sum(), lambda award, state: _awards(_national(award.filter(~award.voided)))),
    "money": (Sum(), lambda award, state: _awards(award.drop("voided"))),
    "items": (Distinct(), lambda award, state: _awards(award)),
    "items_of_nation": (Distinct(), lambda award, state: _awards(_national(award))),
    "bodies": (Distinct(), lambda award, state: _awards(award, "organisation_id")),
    "bodies_with_money": (
        Distinct(),
        lambda award, state: _awards(award.filter(award.money > 0, award.level.isin(["N", "P"])), "organisation_id"),
    ),
    "joined": (Count(), lambda award, state: _awards(_joined(award, state))),
    "joined_national": (Count(), lambda award, state: _awards(_joined(_national(award), state))),
    "joined_standing": (Sum(), lambda award, state: _awards(_joined(award, state.filter(~state.voided)))),
    "joined_computed": (
        Count(),
        lambda award, state: _awards(_joined(award.mutate(money=award.money.fill_null(1) * 2), state)).filter(
            lambda t: t.measure > 5
        ),
    ),
    "left": (Count(), lambda award, state: _awards(_joined(award, state, "left"))),
    "left_national": (
        Distinct(),
        lambda award, state: _awards(_joined(_national(award), state, "left").filter(lambda t: t.code.isnull())),
    ),
    "left_of_standing": (Count(), lambda award, state: _awards(_joined(award, state.filter(~state.voided), "left"))),
    "semi": (Count(), lambda award, state: _awards(_joined(award, state, "semi"))),
    "semi_national": (Sum(), lambda award, state: _awards(_joined(_national(award), state, "semi"))),
    "anti_national": (Count(), lambda award, state: _awards(_joined(_national(award), state, "anti"))),
    "within": (
        Count(),
        lambda award, state: _awards(
            award.filter(award.organisation_id.isin(state.filter(state.voided).organisation_id))
        ),
    ),
    "latest": (Count(), lambda award, state: _awards(_ranked(award))),
    "latest_national": (Count(), lambda award, state: _awards(_national(_ranked(award)))),
    "latest_of_nation": (Count(), lambda award, state: _awards(_ranked(_national(award)))),
    "latest_of_levels": (Count(), lambda award, state: _awards(_ranked(award.filter(~award.voided), "level"))),
    "latest_of_level": (
        Count(),
        lambda award, state: _awards(_ranked(_national(award.filter(~award.voided)), "level")),
    ),
    "latest_below": (
        Sum(),
        lambda award, state: _awards(_ranked(award.filter(award.level != "N", ~award.voided), "level")),
    ),
}


def _indicator(key: str, aggregate: Any, make: Make) -> Any:
    def records(sources: Sources, period: Period) -> ibis.Table:
        """一个数字。"""
        return make(sources.table("calls_award"), sources.table("registry_organisationstate"))

    return indicator(
        key=key,
        label="数",
        label_en="n",
        unit="个",
        over=Over.STOCK,
        aggregate=aggregate,
        room="r",
        record_type="award",
    )(records)


@indicator(
    key="share_of_nation",
    label="比",
    label_en="share",
    unit="比",
    over=Over.STOCK,
    aggregate=Ratio("national", "all_awards"),
    room="r",
    record_type="award",
)
def share_of_nation(sources: Sources, period: Period) -> None:
    """国家级之比。"""


SOURCES = province.fresh_sources()
CATALOGUE = Catalogue(*(_indicator(key, *shape) for key, shape in SHAPES.items()), share_of_nation)


@given(STATES, AWARDS)
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_shared_figures_equal_those_of_one_query_each(
    states: list[dict[str, Any]], awards: list[dict[str, Any]]
) -> None:
    engine = DuckDBEngine.over_rows(SOURCES, {"registry_organisationstate": states, "calls_award": awards})
    engine.shares_scans = True
    together = values(engine, CATALOGUE, SOURCES, CATALOGUE.keys(), Y2021)
    assert together == {key: value(engine, CATALOGUE, SOURCES, key, Y2021) for key in CATALOGUE.keys()}  # noqa: SIM118
    assert together["all_awards"].value == len(awards)
    assert together["national"].value == sum(row["level"] == "N" for row in awards)
    assert together["bodies"].value == len({row["organisation_id"] or row["id"] for row in awards})


def _members(*keys: str) -> set[frozenset[str]]:
    """The keys that share a query, of these."""
    figures = [(CATALOGUE.get(key).aggregate, standard(CATALOGUE.get(key), SOURCES, Y2021)) for key in keys]
    return {frozenset(keys[number] for number in query.members) for query in share(figures)}


def test_what_differs_in_filters_only_shares() -> None:
    assert _members("all_awards", "national", "national_money", "money", "items") == {
        frozenset({"all_awards", "national", "national_money", "money"})
    }
    assert _members("items", "items_of_nation", "bodies", "bodies_with_money") == {
        frozenset({"items", "items_of_nation"}),
        frozenset({"bodies", "bodies_with_money"}),
    }
    assert _members("joined", "joined_national", "joined_standing", "joined_computed") == {
        frozenset({"joined", "joined_national", "joined_standing", "joined_computed"})
    }
    assert _members("latest_of_levels", "latest_of_level", "latest_below") == {
        frozenset({"latest_of_levels", "latest_of_level", "latest_below"})
    }
    assert _members("semi", "semi_national", "anti_national", "latest", "latest_national") == {
        frozenset({"semi", "semi_national"}),
        frozenset({"latest", "latest_national"}),
    }


def test_what_is_not_the_same_rows_does_not_share() -> None:
    assert _members("joined", "left", "left_of_standing", "semi", "latest", "latest_of_nation", "all_awards") == set()


def test_a_filter_under_a_window_stays_there() -> None:
    ranked = lift(standard(CATALOGUE.get("latest_of_nation"), SOURCES, Y2021).op())
    assert len(ranked.predicates) == 1


def test_a_filter_that_leaves_out_whole_partitions_comes_above_the_window() -> None:
    ranked = lift(standard(CATALOGUE.get("latest_of_level"), SOURCES, Y2021).op())
    assert len(ranked.predicates) == 2


def test_nothing_at_all_counts_as_nothing() -> None:
    engine = DuckDBEngine.over_rows(SOURCES, {})
    engine.shares_scans = True
    found = values(engine, CATALOGUE, SOURCES, CATALOGUE.keys(), Y2021)
    assert {measured.value for key, measured in found.items() if key != "share_of_nation"} == {0}
    assert found["share_of_nation"].value is None


def test_each_file_is_asked_as_often_as_there_are_bases() -> None:
    engine = DuckDBEngine.over_rows(SOURCES, {"calls_award": [province.award(1, "A", "i", "2021-01-01", money=1.5)]})
    asked: list[str] = []

    class Listening:
        dialect, shares_scans = "duckdb", True

        def rows(self, expr: ibis.Table, **options: Any) -> list[dict[str, Any]]:
            asked.append(engine.sql(expr))
            return engine.rows(expr, **options)

    found = values(Listening(), CATALOGUE, SOURCES, ["all_awards", "national", "money", "items"], Y2021)
    assert [measured.value for measured in found.values()] == [1, 0, Fraction(3, 2), 1]
    assert len(asked) == 2


def test_conditions_joined_by_and_are_told_apart() -> None:
    table = ibis.table({"a": "int64", "b": "int64"}, name="t")
    both = ((table.a == 1) & (table.b == 2)).op()
    assert len(sharing._conjuncts(both)) == 2
    with pytest.raises(MeasureError, match="no figure"):
        sharing._summed(table, {}, {})


def test_a_dialect_tells_how_it_writes_types() -> None:
    engine = SqlEngine("duckdb", lambda text: [])
    assert str(engine._compiler.type_mapper.from_ibis(dt.int64)) == "BIGINT"
