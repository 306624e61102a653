"""What was compiled before, kept in a file: a process need not build and compile what another one has.

Building the expression of a figure and writing it as SQL take some tens of milliseconds, of a drill-down a tenth of a
second, for all figures of a brief some seconds. None depends on the data, so what came of it holds for as long as the
program stays as it is.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

PATIENCE = 2.0
"""For how many seconds a process waits while another one writes."""


class Shelf:
    """Texts by name, in a file of SQLite that processes and threads may share.

    `place` says where the file is; its name must change whenever the program or a library that compiles does. Other
    files beside it are of programs that were, and go. A file that cannot be read or written costs time and no more:
    what it would have told is compiled.
    """

    def __init__(self, place: Callable[[], Path]) -> None:
        self._place = place
        self._texts: dict[str, str] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        """The text of that name, or None where nobody has put it there."""
        with self._lock:
            if name not in self._texts:
                found = self._read(name)
                if found is None:
                    return None
                self._texts[name] = found
            return self._texts[name]

    def put(self, name: str, text: str) -> None:
        """Put a text on the shelf."""
        with self._lock:
            self._texts[name] = text
            with suppress(OSError, sqlite3.OperationalError):
                self._write(name, text)

    def _read(self, name: str) -> str | None:
        path = self._place()
        if not path.is_file():
            return None
        with suppress(sqlite3.Error), self._opened(path) as connection:
            row = connection.execute("SELECT text FROM texts WHERE name = ?", (name,)).fetchone()
            return None if row is None else str(row[0])
        return None

    def _write(self, name: str, text: str) -> None:
        path = self._place()
        if not path.is_file():
            self._clear(path)
        try:
            self._insert(path, name, text)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # it is no such file, or a broken one
            path.unlink(missing_ok=True)
            self._insert(path, name, text)

    def _insert(self, path: Path, name: str, text: str) -> None:
        with self._opened(path) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, text TEXT NOT NULL)")
            connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (name, text))

    @contextmanager
    def _opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            # What a power cut takes is compiled again.
            connection.execute("PRAGMA synchronous = OFF")
            yield connection

    def _clear(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in path.parent.iterdir():
            if not other.name.startswith(path.name):
                other.unlink(missing_ok=True)
