"""Ask after processes and end them; a zombie, which nobody has collected yet, counts as ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

POLL_SECONDS = 0.02
_END_SECONDS = 5.0


def is_running(process: psutil.Process) -> bool:
    """Whether the process runs."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def pid_is_running(pid: int) -> bool:
    """Whether a process with this id runs."""
    try:
        return is_running(psutil.Process(pid))
    except psutil.Error:
        return False


def end_processes(chosen: Callable[[psutil.Process], bool]) -> None:
    """End by force every running process that `chosen` says yes to, newcomers included, and wait until
    all are gone, but at most five seconds. Processes that may not be looked at are left alone."""
    deadline = time.monotonic() + _END_SECONDS

    def matching() -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if is_running(process) and chosen(process):
                    found.append(process)
        return found

    while (remaining := matching()) and time.monotonic() < deadline:
        for process in remaining:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(POLL_SECONDS)
