from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.exchange.books import AWARDS, BOOK, LEVELS, single

from jineng.engines.exchange import Book, Column, Kind, Sheet, ValueRefused, read, write_book, write_template
from jineng.engines.exchange.codes import credit_check_character, resident_check_character
from jineng.engines.exchange.values import is_blank, parser


def tidied(kind: Kind, raw: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """What the parser makes of raw texts: the values that can stand in a column."""
    parse = parser(Column("a", "甲", kind))
    return raw.filter(lambda text: not is_blank(text)).map(parse).filter(lambda value: isinstance(value, str))


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGITS = st.text("0123456789", min_size=9, max_size=9)
RESIDENT = st.tuples(st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 999)).map(
    lambda pair: f"620102{pair[0]:%Y%m%d}{pair[1]:03d}"
)
ROW = st.fixed_dictionaries(
    {
        "school": st.integers(0, 999999).map(lambda n: f"3162{n:06d}"),
        "division": st.none() | st.integers(0, 999999).map(lambda n: f"{n:06d}"),
        "count": st.none() | st.integers(0, 10**6),
        "amount": st.none() | st.decimals(0, 10**20, allow_nan=False, places=6),
        "level": st.none() | st.sampled_from(sorted(LEVELS.values())),
        "done": st.none() | st.booleans(),
        "day": st.none() | st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31)),
        "person": st.none() | RESIDENT.map(lambda text: text + resident_check_character(text)),
        "credit": st.none() | DIGITS.map(lambda text: "91620102" + text).map(lambda t: t + credit_check_character(t)),
        "phone": st.none() | st.sampled_from(["13912345678", "0931-8888888-801", "400-1234567"]),
        "note": st.none() | tidied(Kind.TEXT, ANY),
    }
)


@given(st.lists(ROW, max_size=6), tidied(Kind.CODE, ANY).filter(lambda code: len(code) <= 20))
@settings(deadline=None, max_examples=80)
def test_what_is_written_reads_back(rows: list[dict[str, Any]], code: str) -> None:
    awards = {row["school"]: {"call": code, **row} for row in rows}
    tables = {"calls": [{"code": code, "title": "名", "opened": None}], "awards": list(awards.values())}
    data = write_book(BOOK, tables)
    reading = read(data, BOOK)
    assert reading.errors == ()
    assert {name: list(table.rows()) for name, table in reading.tables.items()} == tables
    assert write_book(BOOK, tables) == data


def test_large_numbers_keep_every_digit() -> None:
    book = single(Column("i", "整", Kind.INTEGER), Column("d", "数", Kind.DECIMAL))
    rows = [
        {"i": 10**15 - 1, "d": Decimal("0.123456789012345")},
        {"i": 10**15, "d": Decimal("0.1234567890123456789")},
        {"i": -(10**30), "d": Decimal("-1E+3")},
        {"i": 0, "d": Decimal("-0.00")},
    ]
    assert list(read(write_book(book, {"rows": rows}), book).tables["rows"].rows()) == rows


def test_days_before_the_spreadsheet_calendar() -> None:
    book = single(Column("d", "日", Kind.DATE))
    rows = [{"d": dt.date(1896, 10, 1)}, {"d": dt.date(1900, 2, 28)}, {"d": dt.date(1900, 3, 1)}]
    assert list(read(write_book(book, {"rows": rows}), book).tables["rows"].rows()) == rows


def test_rows_may_be_sequences_and_empty_text_is_nothing() -> None:
    book = single(Column("a", "甲", Kind.TEXT), Column("b", "乙", Kind.TEXT))
    table = read(write_book(book, {"rows": [("x", ""), ["=1+1", "http://a.cn"]]}), book).tables["rows"]
    assert table.columns == {"a": ["x", "=1+1"], "b": [None, "http://a.cn"]}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, " x"),
        (Kind.TEXT, 5),
        (Kind.TEXT, ["x"]),
        (Kind.TEXT, "x" * 32_768),
        (Kind.TEXT, " "),
        (Kind.CODE, "a b"),
        (Kind.INTEGER, "x"),
        (Kind.INTEGER, Decimal("1.5")),
        (Kind.DECIMAL, Decimal("NaN")),
        (Kind.DATE, "2021-03-05"),
        (Kind.DATE, dt.datetime(2021, 3, 5)),
        (Kind.DATE, dt.date(1700, 1, 1)),
        (Kind.BOOLEAN, "是"),
        (Kind.CREDIT_CODE, "91110000600037341M"),
        (Kind.SCHOOL_CODE, "1"),
    ],
)
def test_values_that_would_not_read_back_are_refused(kind: Kind, value: Any) -> None:
    book = single(Column("a", "甲", kind))
    with pytest.raises(ValueRefused, match="row 3, column a"):
        write_book(book, {"rows": [[value]]})


