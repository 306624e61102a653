"""Pages answered before the framework is asked, for the minute in which everybody asks the same one.

A *stateless* page makes an answer of a method and a form. It knows no session, no cookie and no actor, so what the
site's middleware finds out for other pages is nothing to it. :class:`StatelessPages` stands around the site's WSGI
application, answers plain requests for such pages, and passes everything else on: other addresses, methods and
encodings, hosts that are not served. What is passed on meets the same page as a view (:func:`view_of`); answer and
headers are the same both ways, and a test holds them together.

A page reads the database by functions that answer to a secret in the form, never by whom the session is keyed to. It
changes nothing: that is why its form needs no token against forgery.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jineng.kernel.doors import View, open_door

HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
METHODS = ("GET", "HEAD", "POST")
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 4096
"""Bytes; what is longer goes to the framework, which has limits of its own."""
DRESSING = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
"""Middleware that does nothing to such a page but add headers, the same to each."""
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
"""How an answer begins, by its status."""

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Asked:
    """What a page is told of a request: its method (of ``METHODS``) and the fields of its form, the last of each."""

    method: str
    form: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """A page as HTML in UTF-8, and its status."""

    body: bytes
    status: int = 200


Page = Callable[[Asked], Answer]
BUSY = Answer("系统繁忙，请稍后再试。 The system is busy; please try again in a moment.".encode(), 503)
"""What is said where the database cannot be reached."""


def view_of(page: Page) -> View:
    """The page as a view of the site, open to everybody."""

    @functools.wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        answer = page(Asked(request.method or "", request.POST.dict()))
        return HttpResponse(answer.body, status=answer.status, headers=dict(HEADERS))

    return csrf_exempt(require_http_methods(METHODS)(open_door(view)))  # type: ignore[no-any-return]


class StatelessPages:
    """The site's ``application`` with the ``pages`` (by address) that are answered before it is asked."""

    def __init__(self, application: Application, pages: Mapping[str, Page]) -> None:
        self._application, self._pages = application, dict(pages)
        self._headers = (*HEADERS, *dressing())

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        page = self._pages.get(environ.get("PATH_INFO", ""))
        asked = None if page is None else _asked(environ)
        if page is None or asked is None:
            return self._application(environ, start_response)
        answer = _answer(page, asked)
        start_response(STATUS_LINES[answer.status], [*self._headers, ("Content-Length", str(len(answer.body)))])
        return () if asked.method == "HEAD" else (answer.body,)


def _answer(page: Page, asked: Asked) -> Answer:
    """The page's answer; a connection that was lost while nobody asked (the database began anew) is opened again."""
    try:
        return page(asked)
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return page(asked)
    except (OperationalError, InterfaceError):
        connection.close()
        return BUSY


def _asked(environ: Environ) -> Asked | None:
    """What is asked; nothing where the request is not plain, and then nothing of its body was read."""
    method = environ["REQUEST_METHOD"]
    if method not in METHODS or not is_served(environ.get("HTTP_HOST", "")):
        return None
    if method != "POST":
        return Asked(method, {})
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM or not (length.isascii() and length.isdigit() and len(length) <= 4):
        return None
    if int(length) > LONGEST_FORM:
        return None
    text = environ["wsgi.input"].read(int(length)).decode(errors="replace")
    return Asked(method, dict(parse_qsl(text, keep_blank_values=True)))


@functools.lru_cache(maxsize=1024)
def is_served(host: str) -> bool:
    """Whether the site answers to the name of a host."""
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def dressing() -> list[tuple[str, str]]:
    """The headers that the site's middleware gives such a page."""

    def bare(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        del response["Content-Type"]
        return response

    given: Callable[[HttpRequest], Any] = bare
    for name in reversed(settings.MIDDLEWARE):
        if name in DRESSING:
            given = import_string(name)(given)
    return list(given(HttpRequest()).items())
