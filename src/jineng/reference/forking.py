"""Processes that take over what this one has loaded."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.pool import Pool
from typing import Any


def forked_pool(processes: int, begin: Callable[..., None] | None = None, *given: Any) -> Pool:
    """A pool of forked processes, each begun by ``begin(*given)``, which need not be sent to it.

    They end at the pool's word and in silence: the handlers that this process has for signals are not theirs, and
    Ctrl-C, which reaches them too, is for this process to answer. They must not touch the database.
    """
    return multiprocessing.get_context("fork").Pool(processes, _begin, (begin, given))


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    if begin is not None:
        begin(*given)
