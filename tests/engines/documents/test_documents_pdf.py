"""The PDF: PDF/A-2b, the same bytes each time, links that lead somewhere, text that is never read as markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import typst
from tests.engines.documents.sample import sample

from jineng.engines.documents import pdf
from jineng.engines.documents.fonts import find_fonts
from jineng.engines.documents.pdf import render_pdf
from jineng.engines.documents.tree import (
    Distribution,
    Document,
    DocumentError,
    Figure,
    Heading,
    Held,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
)

FONTS = find_fonts(system=False)
BARE = Document("简报", "第1期", "某厅", date(2022, 1, 18), "题", (Heading(1, "一、甲"), Paragraph((Text("文。"),))))


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_pdf(sample(), FONTS)


def test_it_is_pdf_a_2b_in_chinese_with_embedded_faces(made: bytes) -> None:
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made
    assert b"/Lang(zh-CN)" in made
    assert b"NotoSansCJKsc-Regular" in made
    assert b"2022-01-18" in made


def test_pages_are_a4_and_as_many_as_looked_at(made: bytes) -> None:
    assert pages(made) == 6
    width, height = map(float, re.findall(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", made)[0])
    assert width == pytest.approx(595.28, abs=0.1)
    assert height == pytest.approx(841.89, abs=0.1)


def test_the_same_tree_and_faces_give_the_same_bytes(made: bytes) -> None:
    assert render_pdf(sample(), FONTS) == made
    assert render_pdf(replace(sample(), title="另题"), FONTS) != made


def test_figures_lead_into_the_annex_without_a_site(made: bytes) -> None:
    assert made.count(b"/Subtype/Link") == 22
    assert b"/URI" not in made


def test_figures_tiles_and_links_lead_to_the_site() -> None:
    linked = render_pdf(sample(), FONTS, base_url="https://jn.example.org")
    assert b"https://jn.example.org/briefs/2021/figures/candidates/" in linked
    found = set(re.findall(rb"https://jn[^)]*", linked))
    # 21 figures, a link in the text, 13 tiles with values; the link beneath a chart is one of the figures'
    assert len(found) == 21 + 1 + 13
    assert b"division=620100" in linked


def test_the_faces_of_this_machine_are_the_default() -> None:
    assert pages(render_pdf(BARE)) == 1


def test_text_is_never_markup() -> None:
    text = '#panic("x") $x$ *b* _i_ @ref <label> \\ `raw` "quoted" // 注'
    doc = replace(
        BARE,
        title=text,
        summary=text,
        annex_title=text,
        blocks=(
            Paragraph((Text(text), Strong(text), Figure("k", text), Link(text, "#nowhere"))),
            Table(text, (text, "右", "中"), ((text, "1", "2"),), ("left", "right", "center")),
        ),
        annex=(Paragraph((Text(text),)),),
        distribution=Distribution(printed_by=text),
    )
    assert pages(render_pdf(doc, FONTS)) == 2


def test_twenty_two_lines_of_twenty_eight_characters_fill_a_page() -> None:
    def annex(lines: int, characters: int) -> int:
        line = Paragraph((Text("字" * characters),))
        return pages(render_pdf(replace(BARE, blocks=(), annex=(line,) * lines), FONTS)) - 1

    # The annex begins with a line of its own (附件); each first line is indented by two characters.
    assert annex(21, 26) == 1
    assert annex(22, 26) == 2
    assert annex(11, 27) == 2
    assert annex(10, 26 + 28) == 1


def test_what_was_held_is_not_there() -> None:
    held = replace(BARE, blocks=(*BARE.blocks, Held("未刊", "因"), Paragraph((Held("未刊", "因"),))))
    assert render_pdf(held, FONTS) == render_pdf(BARE, FONTS)


def test_a_long_table_runs_on() -> None:
    rows = tuple((f"第{number}行", str(number)) for number in range(80))
    assert pages(render_pdf(replace(BARE, blocks=(Table("长表", ("名", "数"), rows),)), FONTS)) > 1


def test_a_character_that_no_face_has_is_reported() -> None:
    with pytest.raises(DocumentError, match="排版失败"):
        render_pdf(replace(BARE, blocks=(Paragraph((Text("\U0001f9d1"),)),)), FONTS)


def test_a_typesetter_that_returns_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def __init__(self, *_: object, **__: object) -> None: ...

        def compile(self, **_: object) -> None: ...

    monkeypatch.setattr(typst, "Compiler", Silent)
    with pytest.raises(DocumentError, match="没有结果"):
        pdf.render_pdf(BARE, FONTS)
