"""What a file really is, by its content: its name and declared type are only claims."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jineng.engines.casework.faults import Refused
from jineng.engines.casework.form import FileKind

_MIB = 2**20
MOST_PARTS = 5_000
MOST_UNPACKED = 512 * _MIB
MOST_RATIO = 200
"""How many times larger than packed the content of an archive may be, beyond the first megabyte."""
MOST_PIXELS = 200_000_000
_TAIL = 2048
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PNG = b"\x89PNG\r\n\x1a\n"
_OFFICE: Mapping[str, FileKind] = {
    "word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX, "ppt/presentation.xml": FileKind.PPTX,
    "OFD.xml": FileKind.OFD,
}  # fmt: skip
_MACROS = re.compile(r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|macrosheets/.*|activex/.*|intlmacrosheets/.*)$")
_MP4 = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"})
_ACTIVE_PDF = (b"/JavaScript", b"/JS", b"/Launch", b"/RichMedia")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BEFORE_STREAM = 512
_NAME_END = b" \t\r\n\x0c\x00()<>[]/%"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SUFFIXES: Mapping[str, FileKind] = {str(kind): kind for kind in FileKind} | {"jpeg": FileKind.JPG}
LABELS: Mapping[FileKind, str] = {
    FileKind.PDF: "PDF", FileKind.DOCX: "Word（.docx）", FileKind.XLSX: "Excel（.xlsx）",
    FileKind.PPTX: "PowerPoint（.pptx）", FileKind.OFD: "OFD", FileKind.JPG: "JPG", FileKind.PNG: "PNG",
    FileKind.MP4: "MP4", FileKind.ZIP: "ZIP",
}  # fmt: skip


@dataclass(frozen=True)
class Inspected:
    """A file that passed: what it is, its size, and the SHA-256 of its bytes in lower-case hex."""

    kind: FileKind
    bytes: int
    digest: str


def inspect_file(data: bytes, name: str, accept: Collection[FileKind], max_bytes: int) -> Inspected:
    """Check a file's size, and that its content is of an accepted kind, is what its name says, and carries no program.

    Of a PDF the objects are looked at, compressed ones too, but not what its pages' content streams hold; attachments
    are let through, since invoices carry them. Raises Refused, whose words tell what to do.
    """
    if not data:
        raise Refused("empty_file", f"“{name}”是空文件，请重新选择。", f"“{name}” is empty; choose another file.")
    if len(data) > max_bytes:
        raise Refused(
            "too_big",
            f"“{name}”有 {len(data) / _MIB:.1f} MB，最多 {max_bytes / _MIB:.1f} MB，请压缩图片或分成几个文件。",
            f"“{name}” has {len(data) / _MIB:.1f} MB, at most {max_bytes / _MIB:.1f} MB are taken; split it.",
        )
    kind = _kind(data, name)
    if kind not in accept:
        zh = "、".join(LABELS[one] for one in FileKind if one in accept)
        en = ", ".join(str(one) for one in FileKind if one in accept)
        raise Refused("not_accepted", f"“{name}”不在可收之列，请上传 {zh}。", f"“{name}” is not taken; upload {en}.")
    stem, _, suffix = name.rpartition(".")
    if not stem or _SUFFIXES.get(suffix.lower()) is not kind:
        raise Refused(
            "wrong_name",
            f"“{name}”的内容其实是 {LABELS[kind]}，与扩展名不符，请改正扩展名后再上传。",
            f"“{name}” is in fact {kind}; correct the end of its name.",
        )
    return Inspected(kind, len(data), hashlib.sha256(data).hexdigest())


def _kind(data: bytes, name: str) -> FileKind:
    if data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        _check_pdf(data, name)
        return FileKind.PDF
    if data.startswith(b"\xff\xd8\xff"):
        # Phones append data of their own behind the end of the picture.
        _check_picture(name, data.rfind(b"\xff\xd9") > len(data) // 2, _jpeg_pixels(data))
        return FileKind.JPG
    if data.startswith(_PNG):
        pixels = int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])
        _check_picture(name, data[12:16] == b"IHDR" and b"IEND" in data[-_TAIL:], pixels)
        return FileKind.PNG
    if data[4:8] == b"ftyp" and data[8:12] in _MP4:
        return FileKind.MP4
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(data, name)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _protected(name)
        raise Refused(
            "old_office",
            f"“{name}”是旧版办公文件，请另存为 .docx、.xlsx 或 PDF 后再上传。",
            f"“{name}” is an old office file; save it as .docx, .xlsx or PDF.",
        )
    raise Refused(
        "unknown_kind",
        f"认不出“{name}”是什么文件，请另存为 PDF 后再上传。",
        f"“{name}” is of no known kind; save it as PDF.",
    )


def _check_pdf(data: bytes, name: str) -> None:
    if b"%%EOF" not in data[-_TAIL:]:
        raise _damaged(name)
    plain = _unescaped(b"\n".join(_objects(data)))
    if _has_name(plain, b"/Encrypt"):
        raise _protected(name)
    if any(_has_name(plain, active) for active in _ACTIVE_PDF):
        raise Refused(
            "active",
            f"“{name}”里有脚本或可执行的动作，请用“打印为 PDF”另存后再上传。",
            f"“{name}” carries scripts or actions; print it to a new PDF.",
        )


def _objects(data: bytes) -> Iterator[bytes]:
    """What a PDF says outside of its streams, and the objects packed into streams of objects."""
    at = 0
    for stream in _STREAM.finditer(data):
        yield data[at : stream.start()]
        if b"/ObjStm" in data[max(at, stream.start() - _BEFORE_STREAM) : stream.start()]:
            unpacker = zlib.decompressobj()
            try:
                yield unpacker.decompress(stream.group(1), 16 * _MIB)
            except zlib.error:
                # Not packed by deflate, or broken: a reader could not open it either.
                yield stream.group(1)
        at = stream.end()
    yield data[at:]


def _unescaped(data: bytes) -> bytes:
    """Names in a PDF may write any character as #hh, and so hide."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found.group(1), 16)]), data)


