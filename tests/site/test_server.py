"""The supervisor's children live and die together, and only one supervisor serves a working directory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from jineng.site import server
from jineng.site.preflight import EnvironmentFailure
from jineng.site.processes import pid_is_running
from jineng.site.server import Child, Supervisor


def python(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code])


@pytest.fixture
def var(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_all_children(var: Path, number: int) -> None:
    announced: list[bool] = []
    children = [python(name, "import os, time; print(os.getpid(), flush=True); time.sleep(60)") for name in "ab"]
    before = signal.getsignal(number)

    def announce() -> None:
        announced.append(True)
        os.kill(os.getpid(), number)

    Supervisor(var, children).run(lambda: True, announce)
    assert announced == [True]
    assert signal.getsignal(number) is before
    for name in "ab":
        said = (var / "run" / f"{name}.log").read_text()
        assert not said or not pid_is_running(int(said))


def test_stubborn_child_and_its_offspring_are_ended_in_time(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "STOP_SECONDS", 0.3)
    code = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(other.pid, flush=True); time.sleep(60)"
    )
    log = var / "run" / "web.log"

    def ready() -> bool:
        return log.exists() and bool(log.read_text())

    begin = time.monotonic()
    Supervisor(var, [python("web", code)]).run(ready, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert time.monotonic() - begin < 4
    offspring = int(log.read_text())
    time.sleep(0.1)
    assert not pid_is_running(offspring)


def test_child_that_ends_takes_the_others_along_and_says_why(var: Path) -> None:
    children = [
        python("jobs", "import time; time.sleep(60)"),
        python("web", "import sys; sys.exit('no such module')"),
    ]
    with pytest.raises(EnvironmentFailure, match=r"web does not run .*no such module") as caught:
        Supervisor(var, children).run(lambda: False, lambda: None)
    assert "\n" not in str(caught.value)


def test_the_patient_start_when_the_site_answers(var: Path) -> None:
    web, jobs = var / "run" / "web.log", var / "run" / "jobs.log"
    waiting = replace(python("jobs", "print('here', flush=True); import time; time.sleep(60)"), patient=True)
    asked: list[bool] = []

    def ready() -> bool:
        asked.append(jobs.exists())
        return web.exists() and bool(web.read_text())

    def tend() -> None:
        if jobs.exists() and jobs.read_text():
            os.kill(os.getpid(), signal.SIGINT)

    serving = python("web", "print('here', flush=True); import time; time.sleep(60)")
    Supervisor(var, [waiting, serving]).run(ready, lambda: None, tend)
    assert not any(asked)
    assert jobs.read_text() == "here\n"


def test_what_is_cut_off_while_the_children_start_ends_them(var: Path) -> None:
    log = var / "run" / "web.log"

    def meanwhile() -> None:
        while not (log.exists() and log.read_text()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)

    web = python("web", "import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    Supervisor(var, [web]).run(lambda: True, lambda: pytest.fail("announced"), meanwhile=meanwhile)
    assert not pid_is_running(int(log.read_text()))


def test_site_that_never_answers_is_given_up(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "START_SECONDS", 0.2)
    with pytest.raises(EnvironmentFailure, match="no answer"):
        Supervisor(var, [python("web", "import time; time.sleep(60)")]).run(lambda: False, lambda: None)


def test_second_supervisor_is_refused_and_told_where_the_first_is(tmp_path: Path) -> None:
    def second() -> None:
        with server.only_one(tmp_path, "http://127.0.0.1:8001/"):
            pass

    with server.only_one(tmp_path, "http://127.0.0.1:8000/"):
        with pytest.raises(EnvironmentFailure, match=r"already running: http://127.0.0.1:8000/") as caught:
            second()
        assert f"pid {os.getpid()}" in caught.value.en
    second()


def test_leftovers_of_a_killed_supervisor_are_ended(tmp_path: Path) -> None:
    def marked(var: Path) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "JINENG_SUPERVISED_IN": str(var)}
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env=environment)

    left, foreign = marked(tmp_path), marked(tmp_path / "other")
    time.sleep(0.1)
    try:
        with server.only_one(tmp_path, ""):
            assert left.wait(2) == -signal.SIGKILL
            assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_answers_says_whether_http_is_spoken() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        assert not server.answers("127.0.0.1", silent.getsockname()[1])


def test_commands_name_what_they_start() -> None:
    web = server.web_server("127.0.0.1", 8123)
    assert web.command[-1] == "jineng.site.wsgi:application"
    assert "8123" in web.command
    assert all(worker.name == "jobs" for worker in server.job_workers())


def test_what_is_loaded_before_the_workers_part_can_be_shared(server_dsn: str) -> None:
    code = (
        "import threading, jineng.site.web; from django.db import connections;"
        "print(threading.active_count(), [each.alias for each in connections.all() if each.connection])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "[]"]


def test_child_that_lived_is_started_again(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LIVED_SECONDS", 0.2)
    log, tended = var / "run" / "jobs.log", []

    def tend() -> None:
        tended.append(True)
        if log.read_text().count("begun") == 2:
            os.kill(os.getpid(), signal.SIGINT)

    code = "import time; print('begun', flush=True); time.sleep(0.5)"
    Supervisor(var, [python("jobs", code)]).run(lambda: True, lambda: None, tend)
    assert log.read_text().split() == ["begun", "begun"]
    assert tended
