"""A disk that fills up in the middle of an import: one clear line, nothing lost, and the import done again lands."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.conftest import Installation, installed
from tests.crash.test_importing import NOTHING, WHOLE, found, receipts

SIZE = 700 * 2**20

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a disk of its own"),
]


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="jineng-disk-") as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("mounting is not allowed here")
        try:
            with installed(Path(folder), tmp_path_factory.mktemp("nursery") / "log") as made:
                yield made
        finally:
            subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("left", [0, 64 * 2**10, 512 * 2**10, 4 * 2**20], ids=str)
def test_full_disk_is_one_line_and_nothing_is_lost(small_disk: Installation, tmp_path: Path, left: int) -> None:
    tag = f"full-{left}"
    file = tmp_path / f"return-{tag}.xlsx"
    small_disk.do("write", f"{tag} {file}")
    before = len(small_disk.log())
    ballast = small_disk.var / "ballast"
    with ballast.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, shutil.disk_usage(small_disk.var).free - left)
    small_disk.start("load_unchecked", str(file))
    code = small_disk.await_end()
    said = [line for line in small_disk.log()[before:].splitlines() if line.strip()]
    ballast.unlink()

    assert code in (0, 3)
    counts = found(small_disk, tag)
    assert counts == (WHOLE if code == 0 else NOTHING)
    if code == 3:
        assert "Disk full" in said[-1]
        assert not any("Traceback" in line for line in said)
        assert {state for state, _ in receipts(small_disk, file.name)} <= {"waiting", "running"}
    small_disk.do("load", str(file))
    assert found(small_disk, tag) == WHOLE
