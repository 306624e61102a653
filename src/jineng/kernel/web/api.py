"""The API's doors: operations name the right they need, exactly as pages do."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie

from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.web.paging import settled


class ActorAuth(APIKeyCookie):
    """Authentication of the API: whoever is signed in and holds a post today.

    It rests on the session's cookie, which a browser sends by itself; so a request that changes something must
    carry the CSRF token as forms do.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor that the middleware found; ``None`` answers 401."""
        return getattr(request, "actor", None)


actor_auth = ActorAuth()


def api_door(right: Right) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let in actors that hold ``right``; 403 with a reason for everybody else. Rows are answered in a total order.

    Stands under the router's decorator: ``@router.get(...)`` above, ``@api_door(Right.X)`` below it.
    """

    def decorate(operation: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if not actor.may(right):
                raise HttpError(403, "当前岗位无权进行此操作。 Your post may not do this.")
            try:
                answer = operation(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise HttpError(403, refusal.message) from refusal
            return settled(answer) if isinstance(answer, QuerySet) else answer

        # The framework reads annotations in the wrapper's module; the operation's own module knows the names.
        guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        guarded.jineng_door = right  # type: ignore[attr-defined]
        return guarded

    return decorate
