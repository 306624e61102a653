from __future__ import annotations

from datetime import date
from fractions import Fraction

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.measures import province

from jineng.engines.measures import (
    Catalogue,
    Count,
    Dimension,
    Distinct,
    DuckDBEngine,
    Indicator,
    MeasureError,
    Over,
    Period,
    Ratio,
    Sources,
    SourceTable,
    Sum,
    as_records,
    indicator,
    value,
)
from jineng.engines.measures.compute import exact

DECLARATION = {
    "label": "甲",
    "label_en": "a",
    "unit": "个",
    "over": Over.FLOW,
    "room": "r",
    "record_type": "t",
}


class TestSources:
    def test_a_table_is_unbound_and_has_its_declared_columns(self) -> None:
        sources = Sources(SourceTable("facts", {"id": "uuid", "on": "date"}))
        table = sources.table("facts")
        assert dict(table.schema().items()) == {"id": ibis.dtype("uuid"), "on": ibis.dtype("date")}
        assert sources.names() == ("facts",)
        assert "facts" in sources
        assert "other" not in sources
        assert dict(sources["facts"].columns) == {"id": "uuid", "on": "date"}

    def test_repeating_a_declaration_is_harmless_but_changing_it_is_refused(self) -> None:
        sources = Sources(SourceTable("facts", {"id": "uuid"}))
        sources.declare(SourceTable("facts", {"id": "uuid"}))
        with pytest.raises(MeasureError, match="declared with other columns"):
            sources.declare(SourceTable("facts", {"id": "string"}))

    def test_a_declaration_does_not_follow_later_changes_of_its_mapping(self) -> None:
        columns = {"id": "uuid"}
        sources = Sources(SourceTable("facts", columns))
        columns["name"] = "string"
        assert dict(sources["facts"].columns) == {"id": "uuid"}

    def test_bad_declarations_say_what_is_wrong(self) -> None:
        with pytest.raises(MeasureError, match=r"没有列.*has no columns"):
            Sources(SourceTable("facts", {}))
        with pytest.raises(MeasureError, match="use lower-case letters"):
            Sources(SourceTable("facts", {'a"b': "int64"}))
        with pytest.raises(MeasureError, match="column type that ibis does not know"):
            Sources(SourceTable("facts", {"id": "no such type"}))
        with pytest.raises(MeasureError, match="must be one of its columns of type uuid"):
            Sources(SourceTable("facts", {"id": "uuid", "on": "date"}, pseudonyms=frozenset({"on"})))
        sources = Sources(SourceTable("facts", {"id": "uuid"}))
        with pytest.raises(MeasureError, match="declared with other columns"):
            sources.declare(SourceTable("facts", {"id": "uuid"}, pseudonyms=frozenset({"id"})))
        with pytest.raises(MeasureError, match="declared are: facts"):
            Sources(SourceTable("facts", {"id": "uuid"})).table("other")
        with pytest.raises(MeasureError, match="已声明：无"):
            Sources().table("other")


class TestPeriod:
    def test_a_year(self) -> None:
        year = Period.year(2021)
        assert (year.start, year.end, year.label) == (date(2021, 1, 1), date(2021, 12, 31), "2021年")
        assert year.previous() == Period.year(2020)
        assert year.contains(date(2021, 12, 31))
        assert not year.contains(date(2022, 1, 1))

    @pytest.mark.parametrize(
        ("start", "end", "before"),
        [
            ("2021-03-01", "2021-03-31", ("2021-02-01", "2021-02-28")),
            ("2021-01-01", "2021-03-31", ("2020-10-01", "2020-12-31")),
            ("2021-02-01", "2022-01-31", ("2020-02-01", "2021-01-31")),
            ("2020-01-01", "2021-12-31", ("2018-01-01", "2019-12-31")),
            ("2021-03-08", "2021-03-14", ("2021-03-01", "2021-03-07")),
            ("2021-03-01", "2021-03-30", ("2021-01-30", "2021-02-28")),
        ],
    )
    def test_the_previous_period_has_the_same_length(self, start: str, end: str, before: tuple[str, str]) -> None:
        previous = Period(date.fromisoformat(start), date.fromisoformat(end)).previous()
        assert (str(previous.start), str(previous.end)) == before
        assert previous.label == f"{before[0]}至{before[1]}"

    @given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 800))
    @settings(deadline=None)
    def test_the_previous_period_ends_where_this_begins(self, start: date, days: int) -> None:
        period = Period(start, date.fromordinal(start.toordinal() + days))
        assert period.previous().end.toordinal() + 1 == start.toordinal()
        assert period.back(0) is period
        assert period.back(2) == period.previous().previous()

    def test_impossible_periods_are_refused(self) -> None:
        with pytest.raises(MeasureError, match="cannot end on"):
            Period(date(2021, 1, 2), date(2021, 1, 1))
        with pytest.raises(MeasureError, match="cannot step back"):
            Period.year(2021).back(-1)


