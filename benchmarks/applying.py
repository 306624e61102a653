"""Applicants with browsers: each signs in, looks at their list, submits it, reads the answer and takes the receipt.

One process and one loop for all of them, with no more of HTTP/1.1 than the site answers with, so that the cores are
the site's. Each applicant has a connection and cookies of their own. They come by the clock and not when the site has
time for them; a click is timed from the moment when it is due (or when the page that it is on is there), so that what
the site or this process lets wait is in the time.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.site_process import NotServed

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
SUBMIT, READ = "submit", "submit, and read what became of it"
WATCHED = 10
"""Seconds."""
ENTER, HOME = "/admissions/my/enter/", "/admissions/my/"
TAKEN, LATE = "已提交（第 ".encode(), "不在志愿填报时间内，未接受".encode()


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    head: bytes
    body: bytes


class Browser(asyncio.Protocol):
    """One person's connection and cookies."""

    def __init__(self, port: int) -> None:
        self._port, self._buffer, self._need = port, b"", -1
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Heard] | None = None
        self._cookies: dict[bytes, bytes] = {}
        self._token = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._transport, self._buffer, self._need = None, b"", -1
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or NotServed("the server closed a connection before it answered"))

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        self._buffer += data
        if self._need < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._buffer, 0, end)
            self._need = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) < self._need or self._answer is None or self._answer.done():
            return
        head, _, body = self._buffer.partition(b"\r\n\r\n")
        self._buffer, self._need = b"", -1
        self._answer.set_result(Heard(int(head[9:12]), head, body))

    def leave(self) -> None:
        """Close the window."""
        if self._transport is not None:
            self._transport.close()

    async def get(self, path: str) -> Heard:
        """Open a page.

        Raises:
            NotServed: the answer is not 200.
        """
        heard = await self._ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n".encode(), b"")
        if heard.status != 200:
            raise NotServed(f"{path} answers {heard.status}")
        return heard

    async def post(self, path: str, **form: str) -> str:
        """Send the form of the page that was opened last; returns where its answer leads to.

        Raises:
            NotServed: the answer leads nowhere.
        """
        body = urlencode({**form, "csrfmiddlewaretoken": self._token.decode()}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
        heard = await self._ask(head.encode(), body)
        found = _LOCATION.search(heard.head)
        if heard.status != 302 or found is None:
            raise NotServed(f"the form at {path} answers {heard.status}")
        return found[1].decode()

    async def _ask(self, head: bytes, body: bytes) -> Heard:
        kept = self._transport is not None
        try:
            heard = await self._sent(head, body)
        except (NotServed, ConnectionError):
            if not kept:
                raise
            # The server had closed what was kept open for long, while this was on its way: browsers send it again.
            heard = await self._sent(head, body)
        for name, value in _COOKIE.findall(heard.head):
            self._cookies[name] = value
        token = _TOKEN.search(heard.body)
        if token is not None:
            self._token = token[1]
        return heard

    async def _sent(self, head: bytes, body: bytes) -> Heard:
        loop = asyncio.get_running_loop()
        if self._transport is None:
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None
        cookies = b"; ".join(name + b"=" + value for name, value in self._cookies.items())
        self._answer = loop.create_future()
        self._transport.write(head + b"Cookie: " + cookies + b"\r\n\r\n" + body)
        return await self._answer


@dataclass(frozen=True)
class Click:
    """A click on "submit": when it was sent and answered (seconds since 1970), and whether the list was taken; if not,
    the page said that it came too late."""

    number: str
    sent: float
    answered: float
    taken: bool


@dataclass
class Log:
    """What the applicants met. ``times`` are seconds by what was waited for, ``receipts`` as they were given, by
    number; ``failures`` are answers that were none."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    clicks: list[Click] = field(default_factory=list)
    receipts: dict[str, bytes] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    async def timed(self, name: str, due: float, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do it, and keep how long it took since it was due (by :func:`time.monotonic`)."""
        done = await doing
        self.times[name].append(time.monotonic() - due)
        return done


@dataclass(frozen=True)
class Visit:
    """Somebody signs in at ``comes`` and clicks on "submit" at ``clicks`` (by :func:`time.monotonic`), having moved
    their second preference up before, where they ``change`` it."""

    number: str
    code: str
    comes: float
    clicks: float
    change: bool = False


async def _apply(visit: Visit, browser: Browser, log: Log, list_page: str) -> None:
    await log.timed("sign-in page", visit.comes, browser.get(ENTER))
    signing = browser.post(ENTER, number=visit.number, code=visit.code)
    if await log.timed("sign in", time.monotonic(), signing) != HOME:
        raise NotServed(f"{visit.number} cannot sign in")
    await log.timed("own page", time.monotonic(), browser.get(HOME))
    await log.timed("list", time.monotonic(), browser.get(list_page))
    if visit.change:
        await browser.get(await browser.post(list_page, do="up:2"))
    start = max(visit.clicks, time.monotonic())
    await asyncio.sleep(visit.clicks - time.monotonic())
    sent = time.time()
    where = await log.timed(SUBMIT, start, browser.post(list_page, do="submit"))
    answered = time.time()
    told = await log.timed(READ, start, browser.get(where))
    if (LATE in told.body) == (TAKEN in told.body):
        raise NotServed(f"{visit.number} is not told what became of the list")
    log.clicks.append(Click(visit.number, sent, answered, TAKEN in told.body))
    if TAKEN in told.body:
        receipt = list_page.replace("/preferences/", "/receipt/")
        log.receipts[visit.number] = (await log.timed("receipt", time.monotonic(), browser.get(receipt))).body


async def _attend(visit: Visit, port: int, log: Log, list_page: str) -> None:
    browser = Browser(port)
    try:
        await _apply(visit, browser, log, list_page)
    except (NotServed, OSError) as error:
        log.failures.append(f"{visit.number}: {error}")
    finally:
        browser.leave()


async def _come(
    visits: Iterable[Visit], start: Callable[[Visit], Coroutine[Any, Any, None]], watch: Callable[[int], None]
) -> None:
    going: set[asyncio.Task[None]] = set()
    watching = asyncio.create_task(_watch(going, watch))
    for visit in visits:
        await asyncio.sleep(max(visit.comes - time.monotonic(), 0))
        task = asyncio.create_task(start(visit))
        going.add(task)
        task.add_done_callback(going.discard)
    while going:
        await asyncio.wait(going)
    watching.cancel()


async def _watch(going: set[asyncio.Task[None]], watch: Callable[[int], None]) -> None:
    while True:
        await asyncio.sleep(WATCHED)
        watch(len(going))


def come(
    port: int, opening: object, visits: Iterable[Visit], log: Log, watch: Callable[[int], None] = lambda _: None
) -> None:
    """Have them all come, and wait until the last has gone; ``watch`` is told every ``WATCHED`` seconds how many are
    there."""
    list_page = f"/admissions/my/preferences/{opening}/"
    ordered = sorted(visits, key=lambda visit: visit.comes)
    asyncio.run(_come(ordered, lambda visit: _attend(visit, port, log, list_page), watch))
