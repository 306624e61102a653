"""Buttons that do one thing: call one verb, say what happened, go back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from jineng.kernel.web.requests import ActorRequest


def act(request: ActorRequest, do: Callable[[], object], *, done: str, then: str) -> HttpResponse:
    """Do it; what the verb refuses is shown where the button was, and nothing has changed."""
    try:
        do()
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, done)
    return redirect(then)
