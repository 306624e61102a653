"""Record agreements, their terms and parties; end them, with what came of them; strike them out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.partnerships.kinds import PartyRole
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm, Body
from jineng.partnerships.queries import going_with
from jineng.partnerships.rules import END_TOO_EARLY, UNTIL_BEFORE_SINCE
from jineng.partnerships.verbs.keeping import (
    ROOM,
    Partner,
    fault,
    locked,
    require_reach,
    save,
    strike,
    through_door,
)


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def record_agreement(
    *,
    actor: Actor,
    organisation_id: UUID,
    organisation_name: str,
    partner: Partner,
    code: str,
    name: str,
    kind: str,
    signed_on: date,
    since: date,
    until: date | None = None,
    document: str = "",
    through: str = Origin.PAGE,
) -> Agreement:
    """Record an agreement between the keeper (first party) and ``partner`` (second), with its first term.

    ``until`` is the last day of the term, ``None`` where it has no end.

    Raises:
        NotAllowed: the keeper lies outside the scope.
        ValidationError: the code is taken, the partner is the keeper, or the term ends before it begins.
    """
    require_reach(actor, organisation_id)
    through_door(through)
    if partner.organisation_id == organisation_id:
        raise ValidationError({"partner_code": "对方不能是登记单位自己。 The partner is the keeper itself."})
    agreement = Agreement(
        code=code.strip(),
        name=name.strip(),
        kind=kind,
        organisation_id=organisation_id,
        signed_on=signed_on,
        document=document.strip(),
        **origin(),
    )
    save(agreement)
    _add_term(agreement, since, until, document)
    for who, role in ((Partner(organisation_name, organisation_id), PartyRole.FIRST), (partner, PartyRole.SECOND)):
        save(AgreementParty(agreement=agreement, role=role, **who.columns(), **origin()))
    current_deed().note(f"登记协议 {agreement}，{since} 至 {until or '长期'}", subject=agreement)
    return agreement


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def add_party(*, actor: Actor, agreement_id: UUID, partner: Partner, role: str) -> AgreementParty:
    """Record another party of an agreement that the actor's reach keeps.

    Raises:
        NotAllowed: no such agreement in the scope.
        ValidationError: the agreement is void, or it is a party already.
    """
    agreement = locked(actor, Agreement, agreement_id)
    party = AgreementParty(agreement=agreement, role=role, **partner.columns(), **origin())
    save(party)
    current_deed().note(f"{agreement} 增加签约方 {party.name}", subject=agreement)
    return party


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def record_term(
    *, actor: Actor, agreement_id: UUID, since: date, until: date | None = None, document: str = ""
) -> AgreementTerm:
    """Record another term of an agreement, as one that was renewed on paper.

    Raises:
        NotAllowed: no such agreement in the scope.
        ValidationError: void, ended, the term ends before it begins or overlaps another.
    """
    agreement = locked(actor, Agreement, agreement_id)
    if agreement.ended_on is not None:
        raise ValidationError("协议已提前终止，不能再续。 The agreement was ended and has no further term.")
    term = _add_term(agreement, since, until, document)
    current_deed().note(f"{agreement} 续期 {term}", subject=agreement)
    return term


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def end_agreement(
    *, actor: Actor, agreement_id: UUID, ended_on: date, reason: str, through: str = Origin.PAGE
) -> Agreement:
    """End an agreement before its term: from ``ended_on`` on it no longer holds, and what came of it ends with it.

    Raises:
        NotAllowed: no such agreement in the scope.
        ValidationError: void, ended already, no reason, or the day does not lie after the signing.
    """
    agreement = locked(actor, Agreement, agreement_id)
    through_door(through)
    if agreement.ended_on is not None:
        raise ValidationError(f"协议已自 {agreement.ended_on} 起终止。 It has ended already.")
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    if ended_on <= agreement.signed_on:
        raise fault(END_TOO_EARLY)
    bodies: list[Any] = [body.code for body in going_with(actor, agreement, ended_on)]
    agreement.ended_on, agreement.end_reason = ended_on, reason.strip()
    save(agreement)
    current_deed().note(f"终止协议 {agreement}，自 {ended_on}", subject=agreement, bodies=bodies)
    return agreement


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def void_agreement(*, actor: Actor, agreement_id: UUID, reason: str) -> Agreement:
    """Strike an agreement out as never having held; bodies that name it count in no year.

    Raises:
        NotAllowed: no such agreement in the scope.
        ValidationError: void already, or no reason.
    """
    agreement = locked(actor, Agreement, agreement_id)
    strike(agreement, reason)
    bodies = [str(pk) for pk in Body.objects.filter(agreement=agreement).values_list("pk", flat=True)]
    current_deed().note(f"作废协议 {agreement}：{reason.strip()}", subject=agreement, bodies=bodies)
    return agreement


def _add_term(agreement: Agreement, since: date, until: date | None, document: str) -> AgreementTerm:
    if until is not None and until < since:
        raise fault(UNTIL_BEFORE_SINCE)
    term = AgreementTerm(agreement=agreement, since=since, until=until, document=document.strip(), **origin())
    save(term)
    return term
