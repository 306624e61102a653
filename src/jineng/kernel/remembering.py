"""What a page took long to find is remembered until a table changes that it was found in; the queries tell which.

While an answer is being found, the database's queries are listened to: the tables named in them, those that walls read
to say who sees them, and those of remembered answers used on the way are the answer's. It is filed with the versions
of these tables (see :mod:`jineng.kernel.memory`). An answer from a table that has no version is not remembered.

Whom the database takes the session for is part of every question. What else an answer depends on must stand in the
question itself: the role, which day it is, what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

from jineng.kernel.actors import Actor, acting, current_actor
from jineng.kernel.memory import Versions, memory, source_versions, state_of
from jineng.kernel.walls import declared

T = TypeVar("T")
OPEN = "{known}"
"""What a wall says that lets whoever acts see every row."""
_WORD = re.compile(r"\w+")
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)
_stood: ContextVar[Versions | None] = ContextVar("stood", default=None)


@dataclass(frozen=True)
class _Remembered:
    """An answer, what was asked for it, the tables it was found in and how these stood."""

    answer: Any
    asked: frozenset[str]
    tables: tuple[str, ...]
    state: Hashable


def remembered(question: Hashable, find: Callable[[], T], weigh: Callable[[T], int] = lambda answer: 1) -> T:
    """The answer to ``question``: the remembered one if none of its tables has changed, else what ``find`` gives.

    ``weigh`` tells how much there is to remember, in pieces of about two hundred bytes.
    """
    actor = current_actor()
    return _remembered(
        (question, actor and (actor.organisation_id, actor.account_id)), find, weigh, lambda tables: True
    )


def remembered_for_all(
    question: Hashable,
    find: Callable[[], T],
    weigh: Callable[[T], int] = lambda answer: 1,
    actor: Actor | None = None,
) -> T:
    """As :func:`remembered`, once for all who act: for what everybody is told alike and thousands ask at once.

    Remembered is only what was found in tables whose walls are open to whoever acts. What else an answer depends on
    must stand in the question, as always; the actor does not, so ``find`` must not ask who acts. With an ``actor`` it
    is found as that one acts, so that nobody need act to be told what is remembered.
    """

    def found() -> T:
        with acting(actor) if actor is not None else nullcontext():
            return find()

    acts = actor is not None or current_actor() is not None
    return _remembered((question, "for all", acts), found, weigh, _open_to_all)


def _open_to_all(asked: Iterable[str]) -> bool:
    return all((wall := declared().get(name)) is not None and wall.see == OPEN for name in asked)


def _remembered(
    question: Hashable, find: Callable[[], T], weigh: Callable[[T], int], may_keep: Callable[[Iterable[str]], bool]
) -> T:
    known: _Remembered | None = memory.recall((question,)).get(question)
    if known is not None and state_of(_versions(known.tables), known.tables) == known.state:
        _note(known.asked)
        return known.answer  # type: ignore[no-any-return]
    with as_they_stand() as versions, hearing() as tables:
        answer = find()
        asked = frozenset(tables)
    if may_keep(asked) and tables <= versions.keys():
        found = tuple(sorted(tables))
        told = _Remembered(answer, asked, found, state_of(versions, found))
        memory.remember({question: told}, lambda it: weigh(it.answer))
    return answer


@contextmanager
def as_they_stand() -> Iterator[Versions]:
    """Read the versions once, for all that is remembered or found within the block.

    Read before anything is found: a change in between makes an answer newer than it is filed, never older.
    """
    versions = _stood.get() or _versions(None)
    token = _stood.set(versions)
    try:
        yield versions
    finally:
        _stood.reset(token)


def _versions(tables: Collection[str] | None) -> Versions:
    stood = _stood.get()
    if stood is not None:
        return stood
    if tables is not None and not tables:
        return {}
    with deaf():
        return source_versions(tables)


@contextmanager
def hearing() -> Iterator[set[str]]:
    """Listen to the queries within the block; gives the set of tables, complete at its end, be it by an exception."""
    asked: set[str] = set()
    token = _heard.set(asked)
    try:
        with connection.execute_wrapper(_listen):
            yield asked
    finally:
        _heard.reset(token)
        # Whoever listens without finds out for themselves what was read on the way.
        _note(asked)
        asked |= _read_on_the_way(asked)
        asked.difference_update(_functions())


@contextmanager
def deaf() -> Iterator[None]:
    """Do not listen within the block: to what only asks whether something still holds."""
    token = _heard.set(None)
    try:
        yield
    finally:
        _heard.reset(token)


def _listen(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    _note(_tables_in(sql if isinstance(sql, str) else str(sql)) if _heard.get() is not None else ())
    return execute(sql, params, many, context)


def note_read(*tables: str) -> None:
    """Tell whoever listens that an answer was found in these tables, where the query that found it names others."""
    _note(tables)


def _note(tables: Iterable[str]) -> None:
    """Tell whoever listens of tables that were read, or would have been."""
    heard = _heard.get()
    if heard is not None:
        heard.update(tables)


@cache
def _all_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@cache
def _function() -> re.Pattern[str]:
    """A function of the house's, whose tables are not told by the statement that calls it."""
    labels = ("jineng", *(config.label for config in apps.get_app_configs()))
    return re.compile(rf"\b(?:{'|'.join(labels)})_\w+(?=\()")


@lru_cache(maxsize=1_000)
def _tables_in(sql: str) -> frozenset[str]:
    """Tables whose names stand in a statement, be it as a table or otherwise; with the functions that it calls."""
    return _all_tables().intersection(_WORD.findall(sql)).union(_function().findall(sql))


@cache
def _read_by_wall(table: str) -> frozenset[str]:
    """Tables that say who sees the rows of one."""
    wall = declared().get(table)
    return frozenset(_tables_in(" ".join(wall.statements()))) if wall else frozenset()


@cache
def _functions() -> Mapping[str, str]:
    """What the functions say that are written in SQL alone, by name; of others nobody knows what they read."""
    with deaf(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, string_agg(prosrc, ' ') FROM pg_proc JOIN pg_language AS written ON written.oid = prolang "
            "WHERE pronamespace = 'public'::regnamespace GROUP BY proname "
            "HAVING bool_and(lanname = 'sql' AND prosqlbody IS NULL)"
        )
        return dict(cursor.fetchall())


def _read_on_the_way(names: Iterable[str]) -> set[str]:
    """Tables that functions read, and those that say who sees rows of tables; of all that are ``names``, and so on."""
    found: set[str] = set()
    further = list(names)
    while further:
        name = further.pop()
        read = _tables_in(_functions()[name]) if name in _functions() else _read_by_wall(name)
        fresh = read - found
        found |= fresh
        further += fresh
    return found
