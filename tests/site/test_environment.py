"""Which Python the environment is made with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "environment"
PICKS = 'source <(sed "/^exec 9/,\\$d" "$0") test; find_python'
"""The functions of the script without its deeds."""


def picked(**environment: str) -> str:
    told = {key: value for key, value in os.environ.items() if key != "PYTHON"} | environment
    answer = subprocess.run(["bash", "-c", PICKS, SCRIPT], env=told, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def test_the_one_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    asked = tmp_path / "python"
    asked.symlink_to(sys.executable)
    assert picked(PYTHON=str(asked)) == str(asked)


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert picked(PYTHON=str(old)) == picked() != str(old)


def test_without_a_wish_the_system_comes_first(tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.symlink_to(sys.executable)
    found = picked(PATH=f"{tmp_path}:{os.environ['PATH']}")
    will_do = "/usr/bin/python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'"
    usable = subprocess.run(["sh", "-c", will_do], capture_output=True, check=False)
    assert found == ("/usr/bin/python3" if usable.returncode == 0 else "python3")


def test_two_installers_share_the_pins(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "environment"
    script.parent.mkdir()
    script.write_bytes(SCRIPT.read_bytes())
    (tmp_path / ".venv").mkdir()
    (tmp_path / "one.lock").write_text("# a word\nbravo==1\nalpha==2\n\ncharlie==3\n")
    (tmp_path / "two.lock").write_text("alpha==2\ndelta==4\n")
    functions = PICKS.rpartition(";")[0]
    told = 'install_python_packages() { sed "s/^/$1 /" "$2"; }; count() { sort; echo "of $1"; }'
    asked = f"{functions}; {told}; install_pinned one.lock two.lock"
    answer = subprocess.run(["bash", "-c", asked, script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[1:] == ["-r alpha==2", "-r bravo==1", "-r charlie==3", "-r delta==4", "of 4"]
    halves = [(tmp_path / ".venv" / f"pins-{half}.txt").read_text().split() for half in (0, 1)]
    assert [len(half) for half in halves] == [2, 2]
