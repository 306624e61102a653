"""Admission slips (准考证), a page each: PDF/A-2b in portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from . import codes
from .fonts import FontSet
from .paper import set_paper


@dataclass(frozen=True)
class SlipPaper:
    """What one slip says: whose, the lines of its table, who holds the session, and where it is checked (``link``)."""

    holder: str
    number: str
    lines: tuple[tuple[str, str], ...]
    issuer: str
    link: str


def render_slips(papers: Sequence[SlipPaper], rules: Sequence[str], day: date, fonts: FontSet | None = None) -> bytes:
    """The slips as one PDF in the order given, each with the same ``rules``; ``day`` is when they are handed out.

    Raises:
        FontError: this machine has no Chinese face.
        DocumentError: the slips cannot be set.
    """
    told = {
        "slips": [asdict(paper) | {"qr": codes.render_svg(paper.link, quiet=0)} for paper in papers],
        "rules": list(rules),
        "date": [day.year, day.month, day.day],
    }
    return set_paper(
        "slip", told, fonts, format="pdf", pdf_standards="a-2b", timestamp=datetime.combine(day, time(), tzinfo=UTC)
    )
