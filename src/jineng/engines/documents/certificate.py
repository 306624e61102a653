"""A certificate on one landscape page: PDF/A-3b that carries its credential inside, or a PNG picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from . import codes
from .colours import LINE, RED, SOFT
from .fonts import SANS, SERIF, FontSet, find_fonts
from .tree import DocumentError, chinese_date

POINTS_PER_INCH = 110


@dataclass(frozen=True)
class CertificatePaper:
    """What is printed: heading, whose, of what, by whom, and where it can be checked (``link``, also as QR)."""

    title: str
    title_en: str
    holder: str
    statement: str
    number: str
    code: str
    issuer: str
    issued_on: date
    link: str
    remark: str = ""


def render_certificate(paper: CertificatePaper, credential: str, fonts: FontSet | None = None) -> bytes:
    """The certificate as PDF/A-3b with ``credential`` (JSON) attached; the same paper gives the same bytes.

    Raises:
        FontError: this machine has no Chinese face.
        DocumentError: the paper cannot be set.
    """
    stamp = datetime.combine(paper.issued_on, time(), tzinfo=UTC)
    return _compiled(paper, credential, fonts, format="pdf", pdf_standards="a-3b", timestamp=stamp)


def render_picture(paper: CertificatePaper, fonts: FontSet | None = None) -> bytes:
    """The certificate as a PNG picture. Raises as :func:`render_certificate`."""
    return _compiled(paper, "", fonts, format="png", ppi=POINTS_PER_INCH)


@cache
def _typesetter(paths: tuple[Path, ...], system: bool) -> typst.Compiler:
    """One for all papers of a process: faces are looked for and read once."""
    template = Path(str(resources.files(__package__) / "data/certificate.typ"))
    return typst.Compiler(
        template,
        root=template.parent,
        font_paths=typst.Fonts(
            include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(path) for path in paths]
        ),
    )


def _compiled(paper: CertificatePaper, credential: str, fonts: FontSet | None, **options: Any) -> bytes:
    fonts = fonts or find_fonts()
    faces = {
        role: {"family": face.family, "weight": face.weight}
        for role in ("song", "hei", "fang", "kai")
        for face in (getattr(fonts, role),)
    }
    told = asdict(paper) | {
        "issued_on": chinese_date(paper.issued_on),
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "qr": codes.render_svg(paper.link, quiet=0),
        "credential": credential,
        "fonts": faces,
        "fallback": [SERIF, SANS] if fonts.system else [SANS],
        "colours": {"red": RED, "soft": SOFT, "line": LINE},
    }
    compiler = _typesetter(fonts.paths, fonts.system)
    try:
        made = compiler.compile(sys_inputs={"doc": json.dumps(told, ensure_ascii=False, sort_keys=True)}, **options)
    except typst.TypstError as error:
        raise DocumentError(f"证书排版失败：{error} The certificate cannot be set: {error}") from error
    if not isinstance(made, bytes):
        raise DocumentError("证书排版没有结果。 Setting the certificate gave nothing.")
    return made
