"""The mark of a database that this program has made ready."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from jineng.kernel.program import digest_of
from jineng.site import readiness
from jineng.site.preflight import EnvironmentFailure


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file of a program, with a working folder of its own."""
    monkeypatch.setenv("JINENG_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    source = tmp_path / "source"
    (source / "__pycache__").mkdir(parents=True)
    (source / "one.py").write_text("a = 1")
    monkeypatch.setattr(readiness, "program_digest", partial(digest_of, source))
    readiness._mark().parent.mkdir(parents=True)
    return source / "one.py"


def test_it_holds_until_the_program_changes(program: Path) -> None:
    assert not readiness.was_ready()
    readiness.mark_ready()
    assert readiness.was_ready()
    (program.parent / "__pycache__" / "one.pyc").write_bytes(b"")
    assert readiness.was_ready()
    os.utime(program, (1, 1))
    assert not readiness.was_ready()
    readiness.mark_ready()
    assert readiness.was_ready()


def test_it_goes_with_the_database(program: Path) -> None:
    readiness.mark_ready()
    readiness._mark().unlink()
    readiness._mark().parent.rmdir()
    assert not readiness.was_ready()
    with pytest.raises(EnvironmentFailure, match="Cannot write"):
        readiness.mark_ready()


def test_of_a_foreign_server_nothing_is_known(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness.mark_ready()
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    assert not readiness.was_ready()
    readiness.mark_ready()
