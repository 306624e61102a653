from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.exchange.books import BOOK, repack, workbook

from jineng.engines.exchange import FileCode, FileError, Limits, container, read, write_errors, write_template

GOOD = write_template(BOOK)


def refusal(data: bytes | Path, limits: Limits | None = None) -> FileError:
    with pytest.raises(FileError) as caught:
        read(data, BOOK, limits=limits or Limits())
    error = caught.value
    assert error.message
    assert error.remedy
    assert error.message_en in str(error)
    return error


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", FileCode.NOT_A_WORKBOOK, "Excel"),
        (b"%PDF-1.7\x00\x01", FileCode.NOT_A_WORKBOOK, "Excel"),
        (b"hello", FileCode.NOT_A_WORKBOOK, "Excel"),
        ("编号,名称\n1,甲\n".encode(), FileCode.OTHER_FORMAT, ".csv"),
        ("编号\t名称\n".encode("gb18030"), FileCode.OTHER_FORMAT, ".csv"),
        (b"\xef\xbb\xbf<html><table></table>", FileCode.OTHER_FORMAT, "网页"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileCode.OLD_FORMAT, ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileCode.ENCRYPTED,
            "密码",
        ),
        (zipped(xl__workbook_dot_bin=b"x"), FileCode.OLD_FORMAT, ".xlsb"),
        (zipped(content_dot_xml=b"x"), FileCode.OTHER_FORMAT, ".ods"),
        (zipped(word__document_dot_xml=b"x"), FileCode.NOT_A_WORKBOOK, "Excel"),
        (GOOD[:200], FileCode.DAMAGED, "损坏"),
        (zipped(xl__workbook_dot_xml=b"<workbook"), FileCode.DAMAGED, "损坏"),
        (zipped(xl__workbook_dot_xml=b"<workbook/>"), FileCode.DAMAGED, "损坏"),
        (b"PK\x03\x04" + bytes(100), FileCode.DAMAGED, "损坏"),
    ],
)
def test_what_is_no_workbook(data: bytes, code: FileCode, word: str) -> None:
    error = refusal(data)
    assert error.code is code
    assert word in error.message


def test_a_file_may_come_by_path(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    assert read(path, BOOK).ok
    assert refusal(path, Limits(file_bytes=100)).code is FileCode.TOO_BIG
    assert refusal(GOOD, Limits(file_bytes=100)).code is FileCode.TOO_BIG


def bomb(megabytes: int) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
    ):
        archive.writestr("xl/workbook.xml", old.read("xl/workbook.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            block = b" " * (1 << 20)
            for _ in range(megabytes):
                part.write(block)
    return target.getvalue()


def test_a_bomb_is_answered_at_once_and_without_memory() -> None:
    data = bomb(40)
    limits = Limits(inflated_bytes=16 << 20)
    tracemalloc.start()
    start = time.perf_counter()
    error = refusal(data, limits)
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code is FileCode.TOO_BIG
    assert "解压后" in error.message
    assert seconds < 1
    assert peak < 4 << 20


def test_a_bomb_that_lies_about_its_size() -> None:
    data = bomb(8)
    size = struct.pack("<I", 8 << 20)
    assert data.count(size) >= 1
    lying = data.replace(size, struct.pack("<I", 1000))
    tracemalloc.start()
    error = refusal(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code is FileCode.UNSAFE
    assert peak < 4 << 20


def patched(find: Callable[[bytearray], int], value: bytes) -> bytes:
    data = bytearray(GOOD)
    at = find(data)
    data[at : at + len(value)] = value
    return bytes(data)


CENTRAL = b"PK\x01\x02"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD[:-2] + b"\x03\x00abc", FileCode.UNSAFE),
        (patched(lambda data: data.find(CENTRAL) + 10, b"\x0c\x00"), FileCode.UNSAFE),
        (patched(lambda data: data.find(CENTRAL) + 8, b"\x01\x00"), FileCode.ENCRYPTED),
        (patched(lambda data: data.find(CENTRAL) + 16, b"\x00\x00\x00\x00"), FileCode.DAMAGED),
        (patched(lambda data: data.find(CENTRAL) + 42, b"\x01\x00\x00\x00"), FileCode.DAMAGED),
        (patched(lambda data: 60, b"\xff" * 40), FileCode.DAMAGED),
    ],
)
def test_broken_packages(data: bytes, code: FileCode) -> None:
    assert refusal(data).code is code


