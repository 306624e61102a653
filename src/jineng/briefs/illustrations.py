"""Charts, maps and tables of a brief, each from the same indicators as its sentences. Pure."""

from __future__ import annotations

from collections.abc import Callable

from jineng.briefs.composition import Link, Reader
from jineng.briefs.narrative import Illustration
from jineng.engines.documents import charts
from jineng.engines.documents.charts import Mark
from jineng.engines.documents.tilemap import gansu, number_text
from jineng.engines.documents.tree import Block, Chart, TileMap
from jineng.engines.measures import Drill, Period

Maker = Callable[[Illustration, Reader, int, Link], list[Block]]


def illustrate(illustration: Illustration, reader: Reader, year: int, link: Link) -> list[Block]:
    """The blocks of an illustration; none where there is nothing to show."""
    return MAKERS[illustration.kind](illustration, reader, year, link)


def _drill(illustration: Illustration, reader: Reader, year: int) -> Drill:
    return reader.drill(illustration.keys[0], Period.year(year), illustration.by)


def _bars(illustration: Illustration, reader: Reader, year: int, link: Link) -> list[Block]:
    indicator = reader.catalogue.get(illustration.keys[0])
    parts = [part for part in _drill(illustration, reader, year).parts if part.value]
    marks = [
        Mark(part.label, float(part.value or 0), href=link(indicator.key))
        for part in sorted(parts, key=lambda part: (-float(part.value or 0), part.code))
    ]
    if not marks:
        return []
    return [_chart(illustration, charts.bar(marks, unit=indicator.unit), marks, indicator.unit, "类别")]


def _years(illustration: Illustration, reader: Reader, year: int, link: Link) -> list[Block]:
    periods = [Period.year(year - back) for back in reversed(range(illustration.years))]
    wanted = [(key, period) for key in illustration.keys for period in periods]
    values = reader.measure(wanted)
    marks = [
        Mark(
            str(period.end.year),
            float(values[key, period].value or 0),
            series=illustration.labels.get(key, reader.catalogue.get(key).label),
            href=link(key),
        )
        for key, period in wanted
    ]
    unit = reader.catalogue.get(illustration.keys[0]).unit
    return [_chart(illustration, charts.line(marks, unit=unit), marks, unit, "年份")]


def _chart(illustration: Illustration, spec: dict[str, object], marks: list[Mark], unit: str, heading: str) -> Chart:
    table = charts.data_table(illustration.caption, marks, heading=heading, unit=unit)
    shown = "，".join(f"{mark.label}{mark.series} {number_text(mark.value)}" for mark in marks)
    return Chart(illustration.caption, spec, f"{illustration.caption}：{shown}", table)


def _map(illustration: Illustration, reader: Reader, year: int, link: Link) -> list[Block]:
    indicator = reader.catalogue.get(illustration.keys[0])
    known = {tile.code for tile in gansu().tiles}
    values = {
        part.code: float(part.value or 0) for part in _drill(illustration, reader, year).parts if part.code in known
    }
    return [TileMap(illustration.caption, values, indicator.unit, href=_within(link(indicator.key)))]


def _within(page: str | None) -> str | None:
    """The address of a figure with a place for the code of what lies within."""
    if page is None:
        return None
    address, mark, name = page.partition("#")
    return f"{address}{'&' if '?' in address else '?'}within={{code}}{mark}{name}"


MAKERS: dict[str, Maker] = {"bars": _bars, "years": _years, "map": _map}
