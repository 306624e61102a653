"""What the room tells: what one party of an agreement says about its renewal, to the others."""

from __future__ import annotations

from django.urls import reverse

from jineng.kernel.notices import Office, kind_of_notice, notify
from jineng.kernel.records import STANDS
from jineng.partnerships.kinds import ASKED_ROLES
from jineng.partnerships.models import Agreement, AgreementParty, RenewalAnswer
from jineng.partnerships.rules import Verdict

RENEWAL_ANSWERED = kind_of_notice("partnerships.renewal_answered", "续签答复 Renewal answered")
NEXT = {
    Verdict.AGREED: "各方一致，下一期已登记。\nAll agree: the next term is recorded.",
    Verdict.DISAGREED: "各方意见不一致，请协商后更改答复。\nThe answers differ: settle it and change one.",
    Verdict.ENDING: "各方均不再续签，协议到期自然终止。\nAll end it: it lapses with its term.",
}


def tell_other_parties(agreement: Agreement, said: RenewalAnswer, verdict: Verdict) -> int:
    """A party answered: to the others, or to the keeper for a party outside the registry."""
    others = AgreementParty.objects.filter(STANDS, agreement=agreement, role__in=ASKED_ROLES).exclude(pk=said.party_id)
    speaker = said.party.organisation_id or agreement.organisation_id
    offices = {party.organisation_id or agreement.organisation_id for party in others} - {speaker}
    return notify(
        kind=RENEWAL_ANSWERED,
        to=[Office(office) for office in offices],
        subject=f"{agreement.name}：{said.party.name} 答复{said.get_answer_display()}",
        about=said.term,
        body=NEXT.get(verdict, "请答复续签或不再续签。\nSay whether to renew or to end it."),
        link=reverse("agreement", args=[agreement.pk]),
        name_of=speaker,
    )
