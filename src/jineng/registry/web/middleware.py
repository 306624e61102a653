"""Each request acts as one account in one post, or as nobody; the database session is told which."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jineng.kernel.actors import acting, tell_database
from jineng.registry.acting import choose, seats

POST_KEY = "post"


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.seats``; the view runs in the actor's scope, signed out in none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the actor, act, and leave the connection blind."""
        request.actor = None  # type: ignore[attr-defined]
        if request.path.startswith("/static/"):
            return self.get_response(request)
        if not request.user.is_authenticated:
            tell_database(None)
            return self.get_response(request)
        open_seats = seats(request.user)
        actor = choose(request.user, open_seats, request.session.get(POST_KEY))
        request.seats = open_seats  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        if actor is None:
            tell_database(None)
            return self.get_response(request)
        with acting(actor):
            return self.get_response(request)
