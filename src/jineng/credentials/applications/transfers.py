"""Credits by way of cases to another school: it applies, the school that granted them answers, and they are moved."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import Effect, offer_effect, offer_other_side, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.situations import answers_of
from jineng.credentials.applications.credits import achievements_of, credits_of
from jineng.credentials.credit_queries import offer_of, rules_on
from jineng.credentials.crediting import taken_over
from jineng.credentials.models import CreditPosting
from jineng.credentials.verbs.transferring import SAME_SCHOOL, transfer_credits
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.registry.models import Organisation

RELEASING = "releasing_school"
"""The party that granted what a case asks to move; the ledger tells it."""
MOVE = "move"
NOTHING = (
    "学分银行中没有该学习者由其他院校就此成果认定的学分：请核对学习者和编号；尚未转换过的成果请申请“学分转换”。 "
    "No school has granted this learner credits for it: check the learner and the code; "
    "what was never converted is applied for by a conversion."
)
OTHER_NAME = "转入院校名称应为本单位全称“{}”。 Name your own school in full."
MOVED_ON = (
    "这些学分已不在答复的院校：请退回申请院校重新提交。 "
    "The credits are no longer at the school that answers: send it back, to be handed in anew."
)


def line_of(case: Case) -> CreditPosting | None:
    """The open line of the ledger that a case is about: of the achievement that it names, the one that uses it."""
    rows = CreditPosting.objects.filter(pk__in=achievements_of(case).values("use__posting")).select_related(
        "achievement"
    )
    return rows.order_by("posted_on", "number").last()


def _releasing(case: Case) -> UUID | None:
    found = line_of(case)
    return found.school_id if found else None


def obstacles_of(case: Case) -> list[str]:
    """Why what a case asks for cannot be moved today; empty where it can."""
    found, answers = line_of(case), answers_of(case)
    own = Organisation.objects.filter(pk=case.applicant_id).values_list("name", flat=True).first()
    if own and str(answers.get("school", "")).strip() != own:
        return [OTHER_NAME.format(own)]
    if found is None:
        return [NOTHING]
    if found.school_id == case.applicant_id:
        return [SAME_SCHOOL]
    rules = rules_on(case.applicant_id, clock.today(), found.account_id)
    terms = {code: each for code, (_, each) in rules.items()}
    return taken_over(offer_of(found.achievement), terms, _rule(answers), clock.today())[1]


def _rule(answers: dict[str, object]) -> str:
    return str(answers.get("rule") or "").strip()


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Say why it cannot be moved; or move it, in the name of the school that lets it go."""
    against, found = obstacles_of(case), line_of(case)
    if against or found is None:
        raise ValidationError(against or [NOTHING])
    if what == MOVE:
        if str(found.school_id) not in case.parties.get(RELEASING, ()):
            raise ValidationError(MOVED_ON)
        transfer_credits(
            actor=actor, posting_id=found.pk, school_id=case.applicant_id, rule_code=_rule(answers_of(case))
        )


offer_other_side(RELEASING, _releasing)
offer_effect("transfer", Effect("学分转移", "a transfer of credits", one_by_one(_bring)))
tell_results(credits_of, "transfer")
