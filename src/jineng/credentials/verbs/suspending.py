"""Suspend a certificate for a while, and lift the suspension again."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.models import Certificate
from jineng.credentials.verbs.issuing import standing_certificate
from jineng.credentials.verbs.reach import NO_REASON, ROOM
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def suspend_certificate(*, actor: Actor, certificate_id: UUID, reason: str) -> Certificate:
    """Suspend a certificate from today on: verification says so, and it is not converted, until that is lifted.

    It is held all the while: no figure changes, and credits that it brought stay.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: it is suspended or revoked already, is of a later day, or no reason is given.
    """
    certificate = standing_certificate(actor, certificate_id)
    if certificate.revoked_on is not None or certificate.suspended_on is not None:
        raise ValidationError("该证书已撤销或已暂停。 The certificate is revoked or suspended already.")
    if certificate.issued_on > clock.today():
        raise ValidationError("尚未到发证日期。 Its day of issue has not come.")
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    certificate.suspended_on, certificate.suspend_reason = clock.today(), reason.strip()
    certificate.save(update_fields=["suspended_on", "suspend_reason"])
    current_deed().note("暂停证书", subject=certificate)
    return certificate


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def lift_suspension(*, actor: Actor, certificate_id: UUID, reason: str) -> Certificate:
    """Let a suspended certificate stand again from now on; the reason is kept in the audit trail.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: it is not suspended, or no reason is given.
    """
    certificate = standing_certificate(actor, certificate_id)
    if certificate.suspended_on is None:
        raise ValidationError("该证书没有暂停。 The certificate is not suspended.")
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    since = certificate.suspended_on
    certificate.suspended_on, certificate.suspend_reason = None, ""
    certificate.save(update_fields=["suspended_on", "suspend_reason"])
    current_deed().note(f"恢复证书：{reason.strip()}", subject=certificate, suspended_on=since.isoformat())
    return certificate