def test_one_name_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = repack(GOOD, lambda _, part: part, **{"xl/workbook.xml": b"<workbook/>"})
    assert refusal(data).code is FileCode.UNSAFE


@pytest.mark.parametrize("start", [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", "<a/>".encode("utf-16")])
def test_xml_that_no_spreadsheet_writes(start: bytes) -> None:
    data = repack(GOOD, lambda name, part: start + part if name == "xl/styles.xml" else part)
    assert refusal(data).code is FileCode.UNSAFE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b"<row><c r='XFD1048576'><v>1</v></c></row></sheetData>"),
        (b"</sheetData>", b'<row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b'<row><c r="ABCDEFGHIJK1"><v>1</v></c></row></sheetData>'),
    ],
)
def test_a_huge_grid_in_a_small_file(old: bytes, new: bytes) -> None:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(old, new) if name.startswith("xl/worksheets/sheet") else part

    error = refusal(repack(GOOD, change))
    assert error.code is FileCode.TOO_BIG
    assert "行" in error.message


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/sharedStrings.xml", b"uniqueCount=", b'uniqueCount="1999999999999" x='),
        ("xl/sharedStrings.xml", b"uniqueCount=", b'uniqueCount="999999999" x='),
        ("xl/styles.xml", b"<cellXfs count=", b'<cellXfs count="99999999" x='),
    ],
)
def test_false_announcements(part: str, old: bytes, new: bytes) -> None:
    data = repack(GOOD, lambda name, content: content.replace(old, new) if name == part else content)
    assert data != GOOD
    assert refusal(data).code is FileCode.UNSAFE


def test_announcements_at_the_end_of_a_long_sheet() -> None:
    def change(name: str, part: bytes) -> bytes:
        tail = b"</sheetData>" + b'<mergeCells count="99999999"><mergeCell ref="A1:B1"/></mergeCells>'
        return part.replace(b"</sheetData>", tail)

    data = workbook({"遴选": [["x", 'count="99999999"']] * 3000})
    assert refusal(data).code is FileCode.WRONG_HEADINGS
    inside = repack(data, lambda name, part: part.replace(b"<sheetData>", b"<sheetData><!-- count='99999999' -->"))
    assert refusal(inside).code is FileCode.WRONG_HEADINGS
    assert refusal(repack(data, change)).code is FileCode.UNSAFE


def test_many_uses_of_one_long_text() -> None:
    data = workbook({"遴选": [["长" * 20_000], *[["短"]] * 200]})

    def point_all_at_the_first(name: str, part: bytes) -> bytes:
        return part.replace(b"<v>1</v>", b"<v>0</v>") if name == "xl/worksheets/sheet1.xml" else part

    limits = Limits(text_bytes=1 << 20)
    assert refusal(repack(data, point_all_at_the_first), limits).code is FileCode.UNSAFE
    assert refusal(data, limits).code is FileCode.WRONG_HEADINGS
    assert refusal(data, Limits(text_bytes=14 << 20)).code is FileCode.WRONG_HEADINGS


@given(st.integers(0, len(GOOD) * 8 - 1))
@settings(deadline=None, max_examples=150)
def test_a_flipped_bit_never_crashes_the_reader(bit: int) -> None:
    data = bytearray(GOOD)
    data[bit // 8] ^= 1 << (bit % 8)
    for use in (lambda: read(bytes(data), BOOK), lambda: write_errors(bytes(data), ())):
        with suppress(FileError):
            use()


def test_a_far_column_alone_makes_no_huge_grid() -> None:
    sheet = b'<sheetData><row r="1"><c r="ABC1"/></row></sheetData>'
    container._refuse_huge_grids({"one": sheet, "two": sheet}, Limits())
    with pytest.raises(FileError):
        container._refuse_huge_grids({"one": sheet}, Limits(cells=700))
