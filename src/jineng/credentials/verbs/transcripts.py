"""Hand out a learner's transcript: one record, signed by who hands it out, of achievements with their own proofs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from jineng.credentials.credit_queries import accounts_of, achievements_of, postings_of
from jineng.credentials.kinds import AchievementKind, CertificateStatus
from jineng.credentials.models import Achievement, Certificate, CreditAccount, CreditPosting
from jineng.credentials.transcripts import (
    Transcript,
    achieved_id,
    associations,
    end_of,
    holder_of,
    is_partial,
    last_day,
    line_badge,
    paper_of,
    statement_badge,
)
from jineng.credentials.verbs.reach import ROOM
from jineng.credentials.verbs.sealing import issuing_as
from jineng.credentials.verbs.sharing import holder_of as holder_of_certificate
from jineng.engines.seals import Signer
from jineng.engines.seals.badges import Issuer
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.records import MOST_HELD, record
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.scope import visible

NOTHING = "没有可列入成绩单的成果。 There is nothing to put into a transcript."
TOO_MANY = (
    f"成果和学分记录超过 {MOST_HELD} 项，无法列入一份成绩单。 More than {MOST_HELD} entries do not go into one record."
)


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def export_transcript(*, actor: Actor, account_id: UUID, form: str) -> Transcript:
    """A learner's transcript as of today, with the name, in a ``form`` (json, pdf), in the name of the actor's office.

    It holds the credentials of the certificates that stand and are sealed, and one each for what else was stated and
    for every open line of the ledger, by the key of whoever stated it; as far as the actor sees them.

    Raises:
        NotAllowed: the account lies outside the actor's scope.
        ValidationError: there is nothing to tell, or too much for one record.
    """
    account = accounts_of(actor).filter(pk=account_id).first()
    if account is None:
        raise NotAllowed
    lines = _open_lines(actor, account)
    things = list(achievements_of(actor, account.person_id))
    held = visible(actor, Certificate).filter(STANDS, person=account.person_id, seal__isnull=False)
    found = _Making(account.pk, str(account.person.name)).written(
        actor.organisation_id, held, things, lines, account.balance, partial=is_partial(account, lines)
    )
    current_deed().note(f"导出成绩单（{form}）", subject=account, form=form, entries=len(found.paper.achieved))
    return found


@verb(Right.SHARE_CERTIFICATES, room=ROOM)
def fetch_own_transcript(*, actor: Actor, certificate_id: UUID, form: str) -> Transcript:
    """What a certificate's holder takes of their learning in a ``form`` (json, pdf): the certificate and the credits
    that were recognised for it, as of today, signed in the name of the office at the root, which keeps the credit bank.

    It is a part of the learner's record and says so: who holds one paper may be somebody to whom it was handed.

    Raises:
        NotAllowed: the actor is not the certificate's holder.
        ValidationError: the certificate does not stand, or is not sealed yet.
    """
    if actor != holder_of_certificate(certificate_id):
        raise NotAllowed
    bank = _bank()
    with acting(bank):
        held = visible(bank, Certificate).filter(STANDS, pk=certificate_id, seal__isnull=False)
        certificate = held.select_related("person").first()
        if certificate is None or certificate.status_on(clock.today()) != CertificateStatus.HELD:
            raise ValidationError(NOTHING)
        account = accounts_of(bank).filter(person=certificate.person_id).first()
        things = list(achievements_of(bank, certificate.person_id).filter(certificate=certificate_id))
        known = {thing.pk for thing in things}
        lines = [line for line in _open_lines(bank, account) if line.achievement_id in known] if account else []
        found = _Making(certificate.pk, str(certificate.person.name)).written(
            bank.organisation_id, held, things, lines, sum((line.credits for line in lines), Decimal(0)), partial=True
        )
    current_deed().note(f"持证人领取成绩单（{form}）", form=form, entries=len(found.paper.achieved))
    return found


def _bank() -> Actor:
    """The program itself in the name of the office that keeps the credit bank."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_bank()")
        root: UUID = cursor.fetchone()[0]
    rights = frozenset({Right.VIEW_PERSONAL_DATA})
    return Actor(None, None, root, role="system", rights=rights, label="系统 System", sees_all=True)


def _open_lines(actor: Actor, account: CreditAccount) -> list[CreditPosting]:
    every = postings_of(actor, account)
    return [line for line in every if line.reverses_id is None and not hasattr(line, "reversed_by")]


class _Making:
    """One transcript in the making, with the code of ``printed``; each organisation's key is asked for once."""

    def __init__(self, printed: UUID, name: str) -> None:
        self.printed, self.name = printed, name
        self.holder = holder_of(printed, name)
        self.until = last_day(clock.today())
        self.known: dict[UUID, tuple[Issuer, Signer]] = {}

    def by(self, organisation_id: UUID) -> tuple[Issuer, Signer]:
        if organisation_id not in self.known:
            _, issuer, signer = issuing_as(organisation_id)
            self.known[organisation_id] = issuer, signer
        return self.known[organisation_id]

    def written(
        self,
        office: UUID,
        sealed: QuerySet[Certificate],
        things: Sequence[Achievement],
        lines: Sequence[CreditPosting],
        balance: Decimal,
        *,
        partial: bool,
    ) -> Transcript:
        ordered = sealed.select_related("seal").order_by("issued_on", "number")
        held = [one for one in ordered if one.status_on(clock.today()) == CertificateStatus.HELD]
        stated = [one for one in things if one.kind != AchievementKind.CERTIFICATE]
        if not held and not stated and not lines:
            raise ValidationError(NOTHING)
        if len(held) + len(stated) + len(lines) > MOST_HELD:
            raise ValidationError(TOO_MANY)
        credentials: list[dict[str, Any]] = [one.seal.credential for one in held]
        sources: dict[Any, str] = {}
        certificates = {one.pk: one.seal.credential["credentialSubject"]["achievement"]["id"] for one in held}
        for thing in things:
            if thing.certificate_id in certificates:
                sources[thing.pk] = certificates[thing.certificate_id]
        for thing in stated:
            issuer, signer = self.by(thing.institution_id)
            sources[thing.pk] = achieved_id(issuer, thing)
            credentials.append(_signed(statement_badge(thing, issuer, self.holder, self.until), signer))
        for line in lines:
            issuer, signer = self.by(line.school_id)
            credentials.append(_signed(line_badge(line, issuer, self.holder, self.until), signer))
        issuer, signer = self.by(office)
        whole = record(
            f"urn:uuid:{uuid4()}",
            issuer,
            self.holder,
            credentials,
            clock.now(),
            name="学习成果与学分记录 Transcript",
            valid_until=end_of(self.until),
            associations=associations(sources, lines),
            partial=partial,
        )
        paper = paper_of(
            self.printed,
            balance,
            self.name,
            held,
            [(one, self.by(one.institution_id)[0].name) for one in stated],
            [(line, self.by(line.school_id)[0].name) for line in lines],
            issuer.name,
        )
        return Transcript(paper, _signed(whole, signer))


def _signed(credential: dict[str, Any], signer: Signer) -> dict[str, Any]:
    """With both proofs: over the JSON, and over the linked data, for verifiers that know only one of them."""
    moment = clock.now()
    return add_proof(issue(credential, signer, moment, as_list=True), signer, Suite.RDFC, moment)
