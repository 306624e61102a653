"""What is printed, what is held back and why; illustrations from the same figures. Pure, over an invented province."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from jineng.briefs.composition import Brief, Reader, compose, number_text, unit_text
from jineng.briefs.illustrations import illustrate
from jineng.briefs.narrative import Illustration, Narrative, Part, Topic, sentence
from jineng.engines.documents.html import render_html
from jineng.engines.documents.tree import Chart, Figure, Heading, Held, Link, Paragraph, Text, TileMap
from jineng.engines.measures import DuckDBEngine
from tests.engines.measures import province

FRONT: dict[str, Any] = {"masthead": "简报", "issuer": "某厅", "title": "{year}年情况"}


@pytest.fixture(scope="module")
def reader() -> Reader:
    sources = province.fresh_sources()
    return Reader(DuckDBEngine.over_rows(sources, province.ROWS), province.fresh_catalogue(), sources)


def brief(
    reader: Reader, *sentences: Any, year: int = 2021, illustrations: tuple[Illustration, ...] = (), **more: Any
) -> Brief:
    """A brief of one topic with these sentences."""
    topic = Topic("甲", (tuple(sentence(item) for item in sentences),), illustrations)
    narrative = Narrative({**FRONT, **more.pop("front", {})}, (Part("一", (topic,)), Part("空", (Topic("", (), ()),))))
    return compose(narrative, reader, year, **more)


def inlines(found: Brief) -> list[Any]:
    return [inline for block in found.document.blocks if isinstance(block, Paragraph) for inline in block.inlines]


def test_a_figure_is_worded_and_opens_its_page(reader: Reader) -> None:
    found = brief(reader, "{year}年有{awards}，上年{awards@-1||个}。", link=lambda key: f"/x/{key}/")
    assert inlines(found) == [
        Text("2021"),
        Text("年有"),
        Figure("awards", "10项", "/x/awards/", "10", "立项数"),
        Text("，上年"),
        Figure("awards", "3个", "/x/awards/", "3", "立项数"),
        Text("。"),
    ]
    assert found.keys == ("awards",)
    (definition,) = found.document.annex[0].items
    assert (definition.key, definition.value, definition.over) == ("awards", "10", "年末存量")
    assert (found.document.title, found.document.issue, found.document.date) == (
        "2021年情况",
        "第1期",
        date(2021, 12, 31),
    )


def test_a_figure_of_an_earlier_year_opens_that_year(reader: Reader) -> None:
    found = brief(
        reader, "{awards}，{awards@-1}", link=lambda key: f"/x/{key}/", earlier=lambda key, back: f"/x/{key}/{back}/"
    )
    assert [item.href for item in inlines(found) if isinstance(item, Figure)] == ["/x/awards/", "/x/awards/1/"]


def test_a_sentence_whose_check_fails_is_held_and_says_why(reader: Reader) -> None:
    found = brief(reader, {"text": "有{awards}，{items}。", "check": "awards == items"}, "有{items}。")
    assert [(item.state, item.reason) for item in found.said] == [
        ("held", "校验未通过：10 ≠ 9"),
        ("printed", ""),
    ]
    assert inlines(found)[0] == Held("有10项，9个。", "校验未通过：10 ≠ 9")
    assert found.keys == ("items",)
    assert [item.sentence.source for item in found.held] == ["有{awards}，{items}。"]
    draft = render_html(found.document, mode="page", draft=True)
    assert "有10项，9个。" in draft
    assert "校验未通过" in draft
    for clean in (
        render_html(found.document, mode="page", draft=False),
        render_html(found.document, mode="standalone"),
    ):
        assert "校验未通过" not in clean
        assert "有10项，9个。" not in clean


def test_a_check_that_holds_is_kept_with_its_numbers(reader: Reader) -> None:
    found = brief(reader, {"text": "{year@-1}年有{awards@-1}。", "check": "awards@-1 < awards"})
    (said,) = found.printed
    assert (said.state, said.shown) == ("printed", "3 < 10")
    assert inlines(found)[0] == Text("2020")


def test_what_cannot_be_worded_truthfully_is_held(reader: Reader) -> None:
    found = brief(reader, "近{awards|nearly}。", "{year}年均{money_per_award|percent|比}。", year=1999)
    assert [item.state for item in found.said] == ["held", "held"]
    assert "分母为零" in found.said[1].reason
    assert [piece.text for piece in inlines(found)][1] == "1999年均—万元。"


def test_a_sentence_without_its_indicator_is_not_built(reader: Reader) -> None:
    found = brief(reader, "有{unicorns}。", {"text": "有{awards}。", "check": "dragons > 0 and awards > 0"})
    assert [(item.state, item.reason) for item in found.said] == [
        ("not_built", "尚无指标：unicorns"),
        ("not_built", "尚无指标：dragons"),
    ]
    assert found.document.blocks == ()
    assert found.keys == ()


def test_headings_stand_only_over_what_is_said(reader: Reader) -> None:
    found = brief(
        reader, "有{awards}。", issue=3, dated=date(2022, 1, 9), front={"distribution": {"copy_to": ["各市"]}}
    )
    headings = [block for block in found.document.blocks if isinstance(block, Heading)]
    assert [heading.level for heading in headings] == [1, 2]
    assert found.document.issue == "第3期"
    assert found.document.distribution.copy_to == ("各市",)
    assert found.document.distribution.printed_by == "某厅"
    assert found.document.distribution.printed_on == date(2022, 1, 9)


def drawn(reader: Reader, kind: str, keys: tuple[str, ...], **more: Any) -> list[Any]:
    wanted = Illustration(kind, "图", keys, more.pop("by", "city"), 2, {"awards": "项"})
    return illustrate(wanted, reader, more.pop("year", 2021), more.pop("link", lambda key: f"/x/{key}/"))


def test_bars_are_the_parts_the_greatest_first(reader: Reader) -> None:
    (chart,) = drawn(reader, "bars", ("awards",), by="level")
    assert isinstance(chart, Chart)
    assert chart.alt == "图：省级 7，国家级 1，X 1，未注明 1"
    assert chart.table.rows[0] == ("省级", (Link("7", "/x/awards/"),))
    assert drawn(reader, "bars", ("awards",), year=1999) == []


def test_years_stand_side_by_side(reader: Reader) -> None:
    (chart,) = drawn(reader, "years", ("awards", "items"))
    assert chart.alt == "图：2020项 3，2021项 10，2020项目数 3，2021项目数 9"


def test_a_map_shows_known_cities_and_leads_to_their_figures(reader: Reader) -> None:
    (tiles,) = drawn(reader, "map", ("awards",))
    assert isinstance(tiles, TileMap)
    assert dict(tiles.values) == {}
    assert tiles.href == "/x/awards/?within={code}"
    (beside,) = drawn(reader, "map", ("awards",), link=lambda key: f"/x/?figure={key}#figure")
    assert beside.href == "/x/?figure=awards&within={code}#figure"
    (without,) = drawn(reader, "map", ("awards",), link=lambda key: None)
    assert without.href is None


def test_illustrations_come_after_what_is_said_where_their_figures_are_known(reader: Reader) -> None:
    known, unknown = (Illustration("bars", "图", (key,), "level", 3, {}) for key in ("awards", "unicorns"))
    found = brief(reader, "有{awards}。", illustrations=(known, unknown), illustrate=illustrate)
    assert [type(block) for block in found.document.blocks[-2:]] == [Paragraph, Chart]
    assert len([block for block in found.document.blocks if isinstance(block, Chart)]) == 1
    silent = brief(reader, "有{unicorns}。", illustrations=(known,), illustrate=illustrate)
    assert silent.document.blocks == ()


def test_numbers_are_told_with_all_their_digits() -> None:
    assert [number_text(value) for value in (None, 1234567, Fraction(33, 100), Fraction(3000, 2), Fraction(1, 3))] == [
        "—",
        "1,234,567",
        "0.33",
        "1,500",
        "0.3333",
    ]


def test_a_ratio_is_told_in_percent() -> None:
    ratios = 1, Fraction(123_456, 100_000), Fraction(1, 3)
    assert [number_text(value, "比") + unit_text("比") for value in ratios] == ["100%", "123.46%", "33.33%"]
    assert number_text(1400, "元") + unit_text("元") == "1,400元"
