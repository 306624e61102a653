"""Charts: bars, lines and stacked bars as Vega-Lite specifications, drawn as SVG or PNG.

One chart is one specification; the same drawing stands on the page, in Word and in PDF. A mark may
carry a link, so that a bar is a door as a number is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import vl_convert
from lxml import etree

from .colours import DATA, DATA_2, INK, LINE, SOFT, mix
from .fonts import bundled_directory
from .prepare import map_hrefs
from .tilemap import FONT, number_text
from .tree import Cell, DocumentError, Link, Table, check_href

if TYPE_CHECKING:
    import altair as alt

WIDTH = 520
CLOSE = 0.15
"""Points of two lines are close together within this share of the highest."""
PALETTE = (DATA, DATA_2, mix(DATA, 0.55), mix(DATA_2, 0.55), SOFT, mix(SOFT, 0.5))
SVG = "{http://www.w3.org/2000/svg}"
# Vega completes relative addresses with one of its own, so it is given these in their place.
STAND_IN = "https://mark.invalid/"
XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a chart: where it stands (`label`), how much, of which series, and where it leads."""

    label: str
    value: float
    series: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        check_href(self.href)


@cache
def _altair() -> Any:
    """Altair, loaded for the first chart: that takes a third of a second, which a process without charts can save.

    To check each piece against the schema takes most of a chart's time. The shapes are always the same: a test does it.
    """
    import altair
    from altair.utils import schemapi

    schemapi.disable_debug_mode()
    return altair


def _rows(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    if not marks:
        raise DocumentError("图表没有数据。 The chart has no data: give at least one mark.")
    rows: list[dict[str, Any]] = []
    for mark in marks:
        row: dict[str, Any] = {
            "label": mark.label,
            "value": mark.value,
            "series": mark.series,
            "text": number_text(mark.value),
        }
        if mark.href is not None:
            row["href"] = mark.href
        rows.append(row)
    return rows


def _order(items: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(items))


CONFIG: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": 13,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": LINE,
        "gridColor": LINE,
        "tickColor": LINE,
        "labelLimit": 260,
    },
    "legend": {"orient": "top", "title": None, "labelFontSize": 13, "labelColor": INK, "symbolType": "square"},
}
"""How all charts look. Each of Altair's words for it would copy the whole chart."""


def _finish(*layers: alt.Chart, width: int, height: int, step: bool = False) -> dict[str, Any]:
    spec: dict[str, Any] = _altair().layer(*layers).to_dict(validate=False)
    size = {"width": width, "height": {"step": height} if step else height}
    return spec | {"background": "transparent", "padding": 6, "config": CONFIG} | size


def _channels(marks: Sequence[Mark]) -> dict[str, Any]:
    return {"href": _altair().Href("href:N")} if any(mark.href for mark in marks) else {}


def bar(marks: Sequence[Mark], *, unit: str, width: int = WIDTH, colour: str = DATA) -> dict[str, Any]:
    """Horizontal bars in the order given, each with its value at its end. `unit` names the axis.

    Raises:
        DocumentError: no marks.
    """
    alt = _altair()
    base = alt.Chart(alt.InlineData(values=_rows(marks))).encode(
        y=alt.Y("label:N", sort=_order([m.label for m in marks])).axis(
            title=None, ticks=False, domain=False, labelColor=INK, labelPadding=8
        ),
        x=alt.X("value:Q").axis(None).title(unit),
    )
    bars = base.mark_bar(color=colour, height={"band": 0.62}, cornerRadiusEnd=2).encode(**_channels(marks))
    words = base.mark_text(align="left", dx=6, fontSize=13, color=INK).encode(text="text:N")
    return _finish(bars, words, width=width, height=26, step=True)


def _series_scale(marks: Sequence[Mark]) -> Any:
    series = _order([mark.series for mark in marks])
    if len(series) > len(PALETTE):
        raise DocumentError(
            f"图表有 {len(series)} 个系列，最多 {len(PALETTE)} 个。 "
            f"The chart has {len(series)} series; the palette holds {len(PALETTE)}: merge the smallest."
        )
    alt = _altair()
    scale = alt.Scale(domain=series, range=list(PALETTE[: len(series)]))
    return alt.Color("series:N", scale=scale, legend=alt.Legend() if any(series) else None)


