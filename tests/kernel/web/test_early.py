"""Views before the framework: what they answer is given out, what they leave is asked as if they had not been."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from jineng.kernel.web import early
from jineng.kernel.web.early import LONGEST_BODY, EarlyViews


def framework(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """An application that says that it was asked, and what it could still read."""
    start_response("418 I'm a Teapot", [])
    return [b"the framework", environ["wsgi.input"].read()]


def view(request: HttpRequest) -> HttpResponse | None:
    """Say what was asked; leave some to the framework, and lose the connection at others."""
    if request.path_info.endswith("/lost") or request.body == b"lost":
        raise OperationalError("the connection is lost")
    if request.path_info.endswith("/leave") or request.body == b"leave":
        return None
    return HttpResponse(f"{request.method} {request.path_info} {request.body!r}", status=429, headers={"X-Own": "1"})


SITE = EarlyViews(framework, {("GET", "/all/"): view, ("POST", "/one"): view})


def ask(method: str, path: str, body: bytes = b"", **given: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    told: list[Any] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "testserver",
        "CONTENT_LENGTH": str(len(body)),
        **given,
        "wsgi.input": BytesIO(body),
    }
    content = b"".join(SITE(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], content


def test_a_view_gives_the_whole_answer() -> None:
    for method, path, body in (("GET", "/all/of/them/", b""), ("POST", "/one", b"\xff")):
        status, headers, content = ask(method, path, body)
        assert status == "429 Too Many Requests"
        assert content.decode() == f"{method} {path} {body!r}"
        assert (headers["X-Own"], headers["Content-Length"]) == ("1", str(len(content)))
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", "/all", {}),
        ("GET", "/one", {}),
        ("POST", "/all/", {}),
        ("POST", "/one/more", {}),
        ("HEAD", "/all/", {}),
        ("GET", "/all/", {"HTTP_HOST": "elsewhere.example"}),
        ("GET", "/all/", {"HTTP_TRANSFER_ENCODING": "chunked"}),
        ("POST", "/one", {"CONTENT_LENGTH": ""}),
        ("POST", "/one", {"CONTENT_LENGTH": "-1"}),
        ("POST", "/one", {"CONTENT_LENGTH": "٣"}),
        ("POST", "/one", {"CONTENT_LENGTH": str(LONGEST_BODY + 1)}),
        ("POST", "/one", {"CONTENT_LENGTH": "1" * 5000}),
    ],
)
def test_everything_else_is_passed_on_unread(method: str, path: str, given: dict[str, str]) -> None:
    assert ask(method, path, b"a=1", **given) == ("418 I'm a Teapot", {}, b"the frameworka=1")


@pytest.mark.parametrize("what", [b"leave", b"lost"])
def test_what_a_view_leaves_is_asked_as_if_it_had_not_been(what: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(early.connection, "close", lambda: closed.append(True))
    assert ask("POST", "/one", what) == ("418 I'm a Teapot", {}, b"the framework" + what)
    assert ask("GET", f"/all/{what.decode()}")[0] == "418 I'm a Teapot"
    assert len(closed) == (2 if what == b"lost" else 0)
