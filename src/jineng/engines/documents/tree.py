"""The content tree: what a brief says, apart from how it looks.

A `Document` is built once and rendered by `html`, `pdf` and `docx`. All nodes are frozen dataclasses that
check themselves when they are made, so a renderer never meets a malformed tree.

`Heading.text` is printed as it stands; `numbered` puts the ordinals of GB/T 9704-2012 (一、（一）1.（1）)
before the texts. Captions are numbered by the renderers (图1, 表1), in the order of the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from .tilemap import TileLayout, gansu

Align = Literal["left", "right", "center"]
ALIGNMENTS: tuple[Align, ...] = ("left", "right", "center")
SCHEMES = frozenset({"", "http", "https", "mailto"})
NUMERALS = "零一二三四五六七八九"


class DocumentError(ValueError):
    """A content tree, or a part of it, that cannot be printed; the message says where and what to do."""


def check_href(href: str | None) -> None:
    """Refuse link targets that a reader could not safely follow.

    Raises:
        DocumentError: the scheme is none of http, https, mailto or a path of this site.
    """
    if href is not None and (not href.strip() or urlsplit(href).scheme.lower() not in SCHEMES):
        raise DocumentError(
            f"链接“{href}”不可用：请用 http、https、mailto 或站内路径。 "
            f"Link {href!r} cannot be used: give http, https, mailto or a path of this site."
        )


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words in a heavier face."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to `href`: http, https, mailto, or a path of the site."""

    text: str
    href: str

    def __post_init__(self) -> None:
        check_href(self.href)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a sentence: printed as `phrase` (2.6万名), opening what lies behind it.

    `key` names the indicator, `exact` is the full value as text (26031), `title` is the hint shown on hover,
    `href` the page with definition, drill-down and records. Without `href` the figure leads to the
    definition of the same key in the annex, where there is one.
    """

    key: str
    phrase: str
    href: str | None = None
    exact: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.phrase:
            raise DocumentError("数字缺少键或表述。 A figure lacks its key or its phrase.")
        check_href(self.href)


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence that is not printed, because its check failed; `reason` says which check.

    It is shown on the web draft only (`render_html(draft=True)`), never in DOCX, PDF or a released page.
    It may stand among the inlines of a paragraph or as a block of its own.
    """

    text: str
    reason: str


Inline = Text | Strong | Link | Figure | Held
Cell = str | tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a part of the brief (一、), 4 the lowest (（1）)."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise DocumentError(
                f"标题“{self.text}”的级别 {self.level} 不在 1 至 4 之间。 "
                f"Heading {self.text!r} has level {self.level}; give 1 to 4."
            )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text, with the first line indented by two characters."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one heading per column, rows of as many cells, and how each column is set.

    `align` may be left empty: the first column is then set left and the others right.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: tuple[Align, ...] = ()

    def __post_init__(self) -> None:
        width = len(self.headings)
        if width == 0:
            raise DocumentError(f"表“{self.caption}”没有列。 Table {self.caption!r} has no columns.")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != width:
                raise DocumentError(
                    f"表“{self.caption}”第 {number} 行有 {len(row)} 格，应为 {width} 格。 "
                    f"Row {number} of table {self.caption!r} has {len(row)} cells, not {width}."
                )
        if self.align and (len(self.align) != width or not set(self.align) <= set(ALIGNMENTS)):
            raise DocumentError(
                f"表“{self.caption}”的对齐方式应为 {width} 个 left、right 或 center。 "
                f"Table {self.caption!r} needs {width} alignments: left, right or center."
            )

    @property
    def alignments(self) -> tuple[Align, ...]:
        """How each column is set, with the default filled in."""
        rest: list[Align] = ["right" for _ in self.headings[1:]]
        return self.align or ("left", *rest)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: a Vega-Lite specification (see `charts`), its words for those who cannot see it, and its data.

    `links` are printed beneath the chart, for media in which a mark cannot be clicked.
    """

    caption: str
    spec: Mapping[str, Any]
    alt: str
    table: Table
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class TileMap:
    """A schematic map: one tile per division, shaded by its value.

    `values` maps division codes (GB/T 2260) to numbers in `unit`; a division without a value is left blank.
    `href` is a template in which `{code}` stands for the division's code.
    """

    caption: str
    values: Mapping[str, float]
    unit: str
    href: str | None = None
    layout: TileLayout = field(default_factory=gansu)

    def __post_init__(self) -> None:
        check_href(self.href)
        strangers = sorted(set(self.values) - {tile.code for tile in self.layout.tiles})
        if strangers:
            raise DocumentError(
                f"图“{self.caption}”含有版式中没有的区划代码：{'、'.join(strangers)}。 "
                f"Map {self.caption!r} has codes that its layout lacks: {', '.join(strangers)}."
            )


@dataclass(frozen=True, slots=True)
class Definition:
    """What one figure of the brief means: an entry of the annex.

    `value` is the exact value as text, `over` what it is over time (stock, flow, cumulative).
    """

    key: str
    label: str
    value: str
    definition: str
    unit: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """The annex's list of figures with their exact values and definitions."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code with the words beneath it; `text` is what a camera reads, most often an address."""

    text: str
    caption: str


PrintedBlock = Heading | Paragraph | Table | Chart | TileMap | QrCode | Definitions
Block = PrintedBlock | Held


@dataclass(frozen=True, slots=True)
class Distribution:
    """The closing block (版记): whom the brief goes to: 报 report, 送 sent, 抄 copied, 发 handed out."""

    report_to: tuple[str, ...] = ()
    send_to: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    distribute_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(sign, recipients) for each kind of recipient there is, in the order 报、送、抄、发."""
        kinds = (
            ("报", self.report_to),
            ("送", self.send_to),
            ("抄", self.copy_to),
            ("发", self.distribute_to),
        )
        return tuple((sign, "，".join(names) + "。") for sign, names in kinds if names)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole brief: masthead (职业教育简报), issue (第4期), issuer and date, its text, annex and 版记."""

    masthead: str
    issue: str
    issuer: str
    date: date
    title: str
    blocks: tuple[Block, ...]
    summary: str = ""
    annex: tuple[Block, ...] = ()
    annex_title: str = ""
    distribution: Distribution = field(default_factory=Distribution)
    language: str = "zh-Hans"


def chinese_date(day: date) -> str:
    """A date as official documents write it: 2022年1月18日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_numeral(number: int) -> str:
    """A counting numeral from 1 to 99: 1 → 一, 12 → 十二, 30 → 三十."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十"
    return ten + (NUMERALS[ones] if ones else "")


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, with the ordinal of its level before each heading: 一、 （一） 1. （1）.

    Source: GB/T 9704-2012, 7.3.3.
    """
    counters = [0, 0, 0, 0]
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counters[block.level - 1] += 1
            counters[block.level :] = [0] * (4 - block.level)
            count = counters[block.level - 1]
            ordinal = (
                f"{chinese_numeral(count)}、",
                f"（{chinese_numeral(count)}）",
                f"{count}.",
                f"（{count}）",
            )[block.level - 1]
            block = replace(block, text=ordinal + block.text)
        out.append(block)
    return tuple(out)
