"""Personal data at rest, files, the clock."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings

from jineng.kernel import clock, files
from jineng.kernel.crypto import decrypt, encrypt, lookup_hash, mask_name, mask_number


def test_a_value_returns_only_to_its_own_column() -> None:
    stored = encrypt("王小明", "name")
    assert "王小明".encode() not in stored
    assert decrypt(stored, "name") == "王小明"
    with pytest.raises(InvalidTag):
        decrypt(stored, "number")
    with pytest.raises(InvalidTag):
        decrypt(stored[:-1] + bytes([stored[-1] ^ 1]), "name")


def test_equal_values_do_not_look_equal() -> None:
    assert encrypt("王小明", "name") != encrypt("王小明", "name")


def test_a_hash_finds_whatever_the_spelling() -> None:
    assert lookup_hash(" ６２０１０２x ", "document/resident_id") == lookup_hash("620102X", "document/resident_id")
    assert lookup_hash("620102X", "document/resident_id") != lookup_hash("620102X", "document/passport")
    assert lookup_hash("620102X", "a").startswith("1:")


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("王明", "王*"), ("王", "王*"), ("", ""), ("欧阳小明", "欧***")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("62010219900101002X", "620102********002X"), ("E12345678", "E1******78"), ("1234", "****"), ("", "")],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_files_lie_encrypted_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    identity = uuid4()
    files.keep(identity, b"first")
    files.keep(identity, b"second")
    assert files.fetch(identity) == b"second"
    assert b"second" not in files.path_of(identity).read_bytes()
    assert [path for path in tmp_path.rglob("*") if path.suffix == ".part"] == []
    with pytest.raises(FileNotFoundError):
        files.fetch(uuid4())


def test_the_clock_stands_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.clock_at(date(2021, 6, 1)):
        assert clock.today() == date(2021, 6, 1)
        assert clock.now() == datetime(2021, 6, 1, 9, tzinfo=clock.CHINA)
        with clock.clock_at(datetime(2021, 12, 31, 23, 59, tzinfo=clock.CHINA)):
            assert clock.today() == date(2021, 12, 31)
        assert clock.today() == date(2021, 6, 1)
    monkeypatch.setenv("JINENG_TODAY", "2021-09-01")
    assert clock.today() == date(2021, 9, 1)
    monkeypatch.delenv("JINENG_TODAY")
    assert abs((clock.now() - datetime.now(clock.CHINA)).total_seconds()) < 60
