"""Whether this very program has made this very database ready before: then the site may start beside the steps."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from jineng.site.database import embedded_server, external_url
from jineng.site.preflight import EnvironmentFailure

_NAME = "jineng-ready"
_SOURCE = Path(__file__).parents[1]


def was_ready() -> bool:
    """Whether `mark_ready` was called by a program of the same files for the database that lies there now.

    Of a server that the operator chose nothing is known.
    """
    if external_url() is not None:
        return False
    try:
        return _mark().read_text(encoding="utf-8") == _program()
    except OSError:
        return False


def mark_ready() -> None:
    """Note beside the database, so that it goes where the database goes, that everything is done."""
    if external_url() is None and not was_ready():
        try:
            _mark().write_text(_program(), encoding="utf-8")
        except OSError as error:
            raise EnvironmentFailure(
                f"无法写入 {_mark()}：{error.strerror}。", f"Cannot write {_mark()}: {error.strerror}."
            ) from error


def _mark() -> Path:
    return embedded_server().data / _NAME


def _program() -> str:
    """A digest of names, sizes and times of all files of the program."""
    digest = hashlib.sha256()
    for folder, inner, names in os.walk(_SOURCE):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        for name in sorted(names):
            found = os.stat(os.path.join(folder, name))
            digest.update(f"{folder}/{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
