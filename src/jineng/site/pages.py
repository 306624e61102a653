"""Pages that belong to no room: home, choice of post, health, and what is said when something fails."""

from __future__ import annotations

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from jineng.kernel.doors import door, open_door
from jineng.kernel.rights import Right
from jineng.kernel.web.requests import ActorRequest
from jineng.kernel.web.shell import tasks_of
from jineng.registry.web.middleware import POST_KEY


@require_GET
@door(Right.USE_WORKSPACE)
def home(request: ActorRequest) -> HttpResponse:
    """What needs me, and the posts that I may act in."""
    actor = request.actor
    return render(
        request,
        "site/home.html",
        {"tasks": tasks_of(actor), "seats": request.seats},
    )


@require_POST
@door(Right.USE_WORKSPACE)
def choose_post(request: ActorRequest) -> HttpResponse:
    """Act in another of my posts; one that is not mine changes nothing."""
    request.session[POST_KEY] = request.POST.get("post", "")
    return redirect("home")


@open_door
def addresses(request: ActorRequest) -> HttpResponse:
    """Instead of allauth's page of e-mail addresses, which keeps them in clear: the account's one is set elsewhere."""
    return redirect("notice_settings")


@require_GET
@open_door
def health(request: ActorRequest) -> HttpResponse:
    """Whether the program reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def refused(request: ActorRequest, exception: Exception) -> HttpResponse:
    """403: says why, and what to do."""
    return render(request, "site/refused.html", {"reason": str(exception)}, status=403)


def not_found(request: ActorRequest, exception: Exception) -> HttpResponse:
    """404: the same answer for what does not exist and for what lies out of scope."""
    return render(request, "site/not_found.html", status=404)


def broken(request: ActorRequest) -> HttpResponse:
    """500: an apology that needs no database."""
    return render(request, "site/broken.html", status=500)
