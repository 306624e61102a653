from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.exchange import Column, ErrorCode, Kind, Problem
from jineng.engines.exchange.columns import _by_distinct, _one_by_one, convert
from jineng.engines.exchange.problems import cell_name, shown
from jineng.engines.exchange.values import is_blank, parser

LEVELS = {"国家级": "national", "省级": "provincial", "Ⅲ级": "third"}
NUL = "\x00"


def col(kind: Kind, **more: Any) -> Column:
    if kind is Kind.CHOICE:
        more.setdefault("choices", LEVELS)
    return Column("a", "甲", kind, **more)


def parse(kind: Kind, raw: Any, **more: Any) -> Any:
    value = parser(col(kind, **more))(raw)
    if isinstance(value, Problem):
        assert value.message.endswith("。")
        assert value.remedy.endswith("。")
        assert value.message_en.endswith(".")
        assert value.remedy_en.endswith(".")
        return value.code
    return value


DAY = dt.date(2021, 3, 5)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "  甘肃\u3000", "甘肃"),
        (Kind.TEXT, "甘\u200b肃\ufeff", "甘肃"),
        (Kind.TEXT, "一\r\n二\r三", "一\n二\n三"),
        (Kind.TEXT, 123.0, "123"),
        (Kind.TEXT, 0.5, "0.5"),
        (Kind.TEXT, -0.0, "0"),
        (Kind.TEXT, True, "是"),
        (Kind.TEXT, False, "否"),
        (Kind.TEXT, DAY, "2021-03-05"),
        (Kind.TEXT, dt.datetime(2021, 3, 5), "2021-03-05"),
        (Kind.TEXT, dt.datetime(2021, 3, 5, 8), "2021-03-05 08:00:00"),
        (Kind.TEXT, f"a{NUL}b", ErrorCode.CONTROL_CHARACTER),
        (Kind.TEXT, "a\tb", ErrorCode.CONTROL_CHARACTER),
        (Kind.CODE, " ６２０１ ０２Ａ", "620102A"),
        (Kind.CODE, "007", "007"),
        (Kind.CODE, "R \u0327", "\u0156"),
        (Kind.CODE, 123.0, "123"),
        (Kind.CODE, 1.5, ErrorCode.BAD_CODE),
        (Kind.CODE, -1.0, ErrorCode.BAD_CODE),
        (Kind.CODE, float("inf"), ErrorCode.BAD_CODE),
        (Kind.CODE, True, ErrorCode.BAD_CODE),
        (Kind.CODE, DAY, ErrorCode.BAD_CODE),
        (Kind.CODE, 1e17, ErrorCode.PRECISION_LOST),
        (Kind.CODE, "a\x01", ErrorCode.CONTROL_CHARACTER),
        (Kind.INTEGER, 3.0, 3),
        (Kind.INTEGER, 3, 3),
        (Kind.INTEGER, "１,234", 1234),
        (Kind.INTEGER, " -5 ", -5),
        (Kind.INTEGER, "123456789012345678", 123456789012345678),
        (Kind.INTEGER, 3.5, ErrorCode.NOT_WHOLE),
        (Kind.INTEGER, "3.5", ErrorCode.NOT_WHOLE),
        (Kind.INTEGER, 1e17, ErrorCode.PRECISION_LOST),
        (Kind.INTEGER, -1e17, ErrorCode.PRECISION_LOST),
        (Kind.INTEGER, "12人", ErrorCode.NOT_A_NUMBER),
        (Kind.INTEGER, "12,34", ErrorCode.NOT_A_NUMBER),
        (Kind.INTEGER, True, ErrorCode.NOT_A_NUMBER),
        (Kind.INTEGER, DAY, ErrorCode.NOT_A_NUMBER),
        (Kind.INTEGER, float("nan"), ErrorCode.NOT_A_NUMBER),
        (Kind.DECIMAL, 0.1 + 0.2, Decimal("0.3")),
        (Kind.DECIMAL, "1,234.50", Decimal("1234.5")),
        (Kind.DECIMAL, "约3", ErrorCode.NOT_A_NUMBER),
        (Kind.DECIMAL, float("inf"), ErrorCode.NOT_A_NUMBER),
        (Kind.DATE, DAY, DAY),
        (Kind.DATE, dt.datetime(2021, 3, 5, 23, 59), DAY),
        (Kind.DATE, "2021-3-5", DAY),
        (Kind.DATE, "2021/03/05", DAY),
        (Kind.DATE, "2021.3.5", DAY),
        (Kind.DATE, "２０２１年３月５日", DAY),
        (Kind.DATE, "2021年3月5号", DAY),
        (Kind.DATE, "20210305", DAY),
        (Kind.DATE, 20210305.0, DAY),
        (Kind.DATE, "2021-03-05 08:30:00", DAY),
        (Kind.DATE, "1896-10-01", dt.date(1896, 10, 1)),
        (Kind.DATE, "2021-02-30", ErrorCode.NOT_A_DATE),
        (Kind.DATE, "3/5/2021", ErrorCode.AMBIGUOUS_DATE),
        (Kind.DATE, "21-3-5", ErrorCode.AMBIGUOUS_DATE),
        (Kind.DATE, "2021年3月", ErrorCode.AMBIGUOUS_DATE),
        (Kind.DATE, "3月5日", ErrorCode.AMBIGUOUS_DATE),
        (Kind.DATE, "三月", ErrorCode.NOT_A_DATE),
        (Kind.DATE, 44260.0, ErrorCode.DATE_AS_NUMBER),
        (Kind.DATE, 0.5, ErrorCode.NOT_A_DATE),
        (Kind.DATE, 20219999.0, ErrorCode.NOT_A_DATE),
        (Kind.DATE, True, ErrorCode.NOT_A_DATE),
        (Kind.DATE, dt.time(8), ErrorCode.NOT_A_DATE),
        (Kind.DATE, dt.timedelta(hours=1), ErrorCode.NOT_A_DATE),
        (Kind.DATE, "0021-03-05", ErrorCode.OUT_OF_RANGE),
        (Kind.DATE, "2921-03-05", ErrorCode.OUT_OF_RANGE),
        (Kind.BOOLEAN, " 是", True),
        (Kind.BOOLEAN, "否", False),
        (Kind.BOOLEAN, True, True),
        (Kind.BOOLEAN, "√", ErrorCode.NOT_A_BOOLEAN),
        (Kind.BOOLEAN, 1.0, ErrorCode.NOT_A_BOOLEAN),
        (Kind.CHOICE, "省级 ", "provincial"),
        (Kind.CHOICE, "Ⅲ级", "third"),
        (Kind.CHOICE, "省 级", ErrorCode.NOT_A_CHOICE),
        (Kind.CHOICE, 3.0, ErrorCode.NOT_A_CHOICE),
        (Kind.RESIDENT_ID, "11010519491231002x", "11010519491231002X"),
        (Kind.RESIDENT_ID, "110105 19491231 002X", "11010519491231002X"),
        (Kind.RESIDENT_ID, "110105194912310021", ErrorCode.BAD_CHECK_CHARACTER),
        (Kind.RESIDENT_ID, "110105491231002", ErrorCode.BAD_RESIDENT_ID),
        (Kind.RESIDENT_ID, "11010519491331002X", ErrorCode.BAD_RESIDENT_ID),
        (Kind.RESIDENT_ID, 1.10105194912310e17, ErrorCode.PRECISION_LOST),
        (Kind.CREDIT_CODE, "91110000600037341l", "91110000600037341L"),
        (Kind.CREDIT_CODE, "91110000600037341M", ErrorCode.BAD_CHECK_CHARACTER),
        (Kind.CREDIT_CODE, "9111", ErrorCode.BAD_CREDIT_CODE),
        (Kind.CREDIT_CODE, True, ErrorCode.BAD_CODE),
        (Kind.SCHOOL_CODE, 4162010730.0, "4162010730"),
        (Kind.SCHOOL_CODE, "416201073", ErrorCode.BAD_SCHOOL_CODE),
        (Kind.SCHOOL_CODE, DAY, ErrorCode.BAD_CODE),
        (Kind.PHONE, 13912345678.0, "13912345678"),
        (Kind.PHONE, "０９３１－８８８８８８８", "0931-8888888"),
        (Kind.PHONE, "110", ErrorCode.BAD_PHONE),
        (Kind.PHONE, DAY, ErrorCode.BAD_CODE),
    ],
)
def test_one_cell(kind: Kind, raw: Any, value: Any) -> None:
    found = parse(kind, raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "more", "raw", "code"),
    [
        (Kind.TEXT, {"max_length": 2}, "甲乙丙", ErrorCode.TOO_LONG),
        (Kind.CODE, {"max_length": 2}, "123", ErrorCode.TOO_LONG),
        (Kind.CODE, {"length": 6}, "62010", ErrorCode.WRONG_LENGTH),
        (Kind.CODE, {"length": 6}, 62010.0, ErrorCode.LEADING_ZERO_LOST),
        (Kind.CODE, {"length": 6}, 6201022.0, ErrorCode.WRONG_LENGTH),
        (Kind.INTEGER, {"minimum": 0}, -1.0, ErrorCode.OUT_OF_RANGE),
        (Kind.INTEGER, {"maximum": 5}, 6.0, ErrorCode.OUT_OF_RANGE),
        (Kind.DECIMAL, {"minimum": 0, "maximum": 5}, 5.5, ErrorCode.OUT_OF_RANGE),
        (Kind.DATE, {"minimum": DAY}, "2021-03-04", ErrorCode.OUT_OF_RANGE),
    ],
)
def test_bounds(kind: Kind, more: dict[str, Any], raw: Any, code: str) -> None:
    assert parse(kind, raw, **more) == code