class TestIndicator:
    def test_the_docstring_is_the_definition_and_defaults_follow_the_aggregate(self) -> None:
        found = province.awards
        assert isinstance(found, Indicator)
        assert found.definition == "期末有效的立项，一项一计。"
        assert (found.aggregate, found.additive) == (Count(), True)
        assert (province.items.aggregate, province.items.additive) == (Distinct(), False)
        assert (province.money.aggregate, province.money.additive) == (Sum(), True)
        assert province.money_per_award.records is None
        assert not province.money_per_award.additive
        assert found.dimension("level") is province.LEVEL
        assert found.dimension("other") is None

    def test_a_definition_of_several_lines_runs_on(self) -> None:
        @indicator(key="lines", **DECLARATION)
        def lines(sources: Sources, period: Period) -> ibis.Table:
            """期末有效的立项，
            一项一计；Double High
            is not counted."""
            raise AssertionError

        assert lines.definition == "期末有效的立项，一项一计；Double High is not counted."

    def test_additivity_can_be_said(self) -> None:
        @indicator(key="a", additive=False, reason="因为", reason_en="because", **DECLARATION)
        def a(sources: Sources, period: Period) -> None:
            """定义。"""

        assert (a.additive, a.reason, a.reason_en) == (False, "因为", "because")

    def test_no_docstring_no_indicator(self) -> None:
        with pytest.raises(MeasureError, match="没有定义"):

            @indicator(key="a", **DECLARATION)
            def a(sources: Sources, period: Period) -> None:
                pass

    @pytest.mark.parametrize("key", ["", "A", "1a", "a-b", "指标", "not", "and", "or", "a\n"])
    def test_bad_keys_are_refused(self, key: str) -> None:
        with pytest.raises(MeasureError, match="lower-case letters"):
            indicator(key=key, **DECLARATION)

    @pytest.mark.parametrize("name", ["label", "city", "side", "amount"])
    def test_a_dimension_cannot_take_a_standard_name(self, name: str) -> None:
        with pytest.raises(MeasureError, match="a name that is taken"):
            indicator(key="a", dimensions=(Dimension(name, "甲", "a"),), **DECLARATION)


class TestCatalogue:
    def test_it_keeps_the_order_and_refuses_a_second_definition(self) -> None:
        catalogue = province.fresh_catalogue()
        assert catalogue.keys() == ("awards", "items", "money", "money_per_award")
        assert [each.key for each in catalogue] == list(catalogue.keys())
        assert len(catalogue) == 4
        assert "awards" in catalogue
        assert "other" not in catalogue
        assert catalogue.of_room("calls") == tuple(catalogue)
        assert catalogue.of_room("majors") == ()
        with pytest.raises(MeasureError, match="重复"):
            catalogue.add(province.awards)
        with pytest.raises(MeasureError, match="no indicator 'other'"):
            catalogue.get("other")

    def test_a_ratio_stands_on_two_plain_indicators(self) -> None:
        catalogue = province.fresh_catalogue()
        assert catalogue.sides("awards") == (province.awards,)
        assert catalogue.sides("money_per_award") == (province.money, province.awards)

        @indicator(key="twice", aggregate=Ratio("money_per_award", "awards"), **DECLARATION)
        def twice(sources: Sources, period: Period) -> None:
            """比率之比。"""

        catalogue.add(twice)
        with pytest.raises(MeasureError, match="is a ratio itself"):
            catalogue.sides("twice")


class TestRecords:
    def test_a_function_must_return_the_standard_columns(self) -> None:
        sources = province.fresh_sources()
        engine = DuckDBEngine.over_rows(sources, province.ROWS)

        @indicator(key="short", **DECLARATION)
        def short(sources: Sources, period: Period) -> ibis.Table:
            """缺列。"""
            return sources.table("calls_award").select(record_id="id")

        @indicator(key="nothing", **DECLARATION)
        def nothing(sources: Sources, period: Period) -> None:
            """没有表。"""

        catalogue = Catalogue(short, nothing)
        with pytest.raises(MeasureError, match="lack the columns record_type, counted_id"):
            value(engine, catalogue, sources, "short", province.Y2021)
        with pytest.raises(MeasureError, match="returns no table"):
            value(engine, catalogue, sources, "nothing", province.Y2021)

    def test_as_records_counts_the_record_itself_by_default(self) -> None:
        award = province.fresh_sources().table("calls_award")
        table = as_records(
            award,
            record_type="award",
            record_id=award.id,
            organisation_id=award.organisation_id,
            on=award.on,
            label=award.item,
        )
        assert str(table.schema()["counted_id"]) == "string"
        assert str(table.schema()["measure"]) == "float64"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
@settings(deadline=None)
def test_numbers_from_a_database_become_exact(number: object) -> None:
    assert exact(number) == Fraction(str(number))
    assert isinstance(exact(number), int) == (Fraction(str(number)).denominator == 1)


def test_nothing_is_zero_and_a_float_is_what_it_prints() -> None:
    assert exact(None) == 0
    assert exact(0.1) == Fraction(1, 10)
