"""Pages that are the same for everybody but for what stands in a few places, when thousands open them in a minute.

A template is rendered once for all who are to read the same; where each reads what is their own, it is left a *gap*.
From then on only gaps are filled. What all read alike is told by value (``shared``), so that it changes the page where
it changes; what is anybody's own never comes near what is kept.

Of the request such a page knows the colours asked for, who acts, messages and the token against forgery, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

THEME, TOKEN = "theme", "csrf_token"
THEMES = ("dark", "light")
_MARK = token_hex(8)
"""Told to nobody, so that nothing that anybody has written is taken for a gap."""
_GAP = re.compile(rf"@{_MARK}:(\w+)@")
KEPT = 500
"""Pages."""

Items = tuple[tuple[str, Hashable], ...]


def gap(name: str) -> SafeString:
    """What stands in a page for what is filled in under this name."""
    return SafeString(f"@{_MARK}:{name}@")


def page_with_gaps(
    request: HttpRequest, template: str, shared: Mapping[str, Hashable], own: Mapping[str, str], status: int = 200
) -> HttpResponse:
    """The page of a template: ``shared`` is its context, in which ``own`` are gaps, filled with this HTML."""
    around = _around(request, template, tuple(shared.items()), tuple(own))
    given = {**own, TOKEN: get_token(request)}
    filled = [part if place % 2 == 0 else given[part.decode()].encode() for place, part in enumerate(around)]
    return HttpResponse(b"".join(filled), status=status)


def _around(request: HttpRequest, template: str, shared: Items, own: tuple[str, ...]) -> Sequence[bytes]:
    messages = tuple((message.level, message.message, message.extra_tags) for message in get_messages(request))
    if getattr(request, "actor", None) is not None:
        return _rendered(request, template, shared, own, messages)
    theme = request.COOKIES.get(THEME, "")
    return _kept(template, theme if theme in THEMES else "", shared, own, messages)


@lru_cache(maxsize=KEPT)
def _kept(
    template: str, theme: str, shared: Items, own: tuple[str, ...], messages: tuple[tuple[int, str, str], ...]
) -> Sequence[bytes]:
    blank = HttpRequest()
    blank.COOKIES = {THEME: theme}
    return _rendered(blank, template, shared, own, messages)


def _rendered(
    request: HttpRequest, template: str, shared: Items, own: tuple[str, ...], messages: tuple[tuple[int, str, str], ...]
) -> Sequence[bytes]:
    """The page as what stands before, between and after gaps, and the names of the gaps, in turn."""
    context: dict[str, Any] = {**dict(shared), **{name: gap(name) for name in (*own, TOKEN)}}
    context["messages"] = [Message(*message) for message in messages]
    return [part.encode() for part in _GAP.split(render_to_string(template, context, request))]
