"""Every route × role × relation: who may pass, and what an object looks like from where one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from jineng.briefs.models import Delivery
from jineng.briefs.verbs import release_brief
from jineng.kernel.clock import clock_at
from tests.rights.cells import cells, watched
from tests.rights.forms import CHANGES_NO_REGISTER, PAGE_FORMS
from tests.rights.stage import (
    AFTER,
    BEFORE,
    DEEP,
    DURING,
    EVERYBODY,
    PERSONAE,
    Persona,
    Stage,
    as_owner,
    deeds,
    undone,
)
from tests.rights.table import OPEN_ROUTES, PAGE_LINES, Line

FIXED = {
    "place": 1,
    "year": 2021,
    "key": "major_offerings",
    "name": "manifest.json",
    "action": "submit",
    "kind": "docx",
}
"""Parts of an address that name no object in anybody's scope."""
SOME = 1 if DEEP else 6
"""Every so manieth line is enough where another case takes them all."""
NOTHING = "00000000-0000-0000-0000-000000000000"
Route = tuple[str, URLPattern]


def routes() -> list[Route]:
    """Every route of the program by its full name."""
    return list(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join((*spaces, entry.name or "?")), entry


PATTERNS: dict[str, URLPattern] = {}


def parameters(route: str) -> list[str]:
    """Names in a route's address."""
    if not PATTERNS:
        PATTERNS.update(routes())
    pattern = PATTERNS[route].pattern
    return (
        [*pattern.converters, *pattern.regex.groupindex] if isinstance(pattern, RegexPattern) else [*pattern.converters]
    )


@pytest.fixture(scope="module")
def released(built: Stage) -> Iterator[Stage]:
    """The stage with one release of the brief."""
    with undone():
        _release(built)
        yield built
        del built.objects["release"]


def _release(built: Stage) -> None:
    with clock_at(DURING):
        signed_year = built.objects["year_released"]["province"]
        release = release_brief(actor=built.world.actor("province_officer"), year=signed_year)
        built.objects["release"] = {"province": release.pk}
        with as_owner():
            Delivery.objects.filter(release=release).delete()
            Delivery.objects.bulk_create(
                Delivery(release=release, organisation=organisation, manner="distribute_to")
                for organisation in built.world.organisations.values()
            )


def knock(stage: Stage, client: Client, line: Line, who: Persona | None, place: str, pk: Any) -> HttpResponse:
    """Send the line's request, with the object in the address or, where that has no place for it, in the form."""
    given = {}
    for name in parameters(line.route):
        if name == "year" and (line.object or "").startswith("year_"):
            given[name] = pk
        elif name in FIXED:
            given[name] = FIXED[name]
        else:
            given[name] = stage.objects["release"]["province"] if name == "release_id" else pk
    address = reverse(line.route, kwargs=given)
    if line.method == "GET":
        return client.get(address)
    data = PAGE_FORMS[line.route](stage, who or PERSONAE[0], place)
    return client.post(address, data)


def text_of(answer: HttpResponse) -> str:
    """What an answer says, read to its end so that its file is closed."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def test_every_route_stands_in_the_table() -> None:
    api = {name for name, entry in routes() if name.startswith("api:")}
    known = {line.route for line in PAGE_LINES} | OPEN_ROUTES
    found = {name for name, _ in routes()}
    assert found - api - known == set(), "routes without a line"
    assert known - found == set(), "lines without a route"
    assert not {line.route for line in PAGE_LINES} & OPEN_ROUTES


def test_no_two_routes_share_a_name() -> None:
    rooms = [name for name, entry in routes() if entry.callback.__module__.startswith("jineng.")]
    named = Counter(name for name in rooms if not name.startswith("api:"))
    assert [name for name, times in named.items() if times > 1] == []


def test_every_view_has_a_door() -> None:
    foreign = ("allauth.", "ninja.", "functools")
    bare = [
        name
        for name, entry in routes()
        if not entry.callback.__module__.startswith(foreign) and not hasattr(entry.callback, "jineng_door")
    ]
    assert bare == []
    opened = {name for name, entry in routes() if getattr(entry.callback, "jineng_door", "") == "open"}
    assert opened <= OPEN_ROUTES


def test_routes_that_take_forms_have_a_line_for_it() -> None:
    posting = {line.route for line in PAGE_LINES if line.method == "POST"}
    assert posting == set(PAGE_FORMS)


def passing(line: Line, expected: int) -> bool | None:
    """Whether a request is a form that passes, and if so, whether it changes a register."""
    return line.route not in CHANGES_NO_REGISTER if line.method == "POST" and expected < 400 else None


@pytest.mark.parametrize("line", PAGE_LINES, ids=str)
def test_the_table_holds(stage: Stage, released: Stage, line: Line) -> None:
    began = deeds()
    for who in EVERYBODY:
        for place, pk, expected in cells(stage, line, who):
            with watched(passing(line, expected)):
                answer = knock(stage, stage.client(who.account), line, who, place, pk)
                told = text_of(answer)
                assert answer.status_code == expected, f"{who}, {place}: {told[-1500:]}"
    assert deeds() == began


def test_every_answer_is_asked_for(stage: Stage, released: Stage) -> None:
    """No cell of the table stands there for show: somebody knocks at each."""
    for line in PAGE_LINES:
        for relation in line.answers if line.object else ():
            passing = [who for who in PERSONAE if who.role in line.roles]
            assert any(stage.around(who, line.object or "", relation) for who in passing), f"{line} {relation}"


def _first(stage: Stage, line: Line) -> tuple[str, Any]:
    kind = line.object or ""
    if not kind:
        return "province", None
    known = next(
        among[name]
        for name in (kind, kind.removeprefix("own_"))
        for among in (stage.objects, stage.own)
        if name in among
    )
    return next(iter(known.items()))


def test_the_signed_out_are_sent_to_sign_in(stage: Stage, released: Stage) -> None:
    before = deeds()
    for line in PAGE_LINES:
        answer = knock(stage, Client(), line, None, *_first(stage, line))
        assert answer.status_code == 302, line
        assert answer["Location"].startswith(reverse("account_login") + "?next="), line
    assert deeds() == before


@pytest.mark.parametrize(
    ("account", "day", "step"), [("expired", DURING, 1), ("delegate", AFTER, SOME), ("delegate", BEFORE, SOME)]
)
def test_whoever_holds_no_post_today_is_refused(
    stage: Stage, released: Stage, account: str, day: date, step: int
) -> None:
    with clock_at(day):
        before = deeds()
        for line in PAGE_LINES[::step]:
            assert knock(stage, stage.client(account), line, None, *_first(stage, line)).status_code == 403, line
        assert deeds() == before


@pytest.mark.parametrize("route", sorted(OPEN_ROUTES))
def test_open_routes_break_for_nobody(stage: Stage, route: str) -> None:
    given = {name: "x-y" if name == "key" else NOTHING if name == "pk" else "x" for name in parameters(route)}
    for client in (Client(), stage.client("school_officer")):
        with undone():
            assert client.get(reverse(route, kwargs=given)).status_code in {200, 302, 401, 403, 404, 405}


def test_nobody_chooses_the_post_of_another(stage: Stage) -> None:
    client = stage.client("school_officer")
    client.post(reverse("choose_post"), {"post": str(stage.own["own_post"]["province_officer"])})
    assert client.get(reverse("home")).wsgi_request.actor.role == "officer"
    assert client.get(reverse("home")).wsgi_request.actor.organisation_id == stage.world["county_school"].pk


def test_a_delegated_post_cannot_be_delegated_further(stage: Stage) -> None:
    post = stage.own["own_post"]["county_officer"]
    with undone():
        before = deeds()
        answer = stage.client("delegate").post(
            reverse("delegate_post", args=[post]), PAGE_FORMS["delegate_post"](stage, PERSONAE[0], "yongdeng")
        )
        assert answer.status_code == 403
        assert deeds() == before
