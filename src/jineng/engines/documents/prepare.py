"""What all renderers do first: leave out what is not printed, number the captions, settle the links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from . import tilemap
from .tree import (
    Block,
    Cell,
    Chart,
    Definition,
    Definitions,
    Document,
    Figure,
    Held,
    Inline,
    Link,
    Paragraph,
    PrintedBlock,
    Table,
    Text,
    TileMap,
)


def map_hrefs(node: Any, change: Callable[[str], str | None]) -> Any:
    """A copy of a chart's specification with each text under `href` changed, or left out for None."""
    if isinstance(node, Mapping):
        out = {}
        for name, value in node.items():
            new = change(value) if name == "href" and isinstance(value, str) else map_hrefs(value, change)
            if new is not None or value is None:
                out[name] = new
        return out
    return [map_hrefs(item, change) for item in node] if isinstance(node, list) else node


def printed(blocks: Iterable[Block]) -> tuple[PrintedBlock, ...]:
    """The blocks that go into a file: all but the sentences that were held back."""
    return tuple(block for block in blocks if not isinstance(block, Held))


def definition_anchor(key: str) -> str:
    """The name of the place in the annex where the figure `key` is defined."""
    return f"def-{key}"


def definitions_of(doc: Document) -> tuple[Definition, ...]:
    """All definitions of the document, in order."""
    lists = (block.items for block in (*doc.blocks, *doc.annex) if isinstance(block, Definitions))
    return tuple(item for items in lists for item in items)


def tilemap_table(block: TileMap) -> Table:
    """The map's values as a table, with a link to each division where the map has one."""
    rows = tuple(
        (name, (Link(value, href),) if href is not None else value)
        for name, value, href in tilemap.table_rows(block.values, block.layout, block.href)
    )
    return Table(block.caption, ("地区", block.unit), rows)


def tilemap_words(block: TileMap) -> str:
    """The map in one sentence, for those who cannot see it: each division with its value."""
    rows = tilemap.table_rows(block.values, block.layout, None)
    return f"{block.caption}（{block.unit}）：" + "，".join(f"{name} {value}" for name, value, _ in rows) + "。"


@dataclass(slots=True)
class _Preparation:
    """One pass through a document. `base_url` is None where a path of the site leads nowhere (files)."""

    draft: bool
    offline: bool
    base_url: str | None
    defined: frozenset[str]
    counts: dict[str, int] = field(default_factory=lambda: {"图": 0, "表": 0})

    def caption(self, kind: str, text: str) -> str:
        self.counts[kind] += 1
        return f"{kind}{self.counts[kind]}　{text}"

    def href(self, href: str | None) -> str | None:
        """An address that works from where the document will be read, or None."""
        if href is None or href.startswith("#") or urlsplit(href).scheme:
            return href
        if self.base_url is not None:
            return urljoin(self.base_url, href)
        return None if self.offline else href

    def inline(self, inline: Inline) -> Iterable[Inline]:
        match inline:
            case Held():
                return (inline,) if self.draft else ()
            case Figure():
                target = self.href(inline.href)
                if target is None and inline.key in self.defined:
                    target = "#" + definition_anchor(inline.key)
                return (replace(inline, href=target),)
            case Link():
                target = self.href(inline.href)
                # A path that cannot be followed from a file would be a dead link: the words stay.
                return (Text(inline.text) if target is None else replace(inline, href=target),)
            case _:
                return (inline,)

    def inlines(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(out for inline in inlines for out in self.inline(inline))

    def cell(self, cell: Cell) -> Cell:
        return cell if isinstance(cell, str) else self.inlines(cell)

    def table(self, table: Table) -> Table:
        return replace(table, rows=tuple(tuple(self.cell(cell) for cell in row) for row in table.rows))

    def block(self, block: Block) -> Iterable[Block]:
        match block:
            case Held():
                return (block,) if self.draft else ()
            case Paragraph():
                inlines = self.inlines(block.inlines)
                return (Paragraph(inlines),) if inlines else ()
            case Table():
                return (replace(self.table(block), caption=self.caption("表", block.caption)),)
            case Chart():
                links = tuple(
                    replace(link, href=target) for link in block.links if (target := self.href(link.href)) is not None
                )
                caption = self.caption("图", block.caption)
                spec = map_hrefs(block.spec, self.href)
                table = self.table(block.table)
                return (replace(block, caption=caption, spec=spec, links=links, table=table),)
            case TileMap():
                caption = self.caption("图", block.caption)
                return (replace(block, caption=caption, href=self.href(block.href)),)
            case _:
                return (block,)

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(out for block in blocks for out in self.block(block))


def prepare(doc: Document, *, draft: bool = False, offline: bool = False, base_url: str | None = None) -> Document:
    """The document as a renderer prints it.

    Sentences held back go, unless `draft`; captions get their numbers (图1, 表1); links are made
    absolute with `base_url`. `offline` says that the result is a file: a path of the site then
    leads nowhere, so a figure leads to its definition in the annex instead, and other such links are dropped.
    """
    keys = frozenset(item.key for item in definitions_of(doc))
    pass_ = _Preparation(draft=draft, offline=offline, base_url=base_url, defined=keys)
    blocks = pass_.blocks(doc.blocks)
    return replace(doc, blocks=blocks, annex=pass_.blocks(doc.annex))
