"""Which program this is: what one process made holds for another only where both are the same."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

_SOURCE = Path(__file__).parents[1]
_COMPILING = ("ibis-framework", "sqlglot")


@cache
def program_digest() -> str:
    """The digest of the program that runs, as it was when it was first asked for."""
    return digest_of(_SOURCE)


def digest_of(source: Path) -> str:
    """A digest of names, sizes and times of all files under ``source``, and of the libraries that write our SQL."""
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _COMPILING).encode())
    for folder, inner, names in os.walk(source):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        for name in sorted(names):
            found = os.stat(os.path.join(folder, name))
            digest.update(f"{folder}/{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
