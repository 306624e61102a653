"""Pages before the framework: plain requests are answered, everything else is passed on unread."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError

from jineng.kernel.web import stateless
from jineng.kernel.web.stateless import Answer, Asked, StatelessPages

PASSED_ON = b"the framework"


def framework(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """An application that says that it was asked, and what it could still read."""
    start_response("418 I'm a Teapot", [])
    return [PASSED_ON, environ["wsgi.input"].read()]


def page(asked: Asked) -> Answer:
    """Say what was asked."""
    return Answer(f"{asked.method} {sorted(asked.form.items())}".encode(), 422 if asked.form.get("bad") else 200)


SITE = StatelessPages(framework, {"/page/": page})


def ask(body: bytes = b"", site: StatelessPages = SITE, **given: str) -> tuple[str, dict[str, str], bytes]:
    """Ask for the page; status, headers and body."""
    told: list[Any] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/page/",
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": stateless.FORM,
        "CONTENT_LENGTH": str(len(body)),
        **given,
        "wsgi.input": BytesIO(body),
    }
    content = b"".join(site(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], content


def test_plain_requests_are_answered() -> None:
    assert ask() == ("200 OK", ask()[1], b"GET []")
    status, headers, content = ask(b"a=1&b=%E6%8A%80&a=2&c")
    assert (status, content.decode()) == ("200 OK", "POST [('a', '2'), ('b', '技'), ('c', '')]")
    assert headers["Content-Length"] == str(len(content))
    assert headers["Cache-Control"] == "no-store"
    assert ask(b"bad=1")[0] == "422 Unprocessable Entity"


def test_a_head_is_the_answer_without_its_body() -> None:
    status, headers, content = ask(REQUEST_METHOD="HEAD")
    assert (status, headers["Content-Length"], content) == ("200 OK", str(len(b"HEAD []")), b"")


@pytest.mark.parametrize(
    "given",
    [
        {"PATH_INFO": "/page"},
        {"PATH_INFO": "/other/"},
        {"REQUEST_METHOD": "PUT"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_HOST": ""},
        {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
        {"CONTENT_TYPE": f"{stateless.FORM}; charset=gbk"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "٣"},
        {"CONTENT_LENGTH": "4097"},
        {"CONTENT_LENGTH": "1" * 5000},
    ],
)
def test_everything_else_is_passed_on_unread(given: dict[str, str]) -> None:
    assert ask(b"a=1", **given) == ("418 I'm a Teapot", {}, PASSED_ON + b"a=1")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=%", b"a=%ff%00", b"&&&=&=", b"a" * 4096, b";".join([b"a=1"] * 99)])
def test_no_body_is_too_strange(body: bytes) -> None:
    assert ask(body)[0] == "200 OK"


@pytest.mark.parametrize(("losses", "status"), [(1, "200 OK"), (2, "503 Service Unavailable")])
def test_a_lost_connection_is_opened_once_more(losses: int, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(stateless.connection, "close", lambda: closed.append(True))

    def failing(asked: Asked) -> Answer:
        if len(closed) < losses:
            raise OperationalError("the connection is lost")
        return Answer(b"")

    assert ask(site=StatelessPages(framework, {"/page/": failing}))[0] == status
    assert len(closed) == losses
