"""A whole selection in the database: 100,000 applications, five reviews each; and the pages of those who work on it.

Assigning, ranking and publishing are the verbs that people use, on rows that the owner copied (`volume.py`). In a
folder that was kept, which holds the selection as the run before left it, the pages alone are measured again. Bounds:
reviewers assigned within 1 % of the best there is, proven, in ten minutes; list pages and the officer's home at the
95th percentile within five times the empty view of the same site, asked for in turn with it.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from benchmarks import volume
from benchmarks.effort import processor_time
from benchmarks.pages import DRILL_BOUND, LIST_BOUND, PageOf, measure_page
from benchmarks.site_process import Visitor, served
from benchmarks.timing import Line, Spread

APPLICATIONS, EXPERTS, SCHOOLS = 100_000, 2_000, 200
MOST_SECONDS = 600.0
MOST_GAP = Fraction(1, 100)
AT_ONCE = 500
OFFICERS, APPLICANTS = ("province", "city"), ("school",)
EVERYBODY = (*OFFICERS, *APPLICANTS)


def measure(applications: int, rounds: int, only: str, tell: Callable[[Line], None]) -> list[Line]:
    """Make the selection with so many applications, and measure what its people do and see."""
    lines = []
    for line in _lines(applications, rounds, only):
        tell(line)
        lines.append(line)
    return lines


def _lines(applications: int, rounds: int, only: str) -> Iterator[Line]:
    from jineng.cases.kinds import PanelState
    from jineng.cases.models import Panel
    from jineng.cases.verbs import (
        act_on_cases,
        assign_reviewers,
        close_panel,
        decide_panel,
        form_panel,
        publish_panel,
        replay_decision,
        seat_experts,
    )
    from jineng.kernel import clock
    from jineng.kernel.actors import acting
    from jineng.site.database import owner_url

    office, case = _staged(applications)
    with acting(office):
        known = Panel.objects.filter(intake=case.intake_id).first()
    if known is not None:
        published = _when_published(case.intake_id, known.pk, case.pk)
        yield from _pages(
            published if known.state == PanelState.PUBLISHED else _while_reviewing(known.pk), rounds, only
        )
        return
    panel = form_panel(actor=office, intake_id=case.intake_id, due_on=clock.today() + timedelta(days=30))
    seat_experts(actor=office, panel_id=panel.pk, expert_ids=_experts(office))
    spent, tasks = _timed(lambda: assign_reviewers(actor=office, panel_id=panel.pk))
    with acting(office):
        panel = Panel.objects.get(pk=panel.pk)
    yield _line("assign reviewers", spent, MOST_SECONDS, f"{tasks} reviews; {_proof(panel)}")
    yield from _pages(_while_reviewing(panel.pk), rounds, only)
    print(f"{volume.review_all(owner_url(), panel.pk)} reviews handed in", file=sys.stderr)
    spent, _ = _timed(lambda: close_panel(actor=office, panel_id=panel.pk))
    yield _line("close the panel", spent)
    spent, decision = _timed(lambda: decide_panel(actor=office, panel_id=panel.pk))
    yield _line("rank and cut", spent, note=f"digest {decision.digest[:12]}")
    spent, found = _timed(lambda: replay_decision(actor=office, panel_id=panel.pk))
    if not found.ok:
        raise SystemExit("the decision run again is not the same")
    yield _line("run the decision again", spent, note="the same bytes")
    spent, _ = _timed(lambda: publish_panel(actor=office, panel_id=panel.pk))
    yield _line("publish", spent)
    chosen = _some(office, panel.pk)
    spent, moved = _timed(lambda: act_on_cases(actor=office, seen=chosen, action="propose"))
    yield _line(f"move {AT_ONCE} cases at once", spent, note=f"{moved} moved")
    yield from _pages(_when_published(case.intake_id, panel.pk, case.pk), rounds, only)


def _staged(applications: int) -> tuple[Any, Any]:
    """The office that runs the intake, and one of its cases; made where they are not there yet."""
    from django.core.management import call_command

    from jineng.cases.models import Case
    from jineng.kernel.actors import acting
    from jineng.site.cli.pipeline import actor_named
    from jineng.site.database import owner_url
    from jineng.site.places import var_directory

    made = var_directory() / f"selection-of-{applications}"
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    if not made.exists():
        case, expert = volume.begin(SCHOOLS)
        spent, rows = _timed(lambda: volume.multiply(owner_url(), case, expert, applications, EXPERTS))
        print(f"loaded in {spent.clock:.0f} s: {rows}", file=sys.stderr)
        made.write_text(f"{case.pk}")
    office = actor_named("province_officer")
    with acting(office):
        return office, Case.objects.get(pk=UUID(made.read_text()))


def _experts(office: Any) -> list[UUID]:
    from jineng.cases.models import Expert
    from jineng.kernel.actors import acting

    with acting(office):
        return list(Expert.objects.values_list("pk", flat=True))


def _some(office: Any, panel_id: UUID) -> dict[UUID, int]:
    """Five hundred of those selected, each with its steps."""
    from jineng.cases.models import PanelEntry
    from jineng.kernel.actors import acting

    with acting(office):
        entries = PanelEntry.objects.filter(panel=panel_id, status="selected").order_by("rank")
        return dict(entries.values_list("case_id", "case__steps")[:AT_ONCE])


def _proof(panel: Any) -> str:
    """How near to the best the assignment is proven to be.

    Raises:
        SystemExit: more is missing than may be.
    """
    rounds = panel.assignment["rounds"]
    reached, bound = (sum(each[key] for each in rounds) for key in ("expertise", "bound"))
    gap = Fraction(bound - reached, bound)
    if gap > MOST_GAP:
        raise SystemExit(f"the assignment is proven within {float(gap):.2%} only")
    best = "proven optimal" if all(each["is_optimal"] for each in rounds) else f"proven within {float(gap):.3%}"
    return f"expertise {reached} of at most {bound}, {best}"


def _while_reviewing(panel: UUID) -> Iterator[PageOf]:
    from django.urls import reverse

    yield PageOf("one panel, reviewing", reverse("panel", args=[panel]), DRILL_BOUND, ("province",))
    yield PageOf("my reviews", "/cases/reviews/", LIST_BOUND, ("reviewer",), remembers=True)
    yield PageOf("home, reviewing", "/", LIST_BOUND, ("reviewer", "province"), remembers=True)


def _when_published(intake: UUID, panel: UUID, case: UUID) -> Iterator[PageOf]:
    from django.urls import reverse

    cases = reverse("cases")
    yield PageOf("home", "/", LIST_BOUND, EVERYBODY, remembers=True)
    yield PageOf("cases", cases, LIST_BOUND, EVERYBODY, remembers=True)
    yield PageOf("cases, page 3", f"{cases}?page=3", LIST_BOUND, OFFICERS, remembers=True)
    yield PageOf("cases of an intake", f"{cases}?intake={intake}&state=open", LIST_BOUND, EVERYBODY, remembers=True)
    yield PageOf("cases that wait", f"{cases}?which=waiting", LIST_BOUND, OFFICERS, remembers=True)
    yield PageOf("cases by title", f"{cases}?q=99999", LIST_BOUND, OFFICERS, remembers=True)
    yield PageOf("cases by rank", f"{cases}?sort=rank", LIST_BOUND, OFFICERS, remembers=True)
    yield PageOf("intakes", reverse("intakes"), LIST_BOUND, EVERYBODY, remembers=True)
    yield PageOf("experts", reverse("experts"), LIST_BOUND, ("province",), remembers=True)
    yield PageOf("procedures", reverse("procedures"), LIST_BOUND, EVERYBODY, remembers=True)
    yield PageOf("one intake", reverse("intake", args=[intake]), DRILL_BOUND, EVERYBODY)
    yield PageOf("one case", reverse("case", args=[case]), DRILL_BOUND, EVERYBODY)
    yield PageOf("one panel", reverse("panel", args=[panel]), DRILL_BOUND, ("province",))
    yield PageOf("what was decided", reverse("decision", args=[panel]), DRILL_BOUND, EVERYBODY)


def _pages(pages: Iterator[PageOf], rounds: int, only: str) -> Iterator[Line]:
    from jineng.reference.accounts import demo_password

    with served() as site:
        visitors: dict[str, Visitor] = {}
        for page in pages:
            for who in page.people if only in page.name else ():
                if who not in visitors:
                    visitors[who] = Visitor(site.port)
                    visitors[who].sign_in(f"demo-{who}", demo_password())
                yield from measure_page(page, site, visitors[who], who, rounds)
        for visitor in visitors.values():
            visitor.close()


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processor time in this process and its database session."""

    clock: float
    here: float
    database: float


def _timed(call: Callable[[], Any]) -> tuple[Spent, Any]:
    start, here, database = time.perf_counter(), time.process_time(), _of_session()
    found = call()
    return Spent(time.perf_counter() - start, time.process_time() - here, _of_session() - database), found


def _of_session() -> float:
    """Seconds of processor time that the database has spent on this connection so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return processor_time(cursor.fetchone()[0])


def _line(name: str, spent: Spent, most: float | None = None, note: str = "") -> Line:
    """With a bound, the ratio is the part of the seconds allowed."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cores = f"{spent.here:.0f} s of processor time and {spent.database:.0f} s in the database"
    whole = "; ".join(filter(None, (note, cores, f"{peak} MB at most")))
    ratio, bound = round(spent.clock / (most or spent.clock), 3), 1.0 if most else None
    return Line(name, "verb", Spread.of([spent.clock]), None, ratio, bound, whole)
