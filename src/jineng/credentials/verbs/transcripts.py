"""Hand out a learner's transcript: one record, signed by who hands it out, of achievements with their own proofs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError

from jineng.credentials.credit_queries import accounts_of, achievements_of, postings_of
from jineng.credentials.kinds import AchievementKind, CertificateStatus
from jineng.credentials.models import Certificate, CreditAccount
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
from jineng.engines.seals import Signer
from jineng.engines.seals.badges import Issuer
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.records import MOST_HELD, record
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
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
    made = _Making(account, str(account.person.name))
    found = made.written(actor)
    current_deed().note(f"导出成绩单（{form}）", subject=account, form=form, entries=len(found.paper.achieved))
    return found


class _Making:
    """One transcript in the making; each organisation's issuer and key are asked for once."""

    def __init__(self, account: CreditAccount, name: str) -> None:
        self.account, self.name = account, name
        self.holder = holder_of(account, name)
        self.until = last_day(clock.today())
        self.known: dict[UUID, tuple[Issuer, Signer]] = {}

    def by(self, organisation_id: UUID) -> tuple[Issuer, Signer]:
        if organisation_id not in self.known:
            _, issuer, signer = issuing_as(organisation_id)
            self.known[organisation_id] = issuer, signer
        return self.known[organisation_id]

    def written(self, actor: Actor) -> Transcript:
        held = [
            one
            for one in visible(actor, Certificate)
            .filter(STANDS, person=self.account.person_id, seal__isnull=False)
            .select_related("seal")
            .order_by("issued_on", "number")
            if one.status_on(clock.today()) == CertificateStatus.HELD
        ]
        things = list(achievements_of(actor, self.account.person_id))
        stated = [one for one in things if one.kind != AchievementKind.CERTIFICATE]
        every = postings_of(actor, self.account)
        lines = [line for line in every if line.reverses_id is None and not hasattr(line, "reversed_by")]
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
        issuer, signer = self.by(actor.organisation_id)
        whole = record(
            f"urn:uuid:{uuid4()}",
            issuer,
            self.holder,
            credentials,
            clock.now(),
            name="学习成果与学分记录 Transcript",
            valid_until=end_of(self.until),
            associations=associations(sources, lines),
            partial=is_partial(self.account, lines),
        )
        paper = paper_of(
            self.account,
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
