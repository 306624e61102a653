"""Files that users hand in: kept encrypted under ``var/files``, because returns hold personal data."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jineng.kernel.crypto import decrypt_bytes, encrypt_bytes

PURPOSE = "file"


def path_of(identity: UUID) -> Path:
    """Where the file of this id lies."""
    name = str(identity)
    return Path(settings.VAR) / "files" / name[:2] / name


def keep(identity: UUID, content: bytes) -> None:
    """Store ``content`` so that it is there whole or not at all, also after a crash or a power cut.

    Raises:
        OSError: it could not be written (a full disk, for instance); nothing is left behind.
    """
    path = path_of(identity)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(encrypt_bytes(content, PURPOSE))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _sync(folder)


def forget(identity: UUID) -> None:
    """Remove a file whose owner came to nothing; it need not be there."""
    path_of(identity).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the names in ``folder`` last: a file that was renamed into it is lost with them otherwise (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fetch(identity: UUID) -> bytes:
    """The stored bytes.

    Raises:
        FileNotFoundError: nothing is stored under this id.
    """
    return decrypt_bytes(path_of(identity).read_bytes(), PURPOSE)
