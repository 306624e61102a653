"""A flow drawn as SVG: text stays text, looks are left to classes, and what it shows is told to who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from unicodedata import east_asian_width

from jineng.engines.casework.diagram import Diagram, Edge, EdgeKind, Node, lay_out, to_text
from jineng.engines.casework.faults import Words
from jineng.engines.casework.flow import Flow

_WIDE, _NARROW = 13, 7
_BOX, _BOX_HEIGHT, _ROW_GAP = 208, 52, 40
_PORT, _LANE, _EDGE_MARGIN = 20, 14, 12


class _Side(StrEnum):
    """Where a line runs: straight down the main column, left of it, between the columns, or right of the second."""

    DOWN = "down"
    LEFT = "left"
    GAP = "gap"
    RIGHT = "right"


@dataclass(frozen=True)
class _Box:
    """A node's place, in user units."""

    node: Node
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class _Line:
    edge: Edge
    side: _Side
    start: tuple[int, int]
    end: tuple[int, int]
    lane: int


def to_svg(flow: Flow, at: str = "", language: str = "zh", ident: str = "flow") -> str:
    """The flow as one SVG element. `at` marks the node where a case stands; `language` is `zh` or `en`; `ident` begins
    the element's ids, which have to be unique on a page.

    Classes: `flow-diagram`; on nodes `node`, `kind-<kind>`, `outcome-<outcome>`, `here`; on lines `edge`, `forward`,
    `back` or `end`, `timed`. Without a style sheet everything is drawn in the text's own colour.
    """
    return _Drawing(flow, at, language, ident).write()


