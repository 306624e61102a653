"""Issue the certificates of a session, revoke them, strike them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.kinds import Outcome
from jineng.credentials.models import AssessmentSession, Candidate, Certificate
from jineng.credentials.rules import make_number
from jineng.credentials.series import known_certificates, take_numbers
from jineng.credentials.verbs.reach import NO_REASON, NOT_YOURS, ROOM, own_session, strike_out
from jineng.credentials.verbs.sealing import seal_session_soon
from jineng.credentials.verbs.taking_back import take_back_due
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def issue_certificates(*, actor: Actor, session_id: UUID, issued_on: date) -> list[Certificate]:
    """Issue a certificate to everybody who passed, numbered through its series by seat.

    Who holds this certificate at this level already gets no second one.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: the results are not settled, the certificates are issued, or the day is impossible.
    """
    session = own_session(actor, session_id)
    if session.settled_at is None:
        raise ValidationError("成绩尚未确认，不能发证。 The results are not settled yet.")
    if session.certified_at is not None:
        raise ValidationError("本场已发证。 The certificates are issued already.")
    if not session.held_on <= issued_on <= clock.today():
        raise ValidationError({"issued_on": "发证日期应在考核之后、今天之前。 A day from the assessment until today."})
    passed = list(Candidate.objects.filter(STANDS, session=session, outcome=Outcome.PASSED).order_by("seat", "id"))
    made = issue_to(session, passed, issued_on)
    session.certified_at = clock.now()
    session.save(update_fields=["certified_at"])
    current_deed().note(f"发证 {len(made)} 张", subject=session, issued=len(made), held_already=len(passed) - len(made))
    seal_session_soon(actor=actor, session_id=session.pk)
    return made


def issue_to(session: AssessmentSession, passed: Sequence[Candidate], issued_on: date) -> list[Certificate]:
    """Certificates for candidates who passed, numbered in their order; none for who holds one at this level already."""
    kind = session.certificate_type
    holding = {
        known.person_id
        for known in known_certificates(candidate.person_id for candidate in passed)
        if (known.certificate_type_id, known.level) == (kind.pk, session.level)
    }
    due = [candidate for candidate in passed if candidate.person_id not in holding]
    serials = take_numbers(kind.pk, issued_on.year, session.level, len(due)) if due else range(0)
    return Certificate.objects.bulk_create(
        Certificate(
            number=make_number(kind.code, issued_on.year, session.level, serial),
            certificate_type=kind,
            level=session.level,
            person_id=candidate.person_id,
            institution_id=candidate.institution_id,
            session=session,
            issued_on=issued_on,
            **origin(),
        )
        for serial, candidate in zip(serials, due, strict=True)
    )


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def revoke_certificate(*, actor: Actor, certificate_id: UUID, on: date, reason: str) -> Certificate:
    """Revoke a certificate from ``on`` on; it was held until then. What credits it brought are taken back on that day.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: it is revoked already, ``on`` lies before its issue, or no reason is given.
    """
    certificate = _revoked(actor, certificate_id, on, reason)
    current_deed().note(f"撤销证书（{on}）", subject=certificate)
    take_back_due([certificate.number])
    return certificate


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def reissue_certificate(*, actor: Actor, certificate_id: UUID, on: date, reason: str) -> Certificate:
    """Revoke a certificate from ``on`` on and issue another in its place on that day, with the series' next number.

    Credits that the old one brought are taken back; the new one is stated and converted like any other.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: as for :func:`revoke_certificate`, or ``on`` lies in the future.
    """
    if on > clock.today():
        raise ValidationError({"on": "补发日期不能晚于今天。 Not later than today."})
    old = _revoked(actor, certificate_id, on, reason)
    kind = old.certificate_type
    (serial,) = take_numbers(kind.pk, on.year, old.level, 1)
    made = Certificate.objects.create(
        number=make_number(kind.code, on.year, old.level, serial),
        certificate_type=kind,
        level=old.level,
        person_id=old.person_id,
        institution_id=old.institution_id,
        session_id=old.session_id,
        issued_on=on,
        **origin(),
    )
    current_deed().note(f"换发证书（原编号 {old.number}）", subject=made, instead_of=old.number)
    take_back_due([old.number])
    seal_session_soon(actor=actor, session_id=old.session_id)
    return made


def _revoked(actor: Actor, certificate_id: UUID, on: date, reason: str) -> Certificate:
    certificate = standing_certificate(actor, certificate_id)
    if certificate.revoked_on is not None:
        raise ValidationError("该证书已撤销。 The certificate is revoked already.")
    if on < certificate.issued_on:
        raise ValidationError({"on": "撤销不能早于发证。 Not before its issue."})
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    certificate.revoked_on, certificate.revoke_reason = on, reason.strip()
    certificate.save(update_fields=["revoked_on", "revoke_reason"])
    return certificate


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def void_certificate(*, actor: Actor, certificate_id: UUID, reason: str) -> Certificate:
    """Strike out a certificate that was never held; its number is not given again, its credits are taken back.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: no reason.
    """
    certificate = standing_certificate(actor, certificate_id)
    strike_out(certificate, reason)
    current_deed().note("作废证书", subject=certificate)
    take_back_due([certificate.number])
    return certificate


def standing_certificate(actor: Actor, certificate_id: UUID) -> Certificate:
    """The certificate, locked, for an actor who answers for its session.

    Raises:
        NotAllowed: there is none in the actor's scope.
    """
    certificate = visible(actor, Certificate).select_for_update(of=("self",)).filter(STANDS, pk=certificate_id).first()
    if certificate is None:
        raise NotAllowed(NOT_YOURS)
    own_session(actor, certificate.session_id)
    return certificate
