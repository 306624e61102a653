"""The pages that strike out records that never held."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.governance.models import CountyFact
from jineng.governance.verbs import void_record
from jineng.governance.verbs.reach import require_change
from jineng.governance.verbs.voiding import VOIDABLE
from jineng.governance.web.forms import ReasonForm
from jineng.kernel.doors import door
from jineng.kernel.records import Recorded
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.records import posted

FORM = ("GET", "POST")
PAGES = {
    "policy": "policy",
    "group": "leading_group",
    "press": "press_item",
    "occasion": "occasion",
    "county_fact": "county",
}
"""The page to which each kind of record leads back."""


def _page(kind: str, record: Recorded) -> str:
    return reverse(PAGES[kind], args=[record.office_id if isinstance(record, CountyFact) else record.pk])


def voiding(kind: str) -> Callable[..., HttpResponseBase]:
    """The page that strikes out a record of ``kind``."""

    @require_http_methods(FORM)
    @door(Right.EDIT_GOVERNANCE)
    def view(request: ActorRequest, pk: UUID) -> HttpResponse:
        """Strike out a record that never held."""
        found = visible(request.actor, VOIDABLE[kind]).filter(pk=pk).first()
        if found is None:
            raise Http404
        require_change(request.actor, found)
        page = _page(kind, found)
        return deed_page(
            request,
            ReasonForm(posted(request), actor=request.actor),
            lambda data: void_record(actor=request.actor, kind=kind, record_id=pk, **data),
            title=f"作废：{found}",
            title_en="Void",
            lead="作废表示从未有过，各年的数字都不再含它；后来终止的请填终止日期。 Void means that it never held.",
            done="已作废。 Voided.",
            then=lambda made: page,
            crumbs=[Crumb("返回", page), Crumb("作废")],
            cancel=page,
            submit="作废 Void",
        )

    return view
