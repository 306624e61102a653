"""A province as a schematic tile map: one square per division, no survey boundaries.

The layout is data (`data/gansu.json`); another province is another file. Values shade one data colour.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from .colours import DATA, INK, LINE, SOFT, mix, readable_on

CELL = 76.0
GAP = 4.0
LEGEND = 34.0
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


class LayoutError(ValueError):
    """A tile layout that cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One division: its code, its full and short name, its column and row (from 0, top left)."""

    code: str
    name: str
    short: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class TileLayout:
    """Where each division of a province lies on the tile map. No two share a place or a code."""

    name: str
    tiles: tuple[Tile, ...]

    def __post_init__(self) -> None:
        if not self.tiles:
            raise LayoutError(f"版式“{self.name}”没有区划。 Layout {self.name!r} has no tiles.")
        for what, seen in (
            ("代码 code", [tile.code for tile in self.tiles]),
            ("位置 place", [f"{tile.column},{tile.row}" for tile in self.tiles]),
        ):
            double = sorted({item for item in seen if seen.count(item) > 1})
            if double:
                raise LayoutError(
                    f"版式“{self.name}”中{what}重复：{'、'.join(double)}。 Layout {self.name!r} repeats them."
                )

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the drawing in its own units, legend included."""
        columns = max(tile.column for tile in self.tiles) + 1
        rows = max(tile.row for tile in self.tiles) + 1
        return columns * (CELL + GAP) - GAP, rows * (CELL + GAP) + LEGEND


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the drawing (in its units) that leads somewhere."""

    x: float
    y: float
    width: float
    height: float
    href: str


def layout_from(data: Mapping[str, Any]) -> TileLayout:
    """A layout from plain data: `name` and `tiles`, each with code, name, short, column, row.

    Raises:
        LayoutError: something is missing, or two tiles share a place or a code.
    """
    try:
        tiles = tuple(
            Tile(str(t["code"]), str(t["name"]), str(t["short"]), int(t["column"]), int(t["row"]))
            for t in data["tiles"]
        )
        name = str(data["name"])
    except (KeyError, TypeError, ValueError) as error:
        raise LayoutError(
            f"瓦片地图版式不完整：{error}。 The tile layout is incomplete: {error}; "
            "each tile needs code, name, short, column, row."
        ) from error
    return TileLayout(name, tiles)


def read_layout(path: Path) -> TileLayout:
    """A layout from a JSON file; raises LayoutError as `layout_from` does."""
    return layout_from(json.loads(path.read_text(encoding="utf-8")))


@cache
def gansu() -> TileLayout:
    """The 14 cities and prefectures of Gansu (GB/T 2260)."""
    return layout_from(json.loads((resources.files(__package__) / "data/gansu.json").read_text("utf-8")))


def number_text(value: float) -> str:
    """A value as tables and tiles show it: 26,013, or with at most two decimals."""
    whole = round(value)
    return f"{whole:,}" if value == whole else f"{value:,.2f}".rstrip("0")


def fill_href(template: str | None, code: str) -> str | None:
    """The address for one division, or None where the map has none."""
    return None if template is None else template.replace("{code}", code)


def areas(values: Mapping[str, float], layout: TileLayout, href: str | None) -> tuple[Area, ...]:
    """The tiles that lead somewhere, for media in which the drawing itself cannot be clicked."""
    out = []
    for tile in layout.tiles:
        target = fill_href(href, tile.code)
        if target is not None and tile.code in values:
            out.append(Area(tile.column * (CELL + GAP), tile.row * (CELL + GAP), CELL, CELL, target))
    return tuple(out)


def _tile(tile: Tile, value: float | None, top: float, unit: str, href: str | None) -> str:
    x, y = tile.column * (CELL + GAP), tile.row * (CELL + GAP)
    middle = x + CELL / 2
    if value is None:
        ground, border, words = "none", f' stroke="{LINE}" stroke-dasharray="3 3"', "—"
        ink, title = SOFT, f"{tile.name}：无数据"
    else:
        ground = mix(DATA, 0.08 + 0.85 * (max(value, 0) / top if top > 0 else 0))
        border, words = "", number_text(value)
        ink, title = readable_on(ground), f"{tile.name}：{number_text(value)}{unit}"
    body = (
        f"<title>{escape(title)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{CELL:g}" height="{CELL:g}" rx="4" fill="{ground}"{border}/>'
        f'<text x="{middle:g}" y="{y + CELL * 0.45:g}" font-size="15" fill="{ink}">'
        f"{escape(tile.short)}</text>"
        f'<text x="{middle:g}" y="{y + CELL * 0.74:g}" font-size="14" fill="{ink}">{words}</text>'
    )
    if href is None or value is None:
        return f"<g>{body}</g>"
    return f'<a href="{escape(href)}">{body}</a>'


def _legend(top: float, unit: str, y: float) -> str:
    steps = "".join(
        f'<rect x="{i * 22}" y="{y:g}" width="22" height="10" fill="{mix(DATA, 0.08 + 0.85 * i / 5)}"/>'
        for i in range(6)
    )
    return (
        f'<g aria-hidden="true">{steps}<text x="140" y="{y + 10:g}" font-size="13" fill="{SOFT}" '
        f'text-anchor="start">0 — {number_text(top)}（{escape(unit)}）</text></g>'
    )


def render_svg(
    values: Mapping[str, float],
    unit: str,
    *,
    layout: TileLayout,
    href: str | None = None,
    label: str = "",
) -> str:
    """The map as SVG: shaded tiles with short name and value, each a link where `href` is given.

    The deepest shade stands for the greatest value; a tile without value is an empty dashed square.
    """
    width, height = layout.size
    top = max(values.values(), default=0)
    tiles = "".join(_tile(tile, values.get(tile.code), top, unit, fill_href(href, tile.code)) for tile in layout.tiles)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tilemap" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="group" aria-label="{escape(label or layout.name)}" '
        f'font-family="{FONT}" text-anchor="middle" color="{INK}">'
        f"{tiles}{_legend(top, unit, height - 18)}</svg>"
    )


def table_rows(
    values: Mapping[str, float], layout: TileLayout, href: str | None
) -> tuple[tuple[str, str, str | None], ...]:
    """(division, value, address) for each tile, greatest first: the map for those who cannot see it."""
    known = sorted(
        (tile for tile in layout.tiles if tile.code in values),
        key=lambda tile: (-values[tile.code], tile.code),
    )
    blank = [tile for tile in layout.tiles if tile.code not in values]
    return tuple((tile.name, number_text(values[tile.code]), fill_href(href, tile.code)) for tile in known) + tuple(
        (tile.name, "—", None) for tile in blank
    )
