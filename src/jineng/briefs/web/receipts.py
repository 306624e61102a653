"""After a release: signing for it, seeing who has, and errata."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.briefs.models import Delivery, Release
from jineng.briefs.verbs import acknowledge_release, add_erratum
from jineng.briefs.web.forms import ErratumForm
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest


def _release(release_id: UUID) -> Release:
    found = Release.objects.filter(pk=release_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
@door(Right.VIEW_BRIEFS)
def acknowledge(request: ActorRequest, release_id: UUID) -> HttpResponse:
    """Sign for a release on behalf of one's own organisation."""
    _release(release_id)
    try:
        acknowledge_release(actor=request.actor, release_id=release_id)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, "已签收。 Signed for.")
    return redirect("briefs:released", release_id=release_id)


@require_GET
@door(Right.VIEW_BRIEFS)
def receipts(request: ActorRequest, release_id: UUID) -> HttpResponse:
    """Who got a release and who has signed for it, as far as the scope reaches."""
    release = _release(release_id)
    deliveries = list(
        Delivery.objects.filter(release=release)
        .select_related("organisation", "read_by")
        .order_by("read_at", "organisation__code")
    )
    return render(
        request,
        "briefs/receipts.html",
        {
            "title": f"{release} 签收",
            "title_en": "Receipts",
            "crumbs": [
                Crumb("简报", reverse("briefs:index")),
                Crumb(str(release), reverse("briefs:released", args=[release.pk])),
                Crumb("签收"),
            ],
            "deliveries": [
                (item, item.read_at.astimezone(clock.CHINA) if item.read_at else None) for item in deliveries
            ],
            "read": sum(item.read_at is not None for item in deliveries),
        },
    )


@require_http_methods(["GET", "POST"])
@door(Right.RELEASE_BRIEFS)
def erratum(request: ActorRequest, release_id: UUID) -> HttpResponse:
    """Correct a release by a dated erratum."""
    release = _release(release_id)
    page = reverse("briefs:released", args=[release.pk])
    return deed_page(
        request,
        ErratumForm(request.POST or None, actor=request.actor),
        lambda data: add_erratum(actor=request.actor, release_id=release_id, text=data["text"], keys=data["keys"]),
        title=f"更正：{release}",
        title_en="Correct a release",
        lead="发布的文件不变，更正另行注明日期并加封。 The release stays; the erratum is sealed beside it.",
        done="更正已公布。 The erratum is out.",
        then=lambda _: page,
        crumbs=[Crumb("简报", reverse("briefs:index")), Crumb(str(release), page), Crumb("更正")],
        cancel=page,
    )
