"""Django's test client without what it does over and over: a tenth of what tests of pages take.

Every client makes the chain of middleware anew, for which all static files are looked up; and each template that a page
renders, components among them, leaves a copy of its context. Here clients share one chain, and only the page's own
template is remembered, so that ``answer.context`` has what the view gave it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import client


def make_clients_quick() -> None:
    """For the length of the session."""
    load, store = BaseHandler.load_middleware, client.store_rendered_templates
    made: dict[tuple[str, ...], dict[str, Any]] = {}

    def load_once(handler: client.ClientHandler, is_async: bool = False) -> None:
        chosen = tuple(settings.MIDDLEWARE)
        if chosen not in made:
            first = client.ClientHandler()
            load(first, is_async)
            made[chosen] = {name: value for name, value in vars(first).items() if name != "enforce_csrf_checks"}
        vars(handler).update(made[chosen])

    def store_first(kept: dict[str, Any], *args: Any, **told: Any) -> None:
        if "context" not in kept:
            store(kept, *args, **told)

    client.ClientHandler.load_middleware = load_once  # type: ignore[assignment]
    client.store_rendered_templates = store_first
