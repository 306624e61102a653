"""The page: semantic, safe under a strict policy, with a door behind every number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree, html
from tests.engines.documents.sample import sample

from jineng.engines.documents.html import render_html
from jineng.engines.documents.tree import (
    Distribution,
    Document,
    Figure,
    Heading,
    Held,
    Paragraph,
    QrCode,
    Table,
    Text,
)

BARE = Document("简报", "第1期", "某厅", date(2022, 1, 18), "题<b>", (Heading(1, "a&b"),))


def test_every_figure_is_an_anchor() -> None:
    root = html.fromstring(render_html(sample()))
    figures = root.find_class("fig")
    assert len(figures) == 22
    assert {node.tag for node in figures} == {"a"}
    candidates = next(node for node in figures if node.get("data-key") == "candidates")
    assert candidates.text == "2.6万名"
    assert candidates.get("href") == "/briefs/2021/figures/candidates/"
    assert candidates.get("data-exact") == "26013"
    assert candidates.get("title") == "26013，查看定义与记录"


def test_a_figure_without_a_door_is_a_span() -> None:
    doc = replace(BARE, blocks=(Paragraph((Figure("k", "2所"),)),))
    assert '<span class="fig" data-key="k">2所</span>' in render_html(doc)


@pytest.mark.parametrize("mode", ["page", "standalone", "fragment"])
def test_nothing_breaks_a_strict_policy(mode) -> None:
    page = render_html(sample(), mode=mode, draft=True)
    root = html.fromstring(page if mode == "standalone" else f"<div>{page}</div>")
    assert not root.xpath("//@style | //script | //@onclick | //*[starts-with(@href,'javascript')]")
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_headings_follow_the_levels() -> None:
    root = html.fromstring(render_html(sample()))
    assert [node.text for node in root.iter("h1")] == ["职业教育简报"]
    assert [node.text for node in root.iter("h2")][:3] == ["一、整体格局", "二、产教融合", "三、育人质量"]
    assert [node.text for node in root.iter("h4")] == ["1.做法"]
    assert [node.text for node in root.iter("h5")] == ["（1）需要注意的情形"]


def test_what_was_held_is_seen_on_the_draft_alone() -> None:
    draft = html.fromstring(render_html(sample(), draft=True)).find_class("held")
    assert len(draft) == 2
    assert draft[0].text == "本句未刊出：“通过率连年提高”。校验：2021 年 39.4% ＜ 2020 年 41.1%。"
    assert "held" not in render_html(sample())
    assert "通过率连年提高" not in render_html(sample(), mode="standalone")


def test_a_paragraph_of_held_sentences_alone_leaves_no_empty_one() -> None:
    doc = replace(BARE, blocks=(Paragraph((Held("甲", "因。"),)),))
    assert render_html(doc, mode="fragment", draft=True) == '<p class="held">本句未刊出：“甲”。因。</p>'
    assert render_html(doc, mode="fragment") == ""


def test_a_file_leads_into_its_annex_or_to_the_site() -> None:
    alone = html.fromstring(render_html(sample(), mode="standalone"))
    targets = set(alone.xpath("//@id"))
    hrefs = alone.xpath("//*[contains(@class,'fig')]/@href")
    assert hrefs
    assert all(href[0] == "#" and href[1:] in targets for href in hrefs)
    assert not alone.xpath("//*[local-name()='svg']//*[local-name()='a']")
    site = html.fromstring(render_html(sample(), mode="standalone", base_url="https://jn.example.org"))
    assert all(href.startswith("https://jn.example.org/") for href in site.xpath("//@href"))


def test_words_are_escaped() -> None:
    doc = replace(
        BARE,
        summary="<s>",
        annex_title="<t>",
        annex=(Table("<c>", ("<h>",), (("<r>",),)),),
        blocks=(Paragraph((Text("<script>alert(1)</script>"),)),),
        distribution=Distribution(report_to=("<d>",)),
    )
    page = render_html(doc, mode="standalone")
    assert "<script>" not in page
    for word in ("s", "t", "c", "h", "r", "d", "b"):
        assert f"&lt;{word}&gt;" in page


def test_drawings_have_their_data_beside_them() -> None:
    root = html.fromstring(render_html(sample()))
    figures = root.xpath("//figure")
    assert len(figures) == 4
    for figure in figures:
        assert figure.xpath(".//*[local-name()='svg']")
        assert figure.xpath(".//details//table//tbody/tr")
    captions = [node.text for node in root.iter("figcaption")]
    assert [caption.split("　")[0] for caption in captions] == ["图1", "图2", "图3", "图4"]
    tianshui = root.xpath("//figure[@class='map']//tr[th='天水市']/td")
    assert [cell.text for cell in tianshui] == ["—"]


def test_a_code_has_its_words_beneath_it() -> None:
    root = html.fromstring(render_html(replace(BARE, blocks=(QrCode("https://example.org/v", "扫码核验"),))))
    (figure,) = root.xpath("//figure[@class='code']")
    assert figure.xpath(".//*[local-name()='svg']")
    assert figure.findtext("figcaption") == "扫码核验"


def test_the_closing_block_and_annex() -> None:
    root = html.fromstring(render_html(sample()))
    footer = root.find_class("distribution")[0]
    lines = [etree.tostring(line, method="text", encoding="unicode") for line in footer.iter("p")]
    assert lines[0] == "报：省委办公厅，省政府办公厅。"
    assert lines[-1] == "甘肃省教育厅办公室2022年1月20日印发"
    assert len(root.find_class("definitions")[0].findall("div")) == 21


def test_a_bare_document_has_no_empty_parts() -> None:
    page = render_html(BARE)
    for part in ("annex", "distribution", "summary"):
        assert part not in page
    assert '<h2 id="s1">a&amp;b</h2>' in page
    printed = render_html(replace(BARE, distribution=Distribution(printed_by="某室")))
    assert '<p class="printed"><span>某室</span></p>' in printed


def test_the_same_tree_gives_the_same_page() -> None:
    assert render_html(sample(), mode="standalone") == render_html(sample(), mode="standalone")
