"""Assessment sessions, what they consist of, and who came."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from jineng.credentials.kinds import Attendance, Outcome, SkillLevel, Stage
from jineng.credentials.models.sites import AssessmentSite
from jineng.credentials.models.standards import CertificateType
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person


@with_history
class AssessmentSession(Recorded):
    """An assessment for one certificate at one level: whose, where, when, for how many.

    ``code`` is the host's own number of the session. The three moments say how far its results are: both sheets are
    in and may be compared, the results are settled, the certificates are issued. A session whose results came by a
    return has none of them.

    A session may have times on its day, and with them a site: it then takes as many of the site's seats as its
    capacity says, from ``first_seat`` on, so that sessions at the same time share no seat.
    """

    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="承办院校", db_index=False)
    code = models.CharField("场次号", max_length=30)
    certificate_type = models.ForeignKey(CertificateType, models.PROTECT, related_name="sessions", verbose_name="证书")
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="培训评价组织")
    held_on = models.DateField("考核日期")
    capacity = models.PositiveIntegerField("容量")
    place = models.CharField("地点", max_length=100, blank=True, default="")
    site = models.ForeignKey(
        AssessmentSite, models.PROTECT, related_name="sessions", verbose_name="考核站点", null=True, blank=True
    )
    begins_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    first_seat = models.PositiveIntegerField("站点起始座位", null=True, blank=True, editable=False)
    compared_at = models.DateTimeField("两次录入完成", null=True, blank=True, editable=False)
    settled_at = models.DateTimeField("成绩确认", null=True, blank=True, editable=False)
    certified_at = models.DateTimeField("发证", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "证书考核"
        ordering = ["-held_on", "host_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["host", "code"], condition=STANDS, name="assessment_session_once"),
            models.CheckConstraint(name="assessment_session_has_room", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="assessment_session_in_order",
                condition=(Q(settled_at__isnull=True) | Q(compared_at__isnull=False))
                & (Q(certified_at__isnull=True) | Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="assessment_session_ends_after_beginning",
                condition=Q(begins_at__isnull=True, ends_at__isnull=True)
                | Q(begins_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("begins_at")),
            ),
            models.CheckConstraint(
                name="assessment_session_at_a_site_has_times_and_seats",
                condition=Q(site__isnull=True, first_seat__isnull=True)
                | Q(site__isnull=False, first_seat__isnull=False, first_seat__gte=1, begins_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-held_on", "id"], name="assessment_session_latest"),
            models.Index(fields=["host"], name="assessment_session_of_host"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_type.name}（{self.get_level_display()}）{self.held_on}"

    @property
    def stage(self) -> Stage:
        """How far its results are, by the session's own moments.

        Rows of ``queries.sessions_of`` also tell that somebody has begun to enter them, and what a return announced.
        """
        if self.certified_at is not None or getattr(self, "certificates_told", False):
            return Stage.CERTIFIED
        if self.settled_at is not None or getattr(self, "results_told", False):
            return Stage.SETTLED
        if self.compared_at is not None:
            return Stage.COMPARED
        return Stage.ENTERING if getattr(self, "being_entered", False) else Stage.OPEN


@with_history
class AssessmentComponent(Recorded):
    """A part of a session's assessment, such as theory or practice, its full marks and what passes."""

    session = models.ForeignKey(AssessmentSession, models.PROTECT, related_name="components", db_index=False)
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("考核项目", max_length=40)
    full_marks = models.DecimalField("满分", max_digits=5, decimal_places=1)
    pass_marks = models.DecimalField("合格分", max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = "考核项目"
        ordering = ["session_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], condition=STANDS, name="component_order_once"),
            models.UniqueConstraint(fields=["session", "name"], condition=STANDS, name="component_name_once"),
            models.CheckConstraint(
                name="component_can_be_passed", condition=Q(pass_marks__gt=0) & Q(pass_marks__lte=F("full_marks"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class Candidate(Recorded):
    """A learner of ``institution`` in a session: registered, came or stayed away, passed or failed.

    ``seat`` numbers those who registered here, so that results are entered by seat and not by name.
    """

    session = models.ForeignKey(
        AssessmentSession, models.PROTECT, related_name="candidates", verbose_name="场次", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="考生", db_index=False)
    institution = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所在院校")
    seat = models.PositiveIntegerField("座位号", null=True, blank=True, editable=False)
    attendance = models.CharField("到考", max_length=10, choices=Attendance.choices, default=Attendance.REGISTERED)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True, default="")
    score = models.DecimalField("成绩", max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = "考生"
        ordering = ["session_id", "seat", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], condition=STANDS, name="candidate_once"),
            models.UniqueConstraint(
                fields=["session", "seat"], condition=STANDS & Q(seat__isnull=False), name="candidate_seat_once"
            ),
            models.CheckConstraint(
                name="candidate_result_of_who_sat",
                condition=Q(attendance=Attendance.SAT) | Q(outcome="", score__isnull=True),
            ),
            models.CheckConstraint(name="candidate_score", condition=Q(score__isnull=True) | Q(score__gte=0)),
        ]
        indexes = [models.Index(fields=["person"], name="candidate_of_person")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.get_attendance_display()}"


class SessionParty(models.Model):
    """A school whose learners sit in a session elsewhere, and which therefore sees the session.

    Row-level security follows these rows. A trigger on candidates keeps them; they are never taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    session = models.ForeignKey(AssessmentSession, models.CASCADE, related_name="parties", db_index=False)

    class Meta:
        verbose_name = "考核相关院校"
        constraints = [models.UniqueConstraint(fields=["organisation", "session"], name="session_party_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.session_id}"
