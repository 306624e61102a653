from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.casework import Condition, ConditionError, MissingFact, Term, Type, Words, unmet, worded
from jineng.engines.casework.grammar import MAX_DEPTH

TERMS = {
    "a": Term(Type.NUMBER, "甲数", "number a"),
    "b": Term(Type.NUMBER, "乙数"),
    "t": Term(Type.TEXT, "文字", "text"),
    "c": Term(Type.TEXT, "性质", "kind", {"x": Words("国有", "state"), "y": Words("民营", "private")}),
    "l": Term(Type.LIST, "方式", "ways", {"x": Words("订单", "order"), "y": Words("学徒", "apprentice")}),
    "d": Term(Type.DATE, "日子", "day"),
    "f": Term(Type.FLAG, "已签", "signed"),
    "file": Term(Type.THING, "材料", "file"),
    "rows": Term(
        Type.TABLE, "名单", "list", columns={"n": Term(Type.NUMBER, "人数", "people"), "w": Term(Type.TEXT, "名")}
    ),
    "facts.open": Term(Type.NUMBER, "未处理的异议", "open objections"),
}
VALUES: dict[str, Any] = {
    "a": Decimal("3"), "b": None, "t": "x", "c": "y", "l": ("x",), "d": date(2026, 5, 1), "f": True, "file": "f1",
    "rows": ({"n": Decimal("1.5"), "w": "甲"}, {"n": None, "w": None}, {"n": Decimal("2"), "w": "乙"}),
    "facts.open": 0,
}  # fmt: skip


def holds(text: str, **values: Any) -> bool:
    condition = Condition.read(text)
    assert condition.faults(TERMS) == []
    return condition.holds({**VALUES, **values})


@pytest.mark.parametrize(
    "text",
    [
        "a == 3", "a ≥ 3 and a <= 3", "a != 4", "a < 4 or a > 100", "not a > 3", "a*2 + 1 == 7", "-a == -3",
        "a - 1 == 2", "a ≥ 300%", "a * (1 + 1) == 6", "（a ＞ 2）", "t == 'x'", "t == “x”", "t in ['x', 'y']",
        't not in ["z"]', "c == 'y'", "d > 2026-04-30", "d in [2026-05-01]", "f", "f == true", "not f == false",
        "facts.open == 0", "'x' in l", "'y' not in l", "count(l) == 1", "count(rows) == 3", "count(file) == 1",
        "sum(rows.n) == 3.5", "b is empty", "a is not empty", "b != 5", "not b == 5", "not b < 5 and not b > 5",
        "not (b + 1 == 1)", "not -b < 1", "a in [1, 2, 3]", "b not in [1]", "(a == 3) == f", "a ＋ 1 － 1 ＝＝ 3",
        "(f or f) and (f and f)", "b not in [1] and f", "not b in [1]",
    ],
)  # fmt: skip
def test_it_holds(text: str) -> None:
    assert holds(text)


def test_what_is_empty_counts_nothing() -> None:
    assert holds("count(file) == 0", file=None)
    assert holds("count(l) == 0", l=())
    assert holds("l is empty", l=())
    assert holds("t is empty", t="")
    assert holds("sum(rows.n) == 0", rows=None)
    assert not holds("f", f=None)
    assert not holds("'x' in l", l=None)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "结尾"),
        ("a =", 2, "=="),
        ("a # 1", 2, "#"),
        ("a == ", 5, "结尾"),
        ("a == 1 1", 7, "多余"),
        ("1 < a < 3", 6, "and"),
        ("(a == 1", 7, ")"),
        ("a in (1)", 5, "["),
        ("a in [1", 7, "]"),
        ("a is 1", 5, "empty"),
        ("a not 1", 6, "in"),
        ("count(1)", 6, "名称"),
        ("count a", 6, "("),
        ("d > 2026-02-30", 4, "这一天"),
        ("a == 1 and", 10, "结尾"),
        ("甲 == 1", 0, "甲"),
        ("a == 1.2.3", 5, "1"),
        ("A == 1", 0, "A"),
        ("a" + " or a" * 1000, 2000, "过长"),
        ("a" + "+a" * 200, 200, "过长"),
        ("not " * (MAX_DEPTH + 1) + "f", 4 * MAX_DEPTH, "嵌套"),
        ("-" * (MAX_DEPTH + 1) + "1", MAX_DEPTH, "嵌套"),
        ("(" * (MAX_DEPTH + 1) + "1", MAX_DEPTH, "嵌套"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, position: int, said: str) -> None:
    with pytest.raises(ConditionError) as refused:
        Condition.read(text)
    assert (refused.value.position, said in refused.value.zh) == (position, True), str(refused.value)
    assert f"character {position + 1}" in refused.value.en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "成立或不成立"),
        ("aa == 1", "没有名为 aa"),
        ("fact.open == 1", "是不是 facts.open"),
        ("a == 'x'", "数与文字"),
        ("t < 'x'", "不能用 <"),
        ("f < f", "是/否"),
        ("rows == rows", "表格"),
        ("c == 'z'", "没有选项 z；可用：x、y"),
        ("'z' == c", "没有选项 z"),
        ("c in ['z']", "没有选项 z"),
        ("'z' in l", "没有选项 z"),
        ("t + 1 == 2", "要数，却是文字"),
        ("1 + f == 2", "要数，却是是/否"),
        ("-t == 2", "要数"),
        ("not a", "要是/否，却是数"),
        ("f and a", "要是/否"),
        ("count(a) == 1", "count 要"),
        ("count(z) == 1", "没有名为 z"),
        ("sum(rows.w) == 1", "没有名为 w 的数字列"),
        ("sum(rows.z) == 1", "没有名为 z 的数字列"),
        ("sum(a) == 1", "表格.列"),
        ("sum(a.n) == 1", "表格.列"),
        ("'x' in t", "不是多选"),
        ("'x' in zz", "没有名为 zz"),
        ("1 in l", "要文字，却是数"),
        ("a + 1 is empty", "只能问一个名称"),
        ("f in [true]", "不能用 in"),
    ],
)
def test_what_does_not_fit_is_found(text: str, said: str) -> None:
    (fault, *_) = Condition.read(text).faults(TERMS)
    assert said in fault.zh
    assert fault.en.isascii()


