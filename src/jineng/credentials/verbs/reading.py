"""Read names and document numbers; each reading leaves a line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.forms_of import Printable
from jineng.credentials.models import AssessmentSession, Candidate, Certificate
from jineng.credentials.queries import certificates_of
from jineng.credentials.scope import own_sessions
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.identities import identities_of

ROOM = "credentials"
UNSEALED = "证书尚未签发为电子证书。 The certificate is not sealed yet."
NOTHING = (None, None, None, None)


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def read_candidates(*, actor: Actor, year: int) -> list[tuple[Any, ...]]:
    """Candidates of the sessions held in ``year`` that the actor's scope hosts or assesses, as the sheet has them.

    Names and document numbers are in clear, the certificate stands in the candidate's row. Candidates without a
    resident ID number are left out, because the sheet knows people by it.
    """
    sessions = AssessmentSession.objects.filter(STANDS, held_on__year=year)
    if not actor.sees_all:
        sessions = sessions.filter(own_sessions(actor))
    rows = Candidate.objects.filter(STANDS, session__in=sessions).order_by("session__host__code", "session__code", "id")
    fields = ("session_id", "person_id", "session__host__code", "session__code")
    found = list(rows.values_list(*fields, "institution__code", "attendance", "outcome", "score"))
    issued: dict[tuple[UUID, UUID], tuple[Any, ...]] = {
        (session, person): (number, *(value or None for value in rest))
        for session, person, number, *rest in Certificate.objects.filter(STANDS, session__in=sessions).values_list(
            "session_id", "person_id", "number", "issued_on", "revoked_on", "revoke_reason"
        )
    }
    people = identities_of(actor, {row[1] for row in found})
    current_deed().note(f"导出 {year} 年考核与发证", candidates=len(found))
    return [
        (
            *(host, code, who.name, who.number, who.is_synthetic or None),
            *(school, attendance, outcome or None, score),
            *issued.get((session, person), NOTHING),
            *(None, None, None),
        )
        for session, person, host, code, school, attendance, outcome, score in found
        if (who := people.get(person)) is not None and who.number
    ]


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def export_certificate(*, actor: Actor, certificate_id: UUID, form: str) -> Printable:
    """A sealed certificate with its holder's name, to be printed or handed out in a ``form`` (json, pdf, png).

    Raises:
        NotAllowed: it lies outside the actor's scope.
        ValidationError: it is void, or not sealed yet.
    """
    found = certificates_of(actor).select_related("seal").filter(pk=certificate_id).first()
    if found is None:
        raise NotAllowed
    if not hasattr(found, "seal"):
        raise ValidationError(UNSEALED)
    current_deed().note(f"导出证书（{form}）", subject=found, form=form)
    return Printable.of(found, found.person.name)
