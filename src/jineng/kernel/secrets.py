"""Secrets that the installation makes for itself, one file each under ``var/keys`` (mode 0600)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def var_dir() -> Path:
    """Folder of all working data: ``$JINENG_VAR``, or ``var`` beside ``src`` in a checkout."""
    chosen = os.environ.get("JINENG_VAR")
    return Path(chosen).resolve() if chosen else Path(__file__).resolve().parents[3] / "var"


def secret(name: str, *, size: int = 32) -> bytes:
    """The secret called ``name``, made on first use.

    Creation is exclusive, so that two processes starting together agree on one value.

    Raises:
        PermissionError: the key folder cannot be written.
    """
    path = var_dir() / "keys" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f".{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(size))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
