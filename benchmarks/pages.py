"""List and drill-down pages of a hundredfold reference year, beside the empty view on the same server.

Which pages are lists stands in the rights matrix, whose test holds that none is missing; which pages show one thing
stands there too, and an address of each is found by following links from the lists. Each page is asked for in turn with
the empty view, by one visitor alone and by two at once, after both worker processes have answered it. A list is also
asked for *afresh*: each time by an address that nobody asked for before, so that nothing of it is remembered.
"""

from __future__ import annotations

import html
import re
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote, urlsplit

from benchmarks.floor import ADDRESS as FLOOR
from benchmarks.site_process import NotServed, Site, Visitor, served
from benchmarks.timing import Line, Spread

YEAR = 2021
LIST_BOUND, DRILL_BOUND = 5.0, 8.0
WARMING = 10
WEIGHED = 15
"""Answers whose processor time is taken together."""
DEEP = 3
LOGINS = {
    "province": "demo-province",
    "county": "demo-county",
    "auditor": "demo-auditor",
    "administrator": "demo-admin",
}
LOOKING = ("province", "county")
"""Who looks at a page where both may; at one that neither may open, whoever may."""
ASKED = {"search": f"?q={quote('职业')}", "organisation_tree": ""}
"""How lists are asked where the matrix asks for what only its stage has."""
FIGURE = f"/briefs/{YEAR}/figures"
FIGURES = (
    ("the brief", f"/briefs/{YEAR}/"),
    ("the brief with a figure's panel", f"/briefs/{YEAR}/?figure=micro_courses"),
    ("figure by city", f"{FIGURE}/rural_major_offerings_added/"),
    ("figure by county of a city", f"{FIGURE}/rural_major_offerings_added/?by=county&within=620500"),
    ("figure by organisation of a county", f"{FIGURE}/rural_major_offerings_added/?by=organisation&within=620523"),
    ("figure by dimension", f"{FIGURE}/major_offerings/?by=category"),
    ("records behind a figure", f"{FIGURE}/rural_major_offerings_added/records/"),
    ("records of a county", f"{FIGURE}/rural_major_offerings_added/records/?within=620523"),
)
_HREF = re.compile(r'href="(/[^"#]*)')
_fresh = count()


@dataclass(frozen=True)
class PageOf:
    """A page to measure, its bound, and who looks at it; ``remembers`` where asking afresh makes a difference."""

    name: str
    path: str
    bound: float
    people: tuple[str, ...] = LOOKING
    remembers: bool = False


def lists() -> Iterator[PageOf]:
    """The list pages, with one list in another order and further down."""
    from django.urls import reverse
    from tests.rights import lists as matrix

    for route in (*matrix.LISTS, "briefs:indicators"):
        asked = ASKED.get(route, matrix.ASKED.get(route, ""))
        yield PageOf(route, f"{reverse(route)}{asked}", LIST_BOUND, _lookers(route), remembers=True)
    yield PageOf("organisations, page 3 by name", "/organisations/?sort=name&page=3", LIST_BOUND, remembers=True)


def _lookers(route: str) -> tuple[str, ...]:
    from tests.rights.table import PAGE_LINES

    roles = {role for line in PAGE_LINES if line.route == route for role in line.roles}
    return tuple(who for who in LOOKING if who in roles) or tuple(who for who in LOGINS if who in roles)[:1]


def _of_one() -> set[str]:
    """Pages that show one thing and are no forms."""
    from tests.rights.table import PAGE_LINES

    forms = {line.route for line in PAGE_LINES if line.method == "POST"}
    moved = {line.route for line in PAGE_LINES if line.method == "GET" and 302 in line.answers.values()}
    return {line.route for line in PAGE_LINES if line.method == "GET" and line.object} - forms - moved


