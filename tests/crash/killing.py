"""``kill -9`` of a bulk deed in its midst: after how many acknowledged deeds, and how far into the next."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from tests.crash.conftest import Installation

LONGEST = 0.6
"""Seconds after which at most the kill comes that waits for no acknowledgement."""


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
    kill: Callable[[int], None] = kill_process,
    longest: float = LONGEST,
) -> int:
    """Start a bulk deed of so many and kill it at some moment of one of them; returns how many it had acknowledged.

    The moment lies within the time that the one before took, so that it is in the midst of it on any machine. ``kill``
    may take away what the child works with, of which it then complains. ``longest`` is how many seconds the first deed
    may take.
    """
    before, part = moment.randrange(deeds), moment.random()
    child = installation.start(word, tag)
    installation.await_mark("begin")
    last = time.monotonic()
    while installation.marks.count("acknowledged") < before:
        installation.marks.append(installation.hear())
        longest, last = time.monotonic() - last, time.monotonic()
    time.sleep(part * longest)
    kill(child)
    while not installation.marks[-1].startswith("ended"):
        installation.marks.append(installation.hear())
    acknowledged = installation.marks.count("acknowledged")
    assert acknowledged >= before
    assert installation.await_end() in (0, -signal.SIGKILL, *([1] if kill is not kill_process else [])), (
        installation.log()
    )
    installation.settle()
    return acknowledged
