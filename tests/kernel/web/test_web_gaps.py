"""A page with gaps: the same for all who read the same, and in its gaps each reads their own and nobody else's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from jineng.kernel.web import gaps
from jineng.kernel.web.gaps import gap, page_with_gaps

TEMPLATE = "admissions/own_enter.html"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is rendered by a template, each time."""
    found: list[str] = []
    render = gaps.render_to_string

    def counted(template: str, *given: Any) -> str:
        found.append(template)
        return render(template, *given)

    monkeypatch.setattr(gaps, "render_to_string", counted)
    gaps._kept.cache_clear()
    return found


def asked(**cookies: str) -> HttpRequest:
    """A request of somebody with these cookies, who is not signed in."""
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def page(request: HttpRequest, number: str, title: str = "标题") -> str:
    """The page as read by whoever asks."""
    answer = page_with_gaps(request, TEMPLATE, {"title": title, "lead": f"号 {gap('number')} 。"}, {"number": number})
    return answer.content.decode()


def test_each_reads_their_own(rendered: list[str]) -> None:
    first, second = page(asked(), "甲号"), page(asked(), "乙号")
    assert rendered == [TEMPLATE]
    assert (first.count("甲号"), first.count("乙号")) == (2, 0)
    assert (second.count("甲号"), second.count("乙号")) == (0, 2)
    assert gap("number").partition(":")[0] not in first + second
    tokens = [text.split('name="csrfmiddlewaretoken" value="')[1][:64] for text in (first, second)]
    assert tokens[0] != tokens[1]
    assert second == first.replace("甲号", "乙号").replace(*tokens)


def test_what_all_read_alike_changes_the_page(rendered: list[str]) -> None:
    assert "另一标题" not in page(asked(), "1")
    assert "另一标题" in page(asked(), "1", "另一标题")
    assert 'class="dark"' in page(asked(theme="dark"), "1")
    assert "class=" not in page(asked(theme='"><script>'), "1").split(">")[1]
    assert rendered == [TEMPLATE] * 3


def test_a_message_is_told_to_whom_it_is_meant(rendered: list[str]) -> None:
    told = asked()
    messages.error(told, "<没有> 接受。")
    assert "&lt;没有&gt; 接受。" in page(told, "1")
    assert "没有" not in page(asked(), "1")


def test_what_is_filled_in_is_not_looked_through_for_gaps(rendered: list[str]) -> None:
    text = page(asked(), gap("csrf_token"))
    assert text.count(gap("csrf_token")) == 2


def test_what_offices_write_is_no_gap(rendered: list[str]) -> None:
    assert "@gap:number@ @number@" in page(asked(), "1", "@gap:number@ @number@")


def test_who_is_signed_in_has_the_navigation(rendered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "jineng.kernel.templatetags.cells.written", lambda sections: "导航" if sections is not None else ""
    )
    request = asked()
    request.actor = SimpleNamespace(may=lambda right: False)  # type: ignore[attr-defined]
    for number in ("1", "2"):
        assert f'value="{number}"' in page(request, number)
    assert rendered == [TEMPLATE] * 2
    page(asked(), "3")
    assert rendered == [TEMPLATE] * 3
