"""A flow is drawn in one column with what lies beside it, and told in words in the same order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from lxml import etree
from tests.engines.casework.examples import NAMES, VOCABULARY, definition

from jineng.engines.casework import Edge, EdgeKind, Flow, lay_out, load_flow, to_svg, to_text

SVG = "{http://www.w3.org/2000/svg}"
RETURNS = ["fill", "cancelled", "county", "city", "province", "locked", "amend", "closed"]


def edge(flow: Flow, source: str, target: str) -> Edge:
    (found,) = [one for one in lay_out(flow).edges if (one.source, one.target) == (source, target)]
    return found


def test_the_main_way_stands_in_the_first_column() -> None:
    found = lay_out(definition("returns").flow)
    assert [node.key for node in found.nodes] == RETURNS
    assert [node.row for node in found.nodes] == list(range(8))
    assert [node.key for node in found.nodes if node.column == 0] == [
        "fill", "county", "city", "province", "locked", "closed",
    ]  # fmt: skip
    assert found.title == ("年度填报", "Yearly return")
    assert [node.outcome for node in found.nodes if node.kind == "end"] == ["completed", "completed"]


def test_ways_are_forward_back_or_to_an_end() -> None:
    flow = definition("returns").flow
    assert edge(flow, "fill", "county").kind is EdgeKind.FORWARD
    assert edge(flow, "province", "fill").kind is EdgeKind.BACK
    assert edge(flow, "fill", "province").kind is EdgeKind.BACK
    assert edge(flow, "locked", "closed").kind is EdgeKind.END
    pilot = definition("pilot").flow
    assert edge(pilot, "city_check", "correct").kind is EdgeKind.BACK
    assert edge(pilot, "pool", "dropped").labels == (("逾期退出", "Drop out"), ("移出培育库", "Expel"))
    assert not edge(pilot, "pool", "dropped").timed
    assert edge(pilot, "apply", "lapsed").timed


def test_without_a_good_end_any_end_will_do_and_a_stage_may_wait_for_another() -> None:
    data = definition("offering").flow.to_data()
    for end in data["ends"]:
        end["outcome"] = "refused"
    data["stages"] = [data["stages"][at] for at in (0, 3, 1, 2)]
    found = lay_out(load_flow(data, definition("offering").form, VOCABULARY))
    assert [node.key for node in found.nodes if node.column == 0] == ["request", "filing", "filed"]
    rows = {node.key: node.row for node in found.nodes}
    assert rows["request"] < rows["approval"] < rows["cosign"] < rows["approved"]


def test_a_flow_that_no_loader_has_seen_is_drawn_as_far_as_it_goes() -> None:
    flow = definition("offering").flow
    stage = replace(flow.stages[0], actions=(replace(flow.stages[0].actions[0], to="", routes=()),))
    assert [node.key for node in lay_out(replace(flow, stages=(stage,), ends=())).nodes] == ["request"]


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_sound_and_tells_what_it_shows(name: str) -> None:
    flow = definition(name).flow
    stage = flow.stages[1]
    root = etree.fromstring(to_svg(flow, at=stage.key).encode())
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == flow.name
    assert desc.text
    assert desc.text.endswith(f"现在：{stage.name}")
    assert all(action.name in desc.text for one in flow.stages for action in one.actions)
    nodes = [one for one in root.iter(f"{SVG}g") if "node" in (one.get("class") or "").split()]
    assert [one.get("data-key") for one in nodes] == [node.key for node in lay_out(flow).nodes]
    assert [one.get("data-key") for one in nodes if "here" in (one.get("class") or "")] == [stage.key]
    assert not {one.get("fill") for one in root.iter()} - {None, "none", "currentColor"}
    assert not [one for one in root.iter() if one.get("style")]
    texts = {one.text for one in root.iter(f"{SVG}text")}
    assert {one.name for one in flow.stages} <= texts


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_lies_upon_anything_else(name: str, language: str) -> None:
    root = etree.fromstring(to_svg(definition(name).flow, language=language).encode())
    width, height = (int(part) for part in (root.get("viewBox") or "").split()[2:])
    boxes = []
    for rect in root.iter(f"{SVG}rect"):
        x, y, wide, high = (int(rect.get(part) or "") for part in ("x", "y", "width", "height"))
        boxes.append((x, y, x + wide, y + high))
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    upright: list[tuple[int, int, int]] = []
    for line in root.iter(f"{SVG}polyline"):
        points = [tuple(int(part) for part in point.split(",")) for point in (line.get("points") or "").split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
        for (x, y), (to_x, to_y) in pairwise(points):
            assert x == to_x or y == to_y
            for left, top, right, bottom in boxes:
                assert not (left < (x + to_x) / 2 < right and top < (y + to_y) / 2 < bottom)
                assert not (x == to_x and left < x < right and min(y, to_y) < top and max(y, to_y) > bottom)
        if len(points) == 4:
            upright.append((points[1][0], min(points[1][1], points[2][1]), max(points[1][1], points[2][1])))
    for one_line, other_line in combinations(upright, 2):
        apart = one_line[0] != other_line[0] or one_line[2] < other_line[1] or other_line[2] < one_line[1]
        assert apart, (one_line, other_line)


def test_a_page_may_show_several_drawings_in_either_language() -> None:
    flow = definition("pilot").flow
    drawn = to_svg(flow, language="en", ident="b")
    assert 'lang="en"' in drawn
    assert "City authority" in drawn
    assert "现在" not in drawn
    assert set(re.findall(r'id="([^"]+)"', drawn)) == {"b-title", "b-desc", "b-arrow"}
    assert "Now: Public notice" in to_svg(flow, "notice", "en")


def test_names_are_escaped() -> None:
    data = definition("offering").flow.to_data()
    data["stages"][0]["name"] = '<b>"&'
    drawn = to_svg(load_flow(data, definition("offering").form, VOCABULARY), ident='"x')
    assert "<b>" not in drawn
    assert etree.fromstring(drawn.encode()) is not None


def test_the_list_says_who_does_what_by_when_and_where_it_leads() -> None:
    found = definition("double-high")
    outlines = {outline.key: outline for outline in to_text(found.flow, found.form, VOCABULARY)}
    assert outlines["apply"].heading == ("学校申报（申报学校）", "Application (College)")
    assert [line.zh for line in outlines["apply"].lines] == [
        "期限：截止日期",
        "“提交” → 排序推荐",
        "“撤回”（申报学校、职成处） → 撤回",
    ]
    assert outlines["apply"].lines[0].en == "Deadline: closing day"
    assert [line.zh for line in outlines["recommend"].lines] == [
        "期限：10 个工作日",
        "“推荐” → 形式审查",
        "“退回修改” → 学校申报（退回）；期限：5 个工作日",
        "“不推荐” → 未立项",
    ]
    assert outlines["decide"].lines[0] == (
        "“同意立项”，依次签署 → 公示",
        "“Approve”, all sign in order → Public notice",
    )
    assert outlines["notice"].lines[0].zh == "期限：7 个工作日，期满“公示无异议”"
    assert outlines["notice"].lines[1].zh == "“公示无异议”（系统、职成处） → 编制任务书"
    assert outlines["rectify"].lines[0].en == "Deadline: 6 months, then “Revoke”"


def test_deadlines_are_worded_by_what_they_count_from() -> None:
    found = definition("offering")
    data = found.flow.to_data()
    for deadline, zh, en in (
        ({"months": 1, "days": 3, "after": "started", "remind": [1]},
         "期限：办件开始起 1 个月加3 天", "Deadline: 1 months and 3 days from the start of the case"),
        ({"days": 3, "after": "facts.closes_on", "closes": True}, "期限：截止日期起 3 天",
         "Deadline: 3 days from closing day"),
    ):  # fmt: skip
        data["stages"][0]["deadline"] = deadline
        flow = load_flow(data, found.form, VOCABULARY)
        assert to_text(flow, found.form, VOCABULARY)[0].lines[0] == (zh, en)
    assert to_text(flow)[0].lines[0].zh == "期限：facts.closes_on起 3 天"
    data["stages"][0]["actions"].append({"key": "note", "name": "备注"})
    flow = load_flow(data, found.form, VOCABULARY)
    assert to_text(flow, found.form, VOCABULARY)[0].lines[-1] == ("“备注”", "“备注”")