def test_all_faults_are_told_at_once() -> None:
    assert len(Condition.read("x1 == 1 and y1 == 2 and t == 3").faults(TERMS)) == 3


def test_names_come_once_and_in_order() -> None:
    condition = Condition.read(
        "a in [b, -1] and (t in l or not f) and count(rows) > sum(rows.n) and d is empty and a > 1"
    )
    assert condition.names == ("a", "b", "t", "l", "f", "rows", "rows.n", "d")


def test_a_fact_that_was_not_given_is_the_programs_fault() -> None:
    with pytest.raises(MissingFact, match="a was not given"):
        Condition.read("a == 1").holds({})
    assert Condition.read("f or a == 1").holds({"f": True})


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("facts.open == 0", "“未处理的异议”为0", "“open objections” is 0"),
        ("c == 'x'", "“性质”为国有", "“kind” is state"),
        ("'x' == c", "国有为“性质”", "state is “kind”"),
        ("t != 'x'", "“文字”不为x", "“text” is not x"),
        ("d >= 2026-05-01", "“日子”不早于2026年5月1日", "“day” is not before 2026-05-01"),
        ("d == 2026-05-01", "“日子”为2026年5月1日", "“day” is 2026-05-01"),
        ("2026-05-01 < d", "2026年5月1日早于“日子”", "2026-05-01 is before “day”"),
        ("f", "“已签”为是", "“signed” is yes"),
        ("not f", "“已签”为否", "“signed” is no"),
        ("f == true", "“已签”为是", "“signed” is yes"),
        ("not (a > 1)", "不是（“甲数”大于1）", "not (“number a” is more than 1)"),
        ("b is empty", "“乙数”未填写", "“乙数” is empty"),
        ("b is not empty", "“乙数”已填写", "“乙数” is filled in"),
        ("c in ['x', 'y']", "“性质”属于国有、民营", "“kind” is one of state, private"),
        ("c not in ['x']", "“性质”不属于国有", "“kind” is none of state"),
        ("'x' in l", "“方式”含订单", "“ways” includes order"),
        ("'x' not in l", "“方式”不含订单", "“ways” does not include order"),
        ("a * (b + 1) <= 50%", "“甲数”×（“乙数”＋1）不超过0.5", "“number a” * (“乙数” + 1) is at most 0.5"),
        ("-a < 1", "－“甲数”小于1", "-“number a” is less than 1"),
        ("count(rows) >= 2", "“名单”的数量不少于2", "the number of “list” is at least 2"),
        ("sum(rows.n) > 2", "“人数”合计大于2", "the sum of “people” is more than 2"),
        ("(a == 1) == f", "（“甲数”为1）为“已签”", "(“number a” is 1) is “signed”"),
        ("f or a == 1 and f", "“已签”为是，或（“甲数”为1，且“已签”为是）",
         "“signed” is yes or (“number a” is 1 and “signed” is yes)"),
    ],
)  # fmt: skip
def test_conditions_are_worded(text: str, zh: str, en: str) -> None:
    condition = Condition.read(text)
    assert condition.faults(TERMS) == []
    assert worded(condition, TERMS) == (zh, en)


def test_what_is_not_known_is_called_by_its_name() -> None:
    condition = Condition.read("facts.z == 'x' and facts.z > facts.y")
    assert worded(condition, {}).zh == "facts.z为x，且facts.z大于facts.y"


def test_only_what_does_not_hold_is_told() -> None:
    condition = Condition.read("a == 3 and a == 4 and (f or t == 'q') and not f")
    assert [words.en for words in unmet(condition, TERMS, VALUES)] == ["“number a” is 4", "“signed” is no"]
    assert unmet(Condition.read("a == 3 or f"), TERMS, VALUES) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcdft =<>!()[]+-*.,'\"0123456789andornotisempty", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = Condition.read(text)
    except ConditionError:
        return
    if not condition.faults(TERMS):
        assert condition.holds(VALUES) in (True, False)
        assert worded(condition, TERMS).zh
        assert (unmet(condition, TERMS, VALUES) == ()) is condition.holds(VALUES)
