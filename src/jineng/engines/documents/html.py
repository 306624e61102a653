"""The content tree as HTML.

There is no script and no style attribute in it: a strict content security policy holds. Every figure is an
anchor of class `fig`; the classes are those of the site's stylesheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib import resources
from typing import Literal

from . import charts, codes, tilemap
from .prepare import definition_anchor, prepare, tilemap_table
from .tree import (
    Block,
    Cell,
    Chart,
    Definitions,
    Document,
    Figure,
    Heading,
    Held,
    Inline,
    Link,
    Paragraph,
    QrCode,
    Strong,
    Table,
    Text,
    TileMap,
    chinese_date,
)

Mode = Literal["page", "standalone", "fragment"]


@cache
def stylesheet() -> str:
    """The stylesheet of a standalone page."""
    return (resources.files(__package__) / "data/standalone.css").read_text("utf-8")


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return escape(inline.text)
        case Strong():
            return f"<strong>{escape(inline.text)}</strong>"
        case Link():
            return f'<a href="{escape(inline.href)}">{escape(inline.text)}</a>'
        case Figure():
            tag, href = ("span", "") if inline.href is None else ("a", f' href="{escape(inline.href)}"')
            exact = f' data-exact="{escape(inline.exact)}"' if inline.exact else ""
            title = f' title="{escape(inline.title)}"' if inline.title else ""
            return (
                f'<{tag} class="fig"{href} data-key="{escape(inline.key)}"{exact}{title}>'
                f"{escape(inline.phrase)}</{tag}>"
            )
        case _:
            return ""


def _inlines(inlines: Iterable[Inline]) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _held(held: Held) -> str:
    return f'<p class="held">本句未刊出：“{escape(held.text)}”。{escape(held.reason)}</p>'


def _paragraph(block: Paragraph) -> str:
    printed = _inlines(block.inlines)
    held = "".join(_held(inline) for inline in block.inlines if isinstance(inline, Held))
    return (f"<p>{printed}</p>" if printed else "") + held


def _cell(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else _inlines(cell)


def _table(table: Table, *, caption: bool = True) -> str:
    aligns = table.alignments
    head = "".join(f'<th scope="col" class="{a}">{escape(h)}</th>' for h, a in zip(table.headings, aligns, strict=True))
    rows = "".join(
        f'<tr><th scope="row" class="{aligns[0]}">{_cell(row[0])}</th>'
        + "".join(f'<td class="{a}">{_cell(c)}</td>' for c, a in zip(row[1:], aligns[1:], strict=True))
        + "</tr>"
        for row in table.rows
    )
    title = f"<caption>{escape(table.caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll"><table class="data">{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _drawing(kind: str, svg: str, caption: str, table: Table, links: tuple[Link, ...] = ()) -> str:
    more = "　".join(_inline(link) for link in links)
    return (
        f'<figure class="{kind}">{svg}<figcaption>{escape(caption)}</figcaption>'
        f"<details><summary>数据表</summary>{_table(table, caption=False)}</details>"
        + (f'<p class="links">{more}</p>' if more else "")
        + "</figure>"
    )


def _definitions(block: Definitions) -> str:
    items = "".join(
        f'<div id="{escape(definition_anchor(item.key))}"><dt>{escape(item.label)} '
        f"<data>{escape(item.value)}{escape(item.unit)}</data></dt><dd>{escape(item.definition)}"
        f"<small>{escape('　'.join(part for part in (item.over, item.key) if part))}</small></dd></div>"
        for item in block.items
    )
    return f'<dl class="definitions">{items}</dl>'


def _block(block: Block, number: str) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            return f'<{tag} id="s{number}">{escape(block.text)}</{tag}>'
        case Paragraph():
            return _paragraph(block)
        case Held():
            return _held(block)
        case Table():
            return _table(block)
        case Chart():
            svg = charts.render_svg(block.spec, label=block.alt, prefix=f"c{number}")
            return _drawing("chart", svg, block.caption, block.table, block.links)
        case TileMap():
            svg = tilemap.render_svg(
                block.values, block.unit, layout=block.layout, href=block.href, label=block.caption
            )
            return _drawing("map", svg, block.caption, tilemap_table(block))
        case QrCode():
            svg = codes.render_svg(block.text, label=block.text)
            return f'<figure class="code">{svg}<figcaption>{escape(block.caption)}</figcaption></figure>'
        case _:
            return _definitions(block)


def _blocks(blocks: Iterable[Block], prefix: str) -> str:
    return "\n".join(_block(block, f"{prefix}{number}") for number, block in enumerate(blocks, start=1))


def _head(doc: Document) -> str:
    summary = f'<p class="summary">{escape(doc.summary)}</p>' if doc.summary else ""
    return (
        f'<header class="head"><h1>{escape(doc.masthead)}</h1><p><span>{escape(doc.issue)}</span> '
        f'<span>{escape(doc.issuer)}</span> <time datetime="{doc.date.isoformat()}">'
        f"{chinese_date(doc.date)}</time></p></header>"
        f'<div class="title"><p role="doc-subtitle">{escape(doc.title)}</p>{summary}</div>'
    )


def _annex(doc: Document) -> str:
    if not doc.annex:
        return ""
    title = f'<p class="annex-title">{escape(doc.annex_title)}</p>' if doc.annex_title else ""
    return f'<section class="annex"><h2 id="annex">附件</h2>{title}\n{_blocks(doc.annex, "a")}</section>'


def _distribution(doc: Document) -> str:
    lines = "".join(f"<p><b>{sign}：</b><span>{escape(names)}</span></p>" for sign, names in doc.distribution.lines)
    printed_on = doc.distribution.printed_on
    by = escape(doc.distribution.printed_by)
    on = (
        "" if printed_on is None else f'<time datetime="{printed_on.isoformat()}">{chinese_date(printed_on)}印发</time>'
    )
    last = f'<p class="printed"><span>{by}</span>{on}</p>' if by or on else ""
    return f'<footer class="distribution">{lines}{last}</footer>' if lines or last else ""


def render_html(doc: Document, *, mode: Mode = "page", draft: bool = False, base_url: str | None = None) -> str:
    """The document as HTML.

    `page` is `<article class="paper">` for the site's shell; `fragment` its blocks alone, without masthead,
    annex and 版记; `standalone` a whole file with its own styles, in which paths of the site are made
    absolute with `base_url` or, without one, lead to the definitions in the annex. `draft` shows the
    sentences that were held back.
    """
    doc = prepare(doc, draft=draft, offline=mode == "standalone", base_url=base_url)
    body = _blocks(doc.blocks, "")
    if mode == "fragment":
        return body
    article = (
        f'<article class="paper" lang="{escape(doc.language)}">{_head(doc)}\n{body}\n{_annex(doc)}'
        f"{_distribution(doc)}</article>"
    )
    if mode == "page":
        return article
    return (
        f'<!doctype html>\n<html lang="{escape(doc.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(doc.title)}</title><style>{stylesheet()}</style></head>\n"
        f"<body>{article}</body></html>\n"
    )
