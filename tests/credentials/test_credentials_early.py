"""Verification before the framework: the same answers as by it, to the last header, counted once."""

from __future__ import annotations

import json
from io import BytesIO
from ipaddress import IPv4Address
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jineng.credentials.codes import check_code
from jineng.credentials.web import verifying
from jineng.kernel.web.early import EarlyViews
from jineng.site.wsgi import application
from tests.credentials.test_credentials_verifying import CALLERS, Paper, as_file, paper, revoke
from tests.factories import World
from tests.fuzzing import examples, mutated

__all__ = ["paper"]
FILE, NUMBER = "/api/v1/verification", "/api/v1/verification/number"


def framework(environ: dict[str, Any], start_response: Any) -> Any:
    """Whoever asks it is told so, and what was found before."""
    environ["test.asked"] = environ.get(verifying.FOUND, "nothing")
    start_response("418 I'm a Teapot", [])
    return [environ["wsgi.input"].read()]


SITE = EarlyViews(framework, {(method, at): view for method, at, view in application._application._views})


def ask(
    path: str, body: bytes = b"", caller: str = "10.1.1.1", **given: str
) -> tuple[int, dict[str, str], bytes, dict[str, Any]]:
    """Status, headers, body, and the environment after it, asked before the framework."""
    told: list[Any] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": caller,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        **given,
        "wsgi.input": BytesIO(body),
    }
    content = b"".join(SITE(environ, lambda status, headers: told.extend((int(status[:3]), dict(headers)))))
    return told[0], told[1], content, environ


def by_framework(path: str, body: bytes = b"", caller: str = "127.0.0.1") -> tuple[int, dict[str, str], bytes]:
    """The same asked of the framework by a visitor without cookies."""
    client = Client(REMOTE_ADDR=caller)
    answer = client.post(path, body, content_type="application/json") if body else client.get(path)
    return answer.status_code, dict(answer.items()), answer.content


def asked(paper: Paper) -> list[tuple[str, bytes]]:
    certificate, credential = paper
    code = check_code(certificate.pk)
    number = json.dumps({"number": certificate.number, "code": code}).encode()
    return [(f"/verify/{certificate.number}/{code}/", b""), (FILE, as_file(credential)), (NUMBER, number)]


def test_both_ways_answer_the_same(paper: Paper, world: World) -> None:
    certificate, credential = paper
    more = [
        (FILE, b"nothing"),
        (FILE, as_file({**credential, "name": "x"})),
        (FILE, as_file({**credential, "issuer": "did:web:elsewhere.example"})),
        (FILE, b"%PDF-1.7"),
        (NUMBER, json.dumps({"number": certificate.number, "code": "22222222"}).encode()),
    ]
    for revoked in (False, True):
        if revoked:
            revoke(world, certificate)
        for path, body in asked(paper) + more:
            status, headers, content, _ = ask(path, body)
            expected_status, expected, expected_content = by_framework(path, body)
            assert (status, content) == (expected_status, expected_content), path
            expected.pop("Vary", None)
            assert headers == {**expected, "Content-Length": str(len(content))}, path
            if body == as_file(credential) or (b"2222" not in body and path == NUMBER):
                assert json.loads(content)["verdict"] == ("revoked" if revoked else "valid")


def test_whatever_is_sent_both_ways_answer_the_same(paper: Paper) -> None:
    _, credential = paper

    @given(st.data())
    @settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def both(data: st.DataObject) -> None:
        own, caller = as_file(credential), str(IPv4Address(next(CALLERS)))
        content = mutated(data, own) if data.draw(st.booleans()) else data.draw(st.binary(min_size=1, max_size=60))
        status, _, told, _ = ask(FILE, content, caller)
        assert (status, told) == by_framework(FILE, content, caller)[::2]
        if json.loads(told)["verdict"] == "valid":
            assert json.loads(content) == credential
        status, _, told, _ = ask(NUMBER, content, caller)
        assert status == 418 or (status, told) == by_framework(NUMBER, content, caller)[::2]

    both()


def test_too_many_calls_are_turned_away_in_the_same_words(paper: Paper) -> None:
    for path, body in asked(paper)[1:]:
        cache.clear()
        answers = [ask(path, body, caller=f"10.2.2.{len(path)}") for _ in range(62)]
        assert [status for status, *_ in answers] == [200] * 60 + [429] * 2
        assert json.loads(answers[-1][2]) == {"detail": verifying.WAIT}


def test_forms_and_whoever_brings_cookies_are_left_to_the_framework(paper: Paper) -> None:
    (right, _), *_ = asked(paper)
    certificate, _ = paper
    wrong = f"/verify/{certificate.number}/22222222/"
    for path, brought in (
        (right, {"HTTP_COOKIE": "sessionid=x"}),
        (right.rstrip("/"), {}),
        (right + "x/", {}),
        ("/verify/", {}),
        ("/verify/x/", {}),
        ("/verify//x/", {}),
        ("/verify/mine/certificate/", {}),
        ("/verify/shared/x/", {}),
    ):
        status, _, _, environ = ask(path, **brought)
        assert (status, environ["test.asked"]) == (418, "nothing"), path
    assert ask(right, HTTP_COOKIE="theme=dark")[0] == 200
    status, _, _, environ = ask(wrong)
    assert (status, environ["test.asked"].verdict) == (418, "unknown")
    for _ in range(60):
        status, _, _, environ = ask(right, caller="10.3.3.3")
    status, _, _, environ = ask(right, caller="10.3.3.3")
    assert (status, environ["test.asked"]) == (418, None)


def test_what_was_found_before_is_not_counted_again(paper: Paper) -> None:
    certificate, _ = paper
    wrong = f"/verify/{certificate.number}/22222222/"
    found = ask(wrong)[3]["test.asked"]
    answers = [Client().get(wrong, **{verifying.FOUND: found}) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert "没有与编号和校验码都相符的证书" in answers[0].content.decode()
    assert Client().get(wrong, **{verifying.FOUND: None}).status_code == 429


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b'{"number": 7, "code": "x"}',
        b'{"number": "x"}',
        b'{"number": "\\u0041", "code": "x"}',
        '{"number": "技", "code": "x"}'.encode(),
    ],
)
def test_what_is_not_plainly_written_is_left_to_the_framework(db: None, body: bytes) -> None:
    status, _, content, _ = ask(NUMBER, body)
    assert (status, content) == (418, body)
