"""Django's test clients share one chain of middleware; else each makes its own, and looks up all static files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import client


def make_clients_quick() -> None:
    """For the length of the session."""
    load = BaseHandler.load_middleware
    made: dict[tuple[str, ...], dict[str, Any]] = {}

    def load_once(handler: client.ClientHandler, is_async: bool = False) -> None:
        chosen = tuple(settings.MIDDLEWARE)
        if chosen not in made:
            first = client.ClientHandler()
            load(first, is_async)
            made[chosen] = {name: value for name, value in vars(first).items() if name != "enforce_csrf_checks"}
        vars(handler).update(made[chosen])

    client.ClientHandler.load_middleware = load_once  # type: ignore[assignment]
