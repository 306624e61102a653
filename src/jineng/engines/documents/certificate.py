"""A certificate on one landscape page: PDF/A-3b that carries its credential inside, or a PNG picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from . import codes
from .fonts import FontSet
from .paper import set_paper
from .tree import chinese_date

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


def _compiled(paper: CertificatePaper, credential: str, fonts: FontSet | None, **options: Any) -> bytes:
    told = asdict(paper) | {
        "issued_on": chinese_date(paper.issued_on),
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "qr": codes.render_svg(paper.link, quiet=0),
        "credential": credential,
    }
    return set_paper("certificate", told, fonts, **options)
