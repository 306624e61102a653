"""Result day: one's own result by number and code, as it stands now, and nobody else's; by either way in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jineng.admissions.models import Admission, Told
from jineng.admissions.verbs import (
    cancel_round,
    confirm_admission,
    end_admission,
    issue_ticket,
    publish_run,
    void_admission,
)
from jineng.admissions.web import results
from jineng.kernel import clock
from jineng.kernel.actors import acting
from jineng.kernel.web.early import EarlyViews
from jineng.kernel.web.sessionless import SessionlessViews
from jineng.kernel.web.stateless import StatelessPages
from tests.admissions.small_rounds import Rounds, ago

pytestmark = pytest.mark.django_db
ADDRESS = "/admissions/results/"


@pytest.fixture
def published(season: Rounds) -> Rounds:
    """The same, their result published."""
    opening = season.open()
    for who in (1, 2):
        season.submit(opening, who, "chemistry")
    season.publish(opening)
    return season


def asked_of_django(environ: dict[str, Any], start_response: Any) -> Any:
    raise AssertionError("the framework was asked")


PAGES = StatelessPages(asked_of_django, {ADDRESS: results.page})


def ask(body: bytes = b"", method: str = "POST") -> tuple[int, dict[str, str], str]:
    """Ask before the framework; status, headers and body."""
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": ADDRESS,
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    content = b"".join(PAGES(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return int(told[0][:3]), told[1], content.decode()


def look_up(number: str, code: str) -> tuple[int, str]:
    """The page that number and code open, and its status."""
    status, _, text = ask(urlencode({"number": number, "code": code}).encode())
    return status, text


def admission(season: Rounds) -> Admission:
    """The admission to chemistry."""
    with acting(season.province):
        return Admission.objects.get()


def test_each_is_told_their_own_result(published: Rounds) -> None:
    status, text = look_up(*published.codes[1])
    assert (status, published.codes[1][0] in text, "待确认" in text) == (200, True, True)
    assert "（第 1 志愿，350 分）" in text
    number, code = published.codes[2]
    status, text = look_up(f" {number} ", code.lower().replace("-", " "))
    assert (status, "录取线 350 分，您 340 分，候补第 1 位" in text) == (200, True)
    assert "待确认" not in text


def test_a_look_up_is_one_look(published: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def counted(lookup: str) -> dict[str, Any] | None:
        looks.append(lookup)
        return None

    monkeypatch.setattr(results, "told", counted)
    assert look_up(*published.codes[1])[0] == 422
    assert looks == [published.tickets[1]]


def test_a_wrong_secret_and_an_unknown_one_are_the_same(published: Rounds) -> None:
    (number, code), (other, others) = published.codes[1], published.codes[2]
    slip = code[:-1] + ("A" if code[-1] != "A" else "B")
    guesses = [(number, others), (number, slip), (number, ""), ("", code), (other, code), ("210000000000", code)]
    said = set()
    for guess in guesses:
        status, text = look_up(*guess)
        assert status == 422
        said.add(text.replace(f'value="{guess[0]}"', ""))
    assert len(said) == 1
    assert results.NOTHING.split("。")[0] in said.pop()


def test_nothing_is_told_before_the_result_is_published(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    assert look_up(*season.codes[1])[0] == 422
    season.shut(opening)
    season.run(opening)
    assert look_up(*season.codes[1])[0] == 422


def _confirmed(season: Rounds) -> None:
    school = season.world.actor("province_officer")
    confirm_admission(actor=school, admission_id=admission(season).pk, confirmed_on=clock.today())


def _withdrawn(season: Rounds) -> None:
    day = clock.today()
    end_admission(actor=season.province, admission_id=admission(season).pk, ended_on=day, ending="withdrawn")


def _void(season: Rounds) -> None:
    void_admission(actor=season.province, admission_id=admission(season).pk, reason="录入有误")


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (_confirmed, "已确认"),
        (_withdrawn, "取消录取"),
        (_void, "录取作废"),
        (lambda season: season.answer(1), "已确认"),
        (lambda season: season.answer(1, confirms=False), "已放弃"),
    ],
)
def test_what_changes_an_admission_shows_at_once(published: Rounds, deed: Callable[[Rounds], Any], words: str) -> None:
    before = look_up(*published.codes[2])
    deed(published)
    _, text = look_up(*published.codes[1])
    assert words in text
    assert "待确认" not in text
    assert look_up(*published.codes[2]) == before
    with acting(published.province):
        assert {told.page["number"] for told in Told.objects.all()} == {code[0] for code in published.codes.values()}


def test_silence_lapses_on_the_page_too(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    season.publish(opening)
    season.end(opening)
    assert "逾期未确认" in look_up(*season.codes[1])[1]


def test_a_new_ticket_opens_what_the_old_one_opened(published: Rounds) -> None:
    _, before = look_up(*published.codes[1])
    issued = issue_ticket(actor=published.province, applicant_id=published.people[1].pk)
    assert look_up(issued.ticket.number, issued.code) == (200, before)
    assert look_up(*published.codes[1])[0] == 422


def test_publishing_holds_tickets_and_pages(season: Rounds) -> None:
    """A new ticket, or a change of an earlier admission, waits for the publication, and is not overwritten by it."""
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    season.shut(opening)
    run = season.run(opening)
    with CaptureQueriesContext(connection) as asked:
        publish_run(actor=season.province, run_id=run.pk, answers_until=ago(minutes=-60))
    held = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
    for table in ("admissions_ticket", "admissions_told"):
        assert any(f'FROM "{table}"' in each for each in held), table


def test_a_round_whose_result_is_out_is_not_cancelled(published: Rounds) -> None:
    with pytest.raises(ValidationError, match="已公布"):
        cancel_round(actor=published.province, round_id=published.first.pk, cancelled_on=clock.today())
    cancel_round(actor=published.province, round_id=published.second.pk, cancelled_on=clock.today())


def test_both_ways_say_the_same(published: Rounds) -> None:
    """What stands around the site and the site itself answer alike: status, page, and every header."""
    right, wrong = [urlencode({"number": number, "code": code}) for number, code in published.codes.values()]
    wrong = f"{wrong}x"
    for body, method in ((right, "POST"), (wrong, "POST"), ("", "GET"), ("", "HEAD")):
        before = ask(body.encode(), method)
        client = Client()
        answer = client.generic(method, ADDRESS, body, content_type="application/x-www-form-urlencoded")
        # The site has looked for a session. Nobody keeps the page, so nobody need tell one such answer from another.
        headers = {name: value for name, value in answer.headers.items() if name != "Vary"}
        assert (answer.status_code, headers, answer.content.decode()) == before
        assert not answer.cookies
        assert before[1]["Cache-Control"] == "no-store"


def test_nothing_is_taken_from_the_address(published: Rounds) -> None:
    number, code = published.codes[1]
    page = Client().get(ADDRESS, {"number": number, "code": code})
    assert number not in page.content.decode()


def test_what_was_typed_comes_back_harmless(published: Rounds) -> None:
    _, text = look_up('"><script>1', "x")
    assert "<script>" not in text
    assert "&lt;script&gt;1" in text


def test_names_are_text(published: Rounds) -> None:
    with acting(published.province):
        told = Told.objects.get(pk=published.tickets[2])
        told.page["season"] = "<b>season"
        for each in told.page["rounds"].values():
            each["name"] = each["place"] = each["score"] = each["reasons"][0]["name"] = "<i>&"
            each["wish"] = 1
        told.save()
    _, text = look_up(*published.codes[2])
    assert "<b>season" not in text
    assert text.count("&lt;i&gt;&amp;") == 4
    assert "<i>&" not in text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(lambda number, code: urlencode({"number": number, "code": code}).encode(), st.text(), st.text()),
    )
)
def test_whatever_is_sent_is_refused_in_words(db: None, body: bytes) -> None:
    status, _, text = ask(body)
    assert (status, results.NOTHING[:4] in text) == (422, True)


def test_other_methods_are_refused_by_the_site() -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert Client().generic(method, ADDRESS).status_code == 405


def test_the_site_is_served_with_the_page() -> None:
    from jineng.site.wsgi import application

    assert isinstance(application, StatelessPages)
    assert application._pages == {ADDRESS: results.page}
    assert isinstance(application._application, EarlyViews)
    assert isinstance(application._application._application, SessionlessViews)
    assert isinstance(application._application._application._application, WSGIHandler)
