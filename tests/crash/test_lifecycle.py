"""`jineng up` as a user meets it: started, stopped with Ctrl-C, killed at random moments, started again.

The steps of the rooms are left out, and the settings and the application are tiny: this is about the processes.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from jineng.site.embedded import EmbeddedServer
from jineng.site.processes import end_processes, pid_is_running
from jineng.site.server import START_SECONDS

PROGRAM = """
from django.conf import settings
from jineng.site import server
from jineng.site.cli import pipeline, program
from jineng.site.cli.steps import Step
from jineng.site.database import django_databases
settings.configure(DATABASES=django_databases())
pipeline.data_steps = lambda: []
pipeline.brief_step = lambda: Step("简报 / Brief", lambda report: None)
pipeline.farewell = lambda address: [("网站 / Site", address)]
server.job_workers = lambda: []
server.WEB, server.APPLICATION = "granian", "tests.crash.tiny:application"
program.main()
"""
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    def up(*, port: int = port) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "up", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "JINENG_VAR": str(tmp_path), "JINENG_TESTING": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    yield up
    end_processes(lambda process: process.environ().get("JINENG_VAR") == str(tmp_path))
    EmbeddedServer(tmp_path / "test").stop()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read() == b"tiny"
    except OSError:
        return False
    finally:
        connection.close()


def wait_for_answer(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"the site did not come up: {process.communicate()[0]}")
        time.sleep(0.05)


def wait_until_it_serves(process: subprocess.Popen[str], var: Path) -> None:
    """Until the lock tells of this process: before, a child that a killed one left behind may be who answers."""
    deadline = time.monotonic() + START_SECONDS
    while f'"pid": {process.pid},' not in (var / "test" / "run" / "up.lock").read_text():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def tree(process: subprocess.Popen[str]) -> list[psutil.Process]:
    leader = psutil.Process(process.pid)
    return [leader, *leader.children(recursive=True)]


def test_interrupt_stops_everything_within_five_seconds(start: Start, port: int, tmp_path: Path) -> None:
    process = start()
    wait_for_answer(process, port)
    members = tree(process)
    assert EmbeddedServer(tmp_path / "test").is_ready()
    assert process.stdout
    said = ""
    while "stops everything" not in said:  # the site may answer a moment before the panel is printed
        line = process.stdout.readline()
        assert line, said
        said += line
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    said += process.communicate(timeout=10)[0]
    assert time.monotonic() - begin < 5
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/" in said
    assert "Traceback" not in said
    assert not any(pid_is_running(member.pid) for member in members)
    assert not EmbeddedServer(tmp_path / "test").is_ready()


def test_killed_tree_is_no_obstacle(start: Start, port: int, tmp_path: Path) -> None:
    process = start()
    wait_for_answer(process, port)
    for member in tree(process):
        member.kill()
    process.communicate()
    again = start()
    wait_until_it_serves(again, tmp_path)
    wait_for_answer(again, port)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=10)
    assert again.returncode == 0


def test_killed_leader_takes_its_children_along(start: Start, port: int) -> None:
    process = start()
    wait_for_answer(process, port)
    members = tree(process)[1:]
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 5
    while any(pid_is_running(member.pid) for member in members) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(pid_is_running(member.pid) for member in members)


def test_taken_port_is_one_line(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(port=taken.getsockname()[1])
        said, _ = process.communicate(timeout=10)
    assert process.returncode == 3
    assert said.count("\n") == 1
    assert "--port" in said


def test_server_in_use_by_another_process_stays(start: Start, port: int, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "test", durable=False)
    with server.lease():
        process = start()
        wait_for_answer(process, port)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert server.is_ready()
    assert not server.is_ready()


ROUNDS = 20 if os.environ.get("JINENG_DEEP") == "1" else 2


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_any_moment_of_the_start(start: Start, port: int, seed: int) -> None:
    moment = random.Random(seed).uniform(0.1, 2.5)
    process = start()
    time.sleep(moment)
    victims = tree(process) if process.poll() is None else []
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    process.communicate()
    again = start()
    wait_for_answer(again, port)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=10)
    assert again.returncode == 0
