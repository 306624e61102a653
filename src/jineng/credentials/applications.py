"""What cases come to here: credits that a school's rule takes are posted, pilots of certificates are approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import (
    Effect,
    Result,
    offer_effect,
    offer_fact,
    offer_fact_of_many,
    one_by_one,
    origin_of,
    tell_results,
)
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.credentials.credit_queries import achievements_named, offer_of, scheme_on, terms_of
from jineng.credentials.crediting import obstacles
from jineng.credentials.models import (
    Achievement,
    CertificatePilot,
    CertificateType,
    ConversionRule,
    CreditAccount,
    CreditPosting,
    PilotBatch,
)
from jineng.credentials.transferring import bring_transfer
from jineng.credentials.verbs import convert_credits
from jineng.credentials.verbs.pilots import Entry, enter_pilots, known_pilots
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin

PILOTS = "credentials.PilotBatch"
"""What an intake of a batch of the certificate pilot is held for."""
NO_SUCH = "学分银行中没有该学习者的此项成果。 The credit bank knows no such achievement of the learner."


def achievement_of(case: Case) -> Achievement | None:
    """What a case is about: the learner's (``learner``) achievement by its code or certificate number."""
    answers = answers_of(case)
    kept = answers.get("learner")
    if not isinstance(kept, dict) or "id" not in kept or not answers.get("code"):
        return None
    return achievements_named(kept["id"], str(answers["code"])).first()


def obstacles_of(case: Case) -> list[str]:
    """Why what a case asks for cannot be done today; empty where it can."""
    thing, scheme = achievement_of(case), scheme_on(case.applicant_id, clock.today())
    if thing is None:
        return [NO_SUCH]
    rule = ConversionRule.objects.filter(STANDS, scheme=scheme, code=answers_of(case).get("rule", "")).first()
    if rule is None or scheme is None:
        return ["院校现行办法中没有此规则。 The school's scheme in force has no such rule."]
    account = CreditAccount.objects.filter(person=thing.person_id).values_list("pk", flat=True).first()
    return obstacles(offer_of(thing), terms_of(rule, scheme, account), clock.today())


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Post the credits, in the name of whoever decides, or move them to another school."""
    if bring_transfer(actor, case, what):
        return
    thing = achievement_of(case)
    if what != "convert" or thing is None:
        raise ValidationError(NO_SUCH)
    convert_credits(
        actor=actor, achievement_id=thing.pk, school_id=case.applicant_id, rule_code=answers_of(case)["rule"]
    )


def pilots_asked_for(cases: Sequence[Case]) -> dict[UUID, tuple[PilotBatch, CertificateType]]:
    """By the ids of cases the batch and the certificate that each names, where there are such, the certificate has the
    level that is named, and the institution does not pilot it in that batch yet."""
    told = {case.pk: answers_of(case) for case in cases}
    numbers = {_whole(answers.get("batch")) for answers in told.values()}
    batches = {each.number: each for each in PilotBatch.objects.filter(STANDS, number__in=numbers)}
    codes = {_code(answers) for answers in told.values()}
    kinds = {each.code: each for each in CertificateType.objects.filter(STANDS, code__in=codes)}
    taken = known_pilots({each.pk for each in batches.values()}, {case.applicant_id for case in cases})
    found = {}
    for case in cases:
        answers = told[case.pk]
        batch, kind = batches.get(_whole(answers.get("batch"))), kinds.get(_code(answers))
        level = str(answers.get("level", ""))
        if batch is None or kind is None or level not in kind.levels:
            continue
        if (batch.pk, case.applicant_id, kind.pk, level) not in taken:
            found[case.pk] = batch, kind
    return found


def _code(answers: Mapping[str, object]) -> str:
    return str(answers.get("certificate", "")).strip().upper()


def _whole(value: object) -> int:
    """A number as it was filled in; 0 for none."""
    return int(str(value)) if str(value).isdigit() else 0


def _approve(actor: Actor, cases: Sequence[Case], what: str) -> None:
    """Enter the pilots as applied for when each case began and approved today, in the name of whoever decides."""
    found = pilots_asked_for(cases)
    if what != "approve" or len(found) < len(cases):
        raise ValidationError("没有此批次、证书或等级，或已试点。 There is nothing to approve.")
    entries = []
    for case in cases:
        (batch, kind), answers = found[case.pk], answers_of(case)
        level, planned = answers["level"], _whole(answers["planned"])
        entries.append(Entry(batch, case.applicant_id, kind, level, planned, case.started_on, origin_of(case)))
    enter_pilots(actor, entries, clock.today())


def _possible(cases: Sequence[Case]) -> Mapping[UUID, bool]:
    found = pilots_asked_for(cases)
    return {case.pk: case.pk in found for case in cases}


def _pilots(case: Case) -> list[Result]:
    pilots = CertificatePilot.objects.filter(STANDS, institution=case.applicant_id)
    made = pilots.filter(origin_kind=Origin.CASE, origin_id=case.pk).first()
    return [Result("证书试点 Pilot", str(made), "certificate_pilot", made.pk)] if made else []


def _results(case: Case) -> list[Result]:
    made = CreditPosting.objects.filter(case_id=case.pk, reverses__isnull=True).first()
    return [Result("学分 Credits", f"{made.credits:+}", "credit_account", made.account_id)] if made else []


offer_fact(
    "convertible",
    Term(Type.FLAG, "符合院校的转换规则", "taken by the school's rule"),
    lambda case: not obstacles_of(case),
)
offer_effect("credits", Effect("学分", "credits", one_by_one(_bring)))
offer_fact_of_many("pilot_possible", Term(Type.FLAG, "可试点所报证书", "the certificate may be piloted"), _possible)
offer_effect("pilot", Effect("证书试点", "a certificate pilot", _approve))
tell_results(_results, "credits")
tell_results(_pilots, "pilot")
bring_procedures(Path(__file__).with_name("data") / "procedures")
