"""Which Python the environment is made with, and what installs its packages, from where."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "environment"
PICKS = 'source <(sed "/^exec 9/,\\$d" "$0") test; find_python'
"""The functions of the script without its deeds."""


def asked_for(**environment: str) -> subprocess.CompletedProcess[str]:
    told = {key: value for key, value in os.environ.items() if key != "PYTHON"} | environment
    return subprocess.run(["bash", "-c", PICKS, SCRIPT], env=told, capture_output=True, text=True, check=True)


def picked(**environment: str) -> str:
    return asked_for(**environment).stdout.strip()


def program(path: Path, deeds: str) -> None:
    path.write_text(f"#!/bin/sh\n{deeds}\n")
    path.chmod(0o755)


def test_the_one_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    asked = tmp_path / "python"
    asked.symlink_to(sys.executable)
    assert picked(PYTHON=str(asked)) == str(asked)


def test_one_that_is_too_old_is_passed_over_with_a_word(tmp_path: Path) -> None:
    old = tmp_path / "python"
    program(old, "exit 1")
    assert picked(PYTHON=str(old)) == picked() != str(old)
    assert f"PYTHON={old}" in asked_for(PYTHON=str(old)).stderr
    assert asked_for().stderr == ""


def test_without_a_wish_the_system_comes_first(tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.symlink_to(sys.executable)
    found = picked(PATH=f"{tmp_path}:{os.environ['PATH']}")
    will_do = "/usr/bin/python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'"
    usable = subprocess.run(["sh", "-c", will_do], capture_output=True, check=False)
    assert found == ("/usr/bin/python3" if usable.returncode == 0 else "python3")


def script_in(folder: Path) -> Path:
    """The script with one list of two pins, in a project that has no environment yet."""
    script = folder / "scripts" / "environment"
    script.parent.mkdir()
    script.write_bytes(SCRIPT.read_bytes())
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "one.lock").write_text("# a word\nbravo==1\nalpha==2\n")
    return script


@pytest.mark.parametrize(("uv", "by"), [("echo uv", "uv"), ("echo uv; exit 2", "uv pip"), ("", "pip")])
def test_pip_does_what_uv_cannot(tmp_path: Path, uv: str, by: str) -> None:
    script = script_in(tmp_path)
    program(tmp_path / ".venv" / "bin" / "python", "true")
    if uv:
        program(tmp_path / ".venv" / "bin" / "uv", uv)
    told = "with_pip() { [ $1 = $uv ] || echo pip; }; count() { cat; }"
    asked = f"{PICKS.rpartition(';')[0]}; {told}; install_pinned one.lock"
    answer = subprocess.run(["bash", "-c", asked, script], capture_output=True, text=True, check=True)
    head, *used = answer.stdout.split("\n", 1)
    assert head.endswith("Installing 2 Python packages")
    assert " ".join(used).split() == by.split()


@pytest.fixture(scope="module")
def index() -> ModuleType:
    loader = SourceFileLoader("package_index", str(SCRIPT.with_name("package-index")))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_uv_is_told_of_the_mirrors_that_pip_knows(index: ModuleType) -> None:
    listing = """:env:.find-links='/wheels /more'
global.index-url='https://mirror.example/simple'
global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'
global.trusted-host='mirror.example'
install.index-url='https://nearer.example/simple'
install.no-index='false'
download.index-url='https://elsewhere.example/simple'
"""
    assert index.in_uvs_words(index.told(listing)) == {
        **index.ALWAYS,
        "UV_DEFAULT_INDEX": "https://nearer.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INSECURE_HOST": "mirror.example",
    }


def test_what_is_set_for_uv_stays(
    index: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = subprocess.CompletedProcess([], 0, "global.index-url='https://a.example/s b'\nglobal.timeout='9'\n")
    monkeypatch.setattr(subprocess, "run", lambda *command, **options: listing)
    for variable in index.ALWAYS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "3")
    index.main()
    assert sorted(capsys.readouterr().out.splitlines()) == [
        "export UV_DEFAULT_INDEX='https://a.example/s b'",
        "export UV_INDEX_STRATEGY=unsafe-best-match",
        "export UV_NATIVE_TLS=1",
    ]
