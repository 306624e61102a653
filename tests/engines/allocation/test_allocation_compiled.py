"""The kernels as machine code, once: the same as the slow reference, and nothing of it loaded with the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.engines.allocation.markets import draw, seats_of, slow_reference

from jineng.engines import compiling
from jineng.engines.allocation import settle_market


def test_compiled_kernels_agree_with_the_slow_reference() -> None:
    for seed in range(40):
        random = Random(seed)
        market = draw(random, 14, 7, 6, capped=bool(seed % 2))
        assert seats_of(market, settle_market(market).met) == slow_reference(market)


def test_the_program_does_not_load_numba() -> None:
    code = "import sys, jineng.site.cli, jineng.engines.allocation; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_compiled_code_is_kept_where_only_the_user_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compiling.cache_folder()
    assert folder == tmp_path / "jineng" / "numba"
    assert folder.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "named"))
    assert compiling.cache_folder() == tmp_path / "named"


def test_compiled_code_is_not_kept_when_a_neighbour_changes(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text("def twice(number):\n    return 2 * number\n")
    (tmp_path / "windows.py").write_text("WIDTH = 1\n")
    found: dict[str, Any] = {}
    exec(compile((tmp_path / "kernels.py").read_text(), tmp_path / "kernels.py", "exec"), found)
    before = compiling.sources_beside(found["twice"])
    assert compiling.sources_beside(found["twice"]) == before
    (tmp_path / "windows.py").write_text("WIDTH = 2\n")
    assert compiling.sources_beside(found["twice"]) != before


def test_without_such_a_folder_each_process_compiles_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert compiling.cache_folder() is None

    def twice(number: int) -> int:
        return 2 * number

    assert compiling.kernel(twice)(21) == 42
