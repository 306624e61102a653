"""Who acts: one account in one post, and the database session that knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection

from jineng.kernel.prepared import value_of
from jineng.kernel.rights import Right


class NotAllowed(Exception):
    """The actor lacks the right, or the object lies outside the actor's scope.

    ``message`` is fit to be shown, Chinese first.
    """

    def __init__(self, message: str = "当前岗位无权进行此操作。 Your post may not do this.") -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Actor:
    """An account acting in one post (its own, or one delegated to it).

    ``organisation_id`` roots the scope; ``on_behalf_of`` is the account whose post is used by delegation;
    ``sees_all`` is true for posts at the root organisation, whose reach is the whole tree.
    """

    account_id: int | None
    post_id: UUID | None
    organisation_id: UUID
    role: str
    rights: frozenset[Right]
    label: str
    sees_all: bool = False
    on_behalf_of: int | None = None
    level: str = field(default="")

    def may(self, right: Right) -> bool:
        """Whether the actor's role holds ``right``."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raise :class:`NotAllowed` unless the actor holds ``right``."""
        if not self.may(right):
            raise NotAllowed


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


ActorFinder = Callable[[int, UUID | None], "Actor | None"]
_finders: list[ActorFinder] = []


def find_actors_by(finder: ActorFinder) -> None:
    """The registry says how an account and a post make an actor; jobs ask through :func:`find_actor`."""
    _finders[:] = [finder]


def find_actor(account_id: int, post_id: UUID | None) -> Actor:
    """The actor for an account in a post, as of today.

    Raises:
        NotAllowed: the account no longer holds the post.
    """
    actor = _finders[0](account_id, post_id)
    if actor is None:
        raise NotAllowed("提交人已不在该岗位。 Whoever submitted this no longer holds the post.")
    return actor


def current_actor() -> Actor | None:
    """The actor of the running request, verb or job, if any."""
    return _current.get()


_TELL = "SELECT set_config('jineng.organisation', $1, $3::bool), set_config('jineng.account', $2, $3::bool)"
_NOBODY = ("", "")
_keyed: WeakKeyDictionary[Connection[Any], tuple[str, str] | None] = WeakKeyDictionary()
"""Whom each connection is keyed to outside of transactions: a fresh one to nobody; None where nobody can tell."""


def tell_database(actor: Actor | None) -> None:
    """Key row-level security to ``actor``; with ``None`` the session sees nothing.

    What is told within a transaction holds to its end, however it ends; then the session is keyed as it was before.
    """
    if actor is None and connection.connection is None:
        return
    key = (str(actor.organisation_id), str(actor.account_id or "")) if actor else _NOBODY
    connection.ensure_connection()
    if not connection.get_autocommit():
        value_of(_TELL, *key, "true")
        return
    raw = connection.connection
    if _keyed.get(raw, _NOBODY) != key:
        _keyed[raw] = None
        value_of(_TELL, *key, "false")
        _keyed[raw] = key


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Within the block the program and the database session act as ``actor``.

    Nested use restores the outer actor; a block for the same actor costs nothing.
    """
    before = _current.get()
    if before == actor:
        yield actor
        return
    token = _current.set(actor)
    tell_database(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
        if not connection.needs_rollback:
            tell_database(before)