def test_a_refusal_does_not_repeat_personal_values() -> None:
    with pytest.raises(ValueRefused) as caught:
        write_book(single(Column("a", "甲", Kind.PHONE)), {"rows": [["12345"]]})
    assert "12345" not in str(caught.value)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({}, "no sheets"),
        ({"x": []}, "no sheets"),
        ({"rows": [{"z": 1}]}, "no columns"),
        ({"rows": [["a", "b"]]}, "2 values for 1"),
    ],
)
def test_tables_that_do_not_fit(tables: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueRefused, match=words):
        write_book(single(Column("a", "甲", Kind.TEXT)), tables)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_a_template_helps_to_fill_in() -> None:
    data = write_template(BOOK, choices_from={"organisation": [("4162010730", "兰州大学")], "person": []})
    assert data == write_template(BOOK, choices_from={"organisation": [("4162010730", "兰州大学")], "person": []})
    assert read(data, BOOK).ok
    book = opened(data)
    assert book.sheetnames == ["填写说明", "遴选", "立项", "代码表", "_jineng"]
    assert book.active.title == "遴选"
    assert book["_jineng"].sheet_state == "veryHidden"
    page = book["立项"]
    assert page["A1"].value == "遴选编号*"
    assert page["B2"].value == "school"
    assert page.freeze_panes == "A3"
    assert "必填" in page["A1"].comment.text
    rules = {str(rule.sqref).split("3")[0]: rule for rule in page.data_validations.dataValidation}
    assert rules["B"].formula1 == "代码表!$A$2:$A$2"
    assert rules["F"].formula1 == '"国家级,省级,市级"'
    assert rules["G"].formula1 == '"是,否"'
    assert (rules["D"].type, rules["D"].formula1, rules["D"].formula2) == ("whole", "0", "1000000")
    assert rules["E"].type == "decimal"
    assert rules["H"].type == "date"
    assert "A" not in rules
    assert page.column_dimensions["B"].width >= 20
    guide = [row[0] for row in book["填写说明"].iter_rows(values_only=True)]
    assert "统一社会信用代码" in guide
    assert book["代码表"]["B2"].value == "兰州大学"


def test_long_lists_of_choices_get_a_sheet() -> None:
    many = {f"第{n:03d}类项目": f"v{n}" for n in range(60)}
    comma = {"甲,乙": "a", "丙": "b"}
    book = Book(
        "b",
        "书",
        (
            Sheet(
                "one",
                "一",
                (
                    Column("kind", "类", Kind.CHOICE, choices=many),
                    Column("c", "逗", Kind.CHOICE, choices=comma),
                ),
            ),
            Sheet("two", "二", (Column("kind", "类", Kind.CHOICE, choices={"子": "c"}),)),
        ),
    )
    made = opened(write_template(book))
    rules = {str(rule.sqref)[0]: rule.formula1 for rule in made["一"].data_validations.dataValidation}
    assert rules == {"A": "代码表!$A$2:$A$61", "B": "代码表!$C$2:$C$3"}
    assert made["二"].data_validations.dataValidation[0].formula1 == '"子"'
    rows = [{"kind": "v7", "c": "a"}]
    assert list(read(write_book(book, {"one": rows}), book).tables["one"].rows()) == rows


def test_bounds_of_dates_are_told() -> None:
    column = Column("day", "日", Kind.DATE, minimum=dt.date(2021, 1, 1), maximum=dt.date(2021, 12, 31), help="当年")
    page = opened(write_template(single(column)))["数据"]
    (rule,) = page.data_validations.dataValidation
    assert (rule.formula1, rule.formula2) == ("44197", "44561")
    assert "2021-01-01" in page["A1"].comment.text
    assert "当年" in page["A1"].comment.text
    assert len(AWARDS.columns) == 12
