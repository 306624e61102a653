"""Answers: what was typed is never lost, what is handed in is canonical, and every fault says which cell."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.casework.examples import VOCABULARY, definition

from jineng.engines.casework import (
    AnswerFault,
    Field,
    Form,
    check,
    draft,
    frozen_changes,
    load_form,
    submitted,
    visible,
)
from jineng.engines.casework.reading import MAX_ROWS, read_answer

FILE = {"file": "f1", "name": "协议.pdf", "bytes": 1000, "kind": "pdf", "digest": "a" * 64}
SCHOOL = {"id": "0b3f", "label": "兰州职院"}


def one(**given: Any) -> Field:
    """A field of a form of its own."""
    data = {"key": "x", "label": "项目", "label_en": "Item", **given}
    return load_form({"code": "f", "name": "表", "sections": [{"key": "s", "name": "部", "fields": [data]}]}).fields[
        "x"
    ]


CHOICES = [{"value": "x", "label": "甲"}, {"value": "y", "label": "乙"}, {"value": "甲", "label": "丙"}]
TABLE: dict[str, Any] = {
    "kind": "table", "unique": "a", "max_items": 3,
    "columns": [{"key": "a", "label": "甲", "label_en": "A", "kind": "text", "required": True},
                {"key": "n", "label": "数", "label_en": "N", "kind": "number", "max": 9}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ({"kind": "text"}, "  甲\t乙\r\n丙　 ", "甲 乙 丙"),
        ({"kind": "text"}, 2026, "2026"),
        ({"kind": "text"}, "e\u0301\u0000", "é"),
        ({"kind": "text"}, "e\u0000\u0301", "é"),
        ({"kind": "long_text"}, "一\r\n二\r三  四", "一\n二\n三  四"),
        ({"kind": "text", "format": "mobile"}, "＋86 139-1234-5678", "13912345678"),
        ({"kind": "text", "format": "email"}, " a@b.cn", "a@b.cn"),
        ({"kind": "text", "format": "credit_code"}, "9144030071526726xg", "9144030071526726XG"),
        ({"kind": "text", "format": "school_code"}, "４１62010161", "4162010161"),
        ({"kind": "number"}, "１,234", "1234"),
        ({"kind": "number"}, 12, "12"),
        ({"kind": "number"}, "-0", "0"),
        ({"kind": "number"}, 12.0, "12"),
        ({"kind": "number"}, 0, "0"),
        ({"kind": "number", "places": 3}, 0.1, "0.100"),
        ({"kind": "number", "places": 1}, "5.00", "5.0"),
        ({"kind": "money"}, Decimal("1E+3"), "1000.00"),
        ({"kind": "money"}, "+12.5", "12.50"),
        ({"kind": "money"}, "12.", "12.00"),
        ({"kind": "date"}, "2026/5/1", "2026-05-01"),
        ({"kind": "date"}, "2026年5月1日", "2026-05-01"),
        ({"kind": "date"}, "20260501", "2026-05-01"),
        ({"kind": "date"}, "2026.05.01", "2026-05-01"),
        ({"kind": "date"}, date(2026, 5, 1), "2026-05-01"),
        ({"kind": "date"}, datetime(2026, 5, 1, 9), "2026-05-01"),
        ({"kind": "flag"}, "on", True),
        ({"kind": "flag"}, "否", False),
        ({"kind": "flag"}, True, True),
        ({"kind": "choice", "choices": CHOICES}, "x", "x"),
        ({"kind": "choice", "choices": CHOICES}, "乙", "y"),
        ({"kind": "choice", "choices": CHOICES}, "甲", "甲"),
        ({"kind": "choice", "choices": CHOICES, "many": True}, ("y", "x"), ["x", "y"]),
        ({"kind": "choice", "choices": CHOICES, "many": True}, "y", ["y"]),
        ({"kind": "file"}, {**FILE, "extra": 1}, FILE),
        ({"kind": "file", "many": True}, [FILE, {}], [FILE]),
        ({"kind": "organisation"}, SCHOOL, SCHOOL),
        ({"kind": "person"}, {"id": "17", "code": " A1"}, {"id": "17", "label": "", "code": "A1"}),
        ({"kind": "person"}, {"id": "17", "code": ""}, {"id": "17", "label": ""}),
        ({"kind": "major", "many": True}, [{"id": "1"}, ""], [{"id": "1", "label": ""}]),
        (TABLE, [{"a": " x ", "n": "1"}, {"a": "", "n": None}, {"a": "y", "old": 3}],
         [{"a": "x", "n": "1"}, {"a": "y", "old": 3}]),
    ],
)  # fmt: skip
def test_what_was_typed_is_kept_in_one_form(field: dict[str, Any], typed: Any, kept: Any) -> None:
    read = read_answer(one(**field), typed)
    assert (read.value, read.faults) == (kept, ())
    assert read_answer(one(**field), read.value) == read
    assert json.loads(json.dumps(read.value)) == read.value


@pytest.mark.parametrize("typed", [None, "", "  \n", [], {}, [""], [{}], {"a": [None, ""]}])
@pytest.mark.parametrize("kind", ["text", "number", "date", "flag", "file", "award"])
def test_nothing_is_nothing(typed: Any, kind: str) -> None:
    assert read_answer(one(kind=kind), typed).value is None


@pytest.mark.parametrize(
    ("field", "typed", "code", "said"),
    [
        ({"kind": "text"}, [1], "not_text", "一段文字"),
        ({"kind": "text"}, True, "not_text", "一段文字"),
        ({"kind": "text", "max_length": 2}, "一二三", "too_long", "有 3 个字，最多 2 个"),
        ({"kind": "long_text", "min_length": 4}, "一二三", "too_short", "至少 4 个"),
        ({"kind": "text", "format": "mobile"}, "+86 12", "format", "11 位"),
        ({"kind": "text", "format": "email"}, "a@b", "format", "name@example.cn"),
        ({"kind": "text", "format": "credit_code"}, "9144030071526726XX", "format", "校验码"),
        ({"kind": "text", "format": "school_code"}, "12", "format", "10 位数字"),
        ({"kind": "number", "unit": "人"}, "5人", "not_number", "单位：人"),
        ({"kind": "number"}, "1,23", "not_number", "应是数字"),
        ({"kind": "number"}, "五", "not_number", "应是数字"),
        ({"kind": "number"}, True, "not_number", "应是数字"),
        ({"kind": "number"}, {"a": 1}, "not_number", "应是数字"),
        ({"kind": "number"}, float("nan"), "not_number", "应是数字"),
        ({"kind": "number"}, float("inf"), "not_number", "应是数字"),
        ({"kind": "number"}, "1" * 60, "not_number", "应是数字"),
        ({"kind": "number"}, "1" * 19, "out_of_range", "太大"),
        ({"kind": "number"}, "1.5", "too_precise", "整数"),
        ({"kind": "money"}, "1.505", "too_precise", "2 位小数"),
        ({"kind": "money", "min": "2"}, "1", "out_of_range", "不能小于 2"),
        ({"kind": "money", "max": "2"}, "3", "out_of_range", "不能大于 2"),
        ({"kind": "date"}, "2026-02-30", "not_date", "没有 2026-02-30 这一天"),
        ({"kind": "date"}, "5月1日", "not_date", "2026-05-01"),
        ({"kind": "date"}, 5, "not_date", "2026-05-01"),
        ({"kind": "date", "earliest": date(2026, 1, 1)}, "2025-12-31", "out_of_range", "不能早于 2026-01-01"),
        ({"kind": "date", "latest": date(2026, 1, 1)}, "2026-01-02", "out_of_range", "不能晚于 2026-01-01"),
        ({"kind": "flag"}, "maybe", "not_flag", "“是”或“否”"),
        ({"kind": "choice", "choices": CHOICES}, "z", "not_choice", "没有选项“z”"),
        ({"kind": "file"}, "a.pdf", "not_file", "上传"),
        ({"kind": "file"}, {**FILE, "bytes": True}, "not_file", "上传"),
        ({"kind": "file"}, {**FILE, "digest": "x"}, "not_file", "上传"),
        ({"kind": "file", "accept": "docx"}, FILE, "wrong_file", "只收 docx"),
        ({"kind": "file", "max_bytes": 999}, FILE, "file_too_big", "MB"),
        ({"kind": "organisation"}, {"id": 5}, "not_reference", "名录"),
        ({"kind": "organisation"}, "某学院", "not_reference", "名录"),
        ({"kind": "organisation"}, {"id": "1", "label": 5}, "not_reference", "名录"),
        (TABLE, "x", "not_table", "表格"),
        (TABLE, [1], "not_table", "表格"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_kept_and_told(field: dict[str, Any], typed: Any, code: str, said: str) -> None:
    read = read_answer(one(**field), typed)
    (fault,) = read.faults
    assert (fault.field, fault.code) == ("x", code)
    assert said in fault.zh
    assert "“项目”" in fault.zh
    assert "“Item”" in fault.en
    assert read.value is not None
    assert read_answer(one(**field), read.value) == read


def test_of_several_the_faulty_one_is_named() -> None:
    field = one(kind="choice", many=True, choices=CHOICES)
    read = read_answer(field, ["x", "z", "x"])
    assert read.value == ["x", "z", "x"]
    assert [(fault.code, fault.row) for fault in read.faults] == [("not_choice", 1), ("repeated", 2)]
    read = read_answer(one(kind="file", many=True), [FILE, {**FILE, "file": "f2"}])
    assert [(fault.code, fault.row) for fault in read.faults] == [("repeated", 1)]
    assert [fault.code for fault in read_answer(field, ["x"] * (MAX_ROWS + 1)).faults] == ["too_many"]


def test_faults_of_a_table_name_row_and_column() -> None:
    rows = [{"a": "x", "n": "10"}, {}, {"a": "x", "n": "z"}, {"n": 1}, {"n": 2}]
    read = read_answer(one(**TABLE), rows)
    assert [(fault.code, fault.row, fault.column) for fault in read.faults] == [
        ("out_of_range", 0, "n"),
        ("not_number", 1, "n"),
        ("same_row", 1, None),
    ]
    assert read.faults[0].zh == "“项目”第 1 行“数”不能大于 9"
    assert read.faults[0].en == "“Item”, row 1: “N” must be at most 9"
    assert "第 2 行与第 1 行的甲相同" in read.faults[2].zh
    assert [fault.code for fault in read_answer(one(**TABLE), [{"n": 1}] * (MAX_ROWS + 1)).faults] == ["too_many"]


PILOT = {
    "enterprise": {"id": "e1", "label": "某厂"},
    "credit_code": "9144030071526726XG",
    "ownership": "private",
    "founded_on": "2010-01-01",
    "staff": "500",
    "contact": {"id": "p1", "label": "张三"},
    "forms": ["order"],
    "partners": [
        {"school": {"id": "s1", "label": "甲校"}, "since": "2019-01-01", "amount": "60"},
        {"school": {"id": "s2", "label": "乙校"}, "since": "2019-01-01", "amount": "50.5"},
    ],
    "invested": "200",
    "majors": [{"id": "m1"}],
    "plan": "三年内建成实训基地" * 3,
    "promised": True,
}
OPEN = ("basics", "cooperation", "planning")


def pilot() -> tuple[Form, frozenset[str]]:
    form = definition("pilot").form
    return form, frozenset(key for name in OPEN for key in form.keys_of(name))


def faults_of(**changed: Any) -> list[tuple[str, str, int | None, str | None]]:
    form, opened = pilot()
    values = draft(form, {**PILOT, **changed}).values
    return [(found.field, found.code, found.row, found.column) for found in check(form, values, {}, opened)]


def test_a_whole_form_passes() -> None:
    assert faults_of() == []


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"enterprise": None}, [("enterprise", "required", None, None)]),
        ({"ownership": "state"}, [("parent", "required", None, None)]),
        ({"ownership": "state", "parent": "国资委"}, []),
        ({"parent": "x" * 999}, []),
        ({"forms": ["apprentice"]},
         [("partners", "required", 0, "apprentices"), ("partners", "required", 1, "apprentices")]),
        ({"partners": PILOT["partners"][:1]}, [("partners", "too_few", None, None)]),  # type: ignore[index]
        ({"partners": []}, [("partners", "required", None, None)]),
        ({"partners": [PILOT["partners"][0]] * 2}, [("partners", "same_row", 1, None)]),  # type: ignore[index]
        ({"partners": "x"}, [("partners", "not_table", None, None)]),
        ({"partners": [{"school": {"id": "s1"}, "apprentices": "x"}, {"amount": "x"}]}, [
            ("partners", "required", 0, "since"), ("partners", "required", 0, "amount"),
            ("partners", "required", 1, "school"), ("partners", "required", 1, "since"),
            ("partners", "not_number", 1, "amount")]),
        ({"invested": "100"}, [("invested", "rule", None, None)]),
        ({"invested": "x"}, [("invested", "not_number", None, None)]),
        ({"promised": False}, [("promised", "rule", None, None)]),
        ({"majors": [], "earlier": [{"id": "a"}] * 6},
         [("earlier", "repeated", n, None) for n in range(1, 6)] + [("earlier", "too_many", None, None),
                                                                     ("majors", "required", None, None)]),
    ],
)  # fmt: skip
def test_what_stands_against_handing_in(changed: dict[str, Any], faults: list[Any]) -> None:
    assert faults_of(**changed) == faults


def test_a_fault_in_a_hidden_cell_does_not_count_and_is_not_handed_in() -> None:
    form, opened = pilot()
    rows = [{**row, "apprentices": "?"} for row in PILOT["partners"]]  # type: ignore[attr-defined]
    values = draft(form, {**PILOT, "partners": rows, "parent": "x", "gone": "y"}).values
    assert check(form, values, {}, opened) == ()
    handed = submitted(form, values)
    assert "parent" not in handed
    assert "gone" not in handed
    assert all("apprentices" not in row for row in handed["partners"])
    assert values["gone"] == "y"
    assert values["parent"] == "x"
    assert list(handed) == [key for key in form.fields if key in handed]
    assert handed["partners"][1]["amount"] == "50.50"


def test_rows_of_which_nothing_is_handed_in_are_left_out() -> None:
    form, _ = pilot()
    assert "partners" not in submitted(form, {"partners": [{"apprentices": "3"}]})
    assert submitted(form, {"partners": "x"}) == {"partners": "x"}


def test_references_are_looked_up_where_the_room_can() -> None:
    form, opened = pilot()
    known = {"e1", "p1", "s1", "m1"}
    found = check(form, {**PILOT, "majors": [{"id": "m1", "label": ""}, {"id": "m9", "label": "数控"}]}, {}, opened,
                  lambda field, key: "名称" if key in known else None)  # fmt: skip
    assert [(fault.field, fault.code, fault.row, fault.column) for fault in found] == [
        ("partners", "unknown_reference", 1, "school"),
        ("majors", "unknown_reference", 1, None),
    ]
    rows = [{"school": 5, "since": "2019-01-01", "amount": "1"}, *PILOT["partners"]]  # type: ignore[misc]
    broken = check(form, {**PILOT, "partners": rows}, {}, ["partners"], lambda field, key: None)
    assert [(fault.code, fault.row) for fault in broken] == [
        ("not_reference", 0), ("unknown_reference", 1), ("unknown_reference", 2),
    ]  # fmt: skip
    assert "“乙校”不在可选范围内" in found[0].zh
    assert "“数控”" in found[1].zh


def test_a_flow_opens_fields_sections_or_all() -> None:
    form = definition("pilot").form
    assert form.keys_of("mobile") == ("mobile",)
    assert form.keys_of("results") == ("summary", "spent")
    assert form.keys_of("all") == tuple(form.fields)
    with pytest.raises(KeyError):
        form.keys_of("nothing")


def test_fields_and_sections_open_by_facts() -> None:
    form = definition("offering").form
    assert "consent" not in visible(form, {}, {"state_controlled": False})
    assert "consent" in visible(form, {}, {"state_controlled": True})
    data = form.to_data()
    data["sections"].append({"key": "more", "name": "补充", "visible_when": "years > 3",
                             "fields": [{"key": "why", "label": "理由", "kind": "text"}]})  # fmt: skip
    longer = load_form(data, VOCABULARY)
    assert "why" in visible(longer, {"years": "4"}, {"state_controlled": False})
    assert "why" not in visible(longer, {"years": "3"}, {"state_controlled": False})
    assert "why" not in visible(longer, {"years": "x"}, {"state_controlled": False})


def test_what_is_hidden_counts_as_empty_for_what_follows() -> None:
    fields = [
        {"key": "a", "label": "甲", "kind": "flag"},
        {"key": "b", "label": "乙", "kind": "text", "visible_when": "a"},
        {"key": "c", "label": "丙", "kind": "text", "visible_when": "b is not empty", "required_when": "b == 'x'"},
    ]
    form = load_form({"code": "f", "name": "表", "sections": [{"key": "s", "name": "部", "fields": fields}],
                      "rules": [{"field": "a", "holds": "b != 'y'", "message": "不行"}]})  # fmt: skip
    assert visible(form, {"a": True, "b": "x"}) == {"a", "b", "c"}
    assert visible(form, {"a": False, "b": "x"}) == {"a"}
    assert [fault.field for fault in check(form, {"a": True, "b": "x"})] == ["c"]
    assert [fault.zh for fault in check(form, {"a": True, "b": "y"})] == ["不行"]
    assert check(form, {"a": False, "b": "y"}) == ()
    assert check(form, {"a": True, "b": "y"}, only={"b"}) == ()
    assert check(form, {"a": True, "b": "z"}) == ()


def test_rules_hold_within_each_row_of_a_table() -> None:
    form = definition("agreement").form
    rows = [
        {"what": "共建", "from": "2026-01-05", "until": "2026-01-04"},
        {"what": "共管", "from": "2025-12-31"},
        {"what": "共享", "from": "2026-02-01", "until": "去年"},
        {"what": "共育", "from": "2026-02-01", "until": "2026-02-01"},
    ]
    values = {"begins": "2026-01-01", "ends": "2026-12-31", "stages": rows}
    found = check(form, values, only=["stages", "ends"])
    assert [(fault.code, fault.row, fault.column) for fault in found] == [
        ("rule", 0, "until"), ("rule", 1, "from"), ("not_date", 2, "until"),
    ]  # fmt: skip
    assert found[0].zh == "“合作内容”第 1 行“结束”：结束不能早于开始"
    assert found[0].en == "“Work”, row 1: “Until”: It cannot end before it begins"
    found = check(form, {**values, "begins": "x"}, only=["stages", "ends"])
    assert [(fault.code, fault.row) for fault in found] == [("rule", 0), ("not_date", 2)]
    assert [fault.code for fault in check(form, {"begins": "2026-01-02", "ends": "2026-01-01"}, only=["ends"])] == [
        "rule"
    ]


def test_what_is_not_open_may_not_change() -> None:
    form, opened = pilot()
    before = draft(form, {**PILOT, "summary": "旧", "spent": "5"}).values
    assert frozen_changes(form, before, {**before, "spent": 5.0, "plan": "新"}, opened) == ()
    changed = frozen_changes(form, before, {**before, "summary": "新", "spent": None}, opened)
    assert [(fault.field, fault.code) for fault in changed] == [("summary", "frozen"), ("spent", "frozen")]


def test_conditions_see_every_kind_of_answer() -> None:
    kinds: dict[str, dict[str, Any]] = {
        "n": {"kind": "number", "max": 5}, "d": {"kind": "date"}, "f": {"kind": "flag"}, "t": {"kind": "text"},
        "p": {"kind": "file"}, "ps": {"kind": "file", "many": True}, "o": {"kind": "organisation"},
        "rows": {"kind": "table", "columns": [{"key": "n", "label": "数", "kind": "number"}]},
    }  # fmt: skip
    fields: list[dict[str, Any]] = [{"key": key, "label": key, **given} for key, given in kinds.items()]
    texts = ["n > 6", "d > 2026-01-01", "f", "t == 'x'", "p is not empty", "count(ps) == 2", "o is not empty",
             "sum(rows.n) == 3", "rows is empty"]  # fmt: skip
    fields += [{"key": f"z{at}", "label": "z", "kind": "text", "visible_when": text} for at, text in enumerate(texts)]
    form = load_form({"code": "f", "name": "表", "sections": [{"key": "s", "name": "部", "fields": fields}]})
    other = {**FILE, "digest": "b" * 64}
    values = {"n": "7", "d": "2026-05-01", "f": True, "t": "x", "p": FILE, "ps": [FILE, other], "o": {"id": "1"},
              "rows": [{"n": "1"}, {"n": "2"}, {"n": "x"}]}  # fmt: skip
    assert {key for key in visible(form, values) if key[0] == "z"} == {f"z{at}" for at in range(8)}
    assert {key for key in visible(form, {"rows": "x", "d": "x"}) if key[0] == "z"} == {"z8"}


LEAF = st.sampled_from(
    [None, True, False, 0, -7, 10**30, 0.1, 1e300, float("nan"), "", " ", "甲", "x", "1,2", "-0", "5.50", "2026-02-29",
     "是", "e\u0301", "\u0000", date(2026, 5, 1), Decimal("1E+2"), "a" * 64]
)  # fmt: skip
ROW = st.dictionaries(st.sampled_from(["id", "label", "file", "school", "amount", "bytes", "x"]), LEAF, max_size=3)
JUNK = LEAF | ROW | st.lists(LEAF | ROW, max_size=3)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([*definition("pilot").form.fields, "other"]), JUNK, max_size=6))
def test_whatever_is_typed_is_kept_and_kept_the_same(raw: dict[str, Any]) -> None:
    form, opened = pilot()
    kept = draft(form, raw)
    assert draft(form, kept.values) == kept
    assert json.loads(json.dumps(kept.values)) == kept.values
    found = check(form, kept.values, {}, opened)
    assert all(isinstance(fault, AnswerFault) and fault.zh and fault.en for fault in found)
    handed = submitted(form, kept.values)
    assert draft(form, handed).values == handed
    assert handed.keys() <= visible(form, kept.values)
