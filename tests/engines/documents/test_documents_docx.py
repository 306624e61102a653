"""The Word file: official faces by name, exact lines, fields, links, pictures with words, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from tests.engines.documents.sample import sample, studios

from jineng.engines.documents.docx import render_docx
from jineng.engines.documents.tree import (
    Chart,
    Definition,
    Definitions,
    Distribution,
    Document,
    Figure,
    Heading,
    Held,
    Link,
    Paragraph,
    QrCode,
    Table,
    Text,
)
from jineng.engines.documents.word import ORDER, element, put

BARE = Document("简报", "第1期", "某厅", date(2022, 1, 18), "题", (Heading(1, "一、甲"), Paragraph((Text("文。"),))))


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_docx(sample())


@pytest.fixture(scope="module")
def word(made: bytes):
    return opened(made)


def test_the_same_tree_gives_the_same_bytes(made: bytes) -> None:
    assert render_docx(sample()) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_says_what_it_is(word) -> None:
    about = word.core_properties
    assert (about.title, about.author) == (
        "二〇二一年全省职业教育发展情况",
        "甘肃省职业教育工作联席会议办公室",
    )
    assert about.created == about.modified
    assert about.created.replace(tzinfo=None) == datetime(2022, 1, 18)


def test_the_type_area_is_that_of_the_standard(word) -> None:
    section = word.sections[0]
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(Mm(156), abs=800)
    height = section.page_height - section.top_margin - section.bottom_margin
    # 22 lines of 29 pt, and no more.
    assert 22 * Pt(29) <= height < 23 * Pt(29)
    assert section.top_margin == pytest.approx(Mm(37), abs=800)


def test_faces_are_named_for_chinese_and_latin_alike(word) -> None:
    faces = {
        name: {word.styles[name].element.rPr.rFonts.get(qn(f"w:{slot}")) for slot in ("ascii", "eastAsia")}
        for name in ("Normal", "Heading 1", "Heading 2", "Heading 3")
    }
    assert faces == {
        "Normal": {"仿宋_GB2312"},
        "Heading 1": {"黑体"},
        "Heading 2": {"楷体_GB2312"},
        "Heading 3": {"仿宋_GB2312"},
    }
    fonts = word.styles["Heading 1"].element.rPr.rFonts
    assert not [name for name in fonts.attrib if name.endswith("Theme")]
    assert word.paragraphs[0].runs[0].font.name == "方正小标宋简体"


def test_lines_stand_at_29_points_without_a_grid(word) -> None:
    assert word.styles["Normal"].paragraph_format.line_spacing == Pt(29)
    assert not word.element.xpath("//w:docGrid[@w:type]")


def test_page_numbers_are_fields_on_the_outer_side(word) -> None:
    section = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer.paragraphs[0]
        assert line.text == "— 1 —"
        assert "".join(node.text for node in line._p.iter(qn("w:instrText"))).strip() == "PAGE"
        assert line._p.pPr.jc.get(qn("w:val")) == align


def test_children_stand_in_the_order_of_the_schema(word) -> None:
    roots = [word.element, word.styles.element, word.settings.element]
    for root in roots:
        for name, order in ORDER.items():
            for parent in root.iter(qn(f"w:{name}")):
                known = [etree.QName(child).localname for child in parent]
                places = [order.split().index(child) for child in known if child in order.split()]
                assert places == sorted(places), known


def test_a_child_without_later_siblings_goes_last() -> None:
    parent = element("w:pPr")
    put(parent, element("w:jc"))
    put(parent, element("w:spacing"))
    put(parent, element("w:rPr"))
    assert [etree.QName(child).localname for child in parent] == ["spacing", "jc", "rPr"]


def test_pictures_have_words(word) -> None:
    pictures = word.element.xpath("//wp:docPr[@descr]")
    assert len(pictures) == 4
    assert "26013" in pictures[1].get("descr")
    assert "兰州市 21,430" in pictures[3].get("descr")


def test_figures_lead_into_the_annex(word) -> None:
    marks = set(word.element.xpath("//w:bookmarkStart/@w:name"))
    anchors = word.element.xpath("//w:hyperlink/@w:anchor")
    assert len(anchors) == 22
    assert set(anchors) == marks
    assert len(marks) == 21


def test_figures_lead_to_the_site() -> None:
    linked = opened(render_docx(sample(), base_url="https://jn.example.org"))
    targets = {rel.target_ref for rel in linked.part.rels.values() if rel.is_external}
    assert "https://jn.example.org/briefs/2021/figures/candidates/" in targets
    assert "https://jn.example.org/governance/" in targets


def test_what_was_held_is_not_there(made: bytes) -> None:
    held = replace(BARE, blocks=(*BARE.blocks, Held("未刊", "因"), Paragraph((Held("未刊", "因"),))))
    assert render_docx(held) == render_docx(BARE)


def test_the_closing_block_is_a_frame_at_the_foot(word) -> None:
    frames = word.element.xpath("//w:p[w:pPr/w:framePr]")
    texts = ["".join(frame.xpath(".//w:t/text()")).strip() for frame in frames]
    assert texts[0] == "报：省委办公厅，省政府办公厅。"
    assert texts[-1] == "甘肃省教育厅办公室2022年1月20日印发"
    assert set(word.element.xpath("//w:framePr/@w:yAlign")) == {"bottom"}
    boxes = {etree.tostring(box) for box in word.element.xpath("//w:p/w:pPr[w:framePr]/w:pBdr")}
    assert len(boxes) == 1


def test_a_bare_document_has_no_empty_parts() -> None:
    bare = opened(render_docx(BARE))
    assert [p.text for p in bare.paragraphs] == [
        "简报",
        "第1期",
        "　某厅\t2022年1月18日",
        "题",
        "一、甲",
        "文。",
    ]
    by = opened(render_docx(replace(BARE, distribution=Distribution(printed_by="某室"))))
    assert "某室" in by.paragraphs[-2].text


def test_tables_repeat_their_headings_and_short_ones_stay_whole() -> None:
    table = Table("表", ("名", "注", "数"), (("甲", (Figure("k", "2"),), "3"),) * 3, ("left", "left", "right"))
    long = Table("长", ("名", "数"), (("甲", "1"),) * 20)
    bare = opened(render_docx(replace(BARE, blocks=(table, long))))
    short, lengthy = bare.tables
    assert [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in short.rows] == [
        True,
        True,
        True,
        None,
    ]
    assert not any(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in lengthy.rows)
    assert len(bare.element.xpath("//w:tblHeader")) == 2
    assert sum(column.width for column in short.columns) == pytest.approx(Mm(156), abs=10_000)


def test_a_code_is_a_picture_with_its_words() -> None:
    bare = opened(render_docx(replace(BARE, blocks=(QrCode("https://example.org/v", "扫码核验"),))))
    assert bare.element.xpath("//wp:docPr/@descr") == ["https://example.org/v"]
    assert "扫码核验" in [paragraph.text for paragraph in bare.paragraphs]


def test_links_and_doubled_definitions() -> None:
    items = (Definition("k", "甲", "2", "义。"), Definition("k", "甲", "2", "义。", over="时点"))
    chart = replace(studios(), links=(Link("网", "https://example.org/"),))
    doc = replace(
        BARE,
        blocks=(Paragraph((Link("某处", "#nowhere"), Figure("k", "2"))), chart),
        annex=(Definitions(items),),
    )
    bare = opened(render_docx(doc))
    assert bare.element.xpath("//w:bookmarkStart/@w:name") == ["definition_1"]
    assert bare.element.xpath("//w:hyperlink/@w:anchor") == ["definition_1"]
    assert isinstance(chart, Chart)
    assert [rel.target_ref for rel in bare.part.rels.values() if rel.is_external] == ["https://example.org/"]
