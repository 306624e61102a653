"""What cases come to here: credits that a school's rule takes are posted, pilots of certificates are approved."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Q

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.credentials.credit_queries import offer_of, scheme_on, terms_of
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
from jineng.credentials.verbs import apply_for_pilot, convert_credits, decide_pilot
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin

NO_SUCH = "学分银行中没有该学习者的此项成果。 The credit bank knows no such achievement of the learner."


def achievement_of(case: Case) -> Achievement | None:
    """What a case is about: the learner's (``learner``) achievement by its code or certificate number."""
    answers = answers_of(case)
    kept = answers.get("learner")
    if not isinstance(kept, dict) or "id" not in kept or not answers.get("code"):
        return None
    code = str(answers["code"]).strip()
    rows = Achievement.objects.filter(STANDS, person=kept["id"]).select_related("certificate")
    return rows.filter(Q(certificate__number=code.upper()) | Q(certificate__isnull=True, code=code)).first()


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
    """Post the credits, in the name of whoever decides."""
    thing = achievement_of(case)
    if what != "convert" or thing is None:
        raise ValidationError(NO_SUCH)
    convert_credits(
        actor=actor, achievement_id=thing.pk, school_id=case.applicant_id, rule_code=answers_of(case)["rule"]
    )


def pilot_asked_for(case: Case) -> tuple[PilotBatch, CertificateType] | None:
    """The batch and the certificate that a case names, where the institution does not pilot it in that batch yet."""
    answers = answers_of(case)
    batch = PilotBatch.objects.filter(STANDS, number=_whole(answers.get("batch"))).first()
    code = str(answers.get("certificate", "")).strip().upper()
    kind = CertificateType.objects.filter(STANDS, code=code, levels__contains=[answers.get("level", "")]).first()
    if batch is None or kind is None or pilot_of(case, batch, kind) is not None:
        return None
    return batch, kind


def pilot_of(case: Case, batch: PilotBatch, kind: CertificateType) -> CertificatePilot | None:
    """The standing pilot of the applicant in a batch, of the level that the case names."""
    pilots = CertificatePilot.objects.filter(STANDS, batch=batch, certificate_type=kind, institution=case.applicant_id)
    return pilots.filter(level=answers_of(case).get("level", "")).first()


def _whole(value: object) -> int:
    """A number as it was filled in; 0 for none."""
    return int(str(value)) if str(value).isdigit() else 0


def _approve(actor: Actor, case: Case, what: str) -> None:
    """Enter the pilot as applied for when the case began and approved today, in the name of whoever decides."""
    found = pilot_asked_for(case)
    if what != "approve" or found is None:
        raise ValidationError("没有此批次、证书或等级，或已试点。 There is nothing to approve.")
    batch, kind = found
    answers = answers_of(case)
    made = apply_for_pilot(
        actor=actor,
        batch_id=batch.pk,
        institution_id=case.applicant_id,
        certificate_type_id=kind.pk,
        level=answers["level"],
        planned=_whole(answers["planned"]),
        applied_on=case.started_on,
    )
    decide_pilot(actor=actor, pilot_id=made.pk, approved=True, on=clock.today(), document=batch.document)


def _pilots(case: Case) -> list[Result]:
    made = CertificatePilot.objects.filter(STANDS, origin_kind=Origin.CASE, origin_id=case.pk).first()
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
offer_fact(
    "pilot_possible",
    Term(Type.FLAG, "可试点所报证书", "the certificate may be piloted"),
    lambda case: pilot_asked_for(case) is not None,
)
offer_effect("pilot", Effect("证书试点", "a certificate pilot", one_by_one(_approve)))
tell_results(_results)
tell_results(_pilots)
bring_procedures(Path(__file__).with_name("data") / "procedures")
