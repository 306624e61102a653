"""Who may write what: the scope checks that the room's verbs share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.models import AssessmentSession
from jineng.credentials.scope import own_sessions
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Recorded
from jineng.registry.scope import in_reach

ROOM = "credentials"
NOT_YOURS = "该考核不由本岗位所辖单位承办或评价。 Your scope neither hosts nor assesses this session."
OUTSIDE = "该机构不在本岗位管辖范围内。 The organisation lies outside your scope."
OTHERS = "此项由其他单位填报，本岗位不能作废。 Another office reported this item."
PROVINCE_ONLY = "试点由省级批准。 Pilots are decided by the province."
NO_REASON = "请填写原因。 Give a reason."


def owns_session(actor: Actor, session_id: UUID) -> bool:
    """Whether the actor's scope hosts the session or assesses in it."""
    return actor.sees_all or AssessmentSession.objects.filter(own_sessions(actor), pk=session_id).exists()


def own_session(actor: Actor, session_id: UUID) -> AssessmentSession:
    """The standing session, locked, for an actor whose scope hosts it or assesses in it.

    Raises:
        NotAllowed: there is no such session in the actor's scope.
    """
    sessions = AssessmentSession.objects.select_for_update(of=("self",)).select_related("certificate_type")
    if not actor.sees_all:
        sessions = sessions.filter(own_sessions(actor))
    found = sessions.filter(STANDS, pk=session_id).first()
    if found is None:
        raise NotAllowed(NOT_YOURS)
    return found


def require_reach(actor: Actor, organisation_id: UUID) -> None:
    """Let pass who answers for the organisation.

    Raises:
        NotAllowed: it lies outside the scope.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed(OUTSIDE)


def require_reporter(actor: Actor, record: Recorded) -> None:
    """Let pass who answers for whoever reported the record.

    Raises:
        NotAllowed: another office reported it.
    """
    if not actor.sees_all and (record.reporter_id is None or not in_reach(actor, record.reporter_id)):
        raise NotAllowed(OTHERS)


def save_valid(record: Any, *, exclude: tuple[str, ...] = ()) -> Any:
    """Insert a record after its fields and constraints were checked; related rows may lie out of sight."""
    record.clean_fields(exclude=list(exclude))
    record.validate_constraints()
    record.save(force_insert=True)
    return record


def strike_out(record: Any, reason: str) -> None:
    """Mark a record as never having held.

    Raises:
        ValidationError: no reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])
