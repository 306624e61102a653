"""What changed between two versions, in words; and taking a running case from one into the other."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.engines.casework.examples import NAMES, VOCABULARY, at, definition, situation

from jineng.engines.casework import (
    Actor,
    ChangeKind,
    Flow,
    Refused,
    State,
    act,
    compare,
    due,
    load_flow,
    migrate,
    migration,
    replay,
    start,
)

OFFICE = Actor("office", "m1")


def changed(name: str, part: str = "flow") -> tuple[Any, Any]:
    """The data of a definition twice, to change the second."""
    found = definition(name)
    data = found.flow.to_data() if part == "flow" else found.form.to_data()
    return data, copy.deepcopy(data)


def told(old: Any, new: Any, beside: Any = None) -> list[str]:
    found = compare(old, new, beside) if beside else compare(old, new)
    assert all(change.en for change in found)
    return [change.zh for change in found]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_changed_says_nothing(name: str) -> None:
    for part in ("flow", "form"):
        assert compare(*changed(name, part)) == ()


def test_changes_of_a_flow_are_told_in_the_order_of_the_new_one() -> None:
    old, new = changed("offering")
    new["name"] = "增设专业点"
    new["parties"][1]["level"] = "city"
    stages = new["stages"]
    stages[0]["actions"][0]["to"] = "cosign"
    stages[0]["actions"][0]["routes"][0]["to"] = "filing"
    stages[1]["deadline"].update(days=20, remind=[5])
    stages[1]["deadline"].pop("then")
    stages[1]["actions"][1]["by"] = ["office", "school"]
    stages[2]["actions"].append({"key": "wait", "name": "暂缓", "name_en": "Wait"})
    stages[2]["tells"]["applicant"] = "论证中"
    stages[3]["actions"][0]["signing"] = "ordered"
    stages[3].pop("deadline")
    stages.append(
        {"key": "publish", "name": "公布", "name_en": "Publish", "kind": "step", "actor": "office", "actions": []}
    )
    new["ends"].pop(0)
    assert told(old, new, definition("offering").form.to_data()) == [
        "名称由“增设专业”改为“增设专业点”",
        "参与方“省教育厅”：层级由（未设）改为“city”",
        "环节“学校申请”操作“提交”：去向由“备案”改为“部门会签”",
        "环节“学校申请”操作“提交”去向条件“1”：去向由“论证”改为“备案”",
        "环节“备案”操作“退回”：可办理方由（未设）改为“省教育厅”、“学校”",
        "环节“备案”期限：天数由15改为20",
        "环节“备案”期限：提前提醒增加5，去掉3",
        "环节“备案”期限：期满后由“予以备案”改为（未设）",
        "环节“论证”操作“暂缓”：新增",
        "环节“论证”：对申报方的称谓由“审批中”改为“论证中”",
        "环节“部门会签”操作“会签同意”：签署方式由“全体签署”改为“依次签署”",
        "环节“部门会签”：期限由（天数20，按工作日是，逾期告知“省教育厅”）改为（未设）",
        "环节“公布”：新增",
        "结局“备案”：删去",
    ]


def test_changes_of_a_form_name_fields_columns_and_choices() -> None:
    old, new = changed("pilot", "form")
    fields = new["sections"][0]["fields"]
    fields[1].pop("required")
    fields[2]["choices"][1]["label"] = "民营企业"
    fields[2]["choices"].pop(2)
    fields.insert(0, fields.pop(4))
    cooperation = new["sections"][1]["fields"]
    cooperation[1]["columns"][2]["max"] = "500"
    cooperation[1]["columns"].pop(4)
    cooperation[1]["unique"] = ["school", "since"]
    cooperation[3]["required"] = True
    new["sections"][2]["fields"][1]["accept"] = ["xlsx", "docx", "pdf"]
    new["rules"].pop()
    new["rules"][0]["message"] = "不够"
    assert told(old, new) == [
        "部分“企业基本情况”填写项“成立日期”：调整了次序",
        "部分“企业基本情况”填写项“统一社会信用代码”：必填由是改为否",
        "部分“企业基本情况”填写项“企业性质”选项“民营企业”：名称由“民营”改为“民营企业”",
        "部分“企业基本情况”填写项“企业性质”选项“外资”：删去",
        "部分“校企合作”填写项“合作院校”列“投入”：最大值由（未设）改为“500”",
        "部分“校企合作”填写项“合作院校”列“协议”：删去",
        "部分“校企合作”填写项“合作院校”：不得重复的列增加“合作开始”",
        "部分“校企合作”填写项“已获立项”：必填由否改为是",
        "部分“建设规划”填写项“佐证材料”：文件类型次序有变",
        "核对规则“1”：提示由“累计投入不能少于对各院校投入的合计”改为“不够”",
        "核对规则“2”：删去",
    ]


def test_another_key_of_the_same_name_is_told_as_such() -> None:
    old, new = changed("offering")
    new["stages"][1]["key"] = "register"
    new["stages"][1]["actions"][0]["needs"] = ["reason"]
    found = compare(old, new)
    assert [(change.path, change.kind) for change in found] == [
        ("stages[1]", ChangeKind.REKEYED),
        ("stages[1].actions[0].needs", ChangeKind.CHANGED),
    ]
    assert found[0].zh == "环节“备案”：标识由 filing 改为 register"
    assert found[1].en == "stage “备案”, action “予以备案”: needs (none) became “a reason”"


def test_any_data_of_the_same_shape_is_compared() -> None:
    old = {"code": "r", "criteria": [{"key": "a", "name": "基础", "weight": 40}, {"key": "b", "weight": 60}]}
    new = {"code": "r", "criteria": [{"key": "a", "name": "基础", "weight": 50}, {"key": "c", "weight": 50}]}
    new["note"] = {"x": [1, True]}  # type: ignore[assignment]
    assert told(old, new) == [
        "指标“基础”：权重由40改为50",
        "指标“c”：新增",
        "指标“b”：删去",
        "note由（未设）改为（x1、是）",
    ]
    assert told({"a": []}, {"a": [{"key": "k"}]}) == [": 新增".replace(": ", "：")]


def later(name: str = "offering") -> Flow:
    """The offering's flow with the filing stage under another key and shorter."""
    data = definition(name).flow.to_data()
    data["stages"][1].update(key="register")
    data["stages"][1]["deadline"]["days"] = 5
    data["stages"][0]["actions"][0]["to"] = "register"
    data["stages"][2]["actions"][0]["needs"] = "reason"
    return load_flow(data, definition(name).form, VOCABULARY)


