"""Views that are asked before the framework: those that many ask, whom nobody needs to know.

An *early* view is given a plain request before the site's middleware opens a session and finds out who acts, and gives
the whole answer, or None for what it leaves to the framework: then the site is asked as if the view had not been. It
acts for nobody, and reads and counts by functions of the database that let anybody. What it answers is what the site's
own view at the address answers to who brings no cookie; a test holds both ways together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from jineng.kernel.web.stateless import STATUS_LINES, Application, Environ, dressing, is_served

EarlyView = Callable[[HttpRequest], HttpResponse | None]
LONGEST_BODY = 2 * 1024 * 1024
"""Bytes; what is longer is left to the framework unread."""


class EarlyViews:
    """The site's ``application`` with the views that are asked first, by method and address.

    An address that ends with a stroke stands for all that begin with it.
    """

    def __init__(self, application: Application, views: Mapping[tuple[str, str], EarlyView]) -> None:
        self._application = application
        self._views = [(method, start, view) for (method, start), view in views.items()]
        self._dressing = dressing()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        for wanted, start, view in self._views:
            found = path.startswith(start) if start.endswith("/") else path == start
            if found and method == wanted and _is_plain(environ):
                answer = _answer(view, environ)
                if answer is None:
                    break
                headers = [*answer.items(), *self._dressing, ("Content-Length", str(len(answer.content)))]
                start_response(STATUS_LINES[answer.status_code], headers)
                return (answer.content,)
        return self._application(environ, start_response)


def _answer(view: EarlyView, environ: Environ) -> HttpResponse | None:
    """The view's answer; a connection that was lost while nobody asked is opened again."""
    request = WSGIRequest(environ)
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"] = BytesIO(request.body)
    try:
        return view(request)
    except (OperationalError, InterfaceError):
        connection.close()
        return None


def _is_plain(environ: Environ) -> bool:
    if "HTTP_TRANSFER_ENCODING" in environ or not is_served(environ.get("HTTP_HOST", "")):
        return False
    if environ["REQUEST_METHOD"] != "POST":
        return True
    length = environ.get("CONTENT_LENGTH", "")
    return length.isascii() and length.isdigit() and len(length) <= 7 and int(length) <= LONGEST_BODY
