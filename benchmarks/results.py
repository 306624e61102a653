"""Result day: look-ups of one's own result beside a static file, from the site as it is served, in one run.

``CONNECTIONS`` visitors that never pause ask from a process of their own on the same cores; look-ups and the file take
turns, block by block. Every look-up is by another ticket, and every answer is held against that ticket's result.
The file is the quicker of two: the smallest that the pages use, and the one whose size is nearest to an answer's.
Bound: a look-up takes at most twice the time of the file. After it, wrong codes and wrong numbers are tried.
"""

from __future__ import annotations

import random
import re
import secrets
import select
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks import results_season
from benchmarks.effort import spent_by_all
from benchmarks.results_season import Season
from benchmarks.site_process import NotServed, Site, served
from benchmarks.timing import Line, Spread

ADDRESS = "/admissions/results/"
BOUND = 2.0
CONNECTIONS = 16
BLOCK, FILE_BLOCK = 20_000, 5_000
"""Answers in a block; the file needs fewer to be known as well."""
GUESSES = 3_000
Check = Callable[[int, bytes], None]
_NUMBER = re.compile(rb'(?<=name="number" value=")[^"]*')


def measure(look_ups: int, seconds: float, applicants: int, tell: Callable[[Line], None]) -> list[Line]:
    """Publish a season of so many ``applicants`` with pages for all look-ups, look so many up or for so long (both
    kinds of blocks together), and guess."""
    from django.core.management import call_command

    from jineng.site.database import owner_url
    from jineng.site.places import var_directory

    told = max(look_ups, applicants)
    kept = var_directory() / f"season-of-{applicants}-{told}.json"
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    if kept.exists():
        season = Season.from_text(kept.read_text())
    else:
        start = time.perf_counter()
        season = results_season.published(owner_url(), applicants, told)
        spent = time.perf_counter() - start
        print(f"{told} pages told, {applicants} published by the verb: {spent:.0f} s", file=sys.stderr)
        kept.write_text(season.as_text())
    with served() as site:
        lines = _lines(site, season, look_ups, seconds)
    for line in lines:
        tell(line)
    return lines


