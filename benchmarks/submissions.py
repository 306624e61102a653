"""The last minutes before a deadline: everybody signs in and submits their list, on the cores that the site has.

Each applicant signs in ``THINKING`` before the click on "submit"; the lists were drafted before.
Clicks are spread evenly, by chance, over all of the window up to the deadline. For a fifteenth of the window more,
others and some of the same go on submitting. Then what stands in the database is held against what people were told:
every receipt is sealed and its list is the one that stands; nothing else stands; nothing stands from after the
deadline; and everybody else was told that it was too late.

Bound: 95 of 100 read that their list was taken within ``ALLOWED`` seconds after the click, which is two requests.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import applying, submissions_season
from benchmarks.applying import READ, Log, Visit
from benchmarks.effort import spent_by_all
from benchmarks.site_process import NotServed, Site, served
from benchmarks.submissions_season import Kept, Round
from benchmarks.timing import Line, Spread

ALLOWED = 0.2
THINKING = 10.0, 50.0
"""Seconds from signing in to the click, by chance."""
LATE = 15
"""One part in so many of window and people comes after the deadline."""
WARMING = 200


def measure(number: int, minutes: float, tell: Callable[[Line], None]) -> list[Line]:
    """So many people submit in the last ``minutes``; raises NotServed where something is lost or taken too late."""
    from django.core.management import call_command

    from jineng.site.database import owner_url

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    start = time.perf_counter()
    late = max(number // LATE, 20)
    of = submissions_season.opened(owner_url(), number + late // 2 + WARMING)
    print(f"{len(of.tickets):,} lists drafted: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    with served() as site:
        lines = _lines(site, of, number, late, minutes * 60, owner_url())
    for line in lines:
        tell(line)
    return lines


def _lines(site: Site, of: Round, number: int, late: int, seconds: float, url: str) -> list[Line]:
    _warm(site, of, of.tickets[-WARMING:])
    before = {part: _spent(site)[part] for part in PARTS}
    load, ahead = os.getloadavg()[0], THINKING[1] + 1
    start, deadline = time.monotonic() + ahead, time.time() + ahead + seconds
    of.close_at(deadline)
    log = Log()
    watch = _Watch(site, log, start)
    applying.come(site.port, of.opening, _visits(of.tickets, number, late, start, seconds), log, watch)
    took = {part: _spent(site)[part] - before[part] for part in PARTS}
    for name, times in log.times.items():
        print(f"{name}: p95 {Spread.of(times).p95:.0f} ms of {len(times):,}", file=sys.stderr)
    taken, refused = _hold(log, url, deadline, number + late)
    each = ", ".join(f"{part} {took[part] * 1000 / (number + late):.1f} ms" for part in PARTS)
    pace = sum(took.values()) / (number + late) * number / seconds
    note = (
        f"{taken:,} taken in {seconds / 60:g} min, {refused:,} refused after the deadline; every receipt stands,"
        f" nothing else does; processor for one person: {each}, at this pace {pace:.2f} cores; load before {load:.1f}"
    )
    return [
        _line(name, times, ALLOWED if name == READ else None, note if name == READ else "")
        for name, times in log.times.items()
    ]


def _line(name: str, times: list[float], allowed: float | None, note: str) -> Line:
    spread = Spread.of(times)
    return Line(name, "applicants", spread, None, round(spread.p95 / ALLOWED / 1000, 2), allowed and 1.0, note)


PARTS = ("site", "database", "applicants")


def _spent(site: Site) -> dict[str, float]:
    """Seconds of processor time by part."""
    return dict(zip(PARTS, (spent_by_all(site.process), spent_by_all(site.database), time.process_time()), strict=True))


class _Watch:
    """Tells every few seconds, on standard error, how it goes: a delay is seen when it comes, and beside what."""

    def __init__(self, site: Site, log: Log, start: float) -> None:
        self._site, self._log, self._start = site, log, start
        self._seen, self._at, self._spent = 0, time.monotonic(), _spent(site) | _machine()
        print("seconds · people there · read · p95 ms · longest ms · cores of each part", file=sys.stderr)

    def __call__(self, there: int) -> None:
        """Say what happened since it was said last."""
        now, spent = time.monotonic(), _spent(self._site) | _machine()
        times = self._log.times[READ][self._seen :]
        told = f"{Spread.of(times).p95:.0f} · {max(times) * 1000:.0f}" if times else "none"
        cores = ", ".join(f"{part} {(spent[part] - self._spent[part]) / (now - self._at):.2f}" for part in spent)
        print(f"{now - self._start:.0f} · {there} · {len(times)} · {told} · {cores}", file=sys.stderr)
        self._seen, self._at, self._spent = self._seen + len(times), now, spent


def _machine() -> dict[str, float]:
    """Seconds for which cores of the machine waited for the disk, or were taken by another machine."""
    told = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return {name: int(told[at]) / os.sysconf("SC_CLK_TCK") for name, at in (("disk", 5), ("stolen", 8))}


def _warm(site: Site, of: Round, tickets: list[tuple[str, str]]) -> None:
    """Have both workers answer every page before; those who submit here are not counted."""
    now = time.monotonic()
    log = Log()
    applying.come(site.port, of.opening, [Visit(*ticket, now, now) for ticket in tickets], log)
    if log.failures:
        raise NotServed(f"{len(log.failures)} failed before the start: {log.failures[0]}")


def _visits(tickets: list[tuple[str, str]], number: int, late: int, start: float, seconds: float) -> list[Visit]:
    chance = random.Random(number)  # noqa: S311 nothing is kept secret by it
    found = [_visit(ticket, chance, start, seconds) for ticket in tickets[:number]]
    others = tickets[number : number + late // 2]
    again = chance.sample(tickets[:number], late - len(others))
    end = start + seconds
    return [
        *found,
        *(_visit(ticket, chance, end, seconds / LATE) for ticket in others),
        *(_visit(ticket, chance, end, seconds / LATE, change=True) for ticket in again),
    ]


def _visit(
    ticket: tuple[str, str], chance: random.Random, since: float, seconds: float, *, change: bool = False
) -> Visit:
    clicks = since + chance.uniform(0, seconds)
    return Visit(*ticket, clicks - chance.uniform(*THINKING), clicks, change)


def _hold(log: Log, url: str, deadline: float, visits: int) -> tuple[int, int]:
    """How many lists were taken, and how many clicks after the deadline were refused, if all is as it must be.

    Raises:
        NotServed: with everything that is not.
    """
    stands, told = submissions_season.standing(url)
    wrong = [*log.failures, *_false_receipts(log, stands)]
    taken = {click.number for click in log.clicks if click.taken}
    wrong += [
        f"{click.number} was taken, sent too late" for click in log.clicks if click.taken and click.sent > deadline
    ]
    wrong += [
        f"{click.number} was refused, answered before the deadline"
        for click in log.clicks
        if not click.taken and click.answered < deadline
    ]
    wrong += [f"{number} was taken and does not stand" for number in taken - stands.keys()]
    wrong += [f"{number} stands from after the deadline" for number, kept in stands.items() if _at(kept) >= deadline]
    if len(stands) != len(taken) + WARMING or told != sum(kept.version for kept in stands.values()):
        wrong.append(f"{len(stands) - WARMING} stand and {len(taken)} were taken; the trail tells of {told}")
    if len(log.clicks) != visits or len(log.receipts) != len(taken):
        wrong.append(f"{len(log.clicks)} of {visits} clicked; {len(log.receipts)} have a receipt")
    if wrong:
        raise NotServed(f"{len(wrong)} wrong: " + "; ".join(wrong[:5]))
    return len(taken), sum(click.sent >= deadline for click in log.clicks)


def _at(kept: Kept) -> float:
    return kept.submitted_at.timestamp()


def _false_receipts(log: Log, stands: dict[str, Kept]) -> list[str]:
    """What is wrong with the receipts: a seal, or that something else stands than they say."""
    from jineng.engines.seals import PublicKey, digest, verify
    from jineng.kernel.models import SigningKey

    keys = {key.key_id: PublicKey(bytes(key.public_key), key.valid_from) for key in SigningKey.objects.all()}
    wrong = []
    for number, text in log.receipts.items():
        sealed: Any = json.loads(text)
        said, kept = sealed["statement"], stands.get(number)
        if not verify(sealed, keys).ok:
            wrong.append(f"{number} has a receipt whose seal does not hold")
        elif kept is None or digest(said["preferences"]) != digest(kept.wishes):
            wrong.append(f"{number} has a receipt of another list than stands")
        elif (said["number"], said["version"]) != (number, kept.version):
            wrong.append(f"{number} has a receipt of another submission than stands")
        elif datetime.fromisoformat(said["submitted_at"]) != kept.submitted_at:
            wrong.append(f"{number} has a receipt of another moment than stands")
    return wrong
