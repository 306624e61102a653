"""Another school takes over what a school granted for an achievement: one deed, two lines, never two uses."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.models import Case
from jineng.credentials.credit_queries import offer_of, rules_on
from jineng.credentials.crediting import taken_over
from jineng.credentials.models import CreditAccount, CreditPosting
from jineng.credentials.verbs.ledger import Line, hold_account, hold_certificate, post_line
from jineng.credentials.verbs.reach import OUTSIDE, ROOM, require_reach
from jineng.credentials.verbs.taking_back import REASON_LENGTH, system_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Organisation
from jineng.registry.scope import in_reach, visible

NOT_OPEN = (
    "该学分已冲销或转出，或本身是冲销，没有可转移的：请刷新账户查看。 "
    "These credits are reversed or transferred already, or the line is a reversal: look at the account again."
)
SAME_SCHOOL = "学分已在该院校，无需转移。 The credits are at this school already."
STRANGER = (
    "转入院校还没有登记该学习者：请转入院校先登记，或由其以“学分转移”事项申请。 "
    "The receiving school does not know this learner yet: let it register the learner, or apply by a case."
)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def transfer_credits(*, actor: Actor, posting_id: UUID, school_id: UUID, rule_code: str = "") -> CreditPosting:
    """Move what a school granted for an achievement to another school, by a rule of the latter's scheme in force today.

    A line that ends the use at the one school and one that begins it at the other are posted together, each sealed by
    its own school. Without ``rule_code`` the one rule that takes the achievement is meant.

    Raises:
        NotAllowed: the releasing school lies outside the actor's scope; or the receiving one does, and has not applied
            by the case that this comes of.
        ValidationError: the line is open no longer, or is the receiving school's own; it does not know the learner; or
            why its scheme does not take the achievement: no rule, too old, above the cap, revoked, suspended.
    """
    found = visible(actor, CreditPosting).select_related("achievement").filter(pk=posting_id).first()
    if found is None:
        raise NotAllowed
    require_reach(actor, found.school_id)
    _require_wish(actor, school_id)
    if found.school_id == school_id:
        raise ValidationError(SAME_SCHOOL)
    hold_certificate(found.achievement_id)
    account = hold_account(found.achievement.person_id)
    if found.reverses_id or CreditPosting.objects.filter(reverses=found).exists():
        raise ValidationError(NOT_OPEN)
    rules = rules_on(school_id, clock.today(), account)
    terms = {code: each for code, (_, each) in rules.items()}
    code, against = taken_over(offer_of(found.achievement), terms, rule_code, clock.today())
    if against:
        raise ValidationError(against)
    return _moved(found, account, school_id, rules[code][0].pk, terms[code].credits)


def _moved(found: CreditPosting, account: UUID, school_id: UUID, rule_id: UUID, credits: Decimal) -> CreditPosting:
    """Both lines, each in the name of its school: whoever acts need not answer for both."""
    with acting(system_of(school_id)):
        if not CreditAccount.objects.filter(pk=account).exists():
            raise ValidationError(STRANGER)
        receiving = _name(school_id)
    with acting(system_of(found.school_id)):
        releasing = _name(found.school_id)
        post_line(
            Line(
                account,
                found.school_id,
                found.rule_id,
                found.achievement_id,
                -found.credits,
                reverses=found.pk,
                reason=f"转入 {receiving}"[:REASON_LENGTH],
                transferred_to=school_id,
            )
        )
    with acting(system_of(school_id)):
        made = post_line(
            Line(
                account,
                school_id,
                rule_id,
                found.achievement_id,
                credits,
                reason=f"转自 {releasing}"[:REASON_LENGTH],
                transfers=found.pk,
            )
        )
    current_deed().note(f"转移学分 {found.credits} → {made.credits}", subject=made, released=str(found.pk))
    return made


def _name(organisation_id: UUID) -> str:
    return str(Organisation.objects.values_list("name", flat=True).get(pk=organisation_id))


def _require_wish(actor: Actor, school_id: UUID) -> None:
    """Let pass who answers for the receiving school, or acts upon its own application."""
    if in_reach(actor, school_id):
        return
    deed = current_deed()
    applied = deed.origin_kind == Origin.CASE and Case.objects.filter(pk=deed.origin_id, applicant=school_id).exists()
    if not applied:
        raise NotAllowed(OUTSIDE)
