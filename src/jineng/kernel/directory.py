"""Who sits where: what the kernel asks of the registry, which alone knows posts and names of organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from jineng.kernel.actors import Actor

Seat = tuple[UUID, str]
"""An organisation and a role in it."""


class Directory(Protocol):
    """What the registry answers; each in one query, whatever the number asked for."""

    def names_of(self, organisation_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Names of organisations, as far as the running actor sees them."""

    def holders_of(self, seats: Collection[Seat]) -> Mapping[Seat, Sequence[int]]:
        """Accounts that act in these seats today, their holders and those to whom a post is delegated."""

    def actors_of(self, account_id: int) -> list[Actor]:
        """The account in each post that it may act in today, its own first; nothing where it is closed."""


_directories: list[Directory] = []


def open_directory(found: Directory) -> None:
    """The registry says that it answers; called when its app is ready."""
    _directories[:] = [found]


def directory() -> Directory:
    """Whom to ask."""
    return _directories[0]
