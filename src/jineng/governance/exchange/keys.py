"""How sheets name groups, tasks, shares and events: by code of the organisation and what it calls the thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from jineng.engines.exchange import Table
from jineng.governance.models import Assignment, LeadingGroup, Occasion, Task
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.registry.exchange import Known, resolve_column


@dataclass(frozen=True)
class Named:
    """A record that a row names, and whether the organisation that it belongs to lies in the importer's scope."""

    id: UUID
    in_scope: bool


@dataclass(frozen=True)
class KnownTask:
    """A standing task: its giver, its deadline."""

    id: UUID
    giver_id: UUID
    due_on: date
    in_scope: bool


@dataclass(frozen=True)
class KnownShare:
    """A standing share of a task: who gave it to whom, and whether either side lies in the importer's scope."""

    id: UUID
    share: Decimal
    giver_in_scope: bool
    receiver_in_scope: bool


def _named(
    hall: Hall, table: Table, owners: list[Known | None], model: type[Model], fields: tuple[str, ...], names: list[Any]
) -> list[tuple[Any, ...] | None]:
    """Rows of ``model`` (id first) by owner and name, one query; ``None`` where a row names nothing known."""
    ids = {owner.id for owner in owners if owner is not None}
    rows = model._default_manager.filter(STANDS, **{f"{fields[0]}__in": ids}).values_list("id", *fields)
    width = 1 + len(names[0]) if names else 1
    known = {tuple(row[1 : 1 + width]): tuple(row) for row in rows}
    return [
        known.get((owner.id, *name)) if owner is not None else None for owner, name in zip(owners, names, strict=True)
    ]


def resolve_groups(hall: Hall, table: Table) -> list[Named | None]:
    """The leading groups that rows name; what is unknown is refused."""
    owners = resolve_column(hall, table, "org_code", must_be_in_scope=False)
    names = list(zip(table.columns["group_name"], table.columns["formed_on"], strict=True))
    found = _named(hall, table, owners, LeadingGroup, ("organisation_id", "name", "formed_on"), names)
    return _told(hall, table, owners, found, "group_name", "领导小组", "leading group")


def resolve_occasions(hall: Hall, table: Table) -> list[Named | None]:
    """The events that rows name; what is unknown is refused."""
    owners = resolve_column(hall, table, "host_code", must_be_in_scope=False)
    names = list(zip(table.columns["name"], table.columns["begins_on"], strict=True))
    found = _named(hall, table, owners, Occasion, ("host_id", "name", "begins_on"), names)
    return _told(hall, table, owners, found, "name", "活动", "event")


def _told(
    hall: Hall,
    table: Table,
    owners: list[Known | None],
    found: list[tuple[Any, ...] | None],
    column: str,
    what: str,
    what_en: str,
) -> list[Named | None]:
    result: list[Named | None] = []
    for index, (owner, row) in enumerate(zip(owners, found, strict=True)):
        if owner is not None and row is None:
            hall.unknown(table, index, column, what, what_en)
        result.append(Named(row[0], owner.in_scope) if owner is not None and row is not None else None)
    return result


def resolve_tasks(
    hall: Hall, table: Table, owner: str = "giver_code", number: str = "number"
) -> list[KnownTask | None]:
    """The tasks that rows name; what is unknown is refused. Rows that name none give ``None``."""
    owners = resolve_column(hall, table, owner, must_be_in_scope=False)
    names = [(name,) for name in table.columns[number]]
    found = _named(hall, table, owners, Task, ("giver_id", "number", "due_on"), names)
    result: list[KnownTask | None] = []
    for index, (giver, row) in enumerate(zip(owners, found, strict=True)):
        if giver is not None and row is None:
            hall.unknown(table, index, number, "任务", "task")
        result.append(
            KnownTask(row[0], giver.id, row[3], giver.in_scope) if giver is not None and row is not None else None
        )
    return result


def resolve_shares(hall: Hall, table: Table) -> list[KnownShare | None]:
    """The shares that rows name by task and receiver; what is unknown is refused."""
    tasks = resolve_tasks(hall, table)
    receivers = resolve_column(hall, table, "receiver_code", must_be_in_scope=False)
    rows = Assignment.objects.filter(STANDS, task__in={task.id for task in tasks if task is not None})
    known = {(task, receiver): (pk, share) for pk, task, receiver, share in rows.values_list(
        "id", "task_id", "receiver_id", "share"
    )}  # fmt: skip
    result: list[KnownShare | None] = []
    for index, (task, receiver) in enumerate(zip(tasks, receivers, strict=True)):
        row = known.get((task.id, receiver.id)) if task is not None and receiver is not None else None
        if task is not None and receiver is not None and row is None:
            hall.unknown(table, index, "receiver_code", "承办任务", "share of the task")
        result.append(
            KnownShare(row[0], row[1], task.in_scope, receiver.in_scope)
            if task is not None and receiver is not None and row is not None
            else None
        )
    return result
