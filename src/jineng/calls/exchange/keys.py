"""How rows find what they speak of: the batch by call and number, the award by its natural key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jineng.calls.models import Award, Batch
from jineng.calls.rules import normal_titles, public_title
from jineng.calls.scope import decided_calls
from jineng.engines.exchange import Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.registry.exchange import resolve_column

Key = tuple[UUID, UUID, str]
"""Batch, responsible organisation, title: what tells two awards apart."""
MANY = 2000


@dataclass(frozen=True)
class Round:
    """A batch as the rows of a return need it; ``decided`` says that the importer's reach decides its call,
    ``shows_titles`` that its awards' titles may be shown to everybody."""

    id: UUID
    level: str
    holder_form: str
    day: date
    decided: bool
    shows_titles: bool


@dataclass(frozen=True)
class KnownAward:
    """What the register says of an award that stands."""

    id: UUID
    level: str
    project_number: str
    reporter_id: UUID | None


def rounds(actor: Actor, codes: Iterable[str]) -> dict[tuple[str, int], Round]:
    """Standing batches of the calls named by ``codes``, by code and number."""
    decided = None if actor.sees_all else set(decided_calls(actor))
    found = Batch.objects.filter(STANDS, call__voided_at__isnull=True, call__code__in=set(codes))
    return {
        (code, number): Round(
            pk,
            level,
            form,
            day or date(year, 12, 31),
            decided is None or call in decided,
            bool(public_title("-", form)),
        )
        for pk, call, code, number, level, form, day, year in found.values_list(
            "id", "call", "call__code", "number", "call__level", "call__holder_form", "decided_on", "year"
        )
    }


def resolve_keys(hall: Hall, table: Table) -> tuple[list[Key | None], list[Round | None]]:
    """The natural key and the batch that each row names; what is unknown or out of scope is refused there."""
    column = table.columns
    named = list(zip(column["call_code"], column["batch_number"], strict=True))
    known = rounds(hall.actor, set(column["call_code"]))
    calls = {code for code, _ in known}
    organisations = resolve_column(hall, table, "org_code", must_be_in_scope=False)
    titles = normal_titles(column["title"])
    found = list(map(known.get, named))
    keys = [
        (batch.id, body.id, title) if batch is not None and body is not None else None
        for batch, body, title in zip(found, organisations, titles, strict=True)
    ]
    if all(found) and all(batch.decided for batch in known.values()):
        return keys, found
    for index, (batch, body) in enumerate(zip(found, organisations, strict=True)):
        if batch is None and named[index][0] in calls:
            hall.unknown(table, index, "batch_number", "批次", "batch")
        elif batch is None:
            hall.unknown(table, index, "call_code", "遴选", "call")
        elif body is not None and not body.in_scope and not batch.decided:
            hall.out_of_scope(table, index, "org_code")
    return keys, found


def known_awards(keys: Sequence[Key | None], *, void: bool = False) -> dict[Key, KnownAward]:
    """Awards of the register by natural key, among the batches and organisations of ``keys``.

    Those that stand, or with ``void`` those that were struck out.
    """
    # Many rows name the same few: by identity first, since a UUID takes long to hash.
    batches = {id(key[0]): key[0] for key in keys if key is not None}.values()
    bodies = {id(key[1]): key[1] for key in keys if key is not None}.values()
    awards = Award.objects.filter(batch__in=batches, voided_at__isnull=not void)
    if len(bodies) < MANY:
        awards = awards.filter(organisation__in=bodies)
    rows = awards.values_list("batch_id", "organisation_id", "title", "id", "level", "project_number", "reporter_id")
    return {
        (batch, body, title): KnownAward(identity, level, number, reporter)
        for batch, body, title, identity, level, number, reporter in rows.iterator(20000)
    }


def resolve_awards(hall: Hall, table: Table) -> tuple[list[KnownAward | None], list[Key | None], list[Round | None]]:
    """The award that each row names; a row that names none is refused at its title.

    A row that names an award which was struck out stands for nothing and is passed over: its award is ``None``.
    """
    keys, found = resolve_keys(hall, table)
    standing = known_awards(keys)
    awards = [standing.get(key) if key is not None else None for key in keys]
    missing = [index for index, key in enumerate(keys) if key is not None and key not in standing]
    if missing:
        void = known_awards([keys[index] for index in missing], void=True)
        for index in missing:
            if keys[index] not in void:
                hall.unknown(table, index, "title", "立项", "award")
    return awards, keys, found
