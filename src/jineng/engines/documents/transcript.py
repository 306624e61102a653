"""A learner's transcript: PDF/A-3b in portrait, as many pages as it takes, that carries its learner record inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from . import codes
from .fonts import FontSet
from .paper import set_paper
from .tree import chinese_date


@dataclass(frozen=True)
class TranscriptRow:
    """One thing achieved, or one line of credits: what, of which kind, by whom, when; ``credits`` as printed."""

    title: str
    kind: str
    issuer: str
    on: str
    credits: str = ""


@dataclass(frozen=True)
class TranscriptPaper:
    """What is printed: whose, what was achieved and recognised, by whom it is handed out, where it can be checked."""

    holder: str
    code: str
    balance: str
    achieved: tuple[TranscriptRow, ...]
    recognised: tuple[TranscriptRow, ...]
    issuer: str
    issued_on: date
    good_until: date
    link: str


def render_transcript(paper: TranscriptPaper, record: str, fonts: FontSet | None = None) -> bytes:
    """The transcript as PDF/A-3b with ``record`` (JSON) attached; the same paper gives the same bytes.

    Raises:
        FontError: this machine has no Chinese face.
        DocumentError: the paper cannot be set.
    """
    told = asdict(paper) | {
        "issued_on": chinese_date(paper.issued_on),
        "good_until": chinese_date(paper.good_until),
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "qr": codes.render_svg(paper.link, quiet=0),
        "record": record,
    }
    stamp = datetime.combine(paper.issued_on, time(), tzinfo=UTC)
    return set_paper("transcript", told, fonts, format="pdf", pdf_standards="a-3b", timestamp=stamp)
