"""Pages of agreements: list, one agreement with what came of it, and how its renewal stands."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.fetching import keys_of_a_part
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.models import Agreement
from jineng.partnerships.queries import agreements_of, bodies_of
from jineng.partnerships.renewing import Renewal, renewal_of
from jineng.partnerships.web.filters import AgreementFilters
from jineng.partnerships.web.records import Deed, find, may_keep, record_page, state_fact
from jineng.partnerships.web.tables import STATES, AgreementTable, agreement_state, body_state


def home() -> Crumb:
    """The way back to the list."""
    return Crumb("合作协议", reverse("agreements"))


def find_agreement(request: ActorRequest, pk: UUID) -> Agreement:
    """The agreement in sight, void or not.

    Raises:
        Http404: there is none.
    """
    return find(agreements_of(request.actor, standing=False), pk)


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def agreement_list(request: ActorRequest) -> HttpResponse:
    """Agreements that the actor keeps or is party to."""
    return list_page(
        request,
        title="合作协议",
        title_en="Agreements",
        lead="本单位管辖的和作为签约方的协议；到期前双方都会收到续签询问。 "
        "Kept in your scope, or signed by it; both sides are asked before a term ends.",
        rows=lambda: keys_of_a_part(request.actor, agreements_of(request.actor, standing="status" not in request.GET)),
        table=AgreementTable,
        filters=AgreementFilters,
        crumbs=[Crumb("合作协议")],
        template="partnerships/agreements.html",
        empty="还没有登记协议。 No agreements yet.",
    )


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def agreement(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One agreement: its parties, terms, what came of it, and what each side says of its renewal."""
    found = find_agreement(request, pk)
    renewal = renewal_of(request.actor, found, clock.today())
    bodies = list(bodies_of(request.actor).filter(agreement=found).order_by("code"))
    for each in bodies:
        each.state_label, each.state_mark = STATES[body_state(each)]  # type: ignore[attr-defined]
    facts = [
        Fact("协议编号 Code", found.code, kind="code"),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("登记单位 Keeper", _keeper(found)),
        Fact("签订日期 Signed on", str(found.signed_on)),
        Fact("文号 Document", found.document),
        state_fact(agreement_state(found), found.void_reason or found.end_reason),
    ]
    if found.ended_on is not None:
        facts.append(Fact("提前终止 Ended on", str(found.ended_on)))
    return record_page(
        request,
        found,
        facts,
        title=found.name,
        title_en="Agreement",
        crumbs=[home()],
        deeds=_deeds(request, found, renewal),
        template="partnerships/agreement.html",
        parties=found.signatories,  # type: ignore[attr-defined]
        terms=_terms(found),
        bodies=bodies,
        renewal=renewal,
        over=renewal is not None and renewal.term.until is not None and renewal.term.until < clock.today(),
    )


def _keeper(found: Agreement) -> str:
    """The keeper's name; where it lies out of sight, as it signed."""
    parties = found.signatories  # type: ignore[attr-defined]
    signed = next((party.name for party in parties if party.organisation_id == found.organisation_id), "")
    return found.keeper_name or signed  # type: ignore[attr-defined]


def _terms(found: Agreement) -> list[Event]:
    return [
        Event(term.since, f"至 {term.until or '长期'}", detail=term.document)
        for term in found.terms.filter(STANDS).order_by("since")
    ]


def _deeds(request: ActorRequest, found: Agreement, renewal: Renewal | None) -> list[Deed]:
    deeds = []
    if renewal is not None and renewal.mine and request.actor.may(Right.EDIT_PARTNERSHIPS):
        deeds.append(Deed("答复续签 Answer", reverse("answer_renewal", args=[found.pk]), "primary"))
    if may_keep(request, found):
        if found.ended_on is None:
            deeds.append(Deed("记录续期 Record a term", reverse("record_term", args=[found.pk])))
            deeds.append(Deed("增加签约方 Add a party", reverse("add_party", args=[found.pk])))
            deeds.append(Deed("提前终止 End", reverse("end_agreement", args=[found.pk]), "danger"))
        deeds.append(Deed("作废 Void", reverse("void_agreement", args=[found.pk]), "danger"))
    return deeds
