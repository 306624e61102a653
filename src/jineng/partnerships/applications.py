"""Agreements by way of cases: what both sides signed and the office filed stands in the register."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import Effect, Result, offer_effect, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.partnerships.models import Agreement
from jineng.partnerships.verbs import record_agreement
from jineng.partnerships.verbs.keeping import Partner
from jineng.registry.models import Organisation

NO_PARTNER = "协议没有写明对方单位。 The agreement names no other side."


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Record the agreement that both sides signed, under the number of its case."""
    answers = answers_of(case)
    other = next((UUID(one) for one in case.parties.get("partner", ())), None)
    named = Organisation.objects.in_bulk([case.applicant_id, *([other] if other else [])])
    if what != "record" or other not in named:
        raise ValidationError(NO_PARTNER)
    record_agreement(
        actor=actor,
        organisation_id=case.applicant_id,
        organisation_name=named[case.applicant_id].name,
        partner=Partner(named[other].name, other),
        code=case.number,
        name=case.title,
        kind=answers["kind"],
        signed_on=clock.today(),
        since=date.fromisoformat(answers["since"]),
        until=date.fromisoformat(answers["until"]) if answers.get("until") else None,
    )


def _results(case: Case) -> list[Result]:
    signed = Agreement.objects.filter(STANDS, organisation=case.applicant_id)
    made = signed.filter(origin_kind=Origin.CASE, origin_id=case.pk).first()
    return [Result("协议 Agreement", made.name, "agreement", made.pk)] if made else []


offer_effect("agreement", Effect("协议", "agreement", one_by_one(_bring)))
tell_results(_results, "agreement")
bring_procedures(Path(__file__).with_name("data") / "procedures")
