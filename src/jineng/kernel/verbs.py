"""How anything is changed: the ``verb`` decorator. One right, one transaction, one audit line."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from jineng.kernel.actors import Actor, NotAllowed, acting, current_actor
from jineng.kernel.models import AuditLine
from jineng.kernel.prepared import value_of
from jineng.kernel.rights import Right

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Deed:
    """The running verb: its id goes into the origin of what it records, its notes into the audit line."""

    id: uuid.UUID
    verb: str
    origin_kind: str
    origin_id: uuid.UUID
    subject_type: str = ""
    subject_id: str = ""
    summary: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def note(self, summary: str, *, subject: models.Model | None = None, **details: Any) -> None:
        """Say what the audit line shall tell; never personal data."""
        self.summary = summary[:500]
        if subject is not None:
            self.subject_type, self.subject_id = subject._meta.label, str(subject.pk)
        self.details.update(details)


_deed: ContextVar[Deed | None] = ContextVar("deed", default=None)


class NoDeed(RuntimeError):
    """Something tried to record a row outside a verb."""


def current_deed() -> Deed:
    """The running verb's deed.

    Raises:
        NoDeed: nothing is being done, so nothing may be recorded.
    """
    deed = _deed.get()
    if deed is None:
        raise NoDeed("register rows are written by verbs only")
    return deed


def origin() -> dict[str, Any]:
    """The ``origin_kind``, ``origin_id`` and ``reporter_id`` that a row recorded now must carry."""
    deed, actor = current_deed(), current_actor()
    return {
        "origin_kind": deed.origin_kind,
        "origin_id": deed.origin_id,
        "reporter_id": actor.organisation_id if actor else None,
    }


def came_through(kind: str, identity: uuid.UUID) -> None:
    """Say that what the running verb records came through another door than a page (a return, the API, a case)."""
    deed = current_deed()
    deed.origin_kind, deed.origin_id = kind, identity


def parts(number: int, *, verb: str) -> list[Deed]:
    """So many deeds within the running one, for a verb that does for many things at once what ``verb`` does for one:
    each gets a line of its own by :func:`write_parts`."""
    outer = current_deed()
    return [Deed(uuid.uuid4(), verb, outer.origin_kind, outer.origin_id) for _ in range(number)]


def write_parts(deeds: Iterable[Deed], *, room: str) -> None:
    """Leave the lines of the :func:`parts` of the running verb, noted by now."""
    actor = current_actor()
    if actor is None:
        raise NotAllowed
    AuditLine.objects.bulk_create(_line(deed, actor, room) for deed in deeds)


def verb(right: Right, *, room: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the only way to do a thing.

    The wrapped function is called by keywords, ``actor`` first. The actor must hold ``right``; everything happens
    in one transaction, in the actor's scope, and leaves exactly one audit line. A verb called by a verb joins the
    outer transaction, keeps the outer origin and leaves a line of its own.

    Raises:
        NotAllowed: the actor lacks the right.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            actor: Actor = kwargs["actor"]  # type: ignore[assignment]
            actor.require(right)
            outer = _deed.get()
            identity = uuid.uuid4()
            deed = Deed(
                identity,
                function.__name__,
                outer.origin_kind if outer else "page",
                outer.origin_id if outer else identity,
            )
            with transaction.atomic(), acting(actor):
                _tell_history(deed, actor)
                token = _deed.set(deed)
                try:
                    result = function(*args, **kwargs)
                finally:
                    _deed.reset(token)
                _write_line(deed, actor, room, result)
                if outer is not None:
                    _tell_history(outer, actor)
            return result

        wrapper.jineng_right = right  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _tell_history(deed: Deed, actor: Actor) -> None:
    context = json.dumps({"deed": str(deed.id), "verb": deed.verb, "actor": actor.label}, ensure_ascii=False)
    value_of("SELECT set_config('pghistory.context_metadata', $1, true)", context)


def _write_line(deed: Deed, actor: Actor, room: str, result: object) -> None:
    if not deed.subject_type and isinstance(result, models.Model):
        deed.subject_type, deed.subject_id = result._meta.label, str(result.pk)
    if not deed.summary and isinstance(result, models.Model):
        deed.summary = str(result)[:500]
    line = _line(deed, actor, room)
    value_of(_ADD_LINE, *(_written(getattr(line, column)) for column in _COLUMNS))


# Every verb adds a line, thousands a minute before a deadline: by a statement that is prepared once.
_COLUMNS = (
    *("deed", "at", "room", "verb", "account_id", "on_behalf_of_id", "post_id", "organisation_id"),
    *("actor_label", "subject_type", "subject_id", "summary", "details"),
)
_ADD_LINE = f"""
INSERT INTO {AuditLine._meta.db_table} ({", ".join(_COLUMNS)})
VALUES ({", ".join(f"${place}" for place, _ in enumerate(_COLUMNS, 1))})
"""  # noqa: S608 columns of its own


def _written(value: object) -> str | None:
    if value is None:
        return None
    # The database's text ends where there is a zero byte; a line must not.
    return json.dumps(value) if isinstance(value, dict) else str(value).replace("\0", "\ufffd")


def _line(deed: Deed, actor: Actor, room: str) -> AuditLine:
    return AuditLine(
        deed=deed.id,
        room=room,
        verb=deed.verb,
        account_id=actor.account_id,
        on_behalf_of_id=actor.on_behalf_of,
        post_id=actor.post_id,
        organisation_id=actor.organisation_id,
        actor_label=actor.label[:200],
        subject_type=deed.subject_type,
        subject_id=deed.subject_id,
        summary=deed.summary,
        details=deed.details,
    )
