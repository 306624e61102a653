"""Doors: every view says who may pass. A view without a door is found by a test and by ``manage.py check``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from jineng.kernel.actors import NotAllowed
from jineng.kernel.prepared import plans_kept
from jineng.kernel.rights import Right

View = Callable[..., HttpResponseBase]
OPEN = "open"
SIGNED_IN = "signed_in"


def door(right: Right) -> Callable[[View], View]:
    """Let in actors that hold ``right``; send the signed-out to sign in, refuse everybody else."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if actor is None or not actor.may(right):
                raise PermissionDenied("当前岗位无权查看此页。 Your post may not open this page.")
            try:
                with plans_kept() if kwargs and request.method == "GET" else nullcontext():
                    return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied(refusal.message) from refusal

        guarded.jineng_door = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_door(view: View) -> View:
    """Everybody may pass; for what is published and for sign-in."""
    view.jineng_door = OPEN  # type: ignore[attr-defined]
    return view
