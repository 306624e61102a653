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
    """Store ``content`` so that it is there whole or not at all, also after a crash."""
    path = path_of(identity)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as stream:
        stream.write(encrypt_bytes(content, PURPOSE))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def fetch(identity: UUID) -> bytes:
    """The stored bytes.

    Raises:
        FileNotFoundError: nothing is stored under this id.
    """
    return decrypt_bytes(path_of(identity).read_bytes(), PURPOSE)
