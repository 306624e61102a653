"""Agreements: who signed them, for which terms they hold, and what the parties say when a term nears its end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.partnerships.kinds import AgreementKind, Answer, PartyRole
from jineng.partnerships.models.partners import Partner
from jineng.registry.models import Organisation


@with_history
class Agreement(Recorded):
    """An agreement, kept by ``organisation``.

    It is in force on a day when one of its terms covers the day and it has not ended by then; ``ended_on`` is the
    first day without it, where it ended before its term. What came of it ends with it.
    """

    code = models.CharField("协议编号", max_length=60)
    name = models.CharField("协议名称", max_length=200)
    kind = models.CharField("类别", max_length=20, choices=AgreementKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="登记单位", db_index=False
    )
    signed_on = models.DateField("签订日期")
    document = models.CharField("文号", max_length=100, blank=True, default="")
    ended_on = models.DateField("提前终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "协议"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="agreement_once"),
            models.CheckConstraint(
                name="agreement_ends_after_signing", condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("signed_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-signed_on"]),
            models.Index(fields=["-signed_on", "id"], name="agreements_latest_first"),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class AgreementTerm(Recorded):
    """A stretch of days, both included, for which an agreement holds; without ``until`` it has no end.

    Standing terms of one agreement never overlap, which a trigger of the table sees to. A renewal is another term.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms", db_index=False)
    since = models.DateField("生效日期")
    until = models.DateField("有效期至", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "协议期限"
        ordering = ["agreement", "since"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "since"], condition=STANDS, name="agreement_term_once"),
            models.CheckConstraint(name="term_lasts", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
        ]
        indexes = [
            models.Index(fields=["agreement", "since"], name="term_of_agreement"),
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="term_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.since} 至 {self.until or '长期'}"


@with_history
class AgreementParty(Partner):
    """Somebody who signed an agreement."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties", db_index=False)
    role = models.CharField("签约身份", max_length=10, choices=PartyRole.choices)

    class Meta:
        verbose_name = "签约方"
        ordering = ["agreement", "role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "partner_key"], condition=STANDS, name="agreement_party_once")
        ]
        indexes = [models.Index(fields=["agreement"], name="party_of_agreement")]


@with_history
class RenewalAnswer(Recorded):
    """What a party said about one term's renewal; ``until`` is how far it would renew, ``None`` without end.

    The party's own people answer; for a party outside the registry the keeper of the agreement does.
    """

    term = models.ForeignKey(AgreementTerm, models.PROTECT, related_name="answers", db_index=False)
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="answers")
    answer = models.CharField("意见", max_length=5, choices=Answer.choices)
    until = models.DateField("续签至", null=True, blank=True)
    answered_on = models.DateField("答复日期")
    note = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "续签意见"
        ordering = ["term", "answered_on"]
        constraints = [
            models.UniqueConstraint(fields=["term", "party"], condition=STANDS, name="renewal_answer_once"),
            models.CheckConstraint(name="ending_has_no_term", condition=~Q(answer=Answer.END) | Q(until__isnull=True)),
        ]
        indexes = [models.Index(fields=["term"], name="answers_on_term")]

    def __str__(self) -> str:
        return self.get_answer_display()


class AgreementSight(models.Model):
    """An organisation sees an agreement because it is party to it; a trigger on the parties keeps these rows."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "协议可见单位"
        constraints = [models.UniqueConstraint(fields=["organisation", "agreement"], name="agreement_sight_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.agreement_id}"
