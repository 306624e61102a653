"""Admission letters: a sealed fact set as a page, with a code that leads to how the admission stands now."""

from __future__ import annotations

from datetime import date
from textwrap import wrap

from jineng.admissions.kinds import ProgrammeLevel
from jineng.admissions.tickets import LetterFacts
from jineng.engines.documents.pdf import render_pdf
from jineng.engines.documents.tree import Document, Paragraph, QrCode, Strong, Text, chinese_date
from jineng.engines.seals.signing import Proof

IN_A_GROUP = 8
"""Characters of a seal's value that stand together; it has eleven times as many."""


def letter_statement(facts: LetterFacts, address: str) -> dict[str, str]:
    """What the seal printed on a letter signs: everything in it stands on the letter or in its code."""
    day = facts.confirmed_on or facts.admitted_on or date.min
    return {
        "type": "admission-letter",
        "number": facts.number,
        "institution": facts.institution,
        "programme": facts.programme,
        "confirmed_on": day.isoformat(),
        "address": address,
    }


def seal_line(proof: Proof) -> str:
    """A seal's proof as it is printed: the value in groups, since a line is not broken within a word."""
    groups = " ".join(wrap(proof["value"], IN_A_GROUP))
    return f"{groups}，密钥 {proof['key_id']}，时间 {proof['created']}"


def letter(facts: LetterFacts, *, seal_line: str, address: str) -> Document:
    """The letter of an admission; the same facts give the same document. ``address`` is what its code leads to."""
    day = facts.confirmed_on or facts.admitted_on or date.min
    level = str(ProgrammeLevel(facts.level).label)
    return Document(
        masthead="录取通知书",
        issue=f"报名号 {facts.number}",
        issuer=facts.institution,
        date=day,
        title=facts.season,
        blocks=(
            Paragraph((Strong(facts.name), Text(" 同学："))),
            Paragraph(
                (
                    Text("经省级招生部门核准，你已被我校"),
                    Strong(facts.programme),
                    Text(f"专业（{level}）录取。请凭本通知书和身份证按时报到。"),
                )
            ),
            Paragraph((Text(f"{facts.institution}　{chinese_date(day)}"),)),
            Paragraph((Text(f"封签：{seal_line}"),)),
            QrCode(address, "扫码核验：本通知书是否由平台签发、录取现在是否有效"),
        ),
    )


def letter_pdf(facts: LetterFacts, *, seal_line: str, address: str) -> bytes:
    """The letter as PDF/A. Raises FontError where this machine has no Chinese face."""
    return render_pdf(letter(facts, seal_line=seal_line, address=address))