def standing(stage: str, **known: Any) -> State:
    state = start(definition("offering").flow, at("2026-03-02"), Actor("school")).state
    return replace(state, stage=stage, **known)


def test_a_case_keeps_its_stage_where_the_new_flow_has_it() -> None:
    old, new = definition("offering").flow, later()
    planned = migration(old, new, standing("approval"))
    assert (planned.stage, planned.lost) == ("approval", ())
    assert [change.zh for change in planned.changes] == ["环节“论证”操作“同意”：所需由（未设）改为“理由”"]
    state = standing("cosign", signed=(("sign", "sectors", "m1"),), extended_to=date(2026, 5, 1), steps=1)
    step = migrate(old, new, state, by=OFFICE, at=at("2026-03-20"), reason="新规")
    assert step.state == replace(state, steps=2, signed=())
    assert step.entry.reason == "新规"


def test_a_stage_that_is_gone_needs_somebody_to_say_where_to() -> None:
    old, new = definition("offering").flow, later()
    state = standing("filing", sent_from=("filing", "approval"), came_by=("request", "submit"))
    planned = migration(old, new, state)
    assert (planned.stage, planned.lost, planned.changes) == (None, ("filing",), ())
    assert planned.choices == ("register", "request", "approval", "cosign")
    for reason, mapping, code in (("x", {}, "no_place"), ("x", {"filing": "filed"}, "no_place"),
                                  (" ", {"filing": "register"}, "reason")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            migrate(old, new, state, by=OFFICE, at=at("2026-03-20"), reason=reason, mapping=mapping)
        assert refused.value.code == code
    step = migrate(old, new, state, by=OFFICE, at=at("2026-03-20"), reason="x", mapping={"filing": "register"})
    assert step.state.stage == "register"
    assert step.state.sent_from == ("register", "approval")
    found = due(new, step.state, situation("offering"))
    assert found
    assert found.on == date(2026, 3, 27)
    planned = migration(old, new, state, {"filing": "register"})
    assert [change.zh for change in planned.changes] == ["环节“备案”期限：天数由15改为5"]


def test_an_ended_case_stays_as_it_is() -> None:
    with pytest.raises(Refused) as refused:
        migration(definition("offering").flow, later(), standing("filed", outcome="granted"))
    assert refused.value.code == "ended"


def test_a_return_that_lost_its_sender_goes_the_ordinary_way() -> None:
    flow = definition("returns").flow
    book = {"file": "f", "name": "a.xlsx", "bytes": 1, "kind": "xlsx", "digest": "a" * 64}
    known = situation("returns", answers={"book": book, "filler": "x"}, facts={"closes_on": date(2026, 1, 1)})
    begun = start(flow, at("2026-01-05"), Actor("school"))
    state = replace(begun.state, sent_from=("gone",), came_by=("gone", "query"))
    found = due(flow, state, known)
    assert found
    assert found.on == date(2026, 1, 1)
    step = act(flow, state, "submit", by=Actor("school"), at=at("2026-01-06"), situation=known)
    assert step.entry.to == "county"
    state = replace(state, came_by=("county", "gone"))
    found = due(flow, state, known)
    assert found
    assert found.on == date(2026, 1, 1)


def test_migrated_logs_are_replayed() -> None:
    old, new = definition("offering").flow, later()
    begun = start(old, at("2026-03-02"), Actor("school"))
    step = migrate(old, new, begun.state, by=OFFICE, at=at("2026-03-03"), reason="x", mapping={"request": "cosign"})
    assert replay([begun.entry, step.entry]) == step.state
    assert (step.state.stage, step.state.entered_on, step.state.came_by) == ("cosign", date(2026, 3, 3), None)
