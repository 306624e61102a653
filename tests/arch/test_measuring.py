"""What is reached is counted in every process, joined, and held to the floor; compilers see no probes."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from slipcover import Slipcover
from slipcover.importer import SlipcoverLoader

from tests.measuring import NEVER, as_written

ROOT = Path(__file__).parents[2]
FILES = {
    "pyproject.toml": """
[tool.slipcover]
source = ["made"]
omit = ["*/left_out.py"]
exclude-also = ['\\.\\.\\.$']
""",
    "made/__init__.py": "",
    "made/left_out.py": "value = 1\n",
    "made/asleep.py": "value = 1\n",
    "made/sign.py": """from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from made import asleep
def sign(number: int) -> str:
    if number < 0:
        return "below"
    return "above"
def shape() -> str: ...
""",
    "checks/test_above.py": "from made.sign import sign\ndef test_above(): assert sign(1) == 'above'\n",
    "checks/test_below.py": "from made.sign import sign\ndef test_below(): assert sign(-1) == 'below'\n",
}

JUMPING = """def sign(number):
    if number:
        number = 'above'
    return number
"""
LOOPING = """def first(limit=3, *, step=1):
    while step < limit:
        step += 1
    return step
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small program with its tests."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit status of the project's tests, and what they print, a line each."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(project), str(ROOT)])
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-p", "tests.measuring"]
    # Where sessions share a folder, each that starts takes from all others what they had opened in it.
    command += [f"--basetemp={project / 'temporary'}", *arguments]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def rows(lines: list[str]) -> dict[str, list[str]]:
    """The rows of the report by their file."""
    return {cells[0]: cells[1:] for line in lines if (cells := line.split()) and cells[0].startswith("made/")}


def test_what_two_workers_reach_is_joined(project: Path) -> None:
    code, lines = run(project, "-n", "2", "--dist", "loadfile", "--floor", "85", "--whole", "made/sign.py", "checks")
    assert code == 0
    assert rows(lines) == {"made/asleep.py": ["1", "1", "0", "0", "0", "0", "1"]}


def test_missing_lines_and_branches_are_told(project: Path) -> None:
    code, lines = run(project, "-n", "0", "checks/test_above.py")
    assert code == 0
    assert rows(lines)["made/sign.py"] == ["5", "1", "2", "1", "50", "71", "6"]
    (project / "made" / "sign.py").write_text(
        "def sign(number):\n    if number:\n        number = 'above'\n    return number\n"
    )
    assert rows(run(project, "-n", "0", "checks/test_above.py")[1])["made/sign.py"][-1] == "2->4"


@pytest.mark.parametrize("asked", [("0", "--floor", "99"), ("2", "--whole", "made")], ids=["floor", "whole"])
def test_too_little_fails(project: Path, asked: tuple[str, ...]) -> None:
    code, lines = run(project, "-n", *asked, "checks")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert sum(line.startswith("FAIL ") for line in lines) == 1


def test_compilers_see_functions_as_they_are_written(tmp_path: Path) -> None:
    module = probed(tmp_path / "loops.py", LOOPING)
    plain = as_written(module.first)
    assert "__slipcover__" in module.first.__code__.co_consts
    assert "__slipcover__" not in plain.__code__.co_consts
    assert plain is as_written(plain)
    assert (plain(), plain(5, step=2), plain.__name__) == (3, 5, "first")


def probed(path: Path, text: str) -> ModuleType:
    """A module of this text, with probes."""
    path.write_text(text)
    module = ModuleType(path.stem)
    loader = SourceFileLoader(path.stem, str(path))
    SlipcoverLoader(Slipcover(branch=True, d_miss_threshold=NEVER), loader, str(path)).exec_module(module)
    return module