def drills(who: str, visitor: Visitor) -> Iterator[PageOf]:
    """The figures, and one page of each kind that shows one thing, as far as links lead ``who`` to it."""
    from django.urls import Resolver404, resolve

    for name, path in FIGURES:
        yield PageOf(name, path, DRILL_BOUND, (who,))
    wanted = _of_one()
    ahead = deque((page.path, 0) for page in lists() if who in page.people)
    while ahead and wanted:
        path, deep = ahead.popleft()
        try:
            page = visitor.get(path).decode()
        except (NotServed, UnicodeDecodeError):
            continue
        for link in dict.fromkeys(map(html.unescape, _HREF.findall(page))):
            try:
                route = resolve(urlsplit(link).path).view_name
            except Resolver404:
                continue
            if route in wanted:
                wanted.remove(route)
                yield PageOf(f"one {route}", link, DRILL_BOUND, (who,))
                if deep < DEEP:
                    ahead.append((link, deep + 1))


def measure(
    rounds: int, only: str = "", looking: Collection[str] = LOOKING, tell: Callable[[Line], None] = lambda line: None
) -> list[Line]:
    """Measure every page for everybody who looks at it, ``rounds`` times alone and as often with two visitors.

    Of several pages those whose name holds one of the words of ``only``, which commas part, and of pages of one thing
    those that
    ``looking`` find; ``tell`` hears of each line as soon as it is known.
    """
    words = only.split(",")
    from jineng.reference.accounts import demo_password

    lines: list[Line] = []
    with served() as site:
        visitors = {who: Visitor(site.port) for who in LOGINS}
        for who, login in LOGINS.items():
            visitors[who].sign_in(login, demo_password())
        pages = [*lists(), *(page for who in looking for page in drills(who, visitors[who]))]
        for page in pages:
            for who in page.people if any(word in page.name for word in words) else ():
                for line in measure_page(page, site, visitors[who], who, rounds):
                    lines.append(line)
                    tell(line)
        for visitor in visitors.values():
            visitor.close()
    return lines


def measure_page(page: PageOf, site: Site, somebody: Visitor, who: str, rounds: int) -> Iterator[Line]:
    """The lines of one page: one visitor alone, afresh where the page remembers, two at once."""
    visitors = [somebody.also(), somebody.also()]
    first = visitors[0].time(page.path)
    for _ in range(WARMING):
        for visitor in visitors:
            visitor.get(page.path)
            visitor.get(FLOOR)

    def line(word: str, windows: int, path: Callable[[], str], note: str = "") -> Line:
        times, floors = _together(visitors[:windows], path, rounds)
        spread, floor = Spread.of(times), Spread.of(floors)
        ratio = round(spread.p95 / floor.p95, 2)
        by_processor = None
        if windows == 1:
            by_processor = round(_effort(site, visitors[0], path) / _effort(site, visitors[0], lambda: FLOOR), 2)
        return Line(page.name, f"{who}{word}", spread, floor, ratio, page.bound, note, by_processor)

    yield line("", 1, lambda: page.path, f"(first {first * 1000:.0f} ms)")
    if page.remembers:
        join = "&" if "?" in page.path else "?"
        yield line(", afresh", 1, lambda: f"{page.path}{join}fresh={next(_fresh)}")
    yield line(", 2 at once", 2, lambda: page.path)
    for visitor in visitors:
        visitor.close()


def _effort(site: Site, visitor: Visitor, path: Callable[[], str]) -> float:
    """Seconds of processor time that one answer takes."""
    before = site.spent()
    for _ in range(WEIGHED):
        visitor.get(path())
    return (site.spent() - before) / WEIGHED


def _together(visitors: list[Visitor], path: Callable[[], str], rounds: int) -> tuple[list[float], list[float]]:
    times: list[float] = []
    floors: list[float] = []
    failed: list[BaseException] = []

    def look(visitor: Visitor) -> None:
        try:
            for _ in range(rounds):
                floors.append(visitor.time(FLOOR))
                times.append(visitor.time(path()))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=look, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return times, floors
