"""What perturbs the workforce."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.workforce import verbs
from jineng.workforce.models import AutonomyGrant, Recognition, Teacher
from jineng.workforce.queries import school_standings
from tests.calls.small_world import report
from tests.oracles.deeds.entering import deed
from tests.oracles.deeds.spine import organisation
from tests.reference_year import ReferenceYear

JIUQUAN, PINGLIANG, BAILIE = "4162012539", "4162014595", "4162014738"
CONSTRUCTION, FORESTRY = "4162012511", "4162012835"
LATE = date(2021, 12, 1)


def _standing(autonomy: str) -> QuerySet[AutonomyGrant]:
    return AutonomyGrant.objects.filter(voided_at=None, autonomy=autonomy).select_related("organisation")


def _revoke_all(actor: Actor, autonomy: str, day: date) -> None:
    for grant in _standing(autonomy).filter(revoked_on=None, granted_on__lt=day):
        verbs.revoke_autonomy(actor=actor, grant_id=grant.pk, revoked_on=day)


def _grant(actor: Actor, code: str, autonomy: str, day: date) -> AutonomyGrant:
    return verbs.grant_autonomy(actor=actor, organisation_id=organisation(code).pk, autonomy=autonomy, granted_on=day)


@deed
def revoke_a_pay_autonomy_everywhere(year: ReferenceYear, actor: Actor) -> None:
    _revoke_all(actor, "pay_part_time", LATE)
    for grant in _standing("pay_part_time").filter(granted_on__gte=LATE):
        verbs.void_autonomy(actor=actor, grant_id=grant.pk, reason="已不再下放")


@deed
def revoke_a_pay_autonomy_everywhere_next_year(year: ReferenceYear, actor: Actor) -> None:
    _revoke_all(actor, "pay_talent", date(2022, 3, 1))


@deed
def revoke_a_pay_autonomy_of_one_college(year: ReferenceYear, actor: Actor) -> None:
    grant = _standing("pay_distribution").get(organisation__code=JIUQUAN)
    verbs.revoke_autonomy(actor=actor, grant_id=grant.pk, revoked_on=LATE)


@deed
def void_a_pay_autonomy_everywhere(year: ReferenceYear, actor: Actor) -> None:
    for grant in _standing("pay_part_time"):
        verbs.void_autonomy(actor=actor, grant_id=grant.pk, reason="从未下放")


@deed
def grant_a_pay_autonomy_a_year_earlier(year: ReferenceYear, actor: Actor) -> None:
    made = _grant(actor, FORESTRY, "pay_talent", date(2020, 6, 1))
    verbs.revoke_autonomy(actor=actor, grant_id=made.pk, revoked_on=date(2021, 6, 1))


@deed
def grant_another_autonomy(year: ReferenceYear, actor: Actor) -> None:
    _grant(actor, BAILIE, "recruitment", LATE)


@deed
def grant_a_pay_autonomy_to_a_university(year: ReferenceYear, actor: Actor) -> None:
    held = AutonomyGrant.objects.filter(organisation__kind="undergraduate").first()
    assert held is not None
    _grant(actor, held.organisation.code, "pay_service", date(2020, 6, 1))


@deed
def import_a_grant_from_school_and_city(year: ReferenceYear, actor: Actor) -> None:
    city = organisation("平凉市教育局")
    row: dict[str, Any] = {
        "org_code": PINGLIANG,
        "autonomy": "pay_appraisal",
        "granter_code": city.code,
        "granted_on": LATE,
        "document": "平教发〔2021〕9909号",
    }
    for reporter in (PINGLIANG, city.code):
        receipt = report(year.officer(reporter), autonomies=[row])
        assert receipt.state == "landed", receipt.errors
    assert _standing("pay_appraisal").filter(organisation__code=PINGLIANG).count() == 1


@deed
def correct_the_end_of_a_pay_autonomy_by_return(year: ReferenceYear, actor: Actor) -> None:
    rows = [
        {
            "org_code": grant.organisation.code,
            "autonomy": grant.autonomy,
            "granter_code": grant.granted_by.code,
            "granted_on": grant.granted_on,
            "revoked_on": date(2021, 8, 1),
            "document": grant.document,
        }
        for grant in _standing("pay_talent").filter(granted_on__year=2021).select_related("granted_by")
    ]
    receipt = report(actor, autonomies=rows)
    assert receipt.state == "landed", receipt.errors


@deed
def revoke_and_grant_again_within_the_year(year: ReferenceYear, actor: Actor) -> None:
    grant = _standing("pay_distribution").get(organisation__code=JIUQUAN)
    verbs.revoke_autonomy(actor=actor, grant_id=grant.pk, revoked_on=date(2021, 7, 1))
    _grant(actor, JIUQUAN, "pay_distribution", date(2021, 10, 1))


@deed
def recognise_a_teacher_and_void_another(year: ReferenceYear, actor: Actor) -> None:
    with clock.clock_at(date(2021, 12, 31)):
        standings = school_standings(actor, organisation(CONSTRUCTION).pk, clock.today())
        ready = next(pk for pk, one in standings.items() if one.reachable == "elementary")
        verbs.recognise_teacher(actor=actor, teacher_id=ready, level="elementary")
    held = Recognition.objects.filter(voided_at=None, recognised_on__year=2020).first()
    assert held is not None
    verbs.void_recognition(actor=actor, recognition_id=held.pk, reason="材料不实")


@deed
def end_a_teacher(year: ReferenceYear, actor: Actor) -> None:
    found = Teacher.objects.filter(voided_at=None, until=None, since__lt=LATE).first()
    assert found is not None
    verbs.end_teaching(actor=actor, teacher_id=found.pk, until=LATE)
