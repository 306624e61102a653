"""The main process of a PostgreSQL server, as its `postmaster.pid` tells of it.

The file's lines are: process id, data directory, start time, port, socket directory, listen address,
shared memory key, status (PostgreSQL source, `src/include/utils/pidfile.h`).
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from jineng.site.processes import POLL_SECONDS, end_processes, pid_is_running

_STATUS_LINE = 7


@dataclass(frozen=True)
class Postmaster:
    """The process `pid` that serves the directory `data`; `status` is `ready` once it takes connections."""

    pid: int
    data: Path
    status: str

    @classmethod
    def read(cls, data: Path) -> Postmaster | None:
        """What `data` says of its server, or None where it says nothing readable."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
            status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else "starting"
            return cls(pid=int(lines[0]), data=data, status=status)
        except (OSError, ValueError, IndexError):
            return None

    def exists(self) -> bool:
        """Whether a process with this id runs; a zombie does not."""
        return pid_is_running(self.pid)

    def alive(self) -> bool:
        """Whether the process runs and is a server of `data`: ids are given anew after a crash."""
        return self.exists() and _works_in(psutil.Process(self.pid), self.data)

    def stop(self, patience: float) -> None:
        """End the server: politely for `patience` seconds, then without a checkpoint, then by force."""
        for wish, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0)):
            if self._signal(wish) or self._gone_within(seconds):
                return

    def kill(self) -> None:
        """End the process by force."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> bool:
        """Send a signal; True when the process was gone already."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return True
        return False

    def _gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.exists():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True


def end_processes_in(data: Path) -> None:
    """End by force every PostgreSQL process that works in `data` or is about to, and wait until all are
    gone.

    What a killed program or server leaves behind must not write beside its successor: the server's
    children, an initialisation, a server that has only just been launched.
    """
    end_processes(lambda process: _works_in(process, data) or _is_launched_for(process, data))


def _is_launched_for(process: psutil.Process, data: Path) -> bool:
    if process.name() not in ("sh", "initdb", "postgres"):
        return False
    arguments = process.cmdline()
    return f"--pgdata={data}" in arguments or ("-D" in arguments and str(data) in arguments)


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == data
    except psutil.Error:
        return False
