"""The tile map: layout as data, one colour shaded by value, links, and words for those who cannot see it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree

from jineng.engines.documents import tilemap
from jineng.engines.documents.colours import DATA, INK, luminance, mix, readable_on
from jineng.engines.documents.tilemap import LayoutError, TileLayout, gansu, layout_from, read_layout

TILES = {"code": "1", "name": "甲市", "short": "甲", "column": 0, "row": 0}


def test_gansu_has_its_fourteen_cities_each_in_a_place_of_its_own() -> None:
    layout = gansu()
    assert len(layout.tiles) == 14
    assert {tile.code[:2] for tile in layout.tiles} == {"62"}
    assert next(tile.name for tile in layout.tiles if tile.code == "620100") == "兰州市"


def test_another_province_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    path.write_text(json.dumps({"name": "某省", "tiles": [TILES]}), encoding="utf-8")
    layout = read_layout(path)
    assert (layout.name, layout.tiles[0].short) == ("某省", "甲")
    assert layout.size[0] == tilemap.CELL


@pytest.mark.parametrize(
    "data", [{}, {"name": "某省", "tiles": [{}]}, {"name": "某省", "tiles": [TILES | {"row": "x"}]}]
)
def test_an_incomplete_layout_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(LayoutError, match="不完整"):
        layout_from(data)


def test_a_layout_without_tiles_or_with_doubles_is_refused() -> None:
    with pytest.raises(LayoutError, match="没有区划"):
        TileLayout("某省", ())
    with pytest.raises(LayoutError, match="代码"):
        layout_from({"name": "某省", "tiles": [TILES, TILES | {"row": 1}]})
    with pytest.raises(LayoutError, match="位置"):
        layout_from({"name": "某省", "tiles": [TILES, TILES | {"code": "2"}]})


def test_the_drawing_shades_links_and_names() -> None:
    svg = tilemap.render_svg(
        {"620100": 200, "620900": 0, "620200": 1.5}, "人<", layout=gansu(), href="/m/?d={code}&x=1"
    )
    root = etree.fromstring(svg.encode())
    links = root.findall(".//{*}a")
    assert [link.get("href") for link in links] == [
        "/m/?d=620900&x=1",
        "/m/?d=620200&x=1",
        "/m/?d=620100&x=1",
    ]
    fills = {link.get("href"): link.find("{*}rect").get("fill") for link in links}
    assert luminance(fills["/m/?d=620100&x=1"]) < luminance(fills["/m/?d=620900&x=1"])
    assert "兰州市：200人<" in [title.text for title in root.iter("{*}title")]
    assert "天水市：无数据" in [title.text for title in root.iter("{*}title")]
    assert "style=" not in svg


def test_without_values_or_links_it_is_still_a_map() -> None:
    svg = tilemap.render_svg({}, "人", layout=gansu())
    assert svg.count("无数据") == 14
    assert "<a " not in svg
    assert 'fill="#' in tilemap.render_svg({"620100": 0}, "人", layout=gansu(), label="题")


def test_areas_are_where_the_tiles_are() -> None:
    found = tilemap.areas({"620100": 3, "620900": 1}, gansu(), "/m/{code}")
    assert [(area.href, area.x) for area in found] == [("/m/620900", 0), ("/m/620100", 320)]
    assert tilemap.areas({"620100": 3}, gansu(), None) == ()


def test_the_table_begins_with_the_greatest() -> None:
    rows = tilemap.table_rows({"620100": 3, "620900": 26_013}, gansu(), "/m/{code}")
    assert rows[:2] == (("酒泉市", "26,013", "/m/620900"), ("兰州市", "3", "/m/620100"))
    assert rows[2][1:] == ("—", None)
    assert len(rows) == 14


@pytest.mark.parametrize(("value", "text"), [(26_013, "26,013"), (1.5, "1.5"), (1.254, "1.25"), (0, "0")])
def test_numbers(value: float, text: str) -> None:
    assert tilemap.number_text(value) == text


def test_words_can_be_read_on_every_shade() -> None:
    for step in range(21):
        ground = mix(DATA, 0.08 + 0.85 * step / 20)
        low, high = sorted((luminance(ground), luminance(readable_on(ground))))
        assert (high + 0.05) / (low + 0.05) >= 3.9
    assert re.fullmatch("#[0-9a-f]{6}", mix(INK, 0.3))
    assert (mix("#000000", 0), mix("#000000", 1)) == ("#ffffff", "#000000")
