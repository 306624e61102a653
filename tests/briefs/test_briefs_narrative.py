"""A narrative is read sentence by sentence; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from jineng.briefs.narrative import NarrativeError, Slot, Year, read_narrative, sentence
from jineng.briefs.wording import seed
from jineng.engines.measures.checks import parse
from jineng.kernel.measures import indicators

ORACLE = Path(__file__).parents[1] / "oracles" / "figures-2021.yaml"
WHOLE = """
masthead: 简报
parts:
  - heading: 一
    topics:
      - heading: 甲
        paragraphs:
          - - "有{awards}。"
            - {text: "比{items|exact|种}多。", check: awards > items}
        illustrations:
          - {kind: map, keys: awards, caption: 图}
          - {kind: years, keys: [awards, items], years: 2, caption: 图, labels: {awards: 项}}
      - paragraphs: [["没有标题。"]]
  - heading: 二
    topics: []
"""


def test_a_sentence_is_text_and_slots_in_order() -> None:
    found = sentence("{year}年有{awards}，上年{awards@-1|rounded:2}，{year@-2}年{items|over|家}，{money||万元}。")
    assert found.pieces == (
        Year(0),
        "年有",
        Slot("awards", 0, "exact", None, None),
        "，上年",
        Slot("awards", 1, "rounded", 2, None),
        "，",
        Year(2),
        "年",
        Slot("items", 0, "over", None, "家"),
        "，",
        Slot("money", 0, "exact", None, "万元"),
        "。",
    )
    assert [slot.key for slot in found.slots] == ["awards", "awards", "items", "money"]
    assert found.check == ""
    assert sentence("共{awards}").pieces[-1] == Slot("awards", 0, "exact", None, None)


@pytest.mark.parametrize(
    "text", ["有{Awards}项", "有{awards项", "有awards}项", "{}", "{awards@2}", "{awards|exact|项|多}"]
)
def test_a_slot_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(NarrativeError, match="不能识别的数字位"):
        sentence(text)


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NarrativeError, match="没有“roughly”这种表述"):
        sentence("{awards|roughly}")


def test_a_whole_narrative(tmp_path: Path) -> None:
    path = tmp_path / "narrative.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    found = read_narrative(path)
    assert found.front == {"masthead": "简报"}
    assert [part.heading for part in found.parts] == ["一", "二"]
    assert [item.source for item in found.sentences()] == ["有{awards}。", "比{items|exact|种}多。", "没有标题。"]
    assert [item.check for item in found.sentences()] == ["", "awards > items", ""]
    one, many = found.illustrations()
    assert (one.kind, one.keys, one.by, one.years, dict(one.labels)) == ("map", ("awards",), "city", 3, {})
    assert (many.keys, many.years, dict(many.labels)) == (("awards", "items"), 2, {"awards": "项"})


@pytest.mark.parametrize(
    "text", ["masthead: 简报", "parts: [{topics: []}]", "parts: [文字]", "parts: [{heading: 一, topics: 3}]"]
)
def test_a_narrative_that_lacks_something_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NarrativeError, match=r"broken\.yaml：缺少栏目"):
        read_narrative(path)


def test_the_seed_has_no_number_of_its_own_and_speaks_of_every_figure_of_the_year() -> None:
    found = seed()
    for item in found.sentences():
        assert not any(isinstance(piece, str) and any(sign.isdigit() for sign in piece) for piece in item.pieces)
        if item.check:
            assert parse(item.check).wanted()
        assert item.slots or item.check, item.source
    spoken_of = {slot.key for item in found.sentences() for slot in item.slots}
    assert spoken_of == set(yaml.safe_load(ORACLE.read_text(encoding="utf-8"))["figures"])
    checked = {key for item in found.sentences() if item.check for key, _ in parse(item.check).wanted()}
    claimed = {key for claim in found.front["claims"] for key, _ in parse(claim["check"]).wanted()}
    assert spoken_of | checked | claimed <= set(indicators.keys())
    assert all(key in indicators for item in found.illustrations() for key in item.keys)
