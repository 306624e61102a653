"""Inner loops as machine code: numba, loaded with the first module that needs it and never with the program.

Compiled code is kept between runs under a folder of the user's own. Where there is none that can be written, each
process compiles anew: compiled code is read back as it lies, so it is never put where others may write.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def cache_folder() -> Path | None:
    """Where compiled code is kept: NUMBA_CACHE_DIR, else the user's cache; None where that cannot be written."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(named) if named else Path(base).expanduser() / "jineng" / "numba"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def kernel(function: F) -> F:
    """The function, compiled when it is first called with arguments of some types; without Python's lock."""
    return _compiled(function)


def inner(function: F) -> F:
    """The same for what kernels call: it becomes part of them, as a call would hand over every array of a table."""
    return _compiled(function, forceinline=True)


def sources_beside(function: Callable[..., Any]) -> str:
    """A digest of the modules in the folder of the function's own.

    numba compiles anew when that one module changes; what is compiled holds inner functions of its neighbours, too.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(function.__code__.co_filename).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _compiled(function: F, **how: bool) -> F:
    numba = import_module("numba")
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder / sources_beside(function))
    # Kernels work on arrays that they are given and make none: without counting references they are twice as fast.
    compiled: F = numba.njit(cache=folder is not None, nogil=True, _nrt=False, **how)(function)
    return compiled
