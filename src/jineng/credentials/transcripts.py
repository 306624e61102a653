"""A learner's transcript as a learner record: what is told of each achievement and each line of credits, unsigned."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from jineng.credentials.codes import check_code, salt_of, spoken
from jineng.credentials.kinds import AchievementKind, Direction
from jineng.credentials.models import Achievement, Certificate, CreditAccount, CreditPosting
from jineng.credentials.sealing import address, holder_text
from jineng.engines.documents.transcript import TranscriptPaper, TranscriptRow, render_transcript
from jineng.engines.seals.badges import Achievement as Achieved
from jineng.engines.seals.badges import Holder, Issuer, badge
from jineng.engines.seals.records import Association
from jineng.kernel import clock

GOOD_DAYS = 90
"""How long a record is good: a line that is reversed, or a statement struck out, stands in no status list."""
KINDS = {
    AchievementKind.CERTIFICATE: "Certificate",
    AchievementKind.COURSE: "Course",
    AchievementKind.TRAINING: "CertificateOfCompletion",
    AchievementKind.COMPETITION: "Award",
    AchievementKind.PRIOR: "ext:PriorLearning",
    Direction.COURSE: "Course",
    Direction.UNIT: "ext:CertificateUnit",
}
"""Words of Open Badges for what is achieved and for what it is recognised as."""


@dataclass(frozen=True)
class Transcript:
    """A signed learner record and what of it is printed."""

    paper: TranscriptPaper
    record: dict[str, Any]

    def text(self) -> str:
        """The record as JSON."""
        return json.dumps(self.record, ensure_ascii=False)


FORMS: dict[str, tuple[str, Callable[[Transcript], bytes]]] = {
    "json": ("application/vc+json", lambda it: it.text().encode()),
    "pdf": ("application/pdf", lambda it: render_transcript(it.paper, it.text())),
}
"""Media type and maker of each form."""


def last_day(day: dt.date) -> dt.date:
    """Until when a record of that day is good."""
    return day + dt.timedelta(days=GOOD_DAYS)


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), clock.CHINA)


def holder_of(printed: UUID, name: str) -> Holder:
    """The learner, told to who knows the name and the code of ``printed`` (an account, a certificate) on the paper."""
    return Holder(holder_text(name, printed), salt_of(printed))


def achieved_id(issuer: Issuer, thing: Achievement) -> str:
    """The address of what was achieved: the same for all whom one organisation states it of."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{issuer.id}/achievements/{thing.kind}/{thing.code}')}"


def statement_badge(thing: Achievement, issuer: Issuer, holder: Holder, until: dt.date) -> dict[str, Any]:
    """What an organisation stated (no certificate: that has a credential of its own), as an achievement credential."""
    return badge(
        f"urn:uuid:{thing.pk}",
        issuer,
        Achieved(
            achieved_id(issuer, thing),
            thing.title,
            f"{AchievementKind(thing.kind).label}，由出具单位登记。 Stated by the issuer.",
            "出具单位登记的学习成果。 An achievement that the issuer stated under its seal.",
            kind=KINDS[AchievementKind(thing.kind)],
            code=thing.code,
        ),
        holder,
        dt.datetime.combine(thing.obtained_on, dt.time(), clock.CHINA),
        valid_until=end_of(until),
    )


def line_badge(line: CreditPosting, issuer: Issuer, holder: Holder, until: dt.date) -> dict[str, Any]:
    """An open line of the ledger: what a school recognised, by which rule, for how many credits."""
    return badge(
        f"urn:uuid:{line.pk}",
        issuer,
        Achieved(
            f"urn:uuid:{line.rule_id}",
            line.rule.target,
            f"{Direction(line.rule.direction).label}，由学分转换认定。 Recognised by conversion of credits.",
            f"依据规则 {line.rule.code}，由“{line.achievement.title}”认定。 Recognised by the school's rule.",
            kind=KINDS[Direction(line.rule.direction)],
            code=line.rule.code,
        ),
        holder,
        dt.datetime.combine(line.posted_on, dt.time(), clock.CHINA),
        valid_until=end_of(until),
        earned=float(line.credits),
    )


def associations(sources: dict[Any, str], lines: Sequence[CreditPosting]) -> list[Association]:
    """Which achievement each line was recognised for; ``sources`` are addresses of what was achieved, by key."""
    pairs = {
        (sources[line.achievement_id], str(line.rule_id)): None for line in lines if line.achievement_id in sources
    }
    return [Association(source, f"urn:uuid:{rule}") for source, rule in pairs]


def paper_of(
    printed: UUID,
    balance: Decimal,
    name: str,
    held: Sequence[Certificate],
    stated: Sequence[tuple[Achievement, str]],
    lines: Sequence[tuple[CreditPosting, str]],
    issuer: str,
) -> TranscriptPaper:
    """What is printed of a record of today, with the code of ``printed``; achievements and lines come with the names of
    who stated them."""
    certificate = AchievementKind.CERTIFICATE.label
    achieved = [
        TranscriptRow(
            f"{one.seal.credential['name']} {one.number}",
            certificate,
            one.seal.credential["issuer"]["name"],
            one.issued_on.isoformat(),
        )
        for one in held
    ]
    achieved += [
        TranscriptRow(one.title, AchievementKind(one.kind).label, by, one.obtained_on.isoformat()) for one, by in stated
    ]
    return TranscriptPaper(
        holder=name,
        code=spoken(check_code(printed)),
        balance=f"{balance.normalize():f}",
        achieved=tuple(sorted(achieved, key=lambda row: (row.on, row.title))),
        recognised=tuple(
            TranscriptRow(
                line.rule.target,
                Direction(line.rule.direction).label,
                by,
                line.posted_on.isoformat(),
                f"{line.credits.normalize():f}",
            )
            for line, by in lines
        ),
        issuer=issuer,
        issued_on=clock.today(),
        good_until=last_day(clock.today()),
        link=address("verify"),
    )


def is_partial(account: CreditAccount, lines: Sequence[CreditPosting]) -> bool:
    """Whether lines of the account lie out of sight of whoever hands the record out."""
    return sum((line.credits for line in lines), Decimal(0)) != account.balance
