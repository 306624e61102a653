"""A certificate that cannot be set is told so; a transcript carries its record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import typst

from jineng.engines.documents import paper
from jineng.engines.documents.certificate import CertificatePaper, render_certificate, render_picture
from jineng.engines.documents.transcript import TranscriptPaper, TranscriptRow, render_transcript
from jineng.engines.documents.tree import DocumentError
from jineng.engines.seals.baking import attached

PAPER = CertificatePaper(
    "职业技能等级证书", "Certificate", "张示例", "达到中级", "GS-2021-1", "x", "某机构", date(2021, 12, 31), "https://example.org/"
)  # fmt: skip


def gives(answer: Callable[[], Any]) -> Any:
    class Typesetter:
        def compile(self, **_: object) -> Any:
            return answer()

    return Typesetter()


def fails() -> Any:
    raise typst.TypstError("no such face")


@pytest.mark.parametrize(("answer", "words"), [(fails, "排版失败"), (lambda: None, "没有结果")])
def test_what_cannot_be_set_is_told(answer: Callable[[], Any], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_typesetter", lambda *_: gives(answer))
    for render in (lambda: render_certificate(PAPER, "{}"), lambda: render_picture(PAPER)):
        with pytest.raises(DocumentError, match=words):
            render()


def test_a_transcript_carries_its_record_on_as_many_pages_as_it_takes() -> None:
    rows = tuple(TranscriptRow(f"课程 {n} #let x", "课程", "某校", "2021-05-01", "+3") for n in range(60))
    paper = TranscriptPaper(
        "张示例", "ABCD-2345", "8", rows, rows[:1], "某局", date(2021, 9, 1), date(2021, 11, 30), "https://example.org/"
    )
    made = render_transcript(paper, '{"a": "记录"}')
    assert attached(made) == '{"a": "记录"}'.encode()
    assert made == render_transcript(paper, '{"a": "记录"}')
    assert len(re.findall(rb"/Type\s*/Page\b", made)) > 1


def in_transcript() -> bytes:
    row = TranscriptRow("课程", "课程", "某校", "2021-05-01", "+3")
    told = (
        "张示例",
        "ABCD-2345",
        "8",
        (row,),
        (row,),
        "某局",
        date(2021, 9, 1),
        date(2021, 11, 30),
        "https://example.org/",
    )
    return render_transcript(TranscriptPaper(*told), "{}")


@pytest.mark.parametrize(
    "made", [lambda: render_certificate(PAPER, "{}"), in_transcript], ids=["certificate", "transcript"]
)
def test_papers_are_fit_for_archives(made: Callable[[], bytes]) -> None:
    """What ISO 19005-3, level B, asks of a file and what can be read off it without a validator."""
    content = made()
    objects = re.findall(rb"\d+ 0 obj(.*?)endobj", content, re.DOTALL)
    catalog = next(each for each in objects if b"/Type/Catalog" in each)

    def named(owner: bytes, key: bytes) -> bytes:
        """What a key leads to; a list of one is that one."""
        number = re.search(rb"/" + key + rb"\[?\s*(\d+) 0 R", owner)
        found: re.Match[bytes] | None = None
        while number:
            found = re.search(rb"\b" + number[1] + rb" 0 obj(.*?)endobj", content, re.DOTALL)
            assert found
            number = re.fullmatch(rb"\s*\[(\d+) 0 R\]\s*", found[1])
        assert found, (key, owner)
        return found[1]

    assert re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", content)
    assert re.search(rb"/ID\s*\[", content.rpartition(b"trailer")[2] or content)
    meta = named(catalog, b"Metadata")
    assert b"/Filter" not in meta.partition(b"stream")[0], "the metadata stands in clear"
    for told in (b"<pdfaid:part>3<", b"<pdfaid:conformance>B<", b"<dc:title>"):
        assert told in meta
    intent = named(catalog, b"OutputIntents")
    assert b"/S/GTS_PDFA1" in intent
    assert b"/N 3" in named(intent, b"DestOutputProfile")
    faces = [each for each in objects if b"/Type/FontDescriptor" in each]
    assert faces
    assert all(named(each, b"FontFile3") for each in faces)
    file = named(catalog, b"AF")
    assert b"/AFRelationship/Data" in file
    assert all(re.search(rb"/" + key + rb"\s*\(", file) for key in (b"F", b"UF", b"Desc"))
    for banned in (b"/Encrypt", b"/JavaScript", b"/Launch", b"/LZWDecode", b"/XFA", b"/OpenAction"):
        assert banned not in content