def _lines(site: Site, season: Season, look_ups: int, seconds: float) -> list[Line]:
    visitors = Visitors(site.port)
    order = list(range(len(season.tickets)))
    random.shuffle(order)
    asking = LookUps(site.port, season)
    _time(site, visitors, asking, order[: BLOCK // 4])
    file, size = _file(site, visitors, asking.length)
    found: list[tuple[int, float, float]] = []
    beside: list[tuple[int, float, float]] = []
    done, deadline = 0, time.perf_counter() + seconds
    while done < look_ups and time.perf_counter() < deadline:
        block = order[done : min(done + BLOCK, look_ups)]
        found.append((len(block), *_time(site, visitors, asking, block)))
        beside.append((FILE_BLOCK, *_time(site, visitors, file, range(FILE_BLOCK))))
        done += len(block)
    took, unknown, known = _guess(visitors, site.port, season)
    mine, floor = _rate(found), _rate(beside)
    note = (
        f"{done:,} look-ups in {sum(each[1] for each in found):.0f} s, {1 / mine[0]:,.0f} a second, each answer that"
        f" person's; {file.path} ({size:,} bytes; an answer has {asking.length:,}) {1 / floor[0]:,.0f} a second;"
        f" {took:,} guesses refused, of a number that nobody has in {unknown * 1000:.2f} ms and of one that somebody"
        f" has in {known * 1000:.2f} ms"
    )
    ratio, by_processor = round(mine[0] / floor[0], 2), round(mine[1] / floor[1], 2)
    spreads = (Spread.of([each[1] / each[0] for each in blocks]) for blocks in (found, beside))
    return [Line("result look-ups", f"{CONNECTIONS} visitors", *spreads, ratio, BOUND, note, by_processor)]


def _rate(blocks: list[tuple[int, float, float]]) -> tuple[float, float]:
    """Seconds for an answer by the clock, and of the processor by server and database."""
    answers = sum(each[0] for each in blocks)
    return sum(each[1] for each in blocks) / answers, sum(each[2] for each in blocks) / answers


def _time(site: Site, visitors: Visitors, asking: Asking, which: Iterable[int]) -> tuple[float, float]:
    """Seconds that these answers took by the clock, and of the processor by server and database."""
    before, start = _spent(site), time.perf_counter()
    visitors.ask(iter(which), asking.request, asking.check)
    return time.perf_counter() - start, _spent(site) - before


def _spent(site: Site) -> float:
    """With the sessions that ended: each thread of the server opens a new one every minute."""
    return spent_by_all(site.process) + spent_by_all(site.database)


class Asking:
    """What is asked for, and what the answers must be."""

    path = ADDRESS

    def request(self, at: int) -> bytes:
        """The request of this number."""
        raise NotImplementedError

    def check(self, at: int, answer: bytes) -> None:
        """Hold an answer, with its headers, against what it must be.

        Raises:
            NotServed: it is another.
        """
        raise NotImplementedError


class LookUps(Asking):
    """One's own result, by ticket."""

    def __init__(self, port: int, season: Season) -> None:
        self._port, self._season, self.length = port, season, 0

    def request(self, at: int) -> bytes:
        """The form with the ticket's number and code."""
        return posted(self._port, *self._season.tickets[at])

    def check(self, at: int, answer: bytes) -> None:
        """The answer is of this ticket's number and has this ticket's result."""
        whose = f"报名号 {self._season.tickets[at][0]}</h2>".encode()
        if not answer.startswith(b"HTTP/1.1 200 ") or whose not in answer or self._season.mark(at) not in answer:
            raise NotServed(f"ticket {at} is not told its own result: {answer.decode()}")
        self.length = len(answer.partition(b"\r\n\r\n")[2])


class Fetching(Asking):
    """A static file."""

    def __init__(self, port: int, path: str, content: bytes) -> None:
        self.path, self._content = path, content
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()

    def request(self, at: int) -> bytes:
        """The same each time."""
        return self._request

    def check(self, at: int, answer: bytes) -> None:
        """The answer is the file."""
        if not answer.startswith(b"HTTP/1.1 200 ") or not answer.endswith(self._content):
            raise NotServed(f"{self.path} is not served")


def posted(port: int, number: str, code: str) -> bytes:
    """The request of a look-up, as a browser sends the form."""
    form = urlencode({"number": number, "code": code})
    return (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}"
    ).encode()


def _file(site: Site, visitors: Visitors, length: int) -> tuple[Fetching, int]:
    """The quicker of two static files of the pages, and its size."""
    from django.contrib.staticfiles.finders import get_finders

    found = {
        f"/static/{name}": Path(storage.path(name)).read_bytes()
        for finder in get_finders()
        for name, storage in finder.list([])
        if name.startswith("kernel/") and name.endswith((".css", ".svg"))
    }
    smallest = min(found, key=lambda path: len(found[path]))
    nearest = min(found, key=lambda path: abs(len(found[path]) - length))
    files = [Fetching(site.port, path, found[path]) for path in {smallest, nearest}]
    took = [min(_time(site, visitors, each, range(FILE_BLOCK // 2))[0] for _ in range(2)) for each in files]
    chosen = min(zip(took, files, strict=True), key=lambda each: each[0])[1]
    return chosen, len(found[chosen.path])


def _guess(visitors: Visitors, port: int, season: Season) -> tuple[int, float, float]:
    """Guess, one guess at a time: how many guesses, and the median seconds for numbers that nobody has, and for those
    that somebody has.

    Raises:
        NotServed: a guess is not refused, or in other words than the others.
    """
    said: set[bytes] = set()

    def refused(_: int, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 422 "):
            raise NotServed(f"a guess is not refused: {answer.decode()}")
        said.add(_NUMBER.sub(b"", body))

    times: dict[bool, list[float]] = {True: [], False: []}
    for at in range(GUESSES):
        known = at % 2 == 0
        asked = posted(port, *_guessed(season, known=known))
        start = time.perf_counter()
        visitors.ask(iter([at]), {at: asked}.__getitem__, refused)
        times[known].append(time.perf_counter() - start)
    if len(said) != 1:
        raise NotServed("guesses are refused in different words")
    return GUESSES, median(times[False]), median(times[True])


def _guessed(season: Season, *, known: bool) -> tuple[str, str]:
    """What a curious person would try: a number that nobody has; or somebody's, with the code one letter wrong, with
    another's code, with a drawn one, with none."""
    from jineng.admissions.tickets import new_code

    (number, code), (_, other) = random.sample(season.tickets, 2)
    if not known:
        return f"22{secrets.randbelow(10**10):010d}", secrets.choice((code, new_code()))
    slip = ("A" if code[0] != "A" else "B") + code[1:]
    return number, secrets.choice((slip, other, new_code(), ""))


class Visitors:
    """So many connections, each of which asks anew as soon as it is answered."""

    def __init__(self, port: int) -> None:
        self._sockets = []
        for _ in range(CONNECTIONS):
            made = socket.create_connection(("127.0.0.1", port))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(made)

    def ask(self, which: Iterator[int], request: Callable[[int], bytes], check: Check) -> None:
        """Send the request of each number, and check its answer; returns when all are answered."""
        waiting: dict[int, tuple[socket.socket, int, bytes]] = {}
        poll = select.epoll()
        for each, at in zip(self._sockets, which, strict=False):
            poll.register(each.fileno(), select.EPOLLIN)
            waiting[each.fileno()] = each, at, b""
            each.sendall(request(at))
        while waiting:
            for descriptor, _ in poll.poll(60):
                connection, at, heard = waiting[descriptor]
                heard += _received(connection)
                if not _is_whole(heard):
                    waiting[descriptor] = connection, at, heard
                    continue
                following = next(which, None)
                if following is None:
                    del waiting[descriptor]
                    poll.unregister(descriptor)
                else:
                    connection.sendall(request(following))
                    waiting[descriptor] = connection, following, b""
                check(at, heard)
        poll.close()


def _received(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise NotServed("the server closed a connection")
    return got


def _is_whole(answer: bytes) -> bool:
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    start = head.lower().index(b"content-length:") + len(b"content-length:")
    return len(body) >= int(head[start:].split(b"\r\n", 1)[0])
