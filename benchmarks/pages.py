"""List and drill-down pages of a hundredfold reference year, beside the empty view on the same server.

Each page is asked for in turn with the empty view, by one visitor alone and by two at once, after both worker
processes have answered it. What a page costs the first time after the registers changed is measured apart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.floor import ADDRESS as FLOOR
from benchmarks.site_process import Visitor, served
from benchmarks.timing import Line, Spread

YEAR = 2021
LIST_BOUND, DRILL_BOUND = 5.0, 8.0
WARMING = 10
PEOPLE = {"province": "demo-province", "county": "demo-county"}
AUDITOR = {"province": "demo-auditor"}
FIGURE = f"/briefs/{YEAR}/figures"


@dataclass(frozen=True)
class PageOf:
    """A page to measure, its bound, and who looks at it."""

    name: str
    path: str
    bound: float
    people: tuple[str, ...] = ("province", "county")


def pages() -> list[PageOf]:
    """The list pages and the drill-down pages; needs the database."""
    chosen = dict(_chosen())
    lists = [
        ("organisations", "/organisations/"),
        ("organisations, page 3 by name", "/organisations/?sort=name&page=3"),
        ("catalogue of majors", "/majors/catalogue/"),
        ("offerings", "/majors/offerings/"),
        ("calls", "/calls/"),
        ("awards", "/calls/awards/"),
        ("returns", "/returns/"),
        ("indicators", "/briefs/indicators/"),
    ]
    drills = [
        ("one organisation", f"/organisations/{chosen['school']}/"),
        ("one college's offerings", f"/majors/colleges/{chosen['school']}/"),
        ("one offering", f"/majors/offerings/{chosen['offering']}/"),
        ("one award", f"/calls/awards/{chosen['award']}/"),
        ("the brief", f"/briefs/{YEAR}/"),
        ("the brief with a figure's panel", f"/briefs/{YEAR}/?figure=micro_courses"),
        ("figure by city", f"{FIGURE}/rural_major_offerings_added/"),
        ("figure by county of a city", f"{FIGURE}/rural_major_offerings_added/?by=county&within=620500"),
        ("figure by organisation of a county", f"{FIGURE}/rural_major_offerings_added/?by=organisation&within=620523"),
        ("figure by dimension", f"{FIGURE}/major_offerings/?by=category"),
        ("records behind a figure", f"{FIGURE}/rural_major_offerings_added/records/"),
        ("records of a county", f"{FIGURE}/rural_major_offerings_added/records/?within=620523"),
    ]
    return [
        *(PageOf(name, path, LIST_BOUND) for name, path in lists),
        PageOf("audit trail", "/audit/", LIST_BOUND, ("auditor",)),
        *(PageOf(name, path, DRILL_BOUND) for name, path in drills),
    ]


def _chosen() -> Iterator[tuple[str, Any]]:
    """A school of the county officer's with offerings, one of these, and an award of theirs."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT o.id, m.id FROM registry_organisation o JOIN majors_majoroffering m ON m.organisation_id = o.id"
            " WHERE o.division_id = '620523' AND o.kind <> 'education_department' AND m.voided_at IS NULL"
            " ORDER BY o.code, m.id LIMIT 1"
        )
        school, offering = cursor.fetchone()
        cursor.execute(
            "SELECT a.id FROM calls_award a JOIN registry_organisation o ON o.id = a.organisation_id"
            " WHERE o.division_id = '620523' AND o.kind <> 'education_department' AND a.voided_at IS NULL"
            " ORDER BY a.id LIMIT 1"
        )
        (award,) = cursor.fetchone()
    yield from (("school", school), ("offering", offering), ("award", award))


def measure(rounds: int, only: str = "", tell: Callable[[Line], None] = lambda line: None) -> list[Line]:
    """Measure every page for everybody who looks at it, ``rounds`` times alone and as often with two visitors.

    Of several pages those whose name holds ``only``; ``tell`` hears of each line as soon as it is known.
    """
    from jineng.reference.accounts import demo_password

    logins = {**PEOPLE, "auditor": "demo-auditor"}
    lines: list[Line] = []
    with served() as port:
        visitors = {who: Visitor(port) for who in logins}
        for who, login in logins.items():
            visitors[who].sign_in(login, demo_password())
        for page in pages():
            if only in page.name:
                for who in page.people:
                    found = _measure_page(page, visitors[who], who, rounds)
                    lines += found
                    for line in found:
                        tell(line)
        for visitor in visitors.values():
            visitor.close()
    return lines


def _measure_page(page: PageOf, somebody: Visitor, who: str, rounds: int) -> list[Line]:
    visitors = [somebody.also(), somebody.also()]
    first = visitors[0].time(page.path)
    for _ in range(WARMING):
        for visitor in visitors:
            visitor.get(page.path)
            visitor.get(FLOOR)
    lines = []
    for windows in (1, 2):
        times, floors = _together(visitors[:windows], page.path, rounds)
        spread, floor = Spread.of(times), Spread.of(floors)
        lines.append(
            Line(
                page.name,
                who if windows == 1 else f"{who}, 2 at once",
                spread,
                floor,
                round(spread.p95 / floor.p95, 2),
                page.bound,
                f"(first {first * 1000:.0f} ms)" if windows == 1 else "",
            )
        )
    for visitor in visitors:
        visitor.close()
    return lines


def _together(visitors: list[Visitor], path: str, rounds: int) -> tuple[list[float], list[float]]:
    times: list[float] = []
    floors: list[float] = []
    failed: list[BaseException] = []

    def look(visitor: Visitor) -> None:
        try:
            for _ in range(rounds):
                floors.append(visitor.time(FLOOR))
                times.append(visitor.time(path))
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
