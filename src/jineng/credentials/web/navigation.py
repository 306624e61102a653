"""The room's lines in the page shell, its tasks, and the doors to its records."""

from __future__ import annotations

from django.urls import reverse

from jineng.credentials.kinds import Stage
from jineng.credentials.models import AssessmentSession, EntrySheet
from jineng.credentials.queries import waiting_sessions
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks

add_section("credentials", 70, "证书", "Credentials")
add_nav(
    NavItem("credentials", 60, "技能标准", "Standards", "skill_standards", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 61, "证书试点", "Pilots", "certificate_pilots", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 62, "证书考核", "Sessions", "assessment_sessions", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 63, "考核站点", "Sites", "assessment_sites", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 64, "证书", "Certificates", "certificates", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 65, "学分账户", "Credits", "credit_accounts", Right.VIEW_CREDENTIALS),
    NavItem("credentials", 66, "学分转换办法", "Schemes", "credit_schemes", Right.VIEW_CREDENTIALS),
)
STANDARDS = NaturalKey("skill_standards", {"standard_code": "code"})
BATCHES = NaturalKey("pilot_batches", {"batch_number": "number"})
PILOTS = NaturalKey(
    "certificate_pilots",
    {
        "batch_number": "batch__number",
        "org_code": "institution__code",
        "certificate_code": "certificate_type__code",
        "level": "level",
    },
)
open_records("skill_standard", RecordDoor("credentials.SkillStandard", "skill_standard", "职业技能等级标准", STANDARDS))
open_records("pilot_batch", RecordDoor("credentials.PilotBatch", "pilot_batch", "证书试点批次", BATCHES))
open_records("certificate_pilot", RecordDoor("credentials.CertificatePilot", "certificate_pilot", "证书试点", PILOTS))
open_records("candidate", RecordDoor("credentials.Candidate", "candidate", "考生"))
open_records("certificate", RecordDoor("credentials.Certificate", "certificate", "证书"))
URGENT = 40


def _results_on_their_way(actor: Actor) -> list[Task]:
    """Sessions whose results wait for this actor: a second entry, the comparison, the certificates."""
    if not actor.may(Right.EDIT_CREDENTIALS):
        return []
    found = [(session, _due(actor, session)) for session in waiting_sessions(actor)]
    return [
        Task(
            URGENT,
            f"{words}：{session}",
            f"场次 {session.code} session {session.code}",
            reverse(route, args=[session.pk]),
            f"{session.held_on:%Y-%m-%d}",
        )
        for session, due in found
        if due is not None
        for words, route in (due,)
    ]


def _due(actor: Actor, session: AssessmentSession) -> tuple[str, str] | None:
    """What the session waits for from this actor, and the page where it is done."""
    sheets: list[EntrySheet] = getattr(session, "own_sheets", [])
    mine = next((sheet for sheet in sheets if sheet.account_id == actor.account_id), None)
    if session.stage == Stage.SETTLED:
        return "待发证", "issue_certificates"
    if session.stage == Stage.COMPARED:
        return "待核对成绩", "assessment_session" if mine else "settle_results"
    if mine is not None and mine.handed_in_at is None:
        return "成绩未录完", "enter_results"
    return ("待第二次录入成绩", "enter_results") if mine is None and len(sheets) < 2 else None


add_tasks(_results_on_their_way)