def test_remedies_help() -> None:
    near = parser(col(Kind.CHOICE))("国家")
    assert "国家级" in near.remedy
    far = parser(col(Kind.CHOICE, choices={f"第{n}种": str(n) for n in range(9)}))("xyz")
    assert "是不是" not in far.remedy
    assert "等" in far.remedy
    assert "万元" in parser(col(Kind.DECIMAL, unit="万元"))("三万元").remedy
    assert "2021-03-05" in parser(col(Kind.DATE))(44260.0).message


def test_personal_values_are_not_in_any_word() -> None:
    for kind, raw in ((Kind.RESIDENT_ID, "110105194912310021"), (Kind.PHONE, "12345678901")):
        problem = parser(col(kind))(raw)
        assert raw not in f"{problem.message}{problem.message_en}{problem.remedy}{problem.remedy_en}"
        assert not set(shown(raw, personal=True)) & set("0123456789")
    assert "1101" not in shown("张三110105194912310021", personal=False)


def test_shown_is_short() -> None:
    assert shown(None, False) == ""
    assert shown(123.0, False) == "123"
    assert len(shown("长" * 99, False)) == 60


@pytest.mark.parametrize(("place", "name"), [((7, 2), "C7"), ((1, 25), "Z1"), ((1, 26), "AA1"), ((2, 16383), "XFD2")])
def test_cell_names(place: tuple[int, int], name: str) -> None:
    assert cell_name(*place) == name


