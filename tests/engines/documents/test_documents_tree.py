"""The content tree refuses what cannot be printed, and numbers what is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.documents.sample import sample

from jineng.engines.documents.prepare import definitions_of, prepare, tilemap_words
from jineng.engines.documents.tree import (
    Chart,
    Definition,
    Definitions,
    Distribution,
    Document,
    DocumentError,
    Figure,
    Heading,
    Held,
    Link,
    Paragraph,
    Table,
    Text,
    TileMap,
    chinese_date,
    chinese_numeral,
    numbered,
)


def document(*blocks: object, annex: tuple[object, ...] = ()) -> Document:
    return Document("简报", "第1期", "某厅", date(2022, 1, 18), "题", tuple(blocks), annex=tuple(annex))  # type: ignore[arg-type]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "  "])
def test_a_link_that_is_unsafe_is_refused(href: str) -> None:
    with pytest.raises(DocumentError, match="不可用"):
        Link("词", href)


@pytest.mark.parametrize("href", ["/a", "#a", "?a=1", "https://example.org/", "mailto:a@example.org"])
def test_a_link_that_is_safe_is_taken(href: str) -> None:
    assert Link("词", href).href == href


def test_a_figure_needs_key_and_phrase() -> None:
    with pytest.raises(DocumentError, match="键"):
        Figure("", "2所")
    with pytest.raises(DocumentError, match="表述"):
        Figure("k", "")


@pytest.mark.parametrize("level", [0, 5])
def test_a_heading_has_one_of_four_levels(level: int) -> None:
    with pytest.raises(DocumentError, match="级别"):
        Heading(level, "题")


def test_a_table_says_which_row_is_short() -> None:
    with pytest.raises(DocumentError, match="第 2 行有 1 格，应为 2 格"):
        Table("表", ("a", "b"), (("1", "2"), ("3",)))
    with pytest.raises(DocumentError, match="没有列"):
        Table("表", (), ())
    with pytest.raises(DocumentError, match="对齐"):
        Table("表", ("a", "b"), (), ("left",))
    with pytest.raises(DocumentError, match="对齐"):
        Table("表", ("a",), (), ("middle",))  # type: ignore[arg-type]


def test_numbers_stand_right_unless_said_otherwise() -> None:
    assert Table("表", ("a", "b", "c"), ()).alignments == ("left", "right", "right")
    assert Table("表", ("a",), (), ("center",)).alignments == ("center",)


def test_a_map_refuses_a_division_that_its_layout_lacks() -> None:
    with pytest.raises(DocumentError, match="110000"):
        TileMap("图", {"110000": 1}, "人")


def test_a_map_in_words_names_each_division() -> None:
    words = tilemap_words(TileMap("图", {"620100": 12, "620900": 5}, "人"))
    assert words.startswith("图（人）：兰州市 12，酒泉市 5，")
    assert words.count("—") == 12


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")]
)
def test_numerals(number: int, text: str) -> None:
    assert chinese_numeral(number) == text


@given(st.integers(1, 99))
@settings(deadline=None)
def test_numerals_differ(number: int) -> None:
    assert len({chinese_numeral(n) for n in range(1, number + 1)}) == number


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(date(2022, 1, 8)) == "2022年1月8日"


def test_headings_are_numbered_by_level_and_begin_anew_below_each() -> None:
    blocks = numbered(
        [
            Heading(1, "甲"),
            Heading(2, "乙"),
            Heading(3, "丙"),
            Heading(4, "丁"),
            Paragraph((Text("文"),)),
            Heading(3, "戊"),
            Heading(2, "己"),
            Heading(3, "庚"),
            Heading(1, "辛"),
            Heading(2, "壬"),
        ]
    )
    texts = [block.text for block in blocks if isinstance(block, Heading)]
    assert texts == [
        "一、甲",
        "（一）乙",
        "1.丙",
        "（1）丁",
        "2.戊",
        "（二）己",
        "1.庚",
        "二、辛",
        "（一）壬",
    ]


def test_the_closing_block_lists_only_those_who_are_named() -> None:
    distribution = Distribution(report_to=("甲", "乙"), distribute_to=("丙",))
    assert distribution.lines == (("报", "甲，乙。"), ("发", "丙。"))
    assert Distribution().lines == ()


def test_held_sentences_are_left_out_with_their_paragraph() -> None:
    doc = document(Paragraph((Text("甲。"), Held("乙", "因"))), Paragraph((Held("丙", "因"),)), Held("丁", "因"))
    assert prepare(doc).blocks == (Paragraph((Text("甲。"),)),)
    assert prepare(doc, draft=True).blocks == doc.blocks


def test_captions_are_numbered_through_text_and_annex() -> None:
    table = Table("数", ("a",), ())
    chart = Chart("线", {}, "", table)
    doc = prepare(document(table, chart, TileMap("图", {}, "人"), annex=(table,)))
    captions = [block.caption for block in (*doc.blocks, *doc.annex)]  # type: ignore[union-attr]
    assert captions == ["表1　数", "图1　线", "图2　图", "表2　数"]


def test_links_of_a_file_lead_to_the_site_or_to_the_annex_or_nowhere() -> None:
    figure, link, outer = Figure("k", "2所", "/f/k/"), Link("词", "/p/"), Link("网", "https://example.org/")
    annex = (Definitions((Definition("k", "甲", "2", "义"),)),)
    cell = Table("数", ("a",), ((("文"),), ((Figure("other", "3", "/f/other/"),),)))
    chart = Chart("线", {}, "", cell, (link, outer))
    doc = document(Paragraph((figure, link, outer)), cell, chart, TileMap("图", {}, "人", "/m/{code}"), annex=annex)
    assert definitions_of(doc) == annex[0].items

    live = prepare(doc)
    assert live.blocks[0] == Paragraph((figure, link, outer))

    absolute = prepare(doc, offline=True, base_url="https://jn.example.org/")
    paragraph, _, drawn, map_ = absolute.blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(drawn, Chart)
    assert isinstance(map_, TileMap)
    assert [getattr(inline, "href", None) for inline in paragraph.inlines] == [
        "https://jn.example.org/f/k/",
        "https://jn.example.org/p/",
        "https://example.org/",
    ]
    assert map_.href == "https://jn.example.org/m/{code}"
    assert len(drawn.links) == 2

    paragraph, table, drawn, map_ = prepare(doc, offline=True).blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert isinstance(drawn, Chart)
    assert isinstance(map_, TileMap)
    assert paragraph.inlines == (Figure("k", "2所", "#def-k"), Text("词"), outer)
    assert table.rows[1] == ((Figure("other", "3", None),),)
    assert drawn.links == (outer,)
    assert map_.href is None


def test_the_sample_defines_each_of_its_figures() -> None:
    doc = sample()
    used = {
        inline.key
        for block in doc.blocks
        if isinstance(block, Paragraph)
        for inline in block.inlines
        if isinstance(inline, Figure)
    }
    assert used == {item.key for item in definitions_of(doc)}
