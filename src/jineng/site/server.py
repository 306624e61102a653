"""Serve the site until told to stop: a supervisor of a few child processes that live and die together.

Children run in sessions of their own, so that Ctrl-C reaches the supervisor alone and the order of
stopping is ours. The kernel ends them when the supervisor dies (`prctl(2)`, `PR_SET_PDEATHSIG`), and
whatever outlives even that carries a mark in its environment, by which the next start finds it.
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from jineng.site.preflight import EnvironmentFailure

SETTINGS = "jineng.site.settings"
APPLICATION = "jineng.site.wsgi:application"
WEB = "jineng.site.web"
"""The program of the web server: granian, with the site loaded before."""
STOP_SECONDS = 3.0
START_SECONDS = 60.0
LIVED_SECONDS = 5.0
_MARK = "JINENG_SUPERVISED_IN"
_PR_SET_PDEATHSIG = 1
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _nothing() -> None:
    """Nothing."""


@dataclass(frozen=True)
class Child:
    """A process to run beside the others: a name for its log file, and its command line.

    One that is `patient` starts when the site answers, so as not to take the cores that the site starts on.
    """

    name: str
    command: Sequence[str]
    patient: bool = False


def web_server(host: str, port: int) -> Child:
    """granian with the site's WSGI application."""
    options = ["--interface", "wsgi", "--no-ws", "--log-level", "warning", "--workers", "2"]
    options += ["--blocking-threads", "4", "--workers-kill-timeout", "2"]
    # Browsers that wait keep their connections, thousands of them before a deadline; nobody else shall wait for these.
    options += ["--backlog", "4096", "--backpressure", "4096"]
    address = ["--host", host, "--port", str(port)]
    return Child("web", [sys.executable, "-m", WEB, *options, *address, APPLICATION])


def job_workers() -> list[Child]:
    """The worker of the job queue, where the installation has jobs."""
    if find_spec("jineng.kernel.jobs") is None:
        return []
    return [Child("jobs", [sys.executable, "-m", "django", "procrastinate", "worker"], patient=True)]


@contextmanager
def only_one(var: Path, address: str) -> Iterator[None]:
    """Be the only process that serves from the working directory `var`.

    Ends what a killed predecessor left. Raises `EnvironmentFailure` when another one is alive; a lock
    that its holder left behind by dying is no obstacle.
    """
    (var / "run").mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / "run" / "up.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(descriptor)
            raise EnvironmentFailure(
                f"系统已在运行：{holder}。请直接使用，或先用 Ctrl-C 停止它。",
                f"The system is already running: {holder}. Use that one, or stop it first with Ctrl-C.",
            ) from error
        _end_leftovers(var)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    try:
        known = json.loads(os.pread(descriptor, 4096, 0))
        return f"{known['address']} (pid {known['pid']})"
    except (ValueError, KeyError):
        return "pid ?"


def _end_leftovers(var: Path) -> None:
    from jineng.site.processes import end_processes

    end_processes(lambda process: process.environ().get(_MARK) == str(var))


@dataclass
class Supervisor:
    """Runs `children` until a signal comes; their output goes to `var/run/NAME.log`.

    A child that ends by itself after it lived for `LIVED_SECONDS` is started again (it lost the database, was
    killed for memory); one that ends sooner would only end again.
    """

    var: Path
    children: Sequence[Child]
    _running: list[tuple[Child, subprocess.Popen[bytes], float]] = field(default_factory=list)
    _told: threading.Event = field(default_factory=threading.Event)

    def run(
        self,
        ready: Callable[[], bool],
        announce: Callable[[], None],
        tend: Callable[[], None] = _nothing,
        meanwhile: Callable[[], None] = _nothing,
    ) -> None:
        """Start everything, do what there is to do `meanwhile`, call `announce` once `ready()` is true, `tend` again
        and again, and return after a clean stop.

        A signal cuts `meanwhile` off and stops everything; what `meanwhile` raises goes up after a clean stop.
        Raises `EnvironmentFailure` when a child cannot live or the site does not come up.
        """
        before = {number: signal.signal(number, self._cut_off) for number in _STOP_SIGNALS}
        try:
            with suppress(KeyboardInterrupt):
                self._start_all(patient=False)
                meanwhile()
            for number in _STOP_SIGNALS:
                signal.signal(number, self._tell)
            deadline = time.monotonic() + START_SECONDS
            while not self._told.is_set() and not ready():
                self._check_all_run()
                if time.monotonic() > deadline:
                    raise self._ended("web", "no answer")
                self._told.wait(0.05)
            if not self._told.is_set():
                announce()
            if not self._told.is_set():
                self._start_all(patient=True)
            while not self._told.wait(0.3):
                tend()
                self._check_all_run()
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start_all(self, *, patient: bool) -> None:
        for child in self.children:
            if child.patient == patient:
                self._running.append((child, self._start(child), time.monotonic()))

    def _cut_off(self, number: int, frame: FrameType | None) -> None:
        self._tell(number, frame)
        raise KeyboardInterrupt

    def _tell(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._told.set()

    def _log(self, name: str) -> Path:
        return self.var / "run" / f"{name}.log"

    def _start(self, child: Child, *, again: bool = False) -> subprocess.Popen[bytes]:
        libc = ctypes.CDLL(None, use_errno=True)
        parent = os.getpid()

        def die_with_parent() -> None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS, _MARK: str(self.var)}
        with self._log(child.name).open("ab" if again else "wb") as log:
            return subprocess.Popen(
                list(child.command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def _check_all_run(self) -> None:
        for position, (child, process, since) in enumerate(self._running):
            if process.poll() is None:
                continue
            if time.monotonic() - since < LIVED_SECONDS:
                raise self._ended(child.name, f"exit code {process.returncode}")
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            self._running[position] = (child, self._start(child, again=True), time.monotonic())

    def _ended(self, name: str, how: str) -> EnvironmentFailure:
        said = self._log(name).read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(said) if line.strip()), how)
        return EnvironmentFailure(
            f"服务进程 {name} 未能运行（{how}）：{last}（日志 {self._log(name)}）",
            f"The process {name} does not run ({how}): {last} (log: {self._log(name)})",
        )

    def _stop(self) -> None:
        """Ask every child to end, wait `STOP_SECONDS` in all, then end their whole groups by force."""
        for _, process, _ in self._running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for _, process, _ in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for _, process, _ in self._running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()


def answers(host: str, port: int) -> bool:
    """Whether an HTTP server answers at `host:port`, whatever it says."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
