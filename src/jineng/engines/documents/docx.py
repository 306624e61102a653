"""The content tree as a Word file, in the layout of GB/T 9704-2012.

The official faces are named (仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312), so that an office that has them
sees them, with free ones to stand in. Lines stand at exactly 29 pt, without a document grid, which other
programs set differently. The same tree gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import cast

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from . import charts, codes, tilemap
from .colours import DATA, INK, LINE, RED, channels
from .pdf import CHART_SCALE, CODE_SCALE, MAP_SCALE, drawing_size
from .prepare import definition_anchor, definitions_of, prepare, printed, tilemap_words
from .tree import (
    Align,
    Block,
    Cell,
    Chart,
    Definitions,
    Document,
    Figure,
    Heading,
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
from .word import (
    BODY,
    add_bookmark,
    add_link,
    add_page_field,
    add_picture,
    add_run,
    borders,
    dot,
    element,
    fixed_bytes,
    free,
    indent,
    put,
    set_face,
    set_substitutes,
)

SONG, HEI, FANG, KAI = "方正小标宋简体", "黑体", "仿宋_GB2312", "楷体_GB2312"
SUBSTITUTES = {
    SONG: "FandolSong,Noto Serif CJK SC,Noto Sans CJK SC",
    HEI: "SimHei,FandolHei,Noto Sans CJK SC",
    FANG: "FangSong_GB2312,FangSong,FandolFang,Noto Serif CJK SC,Noto Sans CJK SC",
    KAI: "KaiTi_GB2312,KaiTi,FandolKai,Noto Serif CJK SC,Noto Sans CJK SC",
    "宋体": "SimSun,FandolSong,Noto Serif CJK SC,Noto Sans CJK SC",
}
SMALL, PITCH = Pt(12), Pt(29)
WIDTH = Mm(156)
RULE = f'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="1"><rect width="8" height="1" fill="{INK}"/></svg>'
SIDES: dict[Align, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}


def _style(word: WordDocument, name: str, face: str, size: Length, *, bold: bool = False) -> ParagraphStyle:
    style = cast(ParagraphStyle, word.styles[name])
    set_face(style, face)
    style.font.size, style.font.bold, style.font.italic = size, bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    return style


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*channels(colour))


@dataclass(slots=True)
class _Writer:
    """One Word file in the making; `places` maps anchors of the annex to bookmarks of the file."""

    doc: Document
    word: WordDocument
    places: dict[str, str]
    marked: list[str] = field(default_factory=list)

    def paragraph(self) -> WordParagraph:
        return self.word.add_paragraph()

    def lead(self, paragraph: WordParagraph, text: str, href: str | None) -> Run:
        if href is None:
            return paragraph.add_run(text)
        if not href.startswith("#"):
            return add_link(paragraph, text, href=href)
        place = self.places.get(href[1:])
        return paragraph.add_run(text) if place is None else add_link(paragraph, text, anchor=place)

    def inline(self, paragraph: WordParagraph, inline: Inline) -> None:
        match inline:
            case Strong():
                paragraph.add_run(inline.text).bold = True
            case Figure():
                dot(self.lead(paragraph, inline.phrase, inline.href), DATA)
            case Link():
                self.lead(paragraph, inline.text, inline.href).font.color.rgb = _rgb(DATA)
            case _:
                paragraph.add_run(inline.text)

    def inlines(self, paragraph: WordParagraph, inlines: Iterable[Inline]) -> None:
        for inline in inlines:
            self.inline(paragraph, inline)

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in printed(blocks):
            self.block(block)

    def block(self, block: PrintedBlock) -> None:
        match block:
            case Heading():
                indent(self.word.add_heading(block.text, block.level), 2)
            case Paragraph():
                self.inlines(self.paragraph(), block.inlines)
            case Table():
                self.table(block)
            case Chart():
                svg = charts.render_svg(block.spec)
                self.drawing(svg, block.alt, CHART_SCALE)
                self.caption(block.caption, block.links)
            case TileMap():
                svg = tilemap.render_svg(block.values, block.unit, layout=block.layout)
                self.drawing(svg, tilemap_words(block), MAP_SCALE)
                self.caption(block.caption, ())
            case QrCode():
                self.drawing(codes.render_svg(block.text), block.text, CODE_SCALE)
                self.caption(block.caption, ())
            case _:
                self.definitions(block)

    def caption(self, text: str, links: tuple[Link, ...], *, above: bool = False) -> None:
        paragraph = free(self.paragraph(), Pt(18))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.keep_with_next = above
        layout.space_before, layout.space_after = Pt(6), Pt(4 if above else 8)
        add_run(paragraph, text, HEI, SMALL)
        for link in links:
            paragraph.add_run("　")
            self.inline(paragraph, link)
            paragraph.runs[-1].font.size = SMALL

    def drawing(self, svg: str, alt: str, scale: float) -> None:
        paragraph = free(self.paragraph())
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(8)
        width = min(Pt(drawing_size(svg)[0] * scale), WIDTH)
        shape = add_picture(paragraph, charts.render_png(svg), Length(width))
        shape._inline.docPr.set("descr", alt)

    def fill(self, cell: _Cell, content: Cell, align: Align, *, face: str = FANG) -> WordParagraph:
        paragraph = free(cell.paragraphs[0], Pt(20))
        paragraph.alignment = SIDES[align]
        self.inlines(paragraph, (Text(content),) if isinstance(content, str) else content)
        # Runs within links are no direct children of the paragraph.
        for node in paragraph._p.iter(qn("w:r")):
            run = Run(node, paragraph)
            set_face(run, face)
            run.font.size = SMALL
        return paragraph

    def grid(self, rows: int, widths: list[Length]) -> WordTable:
        table: WordTable = self.word.add_table(rows, len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        return table

    def table(self, block: Table) -> None:
        self.caption(block.caption, (), above=True)
        aligns = block.alignments
        # Columns of words share what the columns of numbers leave; a number needs at most 26 mm.
        worded = sum(1 for place, a in enumerate(aligns) if place == 0 or a == "left")
        number = min(Mm(26), Length(WIDTH // len(aligns)))
        wide = Length((WIDTH - number * (len(aligns) - worded)) // worded)
        widths = [wide if place == 0 or a == "left" else number for place, a in enumerate(aligns)]
        table = self.grid(1 + len(block.rows), widths)
        thick, thin = (12, INK), (4, LINE)
        put(table._tbl.tblPr, borders("w:tblBorders", {"top": thick, "bottom": thick, "insideH": thin}))
        table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
        for cell, heading, align in zip(table.rows[0].cells, block.headings, aligns, strict=True):
            self.fill(cell, heading, align, face=HEI)
            put(cell._tc.get_or_add_tcPr(), borders("w:tcBorders", {"bottom": (6, INK)}))
        short = len(block.rows) <= 12
        for index, (row, cells) in enumerate(zip(list(table.rows)[1:], block.rows, strict=True), start=1):
            for cell, content, align in zip(row.cells, cells, aligns, strict=True):
                self.fill(cell, content, align)
            if short and index < len(block.rows):
                self.keep(row.cells)
        if short:
            self.keep(table.rows[0].cells)
        free(self.paragraph(), Pt(12))

    def keep(self, cells: Iterable[_Cell]) -> None:
        """Keep a row on one page with the next."""
        for cell in cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True

    def definitions(self, block: Definitions) -> None:
        for item in block.items:
            head = free(self.paragraph(), Pt(19))
            head.paragraph_format.space_before = Pt(6)
            head.paragraph_format.keep_with_next = True
            head.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
            add_run(head, f"{item.label}\t{item.value}{item.unit}", HEI, SMALL)
            anchor = definition_anchor(item.key)
            if anchor not in self.marked:
                self.marked.append(anchor)
                add_bookmark(head, self.places[anchor], len(self.marked))
            text = free(self.paragraph(), Pt(17))
            text.paragraph_format.space_after = Pt(4)
            over = f"（{item.over}）" if item.over else ""
            add_run(text, item.definition + over, FANG, SMALL)
            put(text._p.get_or_add_pPr(), borders("w:pBdr", {"bottom": (4, LINE)}, space=2))

    def head(self) -> None:
        name = free(self.paragraph(), Pt(64))
        name.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(name, self.doc.masthead, SONG, Pt(46)).font.color.rgb = _rgb(RED)
        issue = free(self.paragraph(), Pt(24))
        issue.alignment = WD_ALIGN_PARAGRAPH.CENTER
        issue.paragraph_format.space_before = Pt(14)
        issue.add_run(self.doc.issue)
        line = free(self.paragraph(), Pt(26))
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(14), PITCH
        line.paragraph_format.tab_stops.add_tab_stop(Length(WIDTH - BODY), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"　{self.doc.issuer}\t{chinese_date(self.doc.date)}")
        put(line._p.get_or_add_pPr(), borders("w:pBdr", {"bottom": (16, RED)}, space=6))
        self.title(self.doc.title)
        if self.doc.summary:
            add_run(self.paragraph(), self.doc.summary, KAI, BODY)

    def title(self, text: str) -> None:
        title = free(self.paragraph(), Pt(34))
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_after = PITCH
        add_run(title, text, SONG, Pt(22))

    def annex(self) -> None:
        if not self.doc.annex:
            return
        mark = self.paragraph()
        indent(mark, 0)
        mark.paragraph_format.page_break_before = True
        add_run(mark, "附件", HEI, BODY)
        if self.doc.annex_title:
            self.title(self.doc.annex_title)
        self.blocks(self.doc.annex)

    def framed(self, place: dict[str, str | int]) -> WordParagraph:
        """A paragraph of the frame of the closing block.

        Only paragraphs with the same rules and indents make one frame with one rule above and one below; rules
        `between` them would undo the frame in LibreOffice, so the inner ones are pictures of a rule.
        """
        line = free(self.paragraph(), Pt(21))
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        properties = line._p.get_or_add_pPr()
        del properties.get_or_add_ind().attrib[qn("w:firstLineChars")]
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(42), Pt(-42)
        put(properties, element("w:framePr", place))
        put(properties, borders("w:pBdr", {"top": (8, INK), "bottom": (8, INK)}))
        return line

    def distribution(self) -> None:
        """The closing block: a frame at the foot of the page on which the text ends."""
        closing = self.doc.distribution
        lines = [f"　{sign}：{names}" for sign, names in closing.lines]
        printed_on = "" if closing.printed_on is None else chinese_date(closing.printed_on) + "印发"
        if closing.printed_by or printed_on:
            lines.append(f"　{closing.printed_by}\t{printed_on}")
        place: dict[str, str | int] = {
            "w:w": WIDTH.twips,
            "w:hSpace": 0,
            "w:wrap": "notBeside",
            "w:vAnchor": "margin",
            "w:hAnchor": "margin",
            "w:xAlign": "left",
            "w:yAlign": "bottom",
        }
        for number, text in enumerate(lines):
            if number:
                rule = self.framed(place)
                rule.paragraph_format.line_spacing = Pt(3)
                add_picture(rule, charts.render_png(RULE), WIDTH, height=Mm(0.25))
            line = self.framed(place)
            line.paragraph_format.tab_stops.add_tab_stop(Length(WIDTH - Pt(14)), WD_TAB_ALIGNMENT.RIGHT)
            add_run(line, text, FANG, Pt(14))
        if lines:
            # The frame is anchored in the paragraph that follows it, which takes no room to speak of.
            free(self.paragraph(), Pt(1))


def _set_up(doc: Document, word: WordDocument) -> None:
    normal = _style(word, "Normal", FANG, BODY)
    indent(normal, 2)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    normal.paragraph_format.widow_control = False
    properties = normal._element.get_or_add_pPr()
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        put(properties, element(tag, {"w:val": "0"}))
    run = normal._element.get_or_add_rPr()
    # 28 characters to the line: 156 mm are a little less than 28 times 16 pt.
    put(run, element("w:spacing", {"w:val": "-5"}))
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    put(run, element("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}))
    for level, face in ((1, HEI), (2, KAI), (3, FANG), (4, FANG)):
        _style(word, f"Heading {level}", face, BODY, bold=level == 3).paragraph_format.keep_with_next = True
    set_substitutes(word, SUBSTITUTES)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin, section.right_margin = Mm(37), Mm(28), Mm(26)
    # 22 lines of 29 pt are 0.1 mm more than 225 mm.
    section.bottom_margin = Mm(34.8)
    section.footer_distance = Mm(23)
    word.settings.odd_and_even_pages_header_footer = True
    put(word.settings.element, element("w:mirrorMargins"))
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = free(footer.paragraphs[0])
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        add_run(line, "— ", "宋体", Pt(14))
        number = add_page_field(line)
        set_face(number, "宋体")
        number.font.size = Pt(14)
        add_run(line, " —", "宋体", Pt(14))
    about = word.core_properties
    about.title, about.author, about.subject = doc.title, doc.issuer, f"{doc.masthead} {doc.issue}"
    about.last_modified_by, about.comments, about.language = doc.issuer, "", doc.language
    about.created = about.modified = datetime.combine(doc.date, time())
    about.revision = 1


def render_docx(doc: Document, *, base_url: str | None = None) -> bytes:
    """The document as a Word file; the same document gives the same bytes.

    Figures lead to the site where `base_url` says where that is, otherwise to their definitions in the annex.
    Charts and the map are pictures with words for those who cannot see them.

    Raises:
        DocumentError: a chart of the document cannot be drawn.
    """
    doc = prepare(doc, offline=True, base_url=base_url)
    word = docx.Document()
    _set_up(doc, word)
    anchors = dict.fromkeys(definition_anchor(item.key) for item in definitions_of(doc))
    places = {anchor: f"definition_{number}" for number, anchor in enumerate(anchors, start=1)}
    writer = _Writer(doc, word, places)
    writer.head()
    writer.blocks(doc.blocks)
    writer.annex()
    writer.distribution()
    saved = io.BytesIO()
    word.save(saved)
    return fixed_bytes(saved.getvalue())
