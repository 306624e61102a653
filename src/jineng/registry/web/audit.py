"""The audit trail."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from jineng.kernel.doors import door
from jineng.kernel.models import AuditLine
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.tables import AuditFilters, AuditTable


@require_GET
@door(Right.VIEW_AUDIT)
def line_list(request: ActorRequest) -> HttpResponse:
    """Who did what, the latest first."""
    return list_page(
        request,
        title="审计记录",
        title_en="Audit trail",
        rows=visible(request.actor, AuditLine),
        table=AuditTable,
        filters=AuditFilters,
        crumbs=[Crumb("审计记录")],
    )
