"""Values, parts, records and places of the invented province, worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

import ibis
import pytest
from tests.engines.measures import province
from tests.engines.measures.province import KEYS, ORGANISATIONS, Y2021

from jineng.engines.measures import (
    RECORD_COLUMNS,
    Catalogue,
    Contradictions,
    Distinct,
    Engine,
    MeasureError,
    Over,
    Part,
    Period,
    Sources,
    as_of,
    compare,
    contradictions,
    division_places,
    drill,
    indicator,
    measure_many,
    record_ids,
    records,
    records_expression,
    records_of,
    value,
    values,
)

Y2020 = Period.year(2020)


class Counting:
    """Passes everything on, and counts the queries."""

    dialect = "any"
    shares_scans = False

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.queries = 0

    def rows(self, expr: object, **options: object) -> list[dict[str, object]]:
        self.queries += 1
        return self.engine.rows(expr, **options)

    def together(self, exprs: Sequence[object], during: Sequence[Period]) -> list[dict[str, object]]:
        self.queries += 1
        return self.engine.together(exprs, during)


def shown(parts: tuple[Part, ...]) -> dict[str, object]:
    return {part.label: part.value for part in parts}


class TestValues:
    def test_each_aggregate(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        measured = values(engine, catalogue, sources, catalogue.keys(), Y2021)
        assert list(measured) == list(catalogue.keys())
        assert {key: (m.value, m.counted) for key, m in measured.items()} == {
            "awards": (10, (10,)),
            "items": (9, (9,)),
            "money": (Fraction(33, 10), (8,)),
            "money_per_award": (Fraction(33, 100), (8, 10)),
        }
        ratio = measured["money_per_award"]
        assert (ratio.numerator, ratio.denominator) == (Fraction(33, 10), 10)
        assert value(engine, catalogue, sources, "items", Y2021) == measured["items"]

    def test_nothing_to_count(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        empty = values(engine, catalogue, sources, catalogue.keys(), Period.year(1990))
        assert [m.value for m in empty.values()] == [0, 0, 0, None]

    def test_many_figures_are_one_query(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        counting = Counting(engine)
        pairs = [(key, period) for key in KEYS for period in (Y2021, Y2020)]
        found = measure_many(counting, catalogue, sources, [*pairs, pairs[0]])
        assert counting.queries == 1
        assert list(found) == pairs
        assert found["awards", Y2020].value == 3
        assert found["money", Y2020].value == Fraction(21, 2)
        assert measure_many(counting, catalogue, sources, []) == {}
        assert counting.queries == 1

    def test_years_beside_each_other(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        years = [Y2021, Y2020, Period.year(2019), Period.year(2022)]
        compared = compare(engine, catalogue, sources, "awards", years)
        assert [(m.period, m.value) for m in compared] == list(zip(years, [10, 3, 0, 10], strict=True))

    def test_an_unknown_key(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        with pytest.raises(MeasureError, match="没有指标“other”"):
            values(engine, catalogue, sources, ["awards", "other"], Y2021)


class TestPlaces:
    def test_divisions_know_what_they_lie_in(self, engine: Engine, sources: Sources) -> None:
        rows = engine.rows(division_places(sources).order_by("code"))
        assert [tuple(row.values()) for row in rows] == [
            ("990000", "990000", None, None, None, None),
            ("990100", "990000", "990100", "甲市", None, None),
            ("990102", "990000", "990100", "甲市", "990102", "东县"),
            ("990103", "990000", "990100", "甲市", "990103", "西县"),
            ("990171", "990000", "990100", "甲市", "990171", "甲新区"),
            ("990200", "990000", "990200", "乙市", None, None),
            ("990202", "990000", "990200", "乙市", "990202", "南县"),
            ("999001", "990000", "999001", "直管县", "999001", "直管县"),
            ("999002", "990000", "999002", "省属矿区", None, None),
        ]

    @pytest.mark.parametrize(
        ("on", "county"), [("2021-05-31", "990102"), ("2021-06-01", "990202"), ("2030-01-01", "990202")]
    )
    def test_the_latest_state_that_is_not_voided_holds(
        self, engine: Engine, sources: Sources, on: str, county: str
    ) -> None:
        rows = engine.rows(as_of(sources, ibis.literal(on, type="date")))
        places = {row["name"]: row["county_place"] for row in rows}
        assert places["A校"] == county
        assert ("G校" in places) is (on == "2030-01-01")
        assert len(rows) == len(places)

    def test_ties_go_to_what_was_recorded_last_then_to_the_greatest_id(self, build, sources: Sources) -> None:
        later = dt.datetime(2021, 6, 1, tzinfo=dt.UTC)
        states = [
            province.state(9, "A", "2021-01-01", "990102"),
            province.state(1, "A", "2021-01-01", "990103", recorded_at=later),
            province.state(2, "A", "2021-01-01", "990202", recorded_at=later, closed=True),
        ]
        rows = {"registry_division": province.DIVISIONS, "registry_organisationstate": states}
        (row,) = build(rows).rows(as_of(sources, ibis.date("2021-12-31")))
        assert (row["county_place"], row["closed"]) == ("990202", True)


class TestDrill:
    def test_by_city_what_has_no_place_is_a_part(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        counting = Counting(engine)
        found = drill(counting, catalogue, sources, "awards", Y2021, "city")
        assert counting.queries == 1
        assert [(part.code, part.label, part.value) for part in found.parts] == [
            ("990100", "甲市", 3),
            ("990200", "乙市", 3),
            ("unplaced", "未定位", 4),
        ]
        assert (found.total, found.counted, found.sums, found.reason) == (10, (10,), True, None)

    def test_a_special_area_counts_once_inside_its_city(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        found = drill(engine, catalogue, sources, "awards", Y2021, "county", "990100")
        assert shown(found.parts) == {"西县": 2, "甲新区": 1}
        assert found.total == 3

    def test_a_city_without_county_is_a_part_that_can_be_opened(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        found = drill(engine, catalogue, sources, "awards", Y2021, "county", "990200")
        assert [(part.code, part.label) for part in found.parts] == [
            ("990200-direct", "乙市（未分县区）"),
            ("990202", "南县"),
        ]
        inside = drill(engine, catalogue, sources, "awards", Y2021, "organisation", "990200-direct")
        assert shown(inside.parts) == {"D校": 1}

    @pytest.mark.parametrize(
        ("within", "expected"),
        [
            (None, 8),
            ("990000", 5),
            ("990202", 1),
            ("unplaced", 4),
            ("nowhere", 0),
            (str(ORGANISATIONS["B"]), 1),
        ],
    )
    def test_organisations_within(
        self, engine: Engine, catalogue: Catalogue, sources: Sources, within: str | None, expected: int
    ) -> None:
        found = drill(engine, catalogue, sources, "awards", Y2021, "organisation", within)
        assert len(found.parts) == expected
        assert found.sums

    def test_organisations_without_name_or_id_are_parts(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        found = drill(engine, catalogue, sources, "awards", Y2021, "organisation", "unplaced")
        assert [(part.code, part.label) for part in found.parts] == [
            (str(ORGANISATIONS["E"]), "E校"),
            (str(ORGANISATIONS["F"]), "F校"),
            (str(ORGANISATIONS["G"]), str(ORGANISATIONS["G"])),
            ("unplaced", "未定位"),
        ]

    def test_parts_of_a_distinct_count_need_not_sum_and_it_says_why(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        found = drill(engine, catalogue, sources, "items", Y2021, "city")
        assert shown(found.parts) == {"甲市": 3, "乙市": 3, "未定位": 4}
        assert (found.total, found.sums) == (9, False)
        assert found.reason == "同一对象可在多处出现，合计只计一次；各部分之和比合计多1"
        assert found.reason_en is not None
        inside = drill(engine, catalogue, sources, "items", Y2021, "county", "990100")
        assert (inside.total, inside.sums, inside.reason) == (3, True, None)

    def test_a_declared_reason_takes_precedence(self, engine: Engine, sources: Sources) -> None:
        @indicator(
            key="joint",
            label="联合项目",
            label_en="joint",
            unit="个",
            over=Over.STOCK,
            room="calls",
            record_type="award",
            aggregate=Distinct(),
            reason="联合申报的项目各方都列",
        )
        def joint(sources: Sources, period: Period) -> object:
            """联合申报。"""
            return province.items.records(sources, period)

        found = drill(engine, Catalogue(joint), sources, "joint", Y2021, "city")
        assert (found.reason, found.reason_en) == ("联合申报的项目各方都列", None)

    def test_sums_are_exact(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        found = drill(engine, catalogue, sources, "money", Y2021, "city")
        assert shown(found.parts) == {"甲市": Fraction(1, 5), "乙市": Fraction(31, 10), "未定位": 0}
        assert found.sums

    def test_a_ratio_shows_both_sides_in_each_part(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        found = drill(engine, catalogue, sources, "money_per_award", Y2021, "city")
        assert [(p.label, p.value, p.numerator, p.denominator, p.counted) for p in found.parts] == [
            ("甲市", Fraction(1, 15), Fraction(1, 5), 3, (2, 3)),
            ("乙市", Fraction(31, 30), Fraction(31, 10), 3, (2, 3)),
            ("未定位", 0, 0, 4, (4, 4)),
        ]
        assert (found.total, found.numerator, found.denominator) == (Fraction(33, 100), Fraction(33, 10), 10)
        assert not found.sums
        assert found.reason is not None
        west = drill(engine, catalogue, sources, "money_per_award", Y2020, "county", "990103")
        assert [(p.value, p.counted) for p in west.parts] == [(0, (2, 2))]

    def test_a_ratio_has_a_part_where_only_one_side_is(self, build, sources: Sources, catalogue) -> None:
        rows = {**province.ROWS, "calls_award": [province.award(1, "B", "i", "2020-01-01")]}
        found = drill(build(rows), catalogue, sources, "money_per_award", Y2021, "city")
        assert [(p.label, p.value, p.counted) for p in found.parts] == [("甲市", 0, (0, 1))]
        revoked = {"revoked_on": dt.date(2021, 6, 1), "money": 5.0}
        rows = {**province.ROWS, "calls_award": [province.award(1, "B", "i", "2021-01-01", **revoked)]}
        found = drill(build(rows), catalogue, sources, "money_per_award", Y2021, "city")
        assert [(p.label, p.value, p.counted) for p in found.parts] == [("甲市", None, (1, 0))]

    def test_a_dimension_of_the_room(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        found = drill(engine, catalogue, sources, "awards", Y2021, "level")
        assert [(part.code, part.label, part.value) for part in found.parts] == [
            ("N", "国家级", 1),
            ("P", "省级", 7),
            ("X", "X", 1),
            ("unstated", "未注明", 1),
        ]
        inside = drill(engine, catalogue, sources, "items", Y2021, "level", "990100")
        assert shown(inside.parts) == {"省级": 2, "未注明": 1}

    def test_an_unknown_way_to_drill(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        with pytest.raises(MeasureError, match="use one of city, county, organisation, level"):
            drill(engine, catalogue, sources, "money_per_award", Y2021, "colour")

    def test_parts_that_must_sum_and_do_not_are_reported(self, build, sources: Sources, catalogue: Catalogue) -> None:
        twice = [*province.DIVISIONS, province.division("990100", "甲市", "city", "990000")]
        found = drill(build({**province.ROWS, "registry_division": twice}), catalogue, sources, "awards", Y2021, "city")
        assert not found.sums
        assert found.reason == "各部分之和应等于合计，却相差3，请检查数据"


class TestRecords:
    def test_the_rows_behind_a_figure_give_the_figure(
        self, engine: Engine, catalogue: Catalogue, sources: Sources
    ) -> None:
        page = records(engine, catalogue, sources, "items", Y2021, limit=None)
        assert len(page.rows) == page.total == 10
        assert len({row["counted_id"] for row in page.rows}) == 9
        assert {row["side"] for row in page.rows} == {"value"}
        first = page.rows[0]
        assert set(first) == {
            *RECORD_COLUMNS,
            "level",
            "side",
            "organisation_name",
            "city_place",
            "city_label",
            "county_place",
            "county_label",
        }
        assert first["record_id"] == UUID(int=2012)
        assert (first["organisation_name"], first["county_label"]) == ("B校", "西县")

    def test_pages_cover_all_without_overlap(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        whole = records(engine, catalogue, sources, "awards", Y2021, limit=None, order="-on")
        parts = [
            records(engine, catalogue, sources, "awards", Y2021, limit=3, offset=offset, order="-on")
            for offset in (0, 3, 6, 9, 12)
        ]
        assert [row for page in parts for row in page.rows] == list(whole.rows)
        assert {page.total for page in parts} == {10}
        rest = records(engine, catalogue, sources, "awards", Y2021, limit=None, offset=8, order="-on")
        assert (list(rest.rows), rest.total) == (list(whole.rows)[8:], 10)

    def test_a_ratio_lists_both_sides(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        page = records(engine, catalogue, sources, "money_per_award", Y2021, within="990100", order="side")
        sides = [row["side"] for row in page.rows]
        assert sides == ["denominator"] * 3 + ["numerator"] * 2
        assert sum(row["measure"] or 0 for row in page.rows if row["side"] == "numerator") == 0.2

    def test_an_unknown_order(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        with pytest.raises(MeasureError, match="cannot order by 'colour'"):
            records(engine, catalogue, sources, "awards", Y2021, order="-colour")

    def test_ids_by_type_each_once(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        ids = record_ids(engine, catalogue, sources, "money_per_award", Y2021, within="990100")
        assert ids == {"award": (UUID(int=2003), UUID(int=2004), UUID(int=2012))}
        assert record_ids(engine, catalogue, sources, "awards", Period.year(1990)) == {}

    def test_some_by_their_ids(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        ids = record_ids(engine, catalogue, sources, "money_per_award", Y2021, within="990100")["award"]
        wanted = [ids[2], ids[0], UUID(int=9)]
        rows = records_of(engine, catalogue, sources, "money_per_award", Y2021, wanted, within="990100")
        assert [(UUID(str(row["record_id"])), row["side"]) for row in rows] == [
            (ids[2], "denominator"),
            (ids[0], "denominator"),
            (ids[0], "numerator"),
        ]
        all_rows = records(engine, catalogue, sources, "money_per_award", Y2021, within="990100", limit=None).rows
        assert all(row in all_rows for row in rows)
        assert records_of(engine, catalogue, sources, "awards", Y2021, ids, within="990200") == ()

    def test_ids_that_an_engine_gives_as_text(self, catalogue: Catalogue, sources: Sources) -> None:
        class Texts:
            dialect = "spark"

            def rows(self, expr: object, **options: object) -> list[dict[str, object]]:
                return [{"record_type": "award", "record_id": str(UUID(int=7))}]

        assert record_ids(Texts(), catalogue, sources, "awards", Y2021) == {"award": (UUID(int=7),)}

    def test_the_expression_is_kept(self, catalogue: Catalogue, sources: Sources) -> None:
        first = records_expression(catalogue, sources, "awards", Y2021)
        assert records_expression(catalogue, sources, "awards", Y2021) is first


class TestContradictions:
    def test_a_sound_declaration_has_none(self, engine: Engine, catalogue: Catalogue, sources: Sources) -> None:
        for key in KEYS:
            for period in (Y2021, Y2020, Period.year(1990)):
                assert not any(contradictions(engine, catalogue, sources, key, period))
        found = contradictions(engine, catalogue, sources, "money_per_award", Y2021)
        assert [each.key for each in found] == ["money", "awards"]

    @pytest.mark.parametrize(
        ("over", "mistimed"),
        [(Over.FLOW, 3), (Over.STOCK, 1), (Over.CUMULATIVE, 1)],
    )
    def test_each_kind_is_counted(self, build, sources: Sources, over: Over, mistimed: int) -> None:
        @indicator(key="loose", label="乱", label_en="loose", unit="个", over=over, room="calls", record_type="prize")
        def loose(sources: Sources, period: Period) -> object:
            """不设条件。"""
            award = sources.table("calls_award")
            return award.select(
                record_type=award.level,
                record_id=award.id,
                counted_id=award.item,
                organisation_id=award.organisation_id,
                on=award.on,
                measure=award.money,
                label=award.item,
            )

        rows = [
            province.award(1, "A", "i", "2020-01-01", level="prize"),
            province.award(1, "A", "i", "2020-01-01", level="prize"),
            province.award(2, "A", "i", "2022-01-01", level="prize"),
            province.award(3, "A", "i", "2021-01-01", level="other"),
            {**province.award(4, "A", "i", "2021-01-01", level="prize"), "on": None},
            {**province.award(5, "A", "i", "2021-01-01", level="prize"), "id": None},
        ]
        engine = build({"calls_award": rows})
        (found,) = contradictions(engine, Catalogue(loose), sources, "loose", Y2021)
        assert found == Contradictions("loose", 1, 1, 1, 1, mistimed)
        assert found
