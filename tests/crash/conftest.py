"""A durable installation of its own for the tests that kill things, and a nursery that loads workbooks into it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jineng.site.embedded import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """An installation under ``var``; ``nursery`` forks the children that work on it."""

    var: Path
    nursery: subprocess.Popen[bytes]
    said: Path
    marks: list[str] = field(default_factory=list)

    @property
    def server(self) -> EmbeddedServer:
        """The embedded server, durable as a real one is."""
        return EmbeddedServer(self.var)

    def hear(self) -> str:
        """The nursery's next line; what a driver says of a lost server is among them."""
        assert self.nursery.stdout
        line = self.nursery.stdout.readline().decode()
        assert line, self.log()
        return line.strip()

    def start(self, word: str, argument: str = "") -> int:
        """Have a child do something; returns its process id."""
        assert self.nursery.stdin
        self.nursery.stdin.write(f"{word} {argument}\n".encode())
        self.nursery.stdin.flush()
        while not (line := self.hear()).startswith("pid "):
            self.marks.append(line)
        return int(line.removeprefix("pid "))

    def await_mark(self, mark: str) -> bool:
        """Wait for the child to say ``mark``; false where it ended without a word of it."""
        while mark not in self.marks:
            self.marks.append(self.hear())
            if self.marks[-1].startswith("ended"):
                return mark in self.marks
        return True

    def await_end(self) -> int:
        """The child's exit code, once it is gone."""
        while not (self.marks and self.marks[-1].startswith("ended")):
            self.marks.append(self.hear())
        code = int(self.marks[-1].removeprefix("ended "))
        self.marks.clear()
        return code

    def do(self, word: str, argument: str = "") -> None:
        """Have a child do something to its end."""
        self.start(word, argument)
        code = self.await_end()
        assert code == 0, self.log()

    def log(self) -> str:
        """What the children said."""
        return self.said.read_text() if self.said.exists() else ""

    def settle(self) -> None:
        """Wait for the end of what a killed child had begun: the server finishes a commit that was on its way to it."""
        self.server.ensure_running()
        with psycopg.connect(self.server.url()) as connection:
            # Every deed writes a line of the audit trail, so that nobody who still does one lets this lock pass.
            connection.execute("LOCK TABLE kernel_auditline IN SHARE MODE")

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, as its owner sees it; the server is started where it was killed."""
        self.server.ensure_running()
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()


@contextmanager
def installed(var: Path, log: Path) -> Iterator[Installation]:
    """An installation in ``var``, in use for the length of the block; its children write to ``log``."""
    environment = {**os.environ, "JINENG_VAR": str(var), "JINENG_TESTING": "0", "NURSERY_LOG": str(log)}
    environment |= {"DJANGO_SETTINGS_MODULE": "jineng.site.settings"}
    environment.pop("DATABASE_URL", None)
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.nursery"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert nursery.stdin
    assert nursery.stdout
    try:
        made = Installation(var, nursery, log)
        assert made.hear() == "ready"
        with EmbeddedServer(var, durable=False).lease():
            made.do("prepare")
            with psycopg.connect(made.server.url(), autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        with made.server.lease():
            yield made
    finally:
        nursery.stdin.close()
        nursery.wait(10)
        nursery.stdout.close()
        EmbeddedServer(var).stop()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all; not beneath pytest's own folder, which each new session closes to the server's user again."""
    log = tmp_path_factory.mktemp("nursery") / "log"
    with tempfile.TemporaryDirectory(prefix="jineng-crash-") as folder, installed(Path(folder), log) as made:
        yield made
