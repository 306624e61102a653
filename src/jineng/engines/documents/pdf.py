"""The content tree as PDF, in the layout of GB/T 9704-2012, as PDF/A-2b.

The typesetter is Typst; the layout is the template `data/brief.typ`, to which the tree goes as JSON, so
that no text of the document is ever read as markup. The same tree and faces give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

import typst
from lxml import etree

from . import charts, codes, tilemap
from .colours import DATA, LINE, RED, SOFT
from .fonts import SANS, SERIF, Face, FontSet, find_fonts
from .prepare import definition_anchor, definitions_of, prepare, printed, tilemap_words
from .tree import (
    Cell,
    Chart,
    Document,
    DocumentError,
    Figure,
    Heading,
    Held,
    Inline,
    Link,
    Paragraph,
    PrintedBlock,
    QrCode,
    Strong,
    Table,
    Text,
    TileMap,
    chinese_date,
)

Node = dict[str, Any]
# Points on paper per unit of a drawing.
CHART_SCALE = 0.78
MAP_SCALE = 0.54
CODE_SCALE = 2.4


def _inline(inline: Inline) -> Node:
    match inline:
        case Figure():
            return {"kind": "figure", "text": inline.phrase, "href": inline.href}
        case Strong():
            return {"kind": "strong", "text": inline.text}
        case Link():
            return {"kind": "link", "text": inline.text, "href": inline.href}
        case _:
            return {"kind": "text", "text": inline.text}


def _inlines(inlines: Iterable[Inline]) -> list[Node]:
    return [_inline(inline) for inline in inlines if not isinstance(inline, Held)]


def _cell(cell: Cell) -> Node:
    return {"nodes": _inlines((Text(cell),) if isinstance(cell, str) else cell)}


def drawing_size(svg: str) -> list[float]:
    """Width and height of an SVG drawing, in its own units."""
    root = etree.fromstring(svg.encode())
    return [float(root.get("width")), float(root.get("height"))]


def _drawing(svg: str, caption: str, alt: str, scale: float) -> Node:
    return {
        "kind": "drawing",
        "svg": svg,
        "size": drawing_size(svg),
        "scale": scale,
        "caption": caption,
        "alt": alt,
        "links": [],
        "areas": [],
    }


def _block(block: PrintedBlock) -> Node:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "nodes": _inlines(block.inlines)}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "headings": list(block.headings),
                "align": list(block.alignments),
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }
        case Chart():
            node = _drawing(charts.render_svg(block.spec), block.caption, block.alt, CHART_SCALE)
            return {**node, "links": _inlines(block.links)}
        case TileMap():
            svg = tilemap.render_svg(block.values, block.unit, layout=block.layout, label=block.caption)
            areas = tilemap.areas(block.values, block.layout, block.href)
            node = _drawing(svg, block.caption, tilemap_words(block), MAP_SCALE)
            return {
                **node,
                "areas": [{"x": a.x, "y": a.y, "width": a.width, "height": a.height, "href": a.href} for a in areas],
            }
        case QrCode():
            return _drawing(codes.render_svg(block.text), block.caption, block.text, CODE_SCALE)
        case _:
            items = [
                {
                    "anchor": definition_anchor(item.key),
                    "label": item.label,
                    "value": item.value + item.unit,
                    "definition": item.definition,
                    "over": item.over,
                }
                for item in block.items
            ]
            return {"kind": "definitions", "items": items}


def _face(face: Face) -> Node:
    return {"family": face.family, "weight": face.weight, "bold": face.bold}


def _data(doc: Document, fonts: FontSet) -> Node:
    printed_on = doc.distribution.printed_on
    closing = [
        doc.distribution.printed_by,
        "" if printed_on is None else chinese_date(printed_on) + "印发",
    ]
    return {
        "masthead": doc.masthead,
        "issue": doc.issue,
        "issuer": doc.issuer,
        "date": [doc.date.year, doc.date.month, doc.date.day],
        "day": chinese_date(doc.date),
        "title": doc.title,
        "summary": doc.summary,
        "blocks": [_block(block) for block in printed(doc.blocks)],
        "annex": [_block(block) for block in printed(doc.annex)],
        "annex_title": doc.annex_title,
        "distribution": [list(line) for line in doc.distribution.lines],
        "printed": closing if any(closing) else [],
        "colours": {"red": RED, "data": DATA, "soft": SOFT, "line": LINE},
        "anchors": [definition_anchor(item.key) for item in definitions_of(doc)],
        "fonts": {role: _face(getattr(fonts, role)) for role in ("song", "hei", "fang", "kai")},
        "fallback": [SERIF, SANS] if fonts.system else [SANS],
    }


def render_pdf(doc: Document, fonts: FontSet | None = None, *, base_url: str | None = None) -> bytes:
    """The document as PDF/A-2b; the same document and fonts give the same bytes.

    Figures lead to the site where `base_url` says where that is, otherwise to their definitions in the annex.
    `fonts` defaults to the best faces of this machine.

    Raises:
        FontError: this machine has no Chinese face.
        DocumentError: the document cannot be set, for instance because no face has one of its characters.
    """
    fonts = fonts or find_fonts()
    doc = prepare(doc, offline=True, base_url=base_url)
    template = resources.files(__package__) / "data/brief.typ"
    stamp = datetime.combine(doc.date, time(), tzinfo=UTC)
    paths: list[str] = [str(path) for path in fonts.paths]
    source: bytes = template.read_bytes()
    data = json.dumps(_data(doc, fonts), ensure_ascii=False, sort_keys=True)
    compiler = typst.Compiler(
        source,
        root=str(Path(str(template)).parent),
        font_paths=typst.Fonts(include_system_fonts=fonts.system, include_embedded_fonts=False, font_paths=paths),
        sys_inputs={"doc": data},
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=stamp)
    except typst.TypstError as error:
        raise DocumentError(f"PDF 排版失败：{error} The PDF cannot be set: {error}") from error
    if not isinstance(made, bytes):
        raise DocumentError("PDF 排版没有结果。 Setting the PDF gave nothing.")
    return made
