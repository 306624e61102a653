"""Views that know no session, asked by people who have none: the site's own views, with less around them.

The site's middleware finds out who is signed in, in which post they act, and what of an address is a file; before a
deadline it does so some thousand times a minute for applicants, who have a ticket and no session. What lies under
certain addresses is answered to those who bring no session by the same views through the same handler, with only that
middleware around it which means something to them: hosts, tokens against forgery, messages. Headers of protection are
those of the site's middleware, asked once. To who brings a session the site answers as ever; a test holds both ways
together, header by header but for ``Vary``, which says nothing of an answer that is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, get_resolver
from django.utils.module_loading import import_string

from jineng.kernel.actors import tell_database
from jineng.kernel.web.stateless import Application, Environ, dressing

NEEDED = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
"""Messages that are too long for a cookie go into a session, which is begun for them."""


class SessionlessViews:
    """The site's ``application``; who brings no session is answered what lies under ``start`` with less around it."""

    def __init__(self, application: Application, start: str) -> None:
        self._application, self._start = application, start
        self._short = _Handler()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        short = environ.get("PATH_INFO", "").startswith(self._start) and not _brings_session(environ)
        return (self._short if short else self._application)(environ, start_response)


def _brings_session(environ: Environ) -> bool:
    return f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")


class _Handler(WSGIHandler):
    """Django's handler with the middleware that is needed, to which few addresses come, each many times."""

    def load_middleware(self, is_async: bool = False) -> None:
        """See :class:`django.core.handlers.base.BaseHandler`."""
        del is_async
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        given: Callable[[HttpRequest], Any] = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed([name for name in settings.MIDDLEWARE if name in NEEDED]):
            made = import_string(name)(given)
            if hasattr(made, "process_view"):
                self._view_middleware.insert(0, made.process_view)
            given = convert_exception_to_response(made)
        self._middleware_chain = _dressed(convert_exception_to_response(_blind(given)))

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """The view of an address, found once."""
        request.resolver_match = _found(request.path_info)
        return request.resolver_match


@lru_cache(maxsize=1000)
def _found(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


def _blind(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponse]:
    """For nobody, whom the database shows nothing."""

    def respond(request: HttpRequest) -> HttpResponse:
        tell_database(None)
        response: HttpResponse = get_response(request)
        return response

    return respond


def _dressed(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponse]:
    """With the headers of protection."""
    headers = dressing()

    def respond(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)
        for name, value in headers:
            response.headers.setdefault(name, value)
        return response

    return respond