class _Drawing:
    def __init__(self, flow: Flow, at: str, language: str, ident: str) -> None:
        self._flow = flow
        self._at = at
        self._english = language == "en"
        self._ident = ident
        self._diagram: Diagram = lay_out(flow)
        self._nodes = {node.key: node for node in self._diagram.nodes}
        self._sides = {edge: self._side(edge) for edge in self._diagram.edges}
        self._slots = self._ports()
        self._left = self._zone(_Side.LEFT) + self._room(_Side.LEFT)
        self._gap = self._zone(_Side.GAP, 0) + self._room(_Side.GAP) + self._zone(_Side.GAP, 1)
        self._boxes = self._stack()

    def write(self) -> str:
        """The whole element."""
        lines = [self._line(edge) for edge in self._diagram.edges]
        lines = self._laned(lines)
        second = any(node.column for node in self._diagram.nodes)
        width = self._left + _BOX + (self._gap + _BOX if second else 0)
        width += self._zone(_Side.RIGHT) + self._room(_Side.RIGHT) + 2 * _EDGE_MARGIN
        last = self._boxes[self._diagram.nodes[-1].key]
        height = last.y + last.height + _EDGE_MARGIN
        title, told = self._said(self._diagram.title), self._told()
        drawn = [self._drawn_line(line) for line in lines]
        drawn += [self._drawn_box(box) for box in self._boxes.values()]
        name = escape(self._ident)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-diagram" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc" lang="{"en" if self._english else "zh-Hans"}">'
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(told)}</desc>'
            f'<defs><marker id="{name}-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><path class="arrow" d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>'
            f"{''.join(drawn)}</svg>"
        )

    def _said(self, words: Words) -> str:
        return words.en if self._english else words.zh

    def _told(self) -> str:
        parts = [
            f"{number}. {self._said(outline.heading)}: {'; '.join(self._said(line) for line in outline.lines)}"
            for number, outline in enumerate(to_text(self._flow), start=1)
        ]
        if self._at in self._nodes:
            name = self._nodes[self._at].name
            parts.append(self._said(Words(f"现在：{name.zh}", f"Now: {name.en}")))
        return "\n".join(parts)

    def _side(self, edge: Edge) -> _Side:
        source, target = self._nodes[edge.source], self._nodes[edge.target]
        if source.column != target.column:
            return _Side.GAP
        if source.column:
            return _Side.RIGHT
        following = [node for node in self._diagram.nodes if node.column == 0 and node.row > source.row]
        return _Side.DOWN if following and following[0] is target else _Side.LEFT

    def _ports(self) -> dict[tuple[str, _Side], list[tuple[Edge, bool]]]:
        """The line ends on each side of each node, from top to bottom; those from above come first."""
        found: dict[tuple[str, _Side], list[tuple[Edge, bool]]] = {}
        for edge, side in self._sides.items():
            if side is not _Side.DOWN:
                found.setdefault((edge.source, side), []).append((edge, True))
                found.setdefault((edge.target, side), []).append((edge, False))
        for ends in found.values():
            ends.sort(key=lambda end: (self._nodes[end[0].target if end[1] else end[0].source].row, end[1]))
        return found

    def _stack(self) -> dict[str, _Box]:
        boxes, y = {}, _EDGE_MARGIN
        for node in self._diagram.nodes:
            ports = max(len(self._slots.get((node.key, side), ())) for side in _Side)
            height = max(_BOX_HEIGHT, ports * _PORT + _EDGE_MARGIN)
            x = _EDGE_MARGIN + self._left + (node.column and _BOX + self._gap)
            boxes[node.key] = _Box(node, x, y, height)
            y += height + _ROW_GAP
        return boxes

    def _zone(self, side: _Side, column: int | None = None) -> int:
        """Room for the labels that stand beside the nodes."""
        widths = [
            _width(self._label(edge)) + 2 * _EDGE_MARGIN
            for edge, found in self._sides.items()
            if found is side and column in (None, self._nodes[edge.source].column)
        ]
        return max(widths, default=_EDGE_MARGIN if side is _Side.GAP else 0)

    def _room(self, side: _Side) -> int:
        """Room for the lanes, as many as there could be."""
        return _LANE * sum(found is side for found in self._sides.values())

    def _label(self, edge: Edge) -> str:
        return ("; " if self._english else "、").join(self._said(words) for words in edge.labels)

    def _line(self, edge: Edge) -> _Line:
        side = self._sides[edge]
        source, target = self._boxes[edge.source], self._boxes[edge.target]
        if side is _Side.DOWN:
            middle = source.x + _BOX // 2
            return _Line(edge, side, (middle, source.y + source.height), (middle, target.y), 0)
        return _Line(edge, side, self._port(source, edge, side, True), self._port(target, edge, side, False), 0)

    def _port(self, box: _Box, edge: Edge, side: _Side, outgoing: bool) -> tuple[int, int]:
        ends = self._slots[(box.node.key, side)]
        y = box.y + box.height * (2 * ends.index((edge, outgoing)) + 1) // (2 * len(ends))
        right = side is _Side.RIGHT or (side is _Side.GAP and box.node.column == 0)
        return (box.x + _BOX if right else box.x, y)

    def _laned(self, lines: list[_Line]) -> list[_Line]:
        """Each line in a lane in which no other runs at the same height; short lines keep close."""
        taken: dict[tuple[_Side, int], list[tuple[int, int]]] = {}
        placed = []
        for line in sorted(lines, key=lambda line: abs(line.start[1] - line.end[1])):
            low, high = sorted((line.start[1], line.end[1]))
            lane = 0
            while any(low <= b and a <= high for a, b in taken.get((line.side, lane), ())):
                lane += 1
            taken.setdefault((line.side, lane), []).append((low, high))
            placed.append(_Line(line.edge, line.side, line.start, line.end, lane))
        return sorted(placed, key=lambda line: self._diagram.edges.index(line.edge))

    def _lane_x(self, line: _Line) -> int:
        main = _EDGE_MARGIN + self._left
        if line.side is _Side.LEFT:
            return main - self._zone(_Side.LEFT) - line.lane * _LANE
        if line.side is _Side.GAP:
            return main + _BOX + self._zone(_Side.GAP, 0) + line.lane * _LANE
        return main + 2 * _BOX + self._gap + self._zone(_Side.RIGHT) + line.lane * _LANE

    def _drawn_line(self, line: _Line) -> str:
        (x, y), (to_x, to_y) = line.start, line.end
        if line.side is _Side.DOWN:
            points, text, anchor = [(x, y), (to_x, to_y)], (x + 8, y + _ROW_GAP // 2 + 4), "start"
        else:
            lane = self._lane_x(line)
            points = [(x, y), (lane, y), (lane, to_y), (to_x, to_y)]
            outward = 8 if lane > x else -8
            text, anchor = (x + outward, y - 4), "start" if lane > x else "end"
        names = ["edge", str(line.edge.kind), *(["timed"] if line.edge.timed else [])]
        dashes = ' stroke-dasharray="5 4"' if line.edge.kind is EdgeKind.BACK else ""
        path = (
            f'<polyline points="{_points(points)}" fill="none" stroke="currentColor"{dashes} '
            f'marker-end="url(#{escape(self._ident)}-arrow)"/>'
        )
        return f'<g class="{" ".join(names)}">{path}{_text(*text, 12, "label", self._label(line.edge), anchor)}</g>'

    def _drawn_box(self, box: _Box) -> str:
        node = box.node
        names = ["node", f"kind-{node.kind}", *([f"outcome-{node.outcome}"] if node.outcome else [])]
        here = node.key == self._at
        names += ["here"] if here else []
        middle, centre = box.x + _BOX // 2, box.y + box.height // 2
        actor = self._said(node.actor)
        rounding = 26 if node.kind == "end" else 4
        shape = (
            f'<rect x="{box.x}" y="{box.y}" width="{_BOX}" height="{box.height}" rx="{rounding}" fill="none" '
            f'stroke="currentColor" stroke-width="{3 if here else 1}"/>'
        )
        name = _text(middle, centre - 3 if actor else centre + 5, 15, "name", self._said(node.name))
        below = _text(middle, centre + 16, 12, "actor", actor) if actor else ""
        return f'<g class="{" ".join(names)}" data-key="{escape(node.key)}">{shape}{name}{below}</g>'


def _text(x: int, y: int, size: int, name: str, text: str, anchor: str = "middle") -> str:
    return (
        f'<text class="{name}" x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="currentColor">'
        f"{escape(text)}</text>"
    )


def _points(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _width(text: str) -> int:
    """About how wide a text of size 12 is."""
    return sum(_WIDE if east_asian_width(letter) in "WFA" else _NARROW for letter in text)
