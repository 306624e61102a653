"""Seal the certificates of a session: each becomes a credential that anybody can check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.credentials.models import AssessmentSession, Certificate, SealedCertificate
from jineng.credentials.sealing import address, credential_of, did_of
from jineng.credentials.verbs.reach import ROOM, own_session
from jineng.engines.seals import Signer
from jineng.engines.seals.badges import Issuer
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.jobs import soon
from jineng.kernel.keys import signer
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Person
from jineng.registry.scope import visible

AT_ONCE = 500
UNSEEN = "有持证人不在本岗位可见范围内，请由上级签发。 Some holders lie out of your sight; let an office above seal."


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def seal_certificates(*, actor: Actor, session_id: UUID, at_most: int = AT_ONCE) -> int:
    """Seal the next certificates of a session in order of their numbers; returns how many, 0 when all are sealed.

    Each gets its credential with a JCS proof and the next place in a status list of its body. It may be cut off and
    done again at any moment: a batch is sealed as a whole or not at all.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: a holder's name lies out of the actor's sight.
    """
    session = own_session(actor, session_id)
    unsealed = Certificate.objects.filter(STANDS, session=session, seal__isnull=True)
    due = list(unsealed.select_related("certificate_type").order_by("number")[:at_most])
    current_deed().note(f"签发电子证书 {len(due)} 张", subject=session, sealed=len(due))
    if due:
        SealedCertificate.objects.bulk_create(_sealed(actor, session, due))
    return len(due)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def link_certificates(*, actor: Actor, session_id: UUID, at_most: int = AT_ONCE) -> int:
    """Add the second proof, over linked data, to the next sealed certificates of a session; returns how many.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
    """
    session = own_session(actor, session_id)
    waiting = SealedCertificate.objects.filter(session=session, is_linked=False)
    due = list(waiting.select_related("status_list__issuer").order_by("status_list", "status_index")[:at_most])
    signers: dict[UUID, Signer] = {}
    for each in due:
        issuer = each.status_list.issuer
        if issuer.pk not in signers:
            signers[issuer.pk] = signer(issuer.organisation_id, issuer.did)
        each.credential = add_proof(each.credential, signers[issuer.pk], Suite.RDFC, clock.now())
        each.is_linked = True
    update_many(due, ["credential", "is_linked"])
    current_deed().note(f"加签 {len(due)} 张", subject=session, linked=len(due))
    return len(due)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def seal_session_soon(*, actor: Actor, session_id: UUID) -> None:
    """Ask for the job that seals all that is not sealed yet of a session; asked for twice it does nothing more.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
    """
    session = own_session(actor, session_id)
    current_deed().note("签发电子证书", subject=session)
    soon("seal_session", session_id=str(session_id), account_id=actor.account_id, post_id=str(actor.post_id))


class _Place(NamedTuple):
    status_list: UUID
    address: str
    number: int


def _sealed(actor: Actor, session: AssessmentSession, due: Sequence[Certificate]) -> list[SealedCertificate]:
    names = dict(visible(actor, Person).filter(pk__in={each.person_id for each in due}).values_list("pk", "name"))
    if any(each.person_id not in names for each in due):
        raise ValidationError(UNSEEN)
    own, issuer, by = issuing_as(session.body_id)
    now = clock.now()
    return [
        SealedCertificate(
            certificate=each,
            session=session,
            status_list_id=place.status_list,
            status_index=place.number,
            credential=issue(
                credential_of(each, issuer, str(names[each.person_id]), place.address, place.number),
                by,
                now,
                as_list=True,
            ),
            sealed_at=now,
        )
        for each, place in zip(due, _places(own, len(due)), strict=True)
    ]


def issuing_as(organisation_id: UUID) -> tuple[UUID, Issuer, Signer]:
    """An organisation as an issuer of credentials, made one by the first: its row, its profile, its signer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, did, name FROM credentials_have_issuer(%s, %s)", [organisation_id, did_of(organisation_id)]
        )
        own, did, name = cursor.fetchone()
    return own, Issuer(did, name), signer(organisation_id, did)


def _places(issuer_id: UUID, how_many: int) -> list[_Place]:
    lists = address("status_list", UUID(int=0)).removesuffix(str(UUID(int=0)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT list_id, list_address, first_index, granted FROM credentials_take_indices(%s, %s, %s)",
            [issuer_id, how_many, lists],
        )
        return [_Place(row[0], row[1], row[2] + n) for row in cursor.fetchall() for n in range(row[3])]
