"""Credits by way of cases: an achievement is converted where the school's rule in force takes it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.situations import answers_of
from jineng.credentials.credit_queries import achievements_named, offer_of, scheme_on, terms_of
from jineng.credentials.crediting import obstacles
from jineng.credentials.models import Achievement, ConversionRule, CreditAccount, CreditPosting
from jineng.credentials.verbs import convert_credits
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS

NO_SUCH = "学分银行中没有该学习者的此项成果。 The credit bank knows no such achievement of the learner."


def achievements_of(case: Case) -> QuerySet[Achievement]:
    """Which of the learner's (``learner``) achievements a case names by code or certificate number; those of one code
    may be several."""
    answers = answers_of(case)
    kept = answers.get("learner")
    if not isinstance(kept, dict) or "id" not in kept or not answers.get("code"):
        return Achievement.objects.none()
    return achievements_named(kept["id"], str(answers["code"]))


def obstacles_of(case: Case) -> list[str]:
    """Why what a case asks for cannot be done today; empty where it can."""
    thing, scheme = achievements_of(case).first(), scheme_on(case.applicant_id, clock.today())
    if thing is None:
        return [NO_SUCH]
    rule = ConversionRule.objects.filter(STANDS, scheme=scheme, code=answers_of(case).get("rule", "")).first()
    if rule is None or scheme is None:
        return ["院校现行办法中没有此规则。 The school's scheme in force has no such rule."]
    account = CreditAccount.objects.filter(person=thing.person_id).values_list("pk", flat=True).first()
    return obstacles(offer_of(thing), terms_of(rule, scheme, account), clock.today())


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Post the credits, in the name of whoever decides."""
    thing = achievements_of(case).first()
    if what != "convert" or thing is None:
        raise ValidationError(NO_SUCH)
    convert_credits(
        actor=actor, achievement_id=thing.pk, school_id=case.applicant_id, rule_code=answers_of(case)["rule"]
    )


def credits_of(case: Case) -> list[Result]:
    """The line of the ledger that a case came to."""
    made = CreditPosting.objects.filter(case_id=case.pk, reverses__isnull=True).first()
    return [Result("学分 Credits", f"{made.credits:+}", "credit_account", made.account_id)] if made else []


offer_fact(
    "convertible",
    Term(Type.FLAG, "符合院校的转换规则", "taken by the school's rule"),
    lambda case: not obstacles_of(case),
)
offer_effect("credits", Effect("学分", "credits", one_by_one(_bring)))
tell_results(credits_of, "credits")
