"""An applicant's pages say the same by the site's whole chain of middleware and by the short one; both guard alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from jineng.admissions.models import Offer
from jineng.admissions.verbs import extend_round
from jineng.kernel.actors import acting, current_actor
from jineng.kernel.web.sessionless import SessionlessViews
from tests.admissions.small_rounds import Rounds, ago

pytestmark = pytest.mark.django_db
HOME = "/admissions/my/"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")(\w+)')


@contextmanager
def connection_stays() -> Iterator[None]:
    """A request's begin and end would close the connection in which the test's transaction is."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Short:
    """A browser before the short chain; whatever that passes on fails."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._site = SessionlessViews(self._passed_on, HOME)

    @staticmethod
    def _passed_on(environ: dict[str, Any], start_response: Any) -> Any:
        raise AssertionError("the site was asked")

    def ask(self, method: str, path: str, host: str = "testserver", **form: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body."""
        body = urlencode({**form, **({"csrfmiddlewaretoken": self.token} if self.token else {})}).encode()
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        told: list[Any] = []
        with connection_stays():
            content = b"".join(self._site(environ, lambda status, headers, _=None: told.extend((status, headers))))
        for name, value in told[1]:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]
        text = content.decode()
        if found := TOKEN.search(text):
            self.token = found[2]
        return int(told[0][:3]), {name: value for name, value in told[1] if name != "Set-Cookie"}, text

    def sign_in(self, season: Rounds, who: int) -> None:
        """As an applicant."""
        number, code = season.codes[who]
        assert self.ask("GET", f"{HOME}enter/")[0] == 200
        assert self.ask("POST", f"{HOME}enter/", number=number, code=code)[0] == 302


def test_both_ways_say_the_same(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry", "machines")
    short, site = Short(), Client()
    short.sign_in(season, 1)
    site.post(f"{HOME}enter/", dict(zip(("number", "code"), season.codes[1], strict=True)))
    page = f"{HOME}preferences/{opening.pk}/"
    asked = [
        ("GET", f"{HOME}enter/"),
        ("POST", f"{HOME}enter/"),
        ("GET", HOME),
        ("GET", page),
        ("GET", f"{page}?q=%3Cb%3E%E7%9F%B3%E5%8C%96"),
        ("POST", page),
        ("GET", f"{HOME}receipt/{opening.pk}/"),
        ("GET", f"{HOME}letter/{opening.pk}/"),
        ("OPTIONS", HOME),
        ("GET", f"{HOME}nothing/"),
    ]
    for method, path in asked:
        status, headers, text = short.ask(method, path)
        answer = site.generic(method, path, b"", content_type="application/x-www-form-urlencoded")
        theirs = {name: value for name, value in answer.headers.items() if name != "Vary"}
        headers = {name: value for name, value in headers.items() if name != "Vary"}
        assert (status, headers) == (answer.status_code, theirs), path
        assert TOKEN.sub(r"\1", text) == TOKEN.sub(r"\1", answer.content.decode()), path
    assert current_actor() is None


def test_forms_need_their_token_and_hosts_are_checked(season: Rounds) -> None:
    season.open()
    short = Short()
    short.sign_in(season, 1)
    assert short.ask("GET", HOME, host="elsewhere.example")[0] == 400
    short.token = ""
    assert short.ask("POST", f"{HOME}leave/")[0] == 403
    short.token = "x" * 64
    assert short.ask("POST", f"{HOME}leave/")[0] == 403
    assert short.ask("GET", HOME)[0] == 200
    assert short.ask("POST", f"{HOME}leave/")[0] == 302
    assert short.ask("GET", HOME)[0] == 302


def test_who_brings_a_session_is_answered_by_the_site(season: Rounds) -> None:
    short = Short()
    short.cookies["sessionid"] = "x"
    with pytest.raises(AssertionError, match="the site was asked"):
        short.ask("GET", HOME)
    with pytest.raises(AssertionError, match="the site was asked"):
        Short().ask("GET", "/admissions/results/")


def test_nobody_is_told_what_is_anothers(season: Rounds) -> None:
    """One after another reads each page; what one chose and was told stands on no page of the other."""
    opening = season.open()
    page = f"{HOME}preferences/{opening.pk}/"
    first, second = Short(), Short()
    first.sign_in(season, 1)
    second.sign_in(season, 2)
    (wish,) = season.wish(opening, "chemistry")
    first.ask("GET", page)
    assert first.ask("POST", page, do=f"add:{wish['group']}:{wish['majors'][0]}")[0] == 302
    before = [first.ask("GET", path)[2] for path in (HOME, page)]
    assert first.ask("POST", page, do="submit")[0] == 302
    told = first.ask("GET", page)[2]
    assert "已提交（第 1 次）" in told
    others = [second.ask("GET", path)[2] for path in (HOME, page)]
    for text in others:
        assert season.codes[1][0] not in text
        assert "已提交" not in text
        assert "提交于" not in text
    assert season.codes[2][0] in others[0]
    assert "我的志愿（0 / " in others[1]
    assert ["有草稿，未提交" in text or "改动尚未提交" in text for text in before] == [True, True]
    assert "已提交 1 个" in first.ask("GET", HOME)[2]


def test_an_extension_and_a_changed_offer_show_at_once(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    page = f"{HOME}preferences/{opening.pk}/"
    short = Short()
    short.sign_in(season, 1)
    before = short.ask("GET", page)[2]
    extend_round(actor=season.province, opening_id=opening.pk, closes_at=ago(minutes=-180))
    extended = short.ask("GET", page)[2]
    assert re.findall(r"截止 [\d :-]+", before) != re.findall(r"截止 [\d :-]+", extended)
    with acting(season.province):
        offer = Offer.objects.get(opening=opening, plan=season.plans["chemistry"])
        Offer.objects.filter(pk=offer.pk).update(major_name="更名后的专业")
    renamed = short.ask("GET", page)[2]
    assert "更名后的专业" not in extended
    assert renamed.count("更名后的专业") == 3, "in the list, among what is offered, and on its button"
