"""Whether this very program has made this very database ready before: then the site may start beside the steps."""

from __future__ import annotations

from pathlib import Path

from jineng.kernel.program import program_digest
from jineng.site.database import embedded_server, external_url
from jineng.site.preflight import EnvironmentFailure

_NAME = "jineng-ready"


def was_ready() -> bool:
    """Whether `mark_ready` was called by a program of the same files for the database that lies there now.

    Of a server that the operator chose nothing is known.
    """
    if external_url() is not None:
        return False
    try:
        return _mark().read_text(encoding="utf-8") == program_digest()
    except OSError:
        return False


def mark_ready() -> None:
    """Note beside the database, so that it goes where the database goes, that everything is done."""
    if external_url() is None and not was_ready():
        try:
            _mark().write_text(program_digest(), encoding="utf-8")
        except OSError as error:
            raise EnvironmentFailure(
                f"无法写入 {_mark()}：{error.strerror}。", f"Cannot write {_mark()}: {error.strerror}."
            ) from error


def _mark() -> Path:
    return embedded_server().data / _NAME
