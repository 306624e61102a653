"""The site as ``jineng up`` serves it, with the empty view added, on a free port; and somebody signed in to it."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.effort import database_process, spent

SETTINGS = "benchmarks.floor.settings"
START_SECONDS = 60
ROOT = Path(__file__).resolve().parents[1]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class NotServed(RuntimeError):
    """A page did not answer as it should; the message says which, and how."""


@dataclass(frozen=True)
class Site:
    """A served site: its port, its process and that of its database."""

    port: int
    process: int
    database: int

    def spent(self) -> float:
        """Seconds of processor time that its answers have taken so far."""
        return spent(self.process, self.database)


@contextmanager
def served() -> Iterator[Site]:
    """Serve the site for the length of the block."""
    from jineng.site.server import answers, web_server

    port = _free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    process = subprocess.Popen(web_server("127.0.0.1", port).command, env=environment, cwd=ROOT)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotServed("the site does not come up")
            time.sleep(0.1)
        yield Site(port, process.pid, database_process())
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Visitor:
    """Somebody with a browser: one connection that is kept alive, and the cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form, as people do."""
        page = self.get("/account/login/").decode()
        token = _TOKEN.search(page)
        if token is None:
            raise NotServed("the sign-in page has no form")
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
        status, _ = self._ask("POST", "/account/login/", urlencode(form))
        if status != 302 or "sessionid" not in self.cookies:
            raise NotServed(f"{username} cannot sign in ({status})")

    def get(self, path: str) -> bytes:
        """The body of a page.

        Raises:
            NotServed: the answer is not 200.
        """
        status, body = self._ask("GET", path)
        if status != 200:
            raise NotServed(f"{path} answers {status}")
        return body

    def time(self, path: str) -> float:
        """Seconds until the whole page is here."""
        start = time.perf_counter()
        self.get(path)
        return time.perf_counter() - start

    def also(self) -> Visitor:
        """The same person in another window: the same cookies, a connection of its own."""
        return Visitor(self.port, dict(self.cookies))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}{path}",
            }
        response = self._answer(method, path, body, headers)
        content = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response.status, content

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """The response; a connection that the server closed because nobody asked for a while is opened anew."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except http.client.RemoteDisconnected:
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
