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
