"""What is wrong in a definition is all told, each with its path and what to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from tests.engines.casework.examples import NAMES, VOCABULARY, definition

from jineng.engines.casework import DefinitionError, Fault, Vocabulary, load_flow, load_form
from jineng.engines.casework.flow_paths import dead_ends, machine_loops, unreachable

FORM = """
code: small
name: 小表
sections:
  - key: one
    name: 第一部分
    fields:
      - {key: n, label: 数, kind: number, min: 1, max: 5}
      - {key: c, label: 选, kind: choice, choices: [{value: x, label: 甲}, {value: y, label: 乙}]}
      - key: t
        label: 表
        kind: table
        unique: a
        columns: [{key: a, label: 甲, kind: text}, {key: b, label: 乙, kind: number}]
  - key: two
    name: 第二部分
    fields:
      - {key: d, label: 日期, kind: date}
      - {key: o, label: 单位, kind: organisation, many: true, max_items: 3}
rules:
  - {field: n, holds: n <= sum(t.b), message: 太多}
"""
FLOW = """
code: small
name: 小流程
parties:
  - {key: school, name: 学校, role: applicant}
  - {key: city, name: 市州, role: recommender, level: city}
  - {key: office, name: 省厅, role: office}
stages:
  - key: apply
    name: 申报
    kind: apply
    actor: school
    opens: [one, d]
    actions:
      - {key: submit, name: 提交, to: check, needs: form}
  - key: check
    name: 审核
    kind: check
    actor: office
    deadline: {days: 5, working: true, then: pass}
    actions:
      - {key: pass, name: 通过, to: granted, by: [office, system], when: n > 1}
      - {key: return, name: 退回, to: apply, sends_back: true, needs: reason, within: {days: 3, remind: 1}}
ends:
  - {key: granted, name: 通过, outcome: granted, effects: award}
