from __future__ import annotations

from typing import Any

import pytest
from tests.engines.exchange.books import AWARDS, BOOK, CALLS

from jineng.engines.exchange import Book, Column, Kind, SchemaError, Sheet

TEXT = Column("a", "甲", Kind.TEXT)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "a b"}, "identifier"),
        ({"name": "甲"}, "identifier"),
        ({"heading": " "}, "heading"),
        ({"heading": "甲*"}, "heading"),
        ({"kind": Kind.CHOICE}, "choices"),
        ({"choices": {"是": "y"}}, "choices"),
        ({"kind": Kind.CHOICE, "choices": {"是": "y", "对": "y"}}, "same value"),
        ({"minimum": 1}, "minimum"),
        ({"maximum": 1}, "minimum"),
    ],
)
def test_impossible_columns(change: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        Column(**{"name": "a", "heading": "甲", "kind": Kind.TEXT, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "x" * 32}, "tab"),
        ({"title": "a/b"}, "tab"),
        ({"title": "填写说明"}, "kept"),
        ({"columns": ()}, "no columns"),
        ({"columns": (TEXT, Column("a", "乙", Kind.TEXT))}, "one name"),
        ({"columns": (TEXT, Column("b", "甲", Kind.TEXT))}, "heading"),
        ({"key": ("z",)}, "key column z"),
    ],
)
def test_impossible_sheets(change: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        Sheet(**{"name": "s", "title": "表", "columns": (TEXT,), **change})


def test_impossible_books() -> None:
    with pytest.raises(SchemaError, match="no sheets"):
        Book("b", "书", ())
    with pytest.raises(SchemaError, match="two sheets"):
        Book("b", "书", (CALLS, CALLS))
    with pytest.raises(SchemaError, match="not here"):
        Book("b", "书", (AWARDS,))


def test_columns_know_where_they_point_and_what_they_hide() -> None:
    assert AWARDS.by_name["call"].target == ("calls", "code")
    assert AWARDS.by_name["school"].target is None
    assert TEXT.target is None
    assert AWARDS.by_name["person"].personal
    assert not TEXT.personal
    assert BOOK.by_title["立项"] is BOOK.by_name["awards"]
