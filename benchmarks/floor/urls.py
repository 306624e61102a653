"""The site's addresses and the empty view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from benchmarks.floor import ADDRESS, OPEN_ADDRESS
from jineng.kernel.doors import door, open_door
from jineng.kernel.rights import Right
from jineng.kernel.web.requests import ActorRequest
from jineng.site import urls as site


@require_GET
@door(Right.USE_WORKSPACE)
def nothing(request: ActorRequest) -> HttpResponse:
    """What the framework costs: session, sign-in, actor, walls; no page."""
    return HttpResponse("")


@require_GET
@open_door
def nothing_for_anybody(request: HttpRequest) -> HttpResponse:
    """What the framework costs where nobody signs in."""
    return HttpResponse("")


urlpatterns = [
    path(ADDRESS.lstrip("/"), nothing, name="floor"),
    path(OPEN_ADDRESS.lstrip("/"), nothing_for_anybody, name="open_floor"),
    *site.urlpatterns,
]
handler403, handler404, handler500 = site.handler403, site.handler404, site.handler500
