"""What a request carries once the actor middleware has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from jineng.kernel.actors import Actor
    from jineng.kernel.models import Account


class ActorRequest(HttpRequest):
    """A request of somebody who acts; behind a door ``actor`` is always there."""

    actor: Actor
    user: Account
    seats: list[Any]
