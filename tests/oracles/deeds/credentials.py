"""What perturbs standards, pilots, assessments and certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from jineng.credentials import verbs as credentials
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, CertificatePilot, SkillStandard
from jineng.credentials.rules import make_number
from jineng.kernel.actors import Actor
from jineng.registry.models import Organisation
from jineng.registry.verbs import merge_people
from tests.calls.small_world import report, resident
from tests.oracles.deeds.entering import deed
from tests.oracles.deeds.spine import landed
from tests.reference_year import ReferenceYear

LAST, NEXT = date(2021, 12, 31), date(2022, 1, 1)
LATE_SERIAL = 900_001
BUSY_SCHOOL = 5
"""More standing pilots than this, so that the school stays when one goes."""


def _of_learners(rows: QuerySet[Any], how_many: int) -> Any:
    """People named by just so many of ``rows``."""
    return rows.order_by().values("person").annotate(count=Count("id")).filter(count=how_many).values("person")


def only_certificate(year: int) -> Certificate:
    """A certificate issued in ``year`` and standing, whose holder has no other."""
    standing = Certificate.objects.filter(voided_at=None)
    alone = standing.filter(person__in=_of_learners(standing, 1), revoked_on=None, issued_on__year=year)
    return alone.order_by("number")[0]


def sittings(how_many: int) -> QuerySet[Candidate]:
    """Sittings in 2021, failed, of learners who sat so many times."""
    standing = Candidate.objects.filter(voided_at=None, session__voided_at=None)
    failed = standing.filter(attendance="sat", outcome="failed", session__held_on__year=2021)
    return failed.filter(person__in=_of_learners(standing, how_many)).order_by("session__code", "id")


def lone_pilot() -> CertificatePilot:
    """A pilot of the second batch, the only application of its triple, of a school that has others."""
    standing = CertificatePilot.objects.filter(voided_at=None)
    second = standing.filter(batch__number=2, approved_on__isnull=False, withdrawn_on=None)
    for pilot in second.order_by("institution__code", "certificate_type__code", "level"):
        others = standing.filter(institution=pilot.institution_id)
        again = others.filter(certificate_type=pilot.certificate_type_id, level=pilot.level)
        if again.count() == 1 and others.filter(approved_on__isnull=False, withdrawn_on=None).count() > BUSY_SCHOOL:
            return pilot
    raise LookupError


@deed
def void_a_certificate(year: ReferenceYear, actor: Actor) -> None:
    credentials.void_certificate(actor=actor, certificate_id=only_certificate(2020).pk, reason="误发")


@deed
def revoke_a_certificate_on_the_last_day(year: ReferenceYear, actor: Actor) -> None:
    found = only_certificate(2021)
    credentials.revoke_certificate(actor=actor, certificate_id=found.pk, on=LAST, reason="舞弊")


@deed
def revoke_a_certificate_next_year(year: ReferenceYear, actor: Actor) -> None:
    found = only_certificate(2021)
    credentials.revoke_certificate(actor=actor, certificate_id=found.pk, on=NEXT, reason="舞弊")


@deed
def revoke_one_of_two_certificates(year: ReferenceYear, actor: Actor) -> None:
    standing = Certificate.objects.filter(voided_at=None, revoked_on=None, issued_on__lte=LAST)
    before = standing.filter(issued_on__year=2020).values("person")
    two = standing.filter(person__in=_of_learners(standing, 2), issued_on__year=2021).filter(person__in=before)
    found = two.order_by("number")[0]
    credentials.revoke_certificate(actor=actor, certificate_id=found.pk, on=LAST, reason="舞弊")


@deed
def void_a_candidature(year: ReferenceYear, actor: Actor) -> None:
    credentials.void_candidate(actor=actor, candidate_id=sittings(1)[0].pk, reason="误报")


@deed
def void_one_of_two_sittings(year: ReferenceYear, actor: Actor) -> None:
    earlier = Candidate.objects.filter(voided_at=None, attendance="sat", session__held_on__year=2020).values("person")
    found = sittings(2).filter(person__in=earlier)[0]
    credentials.void_candidate(actor=actor, candidate_id=found.pk, reason="误报")


@deed
def merge_two_learners(year: ReferenceYear, actor: Actor) -> None:
    one, other = sittings(1)[:2]
    merge_people(actor=actor, kept_id=one.person_id, absorbed_id=other.person_id, reason="证件换发")


@deed
def report_a_learner(year: ReferenceYear, actor: Actor) -> None:
    """By a session that was held elsewhere and is reported with its results."""
    sessions = AssessmentSession.objects.filter(voided_at=None, held_on__range=(date(2021, 6, 1), date(2021, 9, 30)))
    of = sessions.select_related("host", "certificate_type").order_by("code", "host__code")[0]
    key = {"host_code": of.host.code, "session_code": "KH-LATE"}
    held = {
        **key,
        "certificate_code": of.certificate_type.code,
        "level": of.level,
        "held_on": of.held_on,
        "capacity": 1,
    }
    row = {
        **key,
        "person_name": "补报考生",
        "resident_id": resident(20),
        "is_synthetic": True,
        "attendance": "sat",
        "outcome": "passed",
        "score": 88,
        "certificate_no": make_number(of.certificate_type.code, 2021, of.level, LATE_SERIAL),
        "issued_on": date(2021, 12, 30),
    }
    landed(report(actor, assessment_sessions=[held], assessment_candidates=[row]))


@deed
def withdraw_a_certificate_pilot(year: ReferenceYear, actor: Actor) -> None:
    credentials.withdraw_pilot(actor=actor, pilot_id=lone_pilot().pk, on=date(2021, 11, 1))


@deed
def withdraw_a_certificate_pilot_next_year(year: ReferenceYear, actor: Actor) -> None:
    credentials.withdraw_pilot(actor=actor, pilot_id=lone_pilot().pk, on=NEXT)


@deed
def withdraw_a_pilot_applied_for_twice(year: ReferenceYear, actor: Actor) -> None:
    standing = CertificatePilot.objects.filter(voided_at=None, withdrawn_on=None, approved_on__lte=LAST)
    twice = standing.values("institution", "certificate_type", "level").annotate(count=Count("id")).filter(count=2)
    key = twice.order_by("institution__code", "certificate_type__code", "level")[0]
    of = {name: key[name] for name in ("institution", "certificate_type", "level")}
    found = standing.filter(**of).order_by("-batch__number")[0]
    credentials.withdraw_pilot(actor=actor, pilot_id=found.pk, on=date(2021, 11, 1))


@deed
def approve_a_pending_pilot(year: ReferenceYear, actor: Actor) -> None:
    standing = CertificatePilot.objects.filter(voided_at=None)
    answered = standing.exclude(approved_on=None, refused_on=None).values("institution")
    found = standing.filter(approved_on=None, refused_on=None).exclude(institution__in=answered)
    pilot = found.order_by("institution__code", "certificate_type__code", "level")[0]
    credentials.decide_pilot(actor=actor, pilot_id=pilot.pk, approved=True, on=date(2021, 12, 1))


@deed
def publish_a_standard(year: ReferenceYear, actor: Actor) -> None:
    known = SkillStandard.objects.values("developers__organisation")
    firms = Organisation.objects.filter(voided_at=None, kind="enterprise", closed_on=None).exclude(pk__in=known)
    credentials.publish_standard(
        actor=actor,
        code="BZ-NEW",
        name="新标准",
        levels=["elementary"],
        developers=[(firms.order_by("code")[0].pk, "lead")],
        published_on=LAST,
    )


@deed
def withdraw_the_only_standard(year: ReferenceYear, actor: Actor) -> None:
    found = SkillStandard.objects.get(voided_at=None, name="中药炮制")
    credentials.withdraw_standard(actor=actor, standard_id=found.pk, on=LAST)
