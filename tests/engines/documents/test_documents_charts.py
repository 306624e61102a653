"""Charts: the same drawing each time, named faces, links on marks, nothing that a strict policy forbids."""

from __future__ import annotations

import re

import pytest
from altair.vegalite.schema import core
from jsonschema import ValidationError
from lxml import etree

from jineng.engines.documents import charts
from jineng.engines.documents.charts import Mark
from jineng.engines.documents.prepare import map_hrefs
from jineng.engines.documents.tree import DocumentError, Link

YEARS = [
    Mark(year, value, series, f"/f/{number}/?year={year}&s=1")
    for number, series in enumerate(("考核", "取证"))
    for year, value in (("2020", 14_380 - number * 9_000), ("2021", 26_013 - number * 15_765))
]
PLAIN = [Mark("甲", 3), Mark("乙", 2.5)]


@pytest.mark.parametrize("draw", [charts.bar, charts.line, charts.stacked])
def test_a_chart_is_drawn_alike_each_time_and_without_styles(draw) -> None:
    spec = draw(YEARS, unit="人")
    svg = charts.render_svg(spec, label="图", prefix="x")
    charts._draw.cache_clear()
    assert svg == charts.render_svg(draw(YEARS, unit="人"), label="图", prefix="x")
    root = etree.fromstring(svg.encode())
    assert not root.xpath("//@style | //@target | //*[local-name()='script']")
    assert {node.get("href") for node in root.iter("{*}a")} == {mark.href for mark in YEARS}
    assert root.get("role") == "group"
    assert root.get("aria-label") == "图"
    assert all(value.startswith("x-") for value in root.xpath("//@id"))
    faces = set(root.xpath("//@font-family"))
    assert faces
    assert all(face.startswith("Noto Sans CJK SC") for face in faces)


@pytest.mark.parametrize("draw", [charts.bar, charts.line, charts.stacked])
@pytest.mark.parametrize("marks", [YEARS, PLAIN])
def test_a_specification_keeps_to_the_schema(draw, marks) -> None:
    spec = draw(marks, unit="人")
    core.Root.validate(spec)
    with pytest.raises(ValidationError, match="'wide' is not of type 'number'"):
        core.Root.validate({**spec, "padding": "wide"})


def test_marks_without_links_make_a_picture() -> None:
    svg = charts.render_svg(charts.bar(PLAIN, unit="人"))
    root = etree.fromstring(svg.encode())
    assert root.get("role") == "img"
    assert root.get("aria-label") is None
    texts = [node.text for node in root.iter("{*}text")]
    assert {"甲", "乙", "3", "2.5"} <= set(texts)
    assert "currentColor" in svg


def test_values_of_lines_that_meet_are_not_written_over_each_other() -> None:
    marks = [Mark(year, value, series) for series, told in (("项目", (9, 0, 16)), ("国家", (8, 0, 5)))
             for year, value in zip(("2019", "2020", "2021"), told, strict=True)]  # fmt: skip
    root = etree.fromstring(charts.render_svg(charts.line(marks, unit="个")).encode())
    written = {node.text: node for node in root.iter("{*}text") if node.text and node.text.isdigit()}
    assert [node.text for node in root.iter("{*}text")].count("0") == 1

    def height(text: str) -> float:
        return float(re.search(r"translate\([\d.-]+,([\d.-]+)\)", written[text].get("transform"))[1])

    assert height("8") - height("9") > 25, "the lower of two close points has its value under it"


def test_some_marks_may_lead_somewhere_and_others_not() -> None:
    svg = charts.render_svg(charts.bar([Mark("甲", 3, href="/a/"), Mark("乙", 2)], unit="人"))
    root = etree.fromstring(svg.encode())
    assert [node.get("href") for node in root.iter("{*}a")] == ["/a/"]


def test_a_specification_leads_nowhere_unsafe() -> None:
    spec = charts.bar([Mark("甲", 3, href="/a/")], unit="人")
    with pytest.raises(DocumentError, match="不可用"):
        charts.render_svg(map_hrefs(spec, lambda href: "javascript:alert(1)"))


def test_links_of_a_specification_can_be_changed_or_dropped() -> None:
    spec = {"a": [{"href": "/x", "b": None}, {"href": {"field": "href"}}], "n": 1}
    assert map_hrefs(spec, lambda href: href + "y") == {
        "a": [{"href": "/xy", "b": None}, {"href": {"field": "href"}}],
        "n": 1,
    }
    assert map_hrefs(spec, lambda href: None)["a"][0] == {"b": None}


def test_labels_keep_the_order_given() -> None:
    svg = charts.render_svg(charts.bar([Mark("乙", 1), Mark("甲", 2), Mark("丙", 3)], unit="人"))
    assert svg.index("乙") < svg.index(">甲") < svg.index(">丙")


def test_stacked_bars_print_their_sums() -> None:
    svg = charts.render_svg(charts.stacked(YEARS, unit="人"))
    assert ">36,261<" in svg


def test_clip_paths_stay_apart_on_one_page() -> None:
    spec = {
        "data": {"values": [{"x": 1}]},
        "mark": {"type": "point", "clip": True},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
    svg = charts.render_svg(spec, prefix="p")
    root = etree.fromstring(svg.encode())
    ids = root.xpath("//@id")
    used = [value[5:-1] for value in root.xpath("//@clip-path")]
    assert used
    assert set(used) <= set(ids)
    assert all(name.startswith("p-") for name in ids)


def test_a_picture_for_word() -> None:
    png = charts.render_png(charts.render_svg(charts.bar(PLAIN, unit="人")))
    assert png.startswith(b"\x89PNG")
    assert png == charts.render_png(charts.render_svg(charts.bar(PLAIN, unit="人")))


@pytest.mark.parametrize("draw", [charts.bar, charts.line, charts.stacked])
def test_a_chart_needs_data(draw) -> None:
    with pytest.raises(DocumentError, match="没有数据"):
        draw([], unit="人")


def test_there_are_no_more_series_than_colours() -> None:
    marks = [Mark("甲", 1, str(number)) for number in range(len(charts.PALETTE) + 1)]
    with pytest.raises(DocumentError, match="系列"):
        charts.line(marks, unit="人")


def test_a_mark_leads_nowhere_unsafe() -> None:
    with pytest.raises(DocumentError):
        Mark("甲", 1, href="javascript:alert(1)")


def test_a_specification_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match="无法绘制"):
        charts.render_svg({"mark": "nonsense"})


def test_the_data_of_a_chart_as_a_table() -> None:
    table = charts.data_table("题", YEARS, heading="年份", unit="人")
    assert table.headings == ("年份", "考核（人）", "取证（人）")
    assert table.rows[0] == (
        "2020",
        (Link("14,380", YEARS[0].href or ""),),
        (Link("5,380", YEARS[2].href or ""),),
    )
    assert charts.data_table("题", PLAIN, heading="名称", unit="人").headings == ("名称", "人")
    gap = charts.data_table("题", [Mark("甲", 1, "一"), Mark("乙", 2, "二")], heading="", unit="人")
    assert gap.rows == (("甲", "1", "—"), ("乙", "—", "2"))
