"""What applicants do themselves: by their ticket they name preferences, look up results, answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jineng.admissions.models.applicants import Applicant
from jineng.admissions.models.openings import Opening
from jineng.kernel.records import STANDS, Recorded, with_history


@with_history
class Ticket(Recorded):
    """How an applicant is known without an account of staff: a number in clear, and a code that only they have.

    Nothing but the keyed hash of both together (``lookup``) is kept of the code, which is a hundred random bits: it is
    found by one look into the index, and cannot be guessed. A new ticket ends the earlier one. ``account`` cannot sign
    in; it is what the outbox tells, where the applicant gave an address.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="tickets", db_index=False)
    number = models.CharField("报名号", max_length=14)
    lookup = models.CharField(max_length=70)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "报名凭证"
        constraints = [
            models.UniqueConstraint(fields=["applicant"], condition=STANDS, name="ticket_once"),
            models.UniqueConstraint(fields=["number"], condition=STANDS, name="ticket_number_once"),
            models.UniqueConstraint(fields=["lookup"], condition=STANDS, name="ticket_lookup_once"),
        ]

    def __str__(self) -> str:
        return self.number


@with_history
class PreferenceForm(Recorded):
    """An applicant's preferences in a round: as they are being written, and as they were last submitted.

    ``draft`` and ``wishes`` are lists of ``{group, majors, any_major}``. A trigger takes a submission within the
    window only, counts ``version`` and writes ``submitted_at``, both by the database.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="forms", db_index=False)
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="forms")
    draft = models.JSONField("草稿", default=list)
    wishes = models.JSONField("已提交", null=True)
    version = models.PositiveSmallIntegerField("提交次数", default=0)
    submitted_at = models.DateTimeField("提交时间", null=True)

    class Meta:
        verbose_name = "志愿"
        constraints = [
            models.UniqueConstraint(fields=["applicant", "opening"], condition=STANDS, name="preference_form_once")
        ]

    def __str__(self) -> str:
        return f"{self.opening_id} {self.version}"


class Told(models.Model):
    """What a ticket's holder is told of results: one row, ready to be shown, found by the ticket's hash alone."""

    lookup = models.CharField(primary_key=True, max_length=70)
    page = models.JSONField(default=dict)

    class Meta:
        verbose_name = "考生查询"

    def __str__(self) -> str:
        return self.lookup[:8]
