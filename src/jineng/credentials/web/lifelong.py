"""What the room tells of a person's whole way: assessments, certificates, credits, transcripts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID

from jineng.credentials.kinds import AchievementKind, Attendance, Outcome
from jineng.credentials.models import Achievement, Candidate, Certificate, CreditAccount, CreditPosting
from jineng.credentials.verbs import export_transcript
from jineng.credentials.web.tables import ATTENDANCE_MARKS, CERTIFICATE_MARKS, OUTCOME_MARKS
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.lifelong import Stage, tell_stages
from jineng.registry.scope import visible

WAYS = {
    "granted": ("已认定 Granted", "ok"),
    "in": ("转入 Transferred in", "ok"),
    "out": ("转出 Transferred out", "plain"),
    "reversed": ("冲销 Reversed", "warn"),
}


def assessed(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Assessments with what came of them, and certificates with what they are today."""
    sat = visible(actor, Candidate).filter(STANDS, person__in=person_ids, session__voided_at__isnull=True)
    for row in sat.select_related("session__certificate_type"):
        known, came = Outcome(row.outcome) if row.outcome else None, Attendance(row.attendance)
        yield Stage(
            row.session.held_on,
            "证书考核 Assessment",
            f"{row.session.certificate_type.name}（{row.session.get_level_display()}）",
            row.session.host_id,
            str(known.label if known else came.label),
            OUTCOME_MARKS[known] if known else ATTENDANCE_MARKS[came],
            "candidate",
            row.pk,
        )
    held = visible(actor, Certificate).filter(STANDS, person__in=person_ids)
    for one in held.select_related("certificate_type", "session"):
        status = one.status_on(clock.today())
        yield Stage(
            one.issued_on,
            "证书 Certificate",
            f"{one.certificate_type.name}（{one.get_level_display()}）{one.number}",
            one.session.body_id,
            str(status.label),
            CERTIFICATE_MARKS[status],
            "certificate",
            one.pk,
            one.revoked_on,
        )


def credited(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """What was stated besides certificates, and the lines of the ledger."""
    stated = visible(actor, Achievement).filter(STANDS, person__in=person_ids)
    for thing in stated.exclude(kind=AchievementKind.CERTIFICATE):
        kind = f"学习成果 {AchievementKind(thing.kind).label}"
        yield Stage(thing.obtained_on, kind, thing.title, thing.institution_id, "已登记 Stated", "data")
    lines = visible(actor, CreditPosting).filter(account__person__in=person_ids)
    for line in lines.select_related("achievement", "rule"):
        state, mark = WAYS[line.way]
        yield Stage(
            line.posted_on,
            "学分 Credits",
            f"{line.achievement.title} → {line.rule.target} {line.credits.normalize():+f}",
            line.school_id,
            state,
            mark,
            "credit_account",
            line.account_id,
        )


def handed_out(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Transcripts that offices handed out, by the lines of the audit trail."""
    accounts = {
        str(pk): pk for pk in visible(actor, CreditAccount).filter(person__in=person_ids).values_list("pk", flat=True)
    }
    lines = visible(actor, AuditLine).filter(
        subject_type=CreditAccount._meta.label, subject_id__in=accounts, verb=export_transcript.__name__
    )
    for at, office, account in lines.values_list("at", "organisation_id", "subject_id"):
        day = _day(at)
        yield Stage(
            day, "成绩单 Transcript", "成绩单", office, "已出具 Handed out", "data", "credit_account", accounts[account]
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.CHINA).date()


tell_stages(Right.VIEW_CREDENTIALS, assessed)
tell_stages(Right.VIEW_CREDENTIALS, credited)
tell_stages(Right.VIEW_AUDIT, handed_out)