RAWS = (
    st.sampled_from(
        ["", " ", "\u3000", "620102", "００７", "abc", " x", "x\t", "2021-3-5", "国家级", "是", "1e3", "-3"]
    )
    | st.text(max_size=8)
    | st.floats()
    | st.integers(-5, 5).map(float)
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.timedeltas()
    | st.times()
)
COLUMNS = st.sampled_from(
    [
        *(col(kind) for kind in Kind),
        col(Kind.TEXT, max_length=3),
        col(Kind.CODE, length=6),
        col(Kind.CODE, max_length=4),
        col(Kind.INTEGER, minimum=0, maximum=3),
        col(Kind.DECIMAL, minimum=0, maximum=3),
        col(Kind.DATE, minimum=DAY),
    ]
)
ROWS = st.lists(RAWS, max_size=8) | st.lists(st.text("ab6 ", max_size=6), max_size=8)


@given(COLUMNS, ROWS | st.lists(st.floats(-9, 9) | st.integers(-9, 9).map(float), max_size=8))
@settings(deadline=None, max_examples=600)
def test_a_column_at_once_equals_cell_by_cell(column: Column, raws: Sequence[Any]) -> None:
    values, problems = convert(column, raws)
    slow, slow_problems = _one_by_one(column, raws)
    assert list(map(repr, values)) == list(map(repr, slow))
    assert problems == slow_problems
    if len(set(map(type, raws))) == 1:
        assert _by_distinct(column, raws, set(raws)) == (slow, slow_problems)
    for index, raw in enumerate(raws):
        if is_blank(raw):
            assert values[index] is None
            assert index not in problems
        else:
            assert (values[index] is None) == (index in problems)


def test_codes_in_full_width_are_tidied_by_the_column() -> None:
    assert convert(col(Kind.CODE), ["６２", "62"]) == (["62", "62"], {})
    assert convert(col(Kind.CODE), ["6 2", "62", ""]) == (["62", "62", None], {})
    assert convert(col(Kind.CODE, length=2), ["61", "62", ""]) == (["61", "62", None], {})


def test_texts_that_are_too_long_are_found_by_the_column() -> None:
    values, problems = convert(col(Kind.TEXT, max_length=2), ["甲乙丙", "甲"])
    assert values == [None, "甲"]
    assert problems[0].code == ErrorCode.TOO_LONG
    assert convert(col(Kind.TEXT, max_length=2), ["甲", ""]) == (["甲", None], {})


@pytest.mark.parametrize("kind", [Kind.INTEGER, Kind.DECIMAL])
def test_numbers_out_of_bounds_are_found_by_the_column(kind: Kind) -> None:
    column = col(kind, minimum=0, maximum=9)
    assert convert(column, [1.0, 9.0]) == ([1, 9], {})
    for raws in ([1.0, 10.0], [1.0, -1.0]):
        values, problems = convert(column, raws)
        assert values == [1, None]
        assert problems[1].code == ErrorCode.OUT_OF_RANGE


def test_truth_and_one_are_two_things() -> None:
    values, problems = convert(col(Kind.INTEGER), [1.0, True, ""])
    assert values == [1, None, None]
    assert problems[1].code == ErrorCode.NOT_A_NUMBER
