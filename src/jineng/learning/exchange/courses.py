"""学习领域 and 课程: the dated list of fields, which the province keeps, and courses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.kernel.rights import Right
from jineng.learning.exchange import sheets
from jineng.learning.exchange.refusing import refuse
from jineng.learning.models import Course, FieldState
from jineng.learning.rules import Fault
from jineng.registry.exchange import resolve_column
from jineng.registry.models import Organisation
from jineng.registry.scope import reach

PROVINCE_ONLY = Fault(
    "code",
    ErrorCode.OUT_OF_SCOPE,
    "学习领域由省级填报。",
    "The province keeps the list of fields.",
    "请清空此表。",
    "Empty this sheet.",
)

HAS_CLASSES = Fault(
    "voided",
    ErrorCode.CONFLICT,
    "该课程已有班次，不能作废。",
    "Classes of this course stand.",
    "请先作废其班次。",
    "Void its classes first.",
)


class FieldLanding(Landing):
    """Brings the sheet 学习领域 into the register."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.FIELDS
    spec = Merge(
        FieldState,
        (
            Field("code", key=True),
            Field("since", key=True),
            Field("name"),
            Field("is_rural"),
            Field("theme"),
            Field("document"),
        ),
        ("code", "since", "name", "is_rural", "theme", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Merge as it stands; from others than the province all is refused."""
        column = table.columns
        if not hall.actor.sees_all:
            for index in range(len(table)):
                refuse(hall, table, index, PROVINCE_ONLY)
        good = hall.good(table)
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    column["code"][index],
                    column["since"][index],
                    column["name"][index],
                    bool(column["is_rural"][index]),
                    column["theme"][index] or "",
                    column["document"][index] or "",
                )
                for index in good
            ],
        )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All states that began by the end of ``year``; nothing but for the province, which keeps the list."""
        if not actor.sees_all:
            return
        rows = FieldState.objects.filter(STANDS, since__lte=date(year, 12, 31)).order_by("code", "since")
        for code, since, name, rural, theme, document in rows.values_list(
            "code", "since", "name", "is_rural", "theme", "document"
        ).iterator(5000):
            yield code, since, name, rural, theme or None, document or None


class CourseLanding(Landing):
    """Brings the sheet 课程 into the register."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.COURSES
    spec = Merge(
        Course,
        (
            Field("owner_id", key=True),
            Field("code", key=True),
            Field("name"),
            Field("kind"),
            Field("field_code"),
            Field("hours"),
        ),
        ("owner_code", "course_code", "name", "kind", "field_code", "hours"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve owners, hold fields against the list, merge; void rows strike out."""
        column = table.columns
        owners = resolve_column(hall, table, "owner_code")
        fields = set(FieldState.objects.filter(STANDS).values_list("code", flat=True).distinct())
        rows = {}
        for index, owner in enumerate(owners):
            if column["field_code"][index] not in fields:
                hall.unknown(table, index, "field_code", "学习领域", "field")
            if owner is not None:
                rows[index] = (
                    owner.id,
                    column["course_code"][index],
                    column["name"][index],
                    column["kind"][index],
                    column["field_code"][index],
                    column["hours"][index],
                )
        self._keep_those_held(table, hall, rows)
        merge_or_strike(hall, table, self.spec, rows)

    @staticmethod
    def _keep_those_held(table: Table, hall: Hall, rows: Mapping[int, Sequence[Any]]) -> None:
        """A course of which classes stand is not struck out."""
        void = {(row[0], row[1]): index for index, row in rows.items() if table.columns["voided"][index]}
        if void:
            courses = Course.objects.filter(STANDS, owner_id__in={owner for owner, _ in void})
            held = courses.filter(offerings__voided_at__isnull=True, offerings__isnull=False)
            for key in set(held.values_list("owner_id", "code")) & set(void):
                refuse(hall, table, void[key], HAS_CLASSES)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Standing courses of owners in the actor's scope; courses carry no dates."""
        rows = Course.objects.filter(STANDS)
        rows = rows if actor.sees_all else rows.filter(owner__in=reach(actor))
        codes = dict(Organisation.objects.filter(pk__in=rows.order_by().values("owner")).values_list("pk", "code"))
        for owner, *values in (
            rows.order_by("owner__code", "code")
            .values_list("owner_id", "code", "name", "kind", "field_code", "hours")
            .iterator(5000)
        ):
            yield codes[owner], *values, None, None