def line(marks: Sequence[Mark], *, unit: str, width: int = WIDTH, height: int = 200) -> dict[str, Any]:
    """Lines over the labels (years, months) in the order given, one per series, each point with its value.

    Raises:
        DocumentError: no marks, or more series than colours.
    """
    alt = _altair()
    base = alt.Chart(alt.InlineData(values=_apart(_rows(marks)))).encode(
        x=alt.X("label:O", sort=_order([m.label for m in marks])).axis(title=None, labelAngle=0, ticks=False),
        y=alt.Y("value:Q").axis(None).title(unit).scale(zero=True, nice=True),
        color=_series_scale(marks),
    )
    lines = base.mark_line(strokeWidth=2.5)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(**_channels(marks))
    words = base.mark_text(dy=-13, fontSize=13).transform_filter("!datum.under").encode(text="text:N")
    under = base.mark_text(dy=17, fontSize=13).transform_filter("datum.under").encode(text="text:N")
    return _finish(lines, points, words, under, width=width, height=height)


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of lines, so that no value is written over another: of two points close together the lower one has
    its value under it, and of two in one place it is written once."""
    near = CLOSE * max(row["value"] for row in rows)
    above: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: -row["value"]):
        higher = above.get(row["label"])
        row["under"] = higher is not None and 0 < higher["value"] - row["value"] < near <= row["value"]
        if higher is not None and higher["value"] == row["value"]:
            row["text"] = ""
        above[row["label"]] = row
    return rows


def stacked(marks: Sequence[Mark], *, unit: str, width: int = WIDTH) -> dict[str, Any]:
    """Horizontal bars made of parts, one colour per series, in the order given.

    Raises:
        DocumentError: no marks, or more series than colours.
    """
    rows = _rows(marks)
    series = _order([mark.series for mark in marks])
    totals: dict[str, float] = {}
    for row in rows:
        row["order"] = series.index(row["series"])
        totals[row["label"]] = totals.get(row["label"], 0) + row["value"]
    alt = _altair()
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("label:N", sort=_order([m.label for m in marks])).axis(
            title=None, ticks=False, domain=False, labelColor=INK, labelPadding=8
        )
    )
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X("value:Q", stack="zero").axis(None).title(unit),
        color=_series_scale(marks),
        order=alt.Order("order:Q"),
        **_channels(marks),
    )
    sums = [{"label": label, "total": total, "text": number_text(total)} for label, total in totals.items()]
    words = (
        alt.Chart(alt.InlineData(values=sums))
        .mark_text(align="left", dx=6, fontSize=13, color=INK)
        .encode(y=alt.Y("label:N", sort=list(totals)), x=alt.X("total:Q"), text="text:N")
    )
    return _finish(bars, words, width=width, height=28, step=True)


def data_table(caption: str, marks: Sequence[Mark], *, heading: str, unit: str) -> Table:
    """The chart's numbers as a table: a row per label, a column per series; linked where the mark is."""
    labels, series = _order([m.label for m in marks]), _order([m.series for m in marks])
    found = {(mark.label, mark.series): mark for mark in marks}

    def cell(label: str, name: str) -> Cell:
        mark = found.get((label, name))
        if mark is None:
            return "—"
        words = number_text(mark.value)
        return words if mark.href is None else (Link(words, mark.href),)

    return Table(
        caption,
        (heading, *(f"{name}（{unit}）" if name else unit for name in series)),
        tuple((label, *(cell(label, name) for name in series)) for label in labels),
    )


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(bundled_directory()))


@lru_cache(maxsize=256)
def _draw(spec: str) -> str:
    """The raw drawing; kept, because a page shows the same charts again and drawing takes a tenth of a second."""
    _register_fonts()
    try:
        return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    except ValueError as error:
        raise DocumentError(f"图表无法绘制：{error} The chart cannot be drawn: {error}") from error


def render_svg(spec: Mapping[str, Any], *, label: str = "", prefix: str = "c") -> str:
    """The chart as SVG, the same bytes each time.

    There are no style attributes in it, so that a strict content security policy allows it; ids begin with
    `prefix`, so that several charts can stand on one page; ink follows the CSS colour around it.

    Raises:
        DocumentError: the specification is not valid Vega-Lite.
    """
    targets: list[str] = []

    def stand_in(href: str) -> str:
        check_href(href)
        targets.append(href)
        return f"{STAND_IN}{len(targets) - 1}"

    drawn = _draw(json.dumps(map_hrefs(spec, stand_in), ensure_ascii=False))
    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    # The drawing program counts ids through its whole life: here they begin anew.
    ids = {old: f"{prefix}-{number}" for number, old in enumerate(root.xpath("//@id"))}
    for node in root.iter():
        for name, value in node.attrib.items():
            if name in ("style", "target", XLINK):
                del node.attrib[name]
            if name == XLINK and value.startswith(STAND_IN):
                node.set("href", targets[int(value.removeprefix(STAND_IN))])
            elif name == "id":
                node.set(name, ids[value])
            elif value.startswith("url(#"):
                node.set(name, f"url(#{ids[value[5:-1]]})")
            elif value == INK and name in ("fill", "stroke"):
                node.set(name, "currentColor")
    for node in root.findall(f".//{SVG}a"):
        if node.get("href") is None:
            node.tag = f"{SVG}g"
    root.set("color", INK)
    root.set("role", "group" if root.find(f".//{SVG}a") is not None else "img")
    if label:
        root.set("aria-label", label)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def render_png(svg: str, *, ppi: float = 220) -> bytes:
    """An SVG drawing as PNG, for Word."""
    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, ppi=ppi))