def _has_name(data: bytes, name: bytes) -> bool:
    at = data.find(name)
    while at >= 0:
        following = data[at + len(name) : at + len(name) + 1]
        if not following or following in _NAME_END:
            return True
        at = data.find(name, at + 1)
    return False


def _check_picture(name: str, whole: bool, pixels: int) -> None:
    if not whole or not pixels:
        raise _damaged(name)
    if pixels > MOST_PIXELS:
        raise Refused(
            "too_many_pixels",
            f"“{name}”的像素太多，请缩小后再上传。",
            f"“{name}” has too many pixels; make it smaller.",
        )


def _jpeg_pixels(data: bytes) -> int:
    """Width times height by the frame header; 0 where there is none."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9])
        # 0xFF may be repeated as filling; the other markers up to the frame have a length.
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0


def _archive(data: bytes, name: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, len(data), name)
            for entry in entries:
                _check_content(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise _damaged(name) from error
    names = [entry.filename for entry in entries]
    found = next((kind for part, kind in _OFFICE.items() if part in names), FileKind.ZIP)
    if found is not FileKind.ZIP and any(_macro_parts(data, names)):
        raise Refused(
            "macros",
            f"“{name}”含有宏或控件，请另存为不含宏的文件后再上传。",
            f"“{name}” carries macros or controls; save it without them.",
        )
    return found


def _check_directory(entries: list[zipfile.ZipInfo], size: int, name: str) -> None:
    names = [entry.filename for entry in entries]
    strange = any(
        part.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part) or re.match(r"[A-Za-z]:", part)
        for part in names
    )
    unpacked = sum(entry.file_size for entry in entries)
    if strange or len(set(names)) != len(names):
        raise _unsafe(name)
    if len(names) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > _MIB + MOST_RATIO * size:
        raise _bomb(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _protected(name)


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack piece by piece: no more than the directory promised is read, and the sum is checked at the end."""
    with archive.open(entry) as part:
        while part.read(_MIB):
            pass


def _macro_parts(data: bytes, names: list[str]) -> Iterator[bool]:
    yield from (_MACROS.search(part.lower()) is not None for part in names)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in names:
            if part == "[Content_Types].xml":
                yield b"macroenabled" in archive.read(part).lower()
            elif part.endswith("settings.xml.rels"):
                # A template elsewhere may bring macros when the file is opened.
                yield b"attachedTemplate" in archive.read(part)


def _damaged(name: str) -> Refused:
    return Refused("damaged", f"“{name}”已损坏或不完整，请重新导出后再上传。", f"“{name}” is damaged; export it again.")


def _protected(name: str) -> Refused:
    return Refused("protected", f"“{name}”设了密码，请取消密码后再上传。", f"“{name}” has a password; remove it.")


def _unsafe(name: str) -> Refused:
    return Refused(
        "unsafe",
        f"“{name}”的结构异常，请重新压缩或另存后再上传。",
        f"“{name}” is built in an unsafe way; save it anew.",
    )


def _bomb(name: str) -> Refused:
    return Refused("bomb", f"“{name}”解压后过大，不予接收。", f"“{name}” unpacks to far too much.")
