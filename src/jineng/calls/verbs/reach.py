"""Who may write what: the scope checks that the room's verbs share."""

from __future__ import annotations

from uuid import UUID

from jineng.calls.models import Award, Call
from jineng.calls.scope import decided_calls, responsible
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.scope import in_reach

NOT_DECIDING = "该遴选不由本岗位所辖单位决定。 No department in your scope decides this call."
OUTSIDE = "该立项不在本岗位管辖范围内。 The award lies outside your scope."
OTHERS = "此项由其他单位填报，本岗位不能作废。 Another office reported this award."


def decides(actor: Actor, call_id: UUID) -> bool:
    """Whether a department in the actor's reach decides the call, or the actor decides for the whole tree."""
    if actor.sees_all and actor.may(Right.DECIDE_CALLS):
        return True
    return decided_calls(actor).filter(call_id=call_id).exists()


def deciding(actor: Actor, call_id: UUID) -> Call:
    """The standing call, for an actor who decides it.

    Raises:
        NotAllowed: there is no such call, or another department decides it.
    """
    call = Call.objects.filter(STANDS, pk=call_id).first()
    if call is None:
        raise NotAllowed(NOT_DECIDING)
    require_decision(actor, call.pk)
    return call


def require_decision(actor: Actor, call_id: UUID) -> None:
    """Let pass who decides the call.

    Raises:
        NotAllowed: another department decides it.
    """
    if not decides(actor, call_id):
        raise NotAllowed(NOT_DECIDING)


def may_write(actor: Actor, award: Award) -> bool:
    """Whether the actor's reach is responsible for the award or decides its call; a mere party may only read."""
    return actor.sees_all or Award.objects.filter(responsible(actor), pk=award.pk).exists()


def require_write(actor: Actor, award: Award) -> None:
    """Let pass who may change the award; one that was struck out is changed by nobody.

    Raises:
        NotAllowed: the award was struck out, or lies outside the actor's reach.
    """
    if award.is_void or not may_write(actor, award):
        raise NotAllowed(OUTSIDE)


def may_void(actor: Actor, award: Award) -> bool:
    """Whether the actor answers for the award's reporter, or decides its call."""
    reported_here = award.reporter_id is not None and in_reach(actor, award.reporter_id)
    return reported_here or decides(actor, award.batch.call_id)


def require_void(actor: Actor, award: Award) -> None:
    """Let pass who may strike the award out.

    Raises:
        NotAllowed: the actor may not, see :func:`may_void`.
    """
    if not may_void(actor, award):
        raise NotAllowed(OTHERS)


def writable_award(actor: Actor, award_id: UUID) -> Award:
    """The standing award, locked, for an actor whose reach is responsible for it or decides its call.

    Raises:
        NotAllowed: there is no such award in the actor's reach.
    """
    awards = Award.objects.select_for_update(of=("self",)).select_related("batch__call")
    if not actor.sees_all:
        awards = awards.filter(responsible(actor))
    award = awards.filter(STANDS, pk=award_id).first()
    if award is None:
        raise NotAllowed(OUTSIDE)
    return award


def require_place(actor: Actor, organisation_id: UUID, call_id: UUID) -> None:
    """Let pass who answers for the organisation or decides the call.

    Raises:
        NotAllowed: neither.
    """
    if not in_reach(actor, organisation_id) and not decides(actor, call_id):
        raise NotAllowed("责任单位不在本岗位管辖范围内。 The responsible organisation lies outside your scope.")
