"""What was compiled before, kept in a file: a process need not build and compile what another one has.

Building the expression of a figure and writing it as SQL take some tens of milliseconds, for all figures of a brief
some seconds. Neither depends on the data, so what came of it holds for as long as the program stays as it is.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class Shelf:
    """Texts by name. The file is read when a text is first asked for and written when `save` is called.

    `place` says where the file is; its name must change whenever the program or a library that compiles does. Other
    files beside it are of programs that were, and go. A file that cannot be read or written costs time and no more:
    what it would have told is compiled. Processes and threads may share a shelf.
    """

    def __init__(self, place: Callable[[], Path]) -> None:
        self._place = place
        self._texts: dict[str, str] | None = None
        self._new: dict[str, str] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        """The text of that name, or None where nobody has put it there."""
        with self._lock:
            if self._texts is None:
                self._texts = self._read()
            return self._texts.get(name)

    def put(self, name: str, text: str) -> None:
        """Put a text on the shelf; it lasts once it is saved."""
        with self._lock:
            self._new[name] = text
            self._texts = {**(self._texts or {}), name: text}

    def save(self) -> None:
        """Write what is new into the file, beside what others have put there meanwhile."""
        with self._lock:
            if not self._new:
                return
            whole = {**self._read(), **self._new}
            self._new = {}
            with suppress(OSError):
                self._write(whole)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._place().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, whole: dict[str, str]) -> None:
        path = self._place()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
        for other in path.parent.glob("*.json"):
            if other.name != path.name:
                other.unlink(missing_ok=True)
