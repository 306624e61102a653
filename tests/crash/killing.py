"""``kill -9`` of a bulk deed in its midst: after how many acknowledged deeds, and how far into the next.

Where the child says of each deed when its last row is written and when that is committed, the kill can be put before,
during or after a commit: between which two of its marks, and how far from the one to the other.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise

from tests.crash.conftest import Installation

LONGEST = 0.6
"""Seconds after which at most the kill comes that waits for no acknowledgement."""
MARKS = ("begin", "written", "committed", "acknowledged")
"""What a child says that tells its steps: it begins, a deed's last row is written, is committed, is answered."""
BEFORE, DURING, AFTER = "before", "during", "after"
Step = tuple[str, float]
"""Where to the commit it lies (before, during, after), and how many seconds it takes undisturbed."""


def kill_process(child: int) -> None:
    """``kill -9`` a child, unless it was faster."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def killed(
    installation: Installation,
    word: str,
    tag: str,
    deeds: int,
    moment: random.Random,
) -> int:
    """Start a bulk deed of so many and kill it at some moment of one of them; returns how many it had acknowledged.

    The moment lies within the time that the one before took, so that it is in the midst of it on any machine.
    """
    before, part, longest = moment.randrange(deeds), moment.random(), LONGEST
    child = installation.start(word, tag)
    installation.await_mark("begin")
    last = time.monotonic()
    while installation.marks.count("acknowledged") < before:
        installation.marks.append(installation.hear())
        longest, last = time.monotonic() - last, time.monotonic()
    time.sleep(part * longest)
    kill_process(child)
    while not installation.marks[-1].startswith("ended"):
        installation.marks.append(installation.hear())
    acknowledged = installation.marks.count("acknowledged")
    assert acknowledged >= before
    assert installation.await_end() in (0, -signal.SIGKILL), installation.log()
    installation.settle()
    return acknowledged


def paced(installation: Installation, word: str, tag: str) -> list[Step]:
    """The steps of a deed that nobody disturbs, from each of its marks to the next. A worker, who never ends, is killed
    when all is acknowledged."""
    child = installation.start(word, tag)
    heard = [("begin", time.monotonic())] if "begin" in installation.marks else []
    while not (installation.marks and installation.marks[-1].startswith("ended")):
        installation.marks.append(installation.hear())
        if installation.marks[-1] in MARKS:
            heard.append((installation.marks[-1], time.monotonic()))
        if word == "work" and installation.marks[-1] == "acknowledged":
            kill_process(child)
    assert installation.await_end() == (-signal.SIGKILL if word == "work" else 0), installation.log()
    installation.settle()
    lies = {"written": BEFORE, "committed": DURING}
    return [(lies.get(until, AFTER), end - start) for (_, start), (until, end) in pairwise(heard)]


def killed_at(
    installation: Installation,
    word: str,
    tag: str,
    steps: Sequence[Step],
    where: str,
    moment: random.Random,
    kill: Callable[[int], None] = kill_process,
) -> tuple[int, int]:
    """Start a deed and kill it at some moment before, during or after one of its commits.

    ``kill`` may take away what the child works with, of which it then complains. Returns how many commits it had said
    are done, and how many it had said are due: what the database holds lies between the two.
    """
    at = moment.choice([place for place, (lies, _) in enumerate(steps) if lies == where])
    part = moment.random()
    child = installation.start(word, tag)
    while sum(mark in MARKS for mark in installation.marks) <= at:
        installation.marks.append(installation.hear())
        assert not installation.marks[-1].startswith("ended"), installation.log()
    time.sleep(part * steps[at][1])
    kill(child)
    while not installation.marks[-1].startswith("ended"):
        installation.marks.append(installation.hear())
    said = installation.marks.count("committed"), installation.marks.count("written")
    assert installation.await_end() in (0, -signal.SIGKILL, *([1] if kill is not kill_process else [])), (
        installation.log()
    )
    installation.settle()
    return said
