"""Tables of the room's lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django_tables2 import A, Table

from jineng.credentials.kinds import Attendance, CertificateStatus, Outcome, PilotStatus, Stage
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, CertificatePilot, SkillStandard
from jineng.credentials.queries import chair_of
from jineng.credentials.rules import say_levels
from jineng.kernel import clock
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, MarkColumn, NumberColumn
from jineng.kernel.web.components import mark_of

UNSEEN = "（可见范围之外的单位）"
VOID, VOID_MARK = "已作废", "red"
PILOT_MARKS = {
    PilotStatus.APPLIED: "data",
    PilotStatus.STANDING: "ok",
    PilotStatus.REFUSED: "plain",
    PilotStatus.WITHDRAWN: "warn",
}
STAGE_MARKS = {
    Stage.OPEN: "plain",
    Stage.ENTERING: "data",
    Stage.COMPARED: "warn",
    Stage.SETTLED: "data",
    Stage.CERTIFIED: "ok",
}
CERTIFICATE_MARKS = {
    CertificateStatus.HELD: "ok",
    CertificateStatus.SUSPENDED: "warn",
    CertificateStatus.REVOKED: "warn",
    CertificateStatus.VOID: VOID_MARK,
}
ATTENDANCE_MARKS = {Attendance.REGISTERED: "data", Attendance.SAT: "ok", Attendance.ABSENT: "warn"}
OUTCOME_MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "plain"}


class StatusColumn(ListColumn):
    """What a record is today, as a mark; rows tell by ``status_on``."""

    def __init__(self, *args: Any, marks: dict[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, accessor="pk", orderable=False, **kwargs)
        self.marks = marks

    def render(self, record: Any) -> str:
        """The status as a mark."""
        status = record.status_on(clock.today())
        kind = VOID_MARK if record.is_void else self.marks[status]
        return mark_of(kind, self.value(record))

    def value(self, record: Any) -> str:
        """The status in words."""
        return VOID if record.is_void else str(record.status_on(clock.today()).label)


class OrganisationColumn(ListColumn):
    """The name of an organisation that may lie out of sight."""

    empty_values = (None,)

    def render(self, value: str) -> str:
        """The name, or that it lies out of sight."""
        return value or UNSEEN


def say_developers(names: Sequence[str]) -> str:
    """Names of organisations; those that lie out of sight are counted."""
    seen = [name for name in names if name]
    hidden = len(names) - len(seen)
    return "、".join(seen + ([UNSEEN if hidden == 1 else f"（可见范围之外的{hidden}个单位）"] if hidden else []))


class StandardTable(Table):
    """Standards, each a door."""

    name = ListColumn(verbose_name="标准 Standard", linkify=("skill_standard", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    edition = NumberColumn(verbose_name="版次 Edition")
    levels = ListColumn(verbose_name="等级 Levels", orderable=False)
    named = ListColumn(verbose_name="开发单位 Developed by", orderable=False, empty_values=())
    published_on = DateColumn(verbose_name="发布 Published")
    withdrawn_on = DateColumn(verbose_name="废止 Withdrawn")

    def render_levels(self, value: list[str]) -> str:
        """The levels in words."""
        return say_levels(value)

    def value_levels(self, value: list[str]) -> str:
        """The same in exports."""
        return say_levels(value)

    def render_named(self, record: Any) -> str:
        """The developers, the leads first."""
        return say_developers([developer.organisation_name for developer in record.named])

    def value_named(self, record: Any) -> str:
        """The same in exports."""
        return self.render_named(record)

    class Meta:
        """By code."""

        model = SkillStandard
        fields: tuple[str, ...] = ()
        order_by = ("code",)


class PilotTable(Table):
    """Pilots, each a door."""

    certificate = ListColumn(
        verbose_name="证书 Certificate",
        accessor="certificate_type__name",
        linkify=("certificate_pilot", {"pk": A("pk")}),
    )
    level = ListColumn(verbose_name="等级 Level", accessor="get_level_display", order_by=("level",))
    institution = OrganisationColumn(verbose_name="院校 Institution", accessor="institution_name")
    batch = ListColumn(verbose_name="批次 Batch", accessor="batch", order_by=("batch__number",))
    planned = NumberColumn(verbose_name="计划人数 Planned")
    applied_on = DateColumn(verbose_name="申报 Applied")
    approved_on = DateColumn(verbose_name="批准 Approved")
    status = StatusColumn(verbose_name="状态 Status", marks=PILOT_MARKS)

    class Meta:
        """Only what stands above."""

        model = CertificatePilot
        fields: tuple[str, ...] = ()


class SessionTable(Table):
    """Sessions, each a door."""

    certificate = ListColumn(
        verbose_name="证书 Certificate",
        accessor="certificate_type__name",
        linkify=("assessment_session", {"pk": A("pk")}),
    )
    level = ListColumn(verbose_name="等级 Level", accessor="get_level_display", order_by=("level",))
    host = OrganisationColumn(verbose_name="承办院校 Host", accessor="host_name")
    code = CodeColumn(verbose_name="场次号 Code")
    held_on = DateColumn(verbose_name="考核日期 Held on")
    candidate_count = NumberColumn(verbose_name="可见考生 Candidates in sight")
    capacity = NumberColumn(verbose_name="容量 Capacity")
    stage = ListColumn(verbose_name="进度 Stage", accessor="stage", orderable=False)

    def render_stage(self, value: Stage) -> str:
        """How far it is, as a mark."""
        return mark_of(STAGE_MARKS[value], value.label)

    def value_stage(self, value: Stage) -> str:
        """The same in exports."""
        return str(value.label)

    class Meta:
        """Only what stands above."""

        model = AssessmentSession
        fields: tuple[str, ...] = ()


class CandidateTable(Table):
    """Candidates of a session, each a door; names are masked."""

    person = ListColumn(
        verbose_name="考生 Candidate",
        accessor="person__masked_name",
        orderable=False,
        linkify=("candidate", {"pk": A("pk")}),
    )
    seat = NumberColumn(verbose_name="座位号 Seat")
    room = ListColumn(verbose_name="考场 Room", accessor="pk", orderable=False)
    institution = OrganisationColumn(verbose_name="所在院校 School", accessor="institution_name")
    attendance = MarkColumn(verbose_name="到考 Attendance", kinds=ATTENDANCE_MARKS)
    outcome = MarkColumn(verbose_name="结果 Outcome", kinds=OUTCOME_MARKS)
    score = NumberColumn(verbose_name="成绩 Score")

    def render_room(self, record: Candidate) -> str:
        """The room and the seat in it."""
        chair = chair_of(record)
        return f"{chair.room} {chair.number} 号" if chair else "—"

    def value_room(self, record: Candidate) -> str:
        """The same in exports."""
        return self.render_room(record)

    class Meta:
        """By seat."""

        model = Candidate
        fields: tuple[str, ...] = ()
        order_by = ("seat",)


class CertificateTable(Table):
    """Certificates, each a door; names are masked."""

    number = CodeColumn(verbose_name="证书编号 Number", linkify=("certificate", {"pk": A("pk")}))
    person = ListColumn(verbose_name="持证人 Holder", accessor="person__masked_name", orderable=False)
    certificate = ListColumn(verbose_name="证书 Certificate", accessor="certificate_type__name")
    level = ListColumn(verbose_name="等级 Level", accessor="get_level_display", order_by=("level",))
    institution = OrganisationColumn(verbose_name="所在院校 School", accessor="institution_name")
    issued_on = DateColumn(verbose_name="发证 Issued")
    revoked_on = DateColumn(verbose_name="撤销 Revoked")
    status = StatusColumn(verbose_name="状态 Status", marks=CERTIFICATE_MARKS)

    class Meta:
        """Only what stands above."""

        model = Certificate
        fields: tuple[str, ...] = ()
