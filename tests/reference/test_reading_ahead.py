"""What another process read of a workbook is what this one reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from jineng.engines.exchange import read, write_book
from jineng.kernel.returns.landing import the_book
from jineng.reference import reading_ahead
from jineng.reference.building import BuiltReturn, path_of
from jineng.reference.reading_ahead import read_ahead


@pytest.fixture
def built(settings: settings, tmp_path: Path) -> list[BuiltReturn]:
    """Five workbooks of which one has an error and one is none."""
    settings.VAR = tmp_path
    items = []
    for number in range(5):
        row = {
            "code": f"GS-{number}",
            "code_scheme": "office",
            "name": f"某厅{number}",
            "kind": "government_department",
        }
        content = write_book(
            the_book(), {"organisations": [row if number == 3 else {**row, "division_code": "620000"}]}
        )
        if number == 1:
            content = b"no workbook"
        item = BuiltReturn(2021, f"{number}.xlsx", "620000-JY", hashlib.sha256(content).hexdigest())
        path_of(item).parent.mkdir(parents=True, exist_ok=True)
        path_of(item).write_bytes(content)
        items.append(item)
    return items


@pytest.mark.parametrize("processors", [1, 2])
def test_it_is_the_same(built: list[BuiltReturn], processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "processors", lambda: processors)
    found = list(read_ahead(built))
    assert [item for item, _ in found] == built
    for number, (item, reading) in enumerate(found):
        if processors == 1 or number in (1, 3):
            assert reading is None
        else:
            assert reading == read(path_of(item).read_bytes(), the_book())


def test_nothing_to_read() -> None:
    assert list(read_ahead([])) == []
