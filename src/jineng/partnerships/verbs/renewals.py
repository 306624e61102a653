"""The parties say whether a term shall be followed by another; when all would renew, the follow-up is recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.partnerships.kinds import ASKED_ROLES, Answer
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm, RenewalAnswer
from jineng.partnerships.notices import tell_other_parties
from jineng.partnerships.rules import Said, Term, Verdict, asked_from, follow_up, verdict_of
from jineng.partnerships.verbs.keeping import OUTSIDE, ROOM, save, through_door
from jineng.registry.scope import in_reach

NOT_YOURS = "只能为本岗位管辖的签约方答复。 You may answer only for a party in your scope."


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def answer_renewal(
    *,
    actor: Actor,
    agreement_id: UUID,
    party_id: UUID,
    answer: str,
    until: date | None = None,
    note: str = "",
    through: str = Origin.PAGE,
) -> RenewalAnswer:
    """Say for a party whether the agreement's last term shall be followed by one up to ``until`` (``None``: no end).

    An answer may be changed until the follow-up is recorded, which the last of equal answers does. For a party
    outside the registry the keeper answers.

    Raises:
        NotAllowed: the agreement is out of sight, or the party out of the actor's scope.
        ValidationError: void or ended, it is too early to ask, a term follows already, or ``until`` is too early.
    """
    agreement = Agreement.objects.filter(STANDS, pk=agreement_id).first()
    if agreement is None:
        raise NotAllowed(OUTSIDE)
    through_door(through)
    term = _asked_term(agreement)
    party = _party(actor, agreement, party_id)
    wished = until if answer == Answer.RENEW else None
    following = _follow_up(term, wished)
    known = RenewalAnswer.objects.filter(STANDS, term=term, party=party).first()
    said = known or RenewalAnswer(term=term, party=party, **origin())
    said.answer, said.until = answer, wished
    said.answered_on, said.note = clock.today(), note.strip()
    save(said)
    verdict = verdict_of(*_answers(agreement, term))
    if verdict is Verdict.AGREED:
        save(AgreementTerm(agreement=agreement, since=following.since, until=following.until, **origin()))
    tell_other_parties(agreement, said, verdict)
    current_deed().note(
        f"{party.name} 对 {agreement} 的续签意见：{said.get_answer_display()}", subject=agreement, verdict=verdict.value
    )
    return said


def _asked_term(agreement: Agreement) -> AgreementTerm:
    """The last term, whose renewal is asked about today; locked, so that two last answers do not pass each other."""
    terms = list(AgreementTerm.objects.select_for_update(of=("self",)).filter(STANDS, agreement=agreement))
    if agreement.ended_on is not None or not terms:
        raise ValidationError("协议已终止或没有期限，不询问续签。 The agreement has ended or has no term.")
    last = max(terms, key=lambda term: term.since)
    if last.until is None:
        raise ValidationError("协议长期有效，不询问续签。 The agreement has no end.")
    if clock.today() < asked_from(last.until):
        raise ValidationError(
            f"自 {asked_from(last.until)} 起才询问续签。 The parties are asked from {asked_from(last.until)} on."
        )
    return last


def _party(actor: Actor, agreement: Agreement, party_id: UUID) -> AgreementParty:
    party = AgreementParty.objects.filter(STANDS, agreement=agreement, pk=party_id, role__in=ASKED_ROLES).first()
    if party is None:
        raise NotAllowed(OUTSIDE)
    if not in_reach(actor, party.organisation_id or agreement.organisation_id):
        raise NotAllowed(NOT_YOURS)
    return party


def _follow_up(term: AgreementTerm, until: date | None) -> Term:
    try:
        return follow_up(Term(term.since, term.until), until)
    except ValueError as error:
        raise ValidationError(
            {"until": f"续签的期限应晚于 {term.until}。 The follow-up must end after {term.until}."}
        ) from error


def _answers(agreement: Agreement, term: AgreementTerm) -> tuple[int, list[Said]]:
    asked = AgreementParty.objects.filter(STANDS, agreement=agreement, role__in=ASKED_ROLES)
    said = RenewalAnswer.objects.filter(STANDS, term=term, party__in=asked).values_list("answer", "until")
    return asked.count(), [Said(*row) for row in said]