"""


def form_data() -> Any:
    return yaml.safe_load(FORM)


def flow_data() -> Any:
    return yaml.safe_load(FLOW)


def put(data: Any, path: str, value: Any) -> Any:
    """The data with one value put in at "stages.0.actions"; ... takes it away."""
    data = copy.deepcopy(data)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at = data
    for part in way:
        at = at[part]
    if value is ...:
        del at[last]
    elif isinstance(at, list) and last == len(at):
        at.append(value)
    else:
        at[last] = value
    return data


def form_faults(data: Any, vocabulary: Vocabulary = VOCABULARY) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionError) as refused:
        load_form(data, vocabulary)
    return refused.value.faults


def flow_faults(data: Any, vocabulary: Vocabulary = VOCABULARY) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionError) as refused:
        load_flow(data, load_form(form_data()), vocabulary)
    return refused.value.faults


@pytest.mark.parametrize("name", NAMES)
def test_what_was_loaded_is_written_and_loaded_again(name: str) -> None:
    _, form, flow = definition(name)
    assert load_form(form.to_data(), VOCABULARY) == form
    assert load_flow(flow.to_data(), form, VOCABULARY) == flow
    assert load_form(form.to_data(), VOCABULARY).to_data() == form.to_data()


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_have_nothing_amiss_in_their_ways(name: str) -> None:
    flow = definition(name).flow
    assert (unreachable(flow), dead_ends(flow), machine_loops(flow)) == ((), (), ())


N = "sections.0.fields.0"
C = "sections.0.fields.1"
T = "sections.0.fields.2"
FIELD = {"key": "z", "label": "新", "kind": "text"}


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("name", ..., "name", "缺少 name"),
        ("nam", "x", "nam", "不认识 nam"),
        ("code", "大写 A", "code", "连字符"),
        ("name", 5, "name", "请加引号"),
        ("name", "", "name", "非空"),
        ("name", "长" * 121, "name", "较短"),
        ("sections", {}, "sections", "列表"),
        ("sections", [], "sections", "至少要有一个"),
        ("sections.0", "x", "sections[0]", "一组"),
        (f"{N}.key", "1a", "sections[0].fields[0].key", "小写英文字母"),
        (f"{N}.key", "sum", "sections[0].fields[0].key", "保留词"),
        (f"{N}.kind", "numbr", "sections[0].fields[0].kind", "是不是 number"),
        (f"{N}.kind", 7, "sections[0].fields[0].kind", "可用：text"),
        (f"{N}.required", "vielleicht", "sections[0].fields[0].required", "true 或 false"),
        (f"{N}.min", "viel", "sections[0].fields[0].min", "应是数"),
        (f"{N}.places", 9, "sections[0].fields[0].places", "更小的数"),
        (f"{N}.places", -1, "sections[0].fields[0].places", "更大的数"),
        (f"{N}.places", "9" * 5000, "sections[0].fields[0].places", "不合要求"),
        (f"{N}.places", "x", "sections[0].fields[0].places", "整数"),
        (f"{N}.visible_when", 5, "sections[0].fields[0].visible_when", "条件应是一段文字"),
        (f"{N}.visible_when", "n ==", "sections[0].fields[0].visible_when", "第5个字符"),
        (f"{N}.visible_when", "n == 1", "sections[0].fields[0].visible_when", "只能引用排在前面的"),
        (f"{N}.visible_when", "d is empty", "sections[0].fields[0].visible_when", "d 在后面"),
        (f"{N}.required_when", "facts.zzz", "sections[0].fields[0].required_when", "没有名为 facts.zzz"),
        (f"{N}.min", 6, "sections[0].fields[0].min", "min 大于 max"),
        (f"{N}.choices", [{"value": "x", "label": "x"}], "sections[0].fields[0].choices", "没有 choices"),
        (f"{C}.choices", ..., "sections[0].fields[1].choices", "缺少 choices"),
        (f"{C}.choices.2", {"value": "x", "label": "丙"}, "sections[0].fields[1].choices[2].value", "已经用过"),
        (f"{C}.min_items", 2, "sections[0].fields[1].many", "many: true"),
        (f"{C}.max_length", 2, "sections[0].fields[1].max_length", "没有 max_length"),
        (f"{T}.columns", ..., "sections[0].fields[2].unique[0]", "没有名为 a 的列"),
        (f"{T}.columns.0.key", "b", "sections[0].fields[2].columns[1].key", "已经用过"),
        (f"{T}.columns.0.kind", "table", "sections[0].fields[2].columns[0].kind", "不能再有表格"),
        (f"{T}.columns.1.visible_when", "b == 1", "sections[0].fields[2].columns[1].visible_when", "没有名为 b"),
        ("sections.0.fields.3", {**FIELD, "key": "n"}, "sections[0].fields[3].key", "n 已经用过"),
        ("sections.1.fields.0.key", "one", "sections[1].fields[0].key", "one 已经用过"),
        ("sections.1.fields.0.key", "all", "sections[1].fields[0].key", "all 已经用过"),
        ("sections.1.key", "one", "sections[1].key", "one 已经用过"),
        ("sections.1.key", "all", "sections[1].key", "all 已经用过"),
        ("sections.1.visible_when", "d is empty", "sections[1].visible_when", "前面"),
        ("sections.1.fields.1.filter", {"colour": "red"}, "sections[1].fields[1].filter.colour", "可用：kind"),
        ("sections.1.fields.1", {**FIELD, "kind": "person", "filter": {"a": "b"}},
         "sections[1].fields[1].filter.a", "可用：无"),
        (f"{T}.rules", [{"field": "z", "holds": "a == 'x'", "message": "不"}],
         "sections[0].fields[2].rules[0].field", "没有名为 z"),
        (f"{T}.rules", [{"field": "a", "holds": "z == 'x'", "message": "不"}],
         "sections[0].fields[2].rules[0].holds", "没有名为 z"),
        (f"{N}.rules", [{"field": "n", "holds": "n == 1", "message": "不"}],
         "sections[0].fields[0].rules", "没有 rules"),
        ("rules.0.field", "zz", "rules[0].field", "没有名为 zz"),
        ("rules.0.holds", "n + 1", "rules[0].holds", "成立或不成立"),
    ],
)  # fmt: skip
def test_faults_of_a_form(path: str, value: Any, where: str, said: str) -> None:
    faults = form_faults(put(form_data(), path, value))
    (found,) = [fault for fault in faults if fault.path == where]
    assert said in found.zh
    assert found.en
    assert [fault.path for fault in faults if where.startswith(fault.path) and fault is not found] == []


def test_one_of_required_and_required_when() -> None:
    data = put(form_data(), "sections.1.fields.0", {"key": "d", "label": "日期", "kind": "date", "required": True,
                                                    "required_when": "n == 1"})  # fmt: skip
    (fault,) = form_faults(data)
    assert (fault.path, fault.code) == ("sections[1].fields[0].required_when", "both")
    assert fault.zh.startswith("部分“第二部分”填写项“日期”：")
    assert fault.en.startswith("section “第二部分”, field “日期”: ")


def test_without_a_vocabulary_filters_are_free_and_facts_unknown() -> None:
    load_form(put(form_data(), "sections.1.fields.1.filter", {"colour": "red"}))
    data = put(form_data(), f"{N}.visible_when", "facts.rank == 1")
    assert [fault.code for fault in form_faults(data, Vocabulary())] == ["condition"]
    load_form(data, VOCABULARY)


A = "stages.0"
K = "stages.1"


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("stages", ..., "stages", "缺少 stages"),
        ("parties.0.role", "boss", "parties[0].role", "可用：applicant"),
        ("parties.0.key", "system", "parties[0].key", "system 已经用过"),
        ("parties.2.key", "city", "parties[2].key", "city 已经用过"),
        ("parties.1.level", ..., "parties[1].level", "要写明层级"),
        ("parties.1.level", "cty", "parties[1].level", "是不是 city"),
        ("ends.0.outcome", ..., "ends[0].outcome", "缺少 outcome"),
        ("ends.0.outcome", "grant", "ends[0].outcome", "是不是 granted"),
        ("ends.0.key", "check", "ends[0].key", "check 已经用过"),
        ("ends.0.effects", "awrad", "ends[0].effects[0]", "是不是 award"),
        ("ends.1", {"key": "e", "name": "孤", "outcome": "lapsed"}, "ends[1]", "没有操作通到这里"),
        (f"{A}.actor", "schol", "stages[0].actor", "是不是 school"),
        (f"{A}.actor", "office", "stages[0].actor", "要由角色 applicant"),
        (f"{K}.kind", "recommend", "stages[1].actor", "要由角色 recommender"),
        (f"{A}.opens", ["one", "zz"], "stages[0].opens[1]", "没有名为 zz 的填写项"),
        (f"{A}.actions", [], "stages[0].actions", "至少要有一个"),
        (f"{A}.actions.0.to", "chek", "stages[0].actions[0].to", "是不是 check"),
        (f"{A}.actions.0.to", ..., "stages[1]", "没有操作通到这里"),
        (f"{A}.actions.0.to", ..., "stages[0]", "到不了任何结局"),
        (f"{A}.actions.0.by", "nobody", "stages[0].actions[0].by[0]", "没有名为 nobody 的参与方"),
        (f"{A}.actions.0.by", "system", "stages[0].actions", "没有人能办"),
        (f"{A}.actions.0.fields", ["zz"], "stages[0].actions[0].fields[0]", "没有名为 zz"),
        (f"{A}.actions.0.needs", "luck", "stages[0].actions[0].needs[0]", "可用：reason"),
        (f"{A}.actions.0.effects", "fly", "stages[0].actions[0].effects[0]", "没有名为 fly 的效果"),
        (f"{A}.actions.0.routes", [{"when": "n == 1", "to": "zz"}], "stages[0].actions[0].routes[0].to", "没有名为 zz"),
        (f"{A}.actions.0.routes", [{"when": "n", "to": "check"}], "stages[0].actions[0].routes[0].when", "成立"),
        (f"{A}.actions.1", {"key": "submit", "name": "再"}, "stages[0].actions[1].key", "submit 已经用过"),
        (f"{A}.actions.1", {"key": "r", "name": "再", "resumes": True}, "stages[0].actions[1].to", "要写明去向"),
        (f"{A}.actions.0.when", "facts.ranks == 1", "stages[0].actions[0].when", "是不是 facts.rank"),
        (f"{A}.actions.0.when", "case.day == 1", "stages[0].actions[0].when", "是不是 case.days"),
        (f"{K}.key", "apply", "stages[1].key", "apply 已经用过"),
        (f"{K}.deadline.then", "pas", "stages[1].deadline.then", "是不是 pass"),
        (f"{K}.deadline.then", "return", "stages[1].deadline.then", "不由系统办理"),
        (f"{K}.deadline.then", "return", "stages[1].deadline.then", "给不出"),
        (f"{K}.deadline.after", "facts.closed_on", "stages[1].deadline.after", "是不是 facts.closes_on"),
        (f"{K}.deadline", {"days": 3}, "stages[1].deadline", "什么也不发生"),
        (f"{K}.deadline", {"closes": True}, "stages[1].deadline.days", "零天"),
        (f"{K}.deadline.escalate", ["boss"], "stages[1].deadline.escalate[0]", "没有名为 boss 的参与方"),
        (f"{K}.deadline.days", 5000, "stages[1].deadline.days", "更小的数"),
        (f"{K}.kind", "notice", "", ""),
        (f"{K}.actions.1.to", "granted", "stages[1].actions[1].sends_back", "granted 是结局"),
        (f"{K}.actions.1.within.then", "zz", "stages[1].actions[1].within.then", "没有名为 zz 的操作"),
        (f"{K}.actions.1.within", {"days": 1}, "stages[1].actions[1].within", "什么也不发生"),
        (f"{K}.actions.0.to", "", "stages[1].deadline.then", "反复执行"),
    ],
)  # fmt: skip
def test_faults_of_a_flow(path: str, value: Any, where: str, said: str) -> None:
    data = put(flow_data(), path, value)
    if not where:
        load_flow(data, load_form(form_data()), VOCABULARY)
        return
    faults = flow_faults(data)
    assert [fault for fault in faults if fault.path == where and said in fault.zh], faults
    assert [fault.path for fault in faults if fault.path in ("", "stages", "parties", "ends")] in ([], [where])
    assert all(fault.zh and fault.en for fault in faults)


def test_a_notice_without_a_deadline_is_a_fault() -> None:
    data = put(put(flow_data(), f"{K}.kind", "notice"), f"{K}.deadline", ...)
    assert ("stages[1].deadline", "missing") in [(fault.path, fault.code) for fault in flow_faults(data)]


def test_places_are_named_in_the_definitions_own_words() -> None:
    data = put(flow_data(), f"{K}.actions.1.within", {"days": 1})
    (fault,) = flow_faults(data)
    assert fault.zh.startswith("环节“审核”操作“退回”期限：")
    assert fault.en.startswith("stage “审核”, action “退回”, deadline: ")
    (fault, *_) = flow_faults(put(flow_data(), "stages.1", "x"))
    assert fault.zh.startswith("环节“2”：")


def test_without_a_form_nothing_can_be_opened() -> None:
    with pytest.raises(DefinitionError) as refused:
        load_flow(put(flow_data(), f"{A}.actions.0.fields", ["n"]), None, VOCABULARY)
    assert {(fault.path, fault.code) for fault in refused.value.faults} == {
        ("stages[0].opens[0]", "no_form"),
        ("stages[0].opens[1]", "no_form"),
        ("stages[0].actions[0].fields[0]", "unknown_field"),
        ("stages[1].actions[0].when", "condition"),
    }


def test_all_faults_are_told_at_once_and_printed() -> None:
    data = put(put(flow_data(), f"{A}.actor", "x"), f"{K}.actor", "y")
    with pytest.raises(DefinitionError, match=r"stages\[0\]\.actor: 环节“申报”") as refused:
        load_flow(data, load_form(form_data()))
    assert [fault.path for fault in refused.value.faults] == ["stages[0].actor", "stages[1].actor"]
    assert len(str(refused.value).splitlines()) == 2


def test_a_ring_of_deadlines_is_found() -> None:
    data = flow_data()
    data["stages"][0]["actions"].append({"key": "late", "name": "催", "to": "check", "by": "system"})
    data["stages"][0]["deadline"] = {"days": 9, "then": "late"}
    data["stages"][1]["actions"].append({"key": "again", "name": "回", "to": "apply", "by": "system"})
    data["stages"][1]["deadline"]["then"] = "again"
    (fault,) = flow_faults(data)
    assert (fault.path, fault.code) == ("stages[0].deadline", "loops_by_itself")
    assert "apply → check → apply" in fault.zh


def test_deadlines_that_meet_and_lead_on_are_no_ring() -> None:
    data = flow_data()
    for number, target in enumerate(("wait2", "wait3", "check")):
        data["stages"].append({
            "key": f"wait{number + 1}", "name": "等", "kind": "step", "actor": "office",
            "deadline": {"days": 1, "then": "on"},
            "actions": [{"key": "on", "name": "续", "to": target, "by": "system",
                         "routes": [{"when": "n > 1", "to": "check"}]}],
        })  # fmt: skip
    data["stages"][0]["actions"][0]["to"] = "wait1"
    load_flow(data, load_form(form_data()), VOCABULARY)


def test_a_ring_may_close_by_the_deadline_that_an_action_brings() -> None:
    data = flow_data()
    data["stages"][0]["actions"].append({"key": "late", "name": "催", "to": "check", "by": "system"})
    data["stages"][1]["actions"].append(
        {"key": "again", "name": "回", "to": "apply", "by": "system", "within": {"days": 2, "then": "late"}}
    )
    data["stages"][1]["deadline"]["then"] = "again"
    assert [fault.code for fault in flow_faults(data)] == ["loops_by_itself"]


def test_a_stage_for_the_system_alone_needs_a_way_out_in_time_whoever_leads_there() -> None:
    data = flow_data()
    data["stages"][1]["actions"] = [{"key": "pass", "name": "通过", "to": "granted", "by": "system"}]
    load_flow(data, load_form(form_data()), VOCABULARY)
    data["stages"][0]["actions"][0]["within"] = {"days": 3, "remind": 1}
    assert [(fault.path, fault.code) for fault in flow_faults(data)] == [
        ("stages[0].actions[0].within.then", "unknown_action")
    ]
