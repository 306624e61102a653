"""The zip file around a workbook, opened with care.

Sizes are taken from the zip directory before anything is inflated; while inflating, no part may grow beyond
what the directory promised. A workbook may also be small as a file and huge as a grid (one value in the last
row and column makes a reader reserve 17 billion cells), so the grid is measured before the reader sees it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from jineng.engines.exchange.problems import FileCode, FileError

_MIB = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = 30
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传。"
_SAVE_AS_EN = "Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and upload that."
_WIDE = re.compile(rb"""r=["']([A-Z]{2,})(\d*)""")
_ROW = re.compile(rb"""row (?:[^>]*?\s)?r=["'](\d+)""")
_ITEM_END = re.compile(rb"</(?:\w+:)?si>")
_USE = re.compile(rb"""t=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_NARROW_COLUMNS = 26
_FAR = re.compile(rb"""r=["'](?:([A-Z]{2,})|(\d{6,}))""")
_NEAR_ROWS = 99_999
"""The last row whose number :data:`_FAR` passes over."""
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*\+?(\d{4,})""")
_HEAD = 4096
_MOST_ITEMS = 10_000_000
_SMALLEST_CELL = len('<c t="s"><v>0</v></c>')


@dataclass(frozen=True)
class Limits:
    """How much is read: bytes of the file, bytes inflated, cells of one sheet's grid, errors listed."""

    file_bytes: int = 64 * _MIB
    inflated_bytes: int = 384 * _MIB
    cells: int = 8_000_000
    text_bytes: int = 1024 * _MIB
    errors: int = 1000


@dataclass(frozen=True)
class Container:
    """The bytes of a file that passed, and its inflated parts by name."""

    data: bytes
    parts: dict[str, bytes]


def load(source: Path | bytes, limits: Limits) -> Container:
    """Read a file within the limits. Raises FileError."""
    if isinstance(source, Path):
        size = source.stat().st_size
        if size > limits.file_bytes:
            raise _too_big(size, limits.file_bytes)
        data = source.read_bytes()
    else:
        data = source
        if len(data) > limits.file_bytes:
            raise _too_big(len(data), limits.file_bytes)
    if not data.startswith(b"PK\x03\x04"):
        raise _other_format(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            comment = archive.comment
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise damaged() from error
    names = {entry.filename for entry in entries}
    # A comment or a name given twice lets two readers see two different workbooks in one file.
    if comment or len(names) != len(entries):
        raise _unsafe()
    _refuse_other_packages(names)
    total = sum(entry.file_size for entry in entries)
    if total > limits.inflated_bytes:
        raise _too_big(total, limits.inflated_bytes, inflated=True)
    parts = {entry.filename: _inflate(data, entry) for entry in entries}
    for part in parts.values():
        if b"<!DOCTYPE" in part[:_HEAD] or part.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
            raise _unsafe()
    _refuse_false_counts(parts)
    _refuse_huge_grids(parts, limits)
    return Container(data, parts)


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    start = entry.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise damaged()
    if entry.flag_bits & 0x1:
        raise encrypted()
    start += _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        machine = zlib.decompressobj(-15)
        try:
            content = machine.decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise damaged() from error
    else:
        raise _unsafe()
    if len(content) > entry.file_size:
        raise _unsafe()
    if len(content) < entry.file_size or zlib.crc32(content) != entry.CRC:
        raise damaged()
    return content


def _refuse_false_counts(parts: dict[str, bytes]) -> None:
    """The reader reserves memory for as many items as a part announces, be they there or not."""
    for part in parts.values():
        if any(len(count) > 9 or int(count) > max(len(part), _MOST_ITEMS) for count in _COUNT.findall(_frame(part))):
            raise _unsafe()


def _frame(part: bytes) -> bytes:
    """A part without the cells and texts in its middle, which may say anything."""
    strings = part.find(b"sst", 0, _HEAD)
    if strings >= 0:
        return part[: part.find(b">", strings)]
    first, last = part.find(b"sheetData"), part.rfind(b"sheetData")
    return part if first < 0 else part[:first] + part[last:]


def _refuse_huge_grids(parts: dict[str, bytes], limits: Limits) -> None:
    sheets = [part for part in parts.values() if b"sheetData" in part]
    for part in sheets:
        if _is_surely_small(part, limits):
            continue
        wide = _WIDE.findall(part)
        width = max((_column_number(letters) for letters, _ in wide), default=_NARROW_COLUMNS)
        height = max(map(int, _ROW.findall(part)), default=0)
        height = max(height, part.count(b"<row"), max((int(row or 0) for _, row in wide), default=0))
        if width * height > limits.cells:
            raise FileError(
                FileCode.TOO_BIG,
                f"表格范围太大：{height} 行 × {width} 列。",
                f"The grid is too big: {height} rows by {width} columns.",
                "请删除数据区以外的内容和格式（多在最右或最下方），或分成几个文件。",
                "Delete what stands far right or far below the data, or split the file.",
            )
    for part in parts.values():
        if b"<sst" in part[:_HEAD] or b":sst" in part[:_HEAD]:
            _refuse_huge_text(part, sheets, limits)


def _is_surely_small(part: bytes, limits: Limits) -> bool:
    """Whether a sheet has only narrow columns and so few rows that they need not be measured: most have."""
    far = _FAR.findall(part)
    if any(letters for letters, _ in far):
        return False
    furthest = max((int(row) for _, row in far), default=_NEAR_ROWS)
    return max(furthest, part.count(b"<row")) * _NARROW_COLUMNS <= limits.cells


def _refuse_huge_text(strings: bytes, sheets: list[bytes], limits: Limits) -> None:
    """Every use of a shared string is a copy once read, so many uses of one long text are a bomb, too."""
    lengths = list(map(len, _ITEM_END.split(strings)))
    if sum(map(len, sheets)) // _SMALLEST_CELL * max(lengths) <= limits.text_bytes:
        return
    uses = sum(part.count(b't="s"') + part.count(b"t='s'") for part in sheets)
    if uses * max(lengths) <= limits.text_bytes:
        return
    total = 0
    for part in sheets:
        total += sum(lengths[int(index)] for index in _USE.findall(part) if int(index) < len(lengths))
    if total > limits.text_bytes:
        raise _unsafe()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:6]:
        number = number * 26 + letter - 64
    return number


def _refuse_other_packages(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise _old_format("Excel 二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
    if "content.xml" in names:
        raise _old_format("OpenDocument 文件（.ods）", "an OpenDocument file (.ods)")
    raise _not_a_workbook()


def _other_format(data: bytes) -> FileError:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return encrypted()
        return _old_format("旧版表格（.xls 或 .et）", "an old workbook (.xls or .et)")
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta")):
        return _old_format("网页或 XML 改名而成的表格", "a web page or XML file under a workbook's name")
    if data and b"\x00" not in data[:_HEAD] and (b"," in start or b"\t" in start or b";" in start):
        return _old_format("文本表格（.csv 或 .txt）", "a text table (.csv or .txt)")
    return _not_a_workbook()


def _old_format(zh: str, en: str) -> FileError:
    code = FileCode.OLD_FORMAT if "xls" in en else FileCode.OTHER_FORMAT
    return FileError(code, f"这是{zh}，不能直接读取。", f"This is {en}, which is not read.", _SAVE_AS, _SAVE_AS_EN)


def _not_a_workbook() -> FileError:
    return FileError(
        FileCode.NOT_A_WORKBOOK,
        "这不是 Excel 工作簿。",
        "This is not an Excel workbook.",
        "请下载模板，填好后上传 .xlsx 文件。",
        "Download the template, fill it in and upload the .xlsx file.",
    )


def damaged() -> FileError:
    """The answer to a file that is broken."""
    return FileError(
        FileCode.DAMAGED,
        "文件已损坏，打不开。",
        "The file is damaged.",
        "请用 Excel 或 WPS 打开检查，重新保存后再上传；若打不开，请重新下载模板填写。",
        "Open it in Excel or WPS, save it again and upload that.",
    )


def _unsafe() -> FileError:
    return FileError(
        FileCode.UNSAFE,
        "文件结构异常，不是表格软件正常保存的结果，为安全起见不予读取。",
        "The file is built in a way no spreadsheet program writes, and is not read for safety.",
        "请把数据复制到新下载的模板里再上传。",
        "Copy the data into a freshly downloaded template.",
    )


def encrypted() -> FileError:
    """The answer to a file that needs a password."""
    return FileError(
        FileCode.ENCRYPTED,
        "文件设了打开密码，不能读取。",
        "The file is protected by a password.",
        "请在 Excel 或 WPS 中取消密码，保存后再上传。",
        "Remove the password in Excel or WPS, save and upload again.",
    )


def _too_big(size: int, limit: int, inflated: bool = False) -> FileError:
    what, what_en = ("解压后", "unpacked ") if inflated else ("", "")
    return FileError(
        FileCode.TOO_BIG,
        f"文件太大：{what}{size / _MIB:.0f} MB，最多 {limit / _MIB:.0f} MB。",
        f"The file is too big: {what_en}{size / _MIB:.0f} MB, at most {limit / _MIB:.0f} MB.",
        "请删去图片和多余的工作表，或分成几个文件上传。",
        "Remove pictures and spare sheets, or split the file.",
    )
