"""A certificate that cannot be set is told so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import typst

from jineng.engines.documents import certificate
from jineng.engines.documents.certificate import CertificatePaper, render_certificate, render_picture
from jineng.engines.documents.tree import DocumentError

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
    monkeypatch.setattr(certificate, "_typesetter", lambda *_: gives(answer))
    for render in (lambda: render_certificate(PAPER, "{}"), lambda: render_picture(PAPER)):
        with pytest.raises(DocumentError, match=words):
            render()
