"""What is costly to find and holds until a table changes: remembered by the versions of the tables it came from."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar, cast

from jineng.kernel.prepared import array, value_of

T = TypeVar("T")
Versions = Mapping[str, tuple[str, ...]]
KEPT = 500_000
"""How much is remembered, in pieces of about two hundred bytes: some 100 MB in each process of the server."""


class Memory:
    """Answers by question, those asked for last; ``kept`` says how many pieces at most. Safe for threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._weight = 0

    def recall(self, questions: Iterable[Hashable]) -> dict[Hashable, Any]:
        """What is remembered of these questions."""
        found = {}
        with self._lock:
            for question in questions:
                if question in self._answers:
                    self._answers.move_to_end(question)
                    found[question] = self._answers[question][0]
        return found

    def remember(self, answers: Mapping[Hashable, object], weigh: Callable[[Any], int] = lambda answer: 1) -> None:
        """Keep ``answers``; the oldest go where they are too many. One that is too much by itself is not kept."""
        weighed = [(question, answer, weigh(answer) + 1) for question, answer in answers.items()]
        with self._lock:
            for question, answer, weight in weighed:
                self._weight -= self._answers.pop(question, (None, 0))[1]
                if weight > self.kept:
                    continue
                self._weight += weight
                self._answers[question] = answer, weight
            while self._weight > self.kept:
                _, (_, weight) = self._answers.popitem(last=False)
                self._weight -= weight

    def forget(self) -> None:
        """Forget everything: for whoever measures or counts what it takes to find an answer."""
        with self._lock:
            self._answers.clear()
            self._weight = 0

    def answer(self, question: Hashable, find: Callable[[], T], weigh: Callable[[T], int] = lambda answer: 1) -> T:
        """The remembered answer, else the one that ``find`` gives."""
        known = self.recall((question,))
        if question in known:
            return cast(T, known[question])
        found = find()
        self.remember({question: found}, weigh)
        return found


memory = Memory()
"""The one memory of this process."""


def source_versions(tables: Iterable[str] | None = None) -> Versions:
    """Versions of ``tables``, by default of all that are followed (``kernel.walls``): their tokens, with those of the
    running transaction's own changes.

    Read before what is to be remembered: a change in between makes an answer newer than it is filed, never older.
    """
    if tables is None:
        found = value_of(_VERSIONS.format(chosen="true"))
    else:
        found = value_of(_VERSIONS.format(chosen="source = ANY($1::text[])"), array(tables))
    return {source: tuple(tokens) for source, tokens in json.loads(found or b"{}").items()}


_VERSIONS = """
SELECT json_object_agg(source, tokens ORDER BY source) FROM (
  SELECT source, array_agg(token ORDER BY mine) AS tokens FROM (
    SELECT source, token, false AS mine FROM kernel_sourceversion
    UNION ALL SELECT source, token, true FROM kernel_sourcechange
      WHERE transaction = pg_current_xact_id_if_assigned()::text::bigint) AS told
  WHERE {chosen} GROUP BY source) AS version
"""


def state_of(versions: Versions, tables: Iterable[str] | None = None) -> Hashable:
    """What an answer holds for that was computed from ``tables``, by default from all."""
    return tuple((table, versions.get(table, ())) for table in sorted(versions if tables is None else tables))
