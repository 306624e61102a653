"""Where the program keeps its working data, read from the environment alone."""

from __future__ import annotations

import os
from pathlib import Path

from jineng.kernel.secrets import var_dir

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def testing() -> bool:
    """Whether this process is a test run: `JINENG_TESTING` says so, or else the presence of pytest."""
    default = "1" if "PYTEST_VERSION" in os.environ else "0"
    return os.environ.get("JINENG_TESTING", default) == "1"


def var_directory() -> Path:
    """The absolute working directory (see `jineng.kernel.secrets.var_dir`); its `test/` in a test run.

    Nothing is created here.
    """
    return var_dir() / "test" if testing() else var_dir()


def public_url() -> str:
    """The address under which readers reach the site (``JINENG_URL``); this machine's own where none is told."""
    return os.environ.get("JINENG_URL") or "http://127.0.0.1:8000"


def serve_at(host: str, port: int) -> None:
    """Let the address at which this machine serves itself be the public one, unless ``JINENG_URL`` tells another.

    What is printed and signed names it.
    """
    if host in LOOPBACK and not os.environ.get("JINENG_URL"):
        os.environ["JINENG_URL"] = f"http://127.0.0.1:{port}"
