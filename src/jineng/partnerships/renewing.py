"""How the renewal of an agreement stands: who is asked, who said what, what it comes to, who may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.partnerships.kinds import ASKED_ROLES
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm, RenewalAnswer
from jineng.partnerships.rules import (
    ASKINGS,
    Said,
    State,
    Term,
    Verdict,
    asked_from,
    months_before,
    state_on,
    usual_end,
    verdict_of,
)
from jineng.registry.scope import reach

REMINDED_FOR = timedelta(days=90)
"""How long after a term's end its parties are still reminded; answering stays open."""


@dataclass(frozen=True)
class Voice:
    """A party that is asked, what it said so far, and whether the actor may answer for it."""

    party: AgreementParty
    answer: RenewalAnswer | None
    mine: bool


@dataclass(frozen=True)
class Renewal:
    """How the renewal of one term stands on a day."""

    term: AgreementTerm
    from_day: date
    voices: tuple[Voice, ...]
    verdict: Verdict
    usual_end: date | None

    @property
    def mine(self) -> list[Voice]:
        """The parties for which the actor may answer."""
        return [voice for voice in self.voices if voice.mine]


def terms_of(terms: list[AgreementTerm]) -> list[Term]:
    """Rows as the rules read them."""
    return [Term(term.since, term.until) for term in terms]


def state_of(agreement: Agreement, day: date) -> State:
    """What an agreement with ``standing_terms`` at hand is on ``day``."""
    return state_on(day, terms_of(agreement.standing_terms), agreement.ended_on)  # type: ignore[attr-defined]


def renewal_of(actor: Actor, agreement: Agreement, day: date) -> Renewal | None:
    """How the renewal of the last term stands; ``None`` where nobody is asked on ``day``."""
    terms: list[AgreementTerm] = agreement.standing_terms  # type: ignore[attr-defined]
    last = max(terms, key=lambda term: term.since, default=None)
    if agreement.is_void or agreement.ended_on is not None or last is None or last.until is None:
        return None
    if day < asked_from(last.until):
        return None
    said = {answer.party_id: answer for answer in RenewalAnswer.objects.filter(STANDS, term=last)}
    mine = None if actor.sees_all else set(reach(actor))
    parties = [party for party in agreement.signatories if party.role in ASKED_ROLES]  # type: ignore[attr-defined]
    voices = tuple(
        Voice(party, said.get(party.pk), mine is None or (party.organisation_id or agreement.organisation_id) in mine)
        for party in parties
    )
    spoken = [Said(voice.answer.answer, voice.answer.until) for voice in voices if voice.answer is not None]
    return Renewal(
        last, asked_from(last.until), voices, verdict_of(len(voices), spoken), usual_end(Term(last.since, last.until))
    )


@dataclass(frozen=True)
class Asked:
    """An agreement whose parties are asked, whether the organisation has answered, and whether answers differ."""

    agreement_id: UUID
    name: str
    until: date
    answered: bool
    disagreed: bool


def asked_of(organisation_id: UUID, day: date) -> list[Asked]:
    """Agreements whose renewal the organisation is asked about on ``day``: as a party, or for one outside.

    Two queries, whatever the number; the earliest end first.
    """
    horizon = months_before(day, -max(item.months for item in ASKINGS))
    mine = Q(organisation=organisation_id) | Q(organisation__isnull=True, agreement__organisation=organisation_id)
    parties = AgreementParty.objects.filter(mine, STANDS, role__in=ASKED_ROLES)
    later = AgreementTerm.objects.filter(STANDS, agreement=OuterRef("agreement"), since__gt=OuterRef("since"))
    ending = (
        AgreementTerm.objects.filter(STANDS, until__gte=day - REMINDED_FOR, until__lte=horizon)
        .filter(agreement__voided_at__isnull=True, agreement__ended_on__isnull=True)
        .filter(agreement__in=parties.values("agreement"))
        .filter(~Exists(later))
    )
    terms = {
        pk: (agreement, name, until)
        for pk, agreement, name, until in ending.values_list("id", "agreement", "agreement__name", "until")
        if until is not None and asked_from(until) <= day
    }
    said: dict[UUID, dict[UUID, Said]] = {}
    for answer in RenewalAnswer.objects.filter(STANDS, term__in=terms):
        said.setdefault(answer.term_id, {})[answer.party_id] = Said(answer.answer, answer.until)
    own: dict[UUID, list[UUID]] = {}
    for agreement, party in parties.filter(agreement__in={row[0] for row in terms.values()}).values_list(
        "agreement", "id"
    ):
        own.setdefault(agreement, []).append(party)
    found = [
        Asked(
            agreement,
            name,
            until,
            answered=all(party in said.get(pk, {}) for party in own.get(agreement, [])),
            disagreed=verdict_of(len(said.get(pk, {})), list(said.get(pk, {}).values())) is Verdict.DISAGREED,
        )
        for pk, (agreement, name, until) in terms.items()
    ]
    return sorted(found, key=lambda item: (item.until, item.name))
