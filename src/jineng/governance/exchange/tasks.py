"""任务, 任务承办 and 任务进展: how handed-down tasks come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Sum

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.governance.exchange import sheets
from jineng.governance.exchange.keys import KnownTask, resolve_shares, resolve_tasks
from jineng.governance.exchange.refusing import in_waves
from jineng.governance.kinds import StepKind
from jineng.governance.models import Assignment, Policy, Task, TaskStep
from jineng.governance.rules import BY_GIVER, first_fault
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible

Key = tuple[str, str]
UNIT = "项"


class TaskLanding(Landing):
    """任务: one row per task; a split names the task of which the giver holds a share."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.TASKS
    spec = Merge(
        Task,
        (
            Field("giver_id", key=True),
            Field("number", key=True),
            Field("title"),
            Field("description"),
            Field("unit"),
            Field("given_on"),
            Field("due_on"),
            Field("withdrawn_on"),
            Field("policy_id"),
            Field("parent_id"),
        ),
        (
            "giver_code",
            "number",
            "title",
            "description",
            "unit",
            "given_on",
            "due_on",
            "withdrawn_on",
            "policy_number",
            "parent_number",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A task lands where its giver lies in the importer's scope; tasks that others split come before those."""
        column = table.columns
        givers = resolve_column(hall, table, "giver_code")
        resolve_column(hall, table, "parent_giver_code", must_be_in_scope=False)
        self._check(hall, table)
        policies = dict(
            Policy.objects.filter(STANDS, number__in={n for n in column["policy_number"] if n}).values_list(
                "number", "id"
            )
        )
        for index, number in enumerate(column["policy_number"]):
            if number and number not in policies:
                hall.unknown(table, index, "policy_number", "文号", "policy")
        parents: list[Key | None] = [
            (giver, number) if giver and number else None
            for giver, number in zip(column["parent_giver_code"], column["parent_number"], strict=True)
        ]
        ids = self._ids(parents)

        def land(wave: list[int]) -> None:
            rows = [
                (
                    giver.id,
                    column["number"][index],
                    column["title"][index],
                    column["description"][index] or "",
                    column["unit"][index] or UNIT,
                    column["given_on"][index],
                    column["due_on"][index],
                    column["withdrawn_on"][index],
                    policies.get(column["policy_number"][index]),
                    ids.get(parent) if (parent := parents[index]) else None,
                )
                for index in wave
                if (giver := givers[index]) is not None
            ]
            hall.merge(table, self.spec, wave, rows)
            ids.update(self._ids(parents))

        left = in_waves(
            hall.good(table),
            dict(enumerate(parents)),
            lambda index: (column["giver_code"][index], column["number"][index]),
            lambda index: parents[index] in ids,
            land,
        )
        for index in left:
            hall.unknown(table, index, "parent_number", "上级任务", "task above")

    @staticmethod
    def _ids(named: Iterable[Key | None]) -> dict[Key, UUID]:
        numbers = {key[1] for key in named if key}
        rows = Task.objects.filter(STANDS, number__in=numbers).values_list("giver__code", "number", "id")
        return {(giver, number): pk for giver, number, pk in rows}

    @staticmethod
    def _check(hall: Hall, table: Table) -> None:
        column = table.columns
        for index, (given_on, due_on) in enumerate(zip(column["given_on"], column["due_on"], strict=True)):
            if given_on and due_on and due_on < given_on:
                hall.refuse(
                    table,
                    index,
                    "due_on",
                    ErrorCode.CONFLICT,
                    "完成期限早于下达日期。",
                    "The deadline lies before the day of giving.",
                    "请核对两个日期。",
                    "Check both dates.",
                )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Tasks given by the end of ``year`` and due in it or later, those above first."""
        yield from (
            _of_year(visible(actor, Task).filter(STANDS), year)
            .order_by("given_on", "giver__code", "number")
            .values_list(
                "giver__code",
                "number",
                "title",
                "description",
                "unit",
                "given_on",
                "due_on",
                "withdrawn_on",
                "policy__number",
                "parent__giver__code",
                "parent__number",
            )
        )


def _of_year(rows: Any, year: int, path: str = "") -> Any:
    return rows.filter(**{f"{path}given_on__lte": date(year, 12, 31), f"{path}due_on__gte": date(year, 1, 1)})


class AssignmentLanding(Landing):
    """任务承办: one row per receiver of a task."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.ASSIGNMENTS
    spec = Merge(
        Assignment,
        (
            Field("task_id", key=True),
            Field("receiver_id", key=True),
            Field("share"),
            Field("due_on"),
            Field("giver_id", first=True),
        ),
        ("number", "receiver_code", "share", "due_on", "giver_code"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Shares go to those who answer to the giver; the shares of a split fit into the share that is split."""
        tasks = resolve_tasks(hall, table)
        receivers = resolve_column(hall, table, "receiver_code")
        column = table.columns
        for index, task in enumerate(tasks):
            if task is not None and not task.in_scope:
                hall.out_of_scope(table, index, "giver_code")
        good = hall.good(table)
        rows = [
            (task.id, receiver.id, column["share"][index], column["due_on"][index] or task.due_on, task.giver_id)
            for index in good
            if (task := tasks[index]) is not None and (receiver := receivers[index]) is not None
        ]
        hall.merge(table, self.spec, good, rows)
        self._check_sums(hall, table, tasks)

    @staticmethod
    def _check_sums(hall: Hall, table: Table, tasks: Sequence[KnownTask | None]) -> None:
        landed = {task.id for task in tasks if task is not None}
        splits = dict(Task.objects.filter(pk__in=landed, parent__isnull=False).values_list("pk", "parent_id"))
        if not splits:
            return
        parents = set(splits.values())
        whole = {
            (task, receiver): share
            for task, receiver, share in Assignment.objects.filter(STANDS, task__in=parents).values_list(
                "task_id", "receiver_id", "share"
            )
        }
        shared: dict[tuple[UUID, UUID], Any] = {
            (parent, giver): total
            for parent, giver, total in Assignment.objects.filter(
                STANDS, task__voided_at__isnull=True, task__withdrawn_on__isnull=True, task__parent__in=parents
            )
            .order_by()
            .values_list("task__parent_id", "giver_id")
            .annotate(total=Sum("share"))
        }
        for index, task in enumerate(tasks):
            if task is None or task.id not in splits:
                continue
            key = (splits[task.id], task.giver_id)
            if shared.get(key, 0) > whole.get(key, 0):
                hall.refuse(
                    table,
                    index,
                    "share",
                    ErrorCode.CONFLICT,
                    f"各份之和 {shared[key]:f} 超过本单位承办的 {whole.get(key, 0):f}。",
                    "The shares sum to more than the giver's own share.",
                    "请减少份额，或请上级追加。",
                    "Give less, or ask for a larger share.",
                )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Shares of the tasks that :class:`TaskLanding` exports."""
        rows = visible(actor, Assignment).filter(STANDS, task__voided_at__isnull=True)
        yield from (
            _of_year(rows, year, "task__")
            .order_by("giver__code", "task__number", "receiver__code")
            .values_list("giver__code", "task__number", "receiver__code", "share", "due_on")
        )


class StepLanding(Landing):
    """任务进展: one row per thing that happened to a share."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.STEPS
    spec = Merge(
        TaskStep,
        (
            Field("assignment_id", key=True),
            Field("sequence", key=True),
            Field("kind"),
            Field("happened_on"),
            Field("value"),
            Field("text"),
        ),
        ("number", "sequence", "kind", "happened_on", "value", "text"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Each side tells its own steps; then every share's steps must follow each other as they may."""
        shares = resolve_shares(hall, table)
        column = table.columns
        for index, share in enumerate(shares):
            kind = column["kind"][index]
            if share is not None and not (share.giver_in_scope if kind in BY_GIVER else share.receiver_in_scope):
                hall.out_of_scope(table, index, "kind")
            self._check(hall, table, index, share.share if share else None)
        good = hall.good(table)
        rows = [
            (
                share.id,
                column["sequence"][index],
                column["kind"][index],
                column["happened_on"][index],
                column["value"][index],
                column["text"][index] or "",
            )
            for index in good
            if (share := shares[index]) is not None
        ]
        hall.merge(table, self.spec, good, rows)
        self._check_order(hall, table, {index: row[0] for index, row in zip(good, rows, strict=True)})

    @staticmethod
    def _check(hall: Hall, table: Table, index: int, share: Any) -> None:
        kind, value = table.columns["kind"][index], table.columns["value"][index]
        if kind == StepKind.SENT_BACK and not table.columns["text"][index]:
            hall.refuse(
                table,
                index,
                "text",
                ErrorCode.REQUIRED,
                "退回的须写明原因。",
                "What is sent back needs a reason.",
                "请填写退回原因。",
                "Fill in why it was sent back.",
            )
        if value is not None and (kind != StepKind.REPORTED or (share is not None and value > share)):
            hall.refuse(
                table,
                index,
                "value",
                ErrorCode.CONFLICT,
                "完成数只在上报时填，且不超过份额。",
                "Only a report has a value, and none above the share.",
                "请删去或改小。",
                "Remove it or make it smaller.",
            )

    @staticmethod
    def _check_order(hall: Hall, table: Table, landed: dict[int, UUID]) -> None:
        steps: dict[UUID, list[str]] = {}
        known = TaskStep.objects.filter(STANDS, assignment__in=set(landed.values())).order_by("assignment", "sequence")
        for assignment, kind in known.values_list("assignment_id", "kind"):
            steps.setdefault(assignment, []).append(kind)
        faults = {pk: fault for pk, kinds in steps.items() if (fault := first_fault(kinds)) is not None}
        for index, pk in landed.items():
            if pk in faults:
                before, after = faults[pk]
                hall.refuse(
                    table,
                    index,
                    "kind",
                    ErrorCode.CONFLICT,
                    f"进展次序有误：{before} 之后不能是 {after}。",
                    f"After {before} there cannot be {after}.",
                    "请按先后核对序号和事项。",
                    "Check the order of the steps.",
                )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Steps by the end of ``year`` of the shares that :class:`AssignmentLanding` exports."""
        rows = visible(actor, TaskStep).filter(
            STANDS,
            assignment__voided_at__isnull=True,
            assignment__task__voided_at__isnull=True,
            happened_on__lte=date(year, 12, 31),
        )
        yield from (
            _of_year(rows, year, "assignment__task__")
            .order_by("assignment__giver__code", "assignment__task__number", "assignment__receiver__code", "sequence")
            .values_list(
                "assignment__giver__code",
                "assignment__task__number",
                "assignment__receiver__code",
                "sequence",
                "kind",
                "happened_on",
                "value",
                "text",
            )
        )
