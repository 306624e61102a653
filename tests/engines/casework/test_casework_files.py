"""Files are what their content says; what carries a program, a password or a bomb is turned away."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest

from jineng.engines.casework import FileKind, Inspected, Refused, inspect_file
from jineng.engines.casework import files as casework_files

ALL = tuple(FileKind)


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(body: bytes = b"1 0 obj << /Type /Catalog >> endobj") -> bytes:
    return b"%PDF-1.7\n" + body + b"\ntrailer << >>\nstartxref\n0\n%%EOF\n"


def png(width: int = 4, height: int = 3) -> bytes:
    size = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + size + b"\x08\x02\x00\x00\x00....IEND\xaeB`\x82"


def jpg(frame: bytes = b"\xff\xc0\x00\x11\x08\x00\x03\x00\x04\x03", end: bytes = b"\xff\xd9") -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x04JF" + b"\xff" + frame + b"." * 40 + end


TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats"/></Types>'
WORD = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", "word/_rels/settings.xml.rels": b"<Relationships/>"}
GOOD: dict[str, bytes] = {
    "a.pdf": pdf(),
    "a.docx": packed(WORD),
    "a.xlsx": packed({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": TYPES}),
    "a.pptx": packed({"ppt/presentation.xml": b"<p/>"}, zipfile.ZIP_STORED),
    "a.ofd": packed({"OFD.xml": b"<o/>"}),
    "a.jpg": jpg(),
    "b.JPEG": jpg(b"\xc2\x00\x11\x08\x00\x03\x00\x04\x03", b"\xff\xd9\x00trail"),
    "a.png": png(),
    "a.mp4": b"\x00\x00\x00\x18ftypisom....",
    "a.zip": packed({"x/a.txt": b"x" * 3_000_000}, zipfile.ZIP_STORED),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_its_content_says(name: str) -> None:
    data = GOOD[name]
    kind = FileKind(name.rpartition(".")[2].lower().replace("jpeg", "jpg"))
    assert inspect_file(data, name, ALL, 10**7) == Inspected(kind, len(data), hashlib.sha256(data).hexdigest())


def refused(data: bytes, name: str, accept: tuple[FileKind, ...] = ALL, most: int = 10**7) -> str:
    with pytest.raises(Refused) as found:
        inspect_file(data, name, accept, most)
    assert name in found.value.zh
    assert name in found.value.en
    return found.value.code


def broken(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


LISTED = b"PK\x01\x02\x14\x03\x14\x00"
HIDDEN = zlib.compress(b"1 0 << /S /JavaScript >>")
CONTENT = zlib.compress(b"/JS (in a picture)")


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        ("empty_file", "a.pdf", b""),
        ("too_big", "a.pdf", pdf() + b"x" * 10**7),
        ("wrong_name", "a.docx", pdf()),
        ("wrong_name", "pdf", pdf()),
        ("wrong_name", "a.pdf.exe", pdf()),
        ("unknown_kind", "a.pdf", b"MZ\x90\x00"),
        ("unknown_kind", "a.mp4", b"\x00\x00\x00\x18ftypheic"),
        ("damaged", "a.pdf", pdf()[:-8]),
        ("protected", "a.pdf", pdf(b"<< /Encrypt 5 0 R >>")),
        ("active", "a.pdf", pdf(b"<< /S /JavaScript /JS (x) >>")),
        ("active", "a.pdf", pdf(b"<< /S /J#61vaScript >>")),
        ("active", "a.pdf", pdf(b"<< /S/Launch/F(x) >>")),
        ("active", "a.pdf", pdf(b"<< /Type /ObjStm >> stream\n" + HIDDEN + b"endstream")),
        ("active", "a.pdf", pdf(b"<< /Type /ObjStm >> stream\r\n/JavaScript endstream")),
        ("active", "a.pdf", b"%PDF-1.7 %%EOF /JS"),
        ("damaged", "a.jpg", jpg()[:-2]),
        ("damaged", "a.jpg", jpg(b"\xda\x00")),
        ("damaged", "a.jpg", b"\xff\xd8\xff"),
        ("too_many_pixels", "a.jpg", jpg(b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03")),
        ("damaged", "a.png", png()[:-8]),
        ("damaged", "a.png", png(0)),
        ("too_many_pixels", "a.png", png(30_000, 30_000)),
        ("old_office", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("protected", "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        ("damaged", "a.docx", GOOD["a.docx"][:-30]),
        ("damaged", "a.pptx", broken(GOOD["a.pptx"], b"<p/>", b"<q/>")),
        ("macros", "a.docx", packed({**WORD, "word/vbaProject.bin": b"x"})),
        ("macros", "a.docx", packed({**WORD, "[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled"})),
        ("macros", "a.docx", packed({**WORD, "word/_rels/settings.xml.rels": b'Type="x/attachedTemplate"'})),
        ("macros", "a.xlsx", packed({"xl/workbook.xml": b"", "xl/macrosheets/sheet1.xml": b""})),
        ("macros", "a.xlsx", packed({"xl/workbook.xml": b"", "xl/activeX/a.xml": b""})),
        ("bomb", "a.zip", packed({"a": b"0" * 30_000_000})),
        ("bomb", "a.zip", packed({f"{n}": b"" for n in range(30)})),
        ("unsafe", "a.zip", packed({"../a": b""})),
        ("unsafe", "a.zip", packed({"/a": b""})),
        ("unsafe", "a.zip", packed({"C:a": b""})),
        ("protected", "a.zip", broken(packed({"a": b"x"}), LISTED + b"\x00", LISTED + b"\x01")),
    ],
)  # fmt: skip
def test_what_is_turned_away(code: str, name: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casework_files, "MOST_PARTS", 20)
    assert refused(data, name) == code


def test_a_name_given_twice_is_turned_away() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    assert refused(out.getvalue(), "a.zip") == "unsafe"


def test_only_accepted_kinds_are_taken_and_they_are_named() -> None:
    with pytest.raises(Refused, match="请上传 PDF、JPG"):
        inspect_file(png(), "a.png", (FileKind.JPG, FileKind.PDF), 10**7)
    assert refused(GOOD["a.zip"], "a.zip", (FileKind.PDF,)) == "not_accepted"


def test_what_looks_active_within_a_picture_or_a_longer_name_is_none() -> None:
    body = b"<< /JSX 1 /Length 9 >> stream\n" + CONTENT + b"/JS endstream << /Names /JavaScripts >>"
    assert inspect_file(pdf(body), "a.pdf", ALL, 10**7).kind is FileKind.PDF
