"""班次: one row per class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count, Q

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import Reference, describe, look_up
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.kernel.rights import Right
from jineng.learning.exchange import sheets
from jineng.learning.exchange.refusing import refuse
from jineng.learning.kinds import SEATED
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.learning.rules import ClassDates, Fault, class_faults
from jineng.registry.exchange import Known, resolve_column
from jineng.registry.models import Division, Organisation
from jineng.registry.scope import visible

PROJECT = "international_project"
CourseKey = tuple[UUID, str]


class ClassLanding(Landing):
    """Brings the sheet 班次 into the register."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.CLASSES
    spec = Merge(
        CourseOffering,
        (
            Field("organiser_id", key=True),
            Field("code", key=True),
            Field("course_id"),
            Field("department"),
            Field("mode"),
            Field("division_id"),
            Field("place"),
            Field("hours"),
            Field("capacity"),
            Field("signup_from"),
            Field("starts_on"),
            Field("ends_on"),
            Field("completed_on"),
            Field("cancelled_on"),
            Field("cancel_reason"),
            Field("project_id"),
        ),
        (
            "org_code",
            "class_code",
            "course_code",
            "department",
            "mode",
            "division_code",
            "place",
            "hours",
            "capacity",
            "signup_from",
            "starts_on",
            "ends_on",
            "completed_on",
            "cancelled_on",
            "cancel_reason",
            "project_code",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve organisers, courses and projects, judge dates and seats, merge; void rows strike out."""
        column = table.columns
        organisers = resolve_column(hall, table, "org_code")
        owners = resolve_column(hall, table, "course_owner", must_be_in_scope=False)
        courses = self._courses(table, hall, organisers, owners)
        projects = self._projects(table, hall)
        self._check_divisions(table, hall)
        self._check_dates(table, hall)
        rows = {
            index: (
                organiser.id,
                column["class_code"][index],
                course,
                column["department"][index],
                column["mode"][index],
                column["division_code"][index],
                column["place"][index] or "",
                column["hours"][index],
                column["capacity"][index],
                column["signup_from"][index],
                column["starts_on"][index],
                column["ends_on"][index],
                column["completed_on"][index],
                column["cancelled_on"][index],
                column["cancel_reason"][index] or "",
                projects[index],
            )
            for index, (organiser, course) in enumerate(zip(organisers, courses, strict=True))
            if organiser is not None and course is not None
        }
        self._check_seats(table, hall, rows)
        merge_or_strike(hall, table, self.spec, rows)

    @staticmethod
    def _courses(
        table: Table, hall: Hall, organisers: Sequence[Known | None], owners: Sequence[Known | None]
    ) -> list[UUID | None]:
        """The course of each row; one that is not of the catalogue is refused."""
        keys: list[CourseKey | None] = []
        for code, written, owner, organiser in zip(
            table.columns["course_code"], table.columns["course_owner"], owners, organisers, strict=True
        ):
            whose = owner if written else organiser
            keys.append((whose.id, code) if whose is not None else None)
        wanted = {key[0] for key in keys if key is not None}
        known: dict[CourseKey, UUID] = {
            (owner_id, code): pk
            for owner_id, code, pk in Course.objects.filter(STANDS, owner_id__in=wanted).values_list(
                "owner_id", "code", "id"
            )
        }
        found = [known.get(key) if key is not None else None for key in keys]
        for index, (key, course) in enumerate(zip(keys, found, strict=True)):
            if key is not None and course is None:
                hall.unknown(table, index, "course_code", "课程", "course")
        return found

    @staticmethod
    def _projects(table: Table, hall: Hall) -> list[UUID | None]:
        """The international project of each row; one that is not in sight is refused."""
        codes = table.columns["project_code"]
        known: Mapping[str, Reference] = look_up(PROJECT, hall.actor, {code for code in codes if code})
        found: list[UUID | None] = []
        for index, code in enumerate(codes):
            project = known.get(code) if code else None
            if code and project is None:
                hall.unknown(table, index, "project_code", "国际合作项目", "international project")
            found.append(project.id if project else None)
        return found

    @staticmethod
    def _check_divisions(table: Table, hall: Hall) -> None:
        codes = table.columns["division_code"]
        if any(codes):
            known = set(Division.objects.values_list("code", flat=True))
            for index, code in enumerate(codes):
                if code and code not in known:
                    hall.unknown(table, index, "division_code", "区划", "division")

    @staticmethod
    def _check_dates(table: Table, hall: Hall) -> None:
        names = ("signup_from", "starts_on", "ends_on", "completed_on", "cancelled_on")
        for index, dates in enumerate(zip(*(table.columns[name] for name in names), strict=True)):
            for fault in class_faults(ClassDates(*dates)):
                refuse(hall, table, index, fault)

    @classmethod
    def _check_seats(cls, table: Table, hall: Hall, rows: Mapping[int, Sequence[Any]]) -> None:
        """A class keeps a seat for everybody who is in it, and stays while somebody finished it."""
        keys = {(row[0], row[1]): index for index, row in rows.items()}
        named = CourseOffering.objects.filter(STANDS, organiser_id__in={key[0] for key in keys})
        known = {
            pk: keys[organiser, code]
            for pk, organiser, code in named.values_list("pk", "organiser_id", "code")
            if (organiser, code) in keys
        }
        if not known:
            return
        held = Enrolment.objects.filter(STANDS, state__in=SEATED, offering__in=known)
        taken = held.order_by().values("offering_id")
        for seats in taken.annotate(n=Count("id"), finished=Count("id", filter=Q(state="completed"))):
            index = known[seats["offering_id"]]
            capacity = table.columns["capacity"][index]
            if capacity is not None and capacity < seats["n"]:
                refuse(hall, table, index, TOO_FEW_SEATS)
            if table.columns["cancelled_on"][index] is not None and seats["finished"]:
                refuse(hall, table, index, FINISHED_BY_SOME)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Classes in the actor's scope that had a day in ``year``."""
        held = visible(actor, CourseOffering).filter(
            STANDS, starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1)
        )
        named = {pk for pk in held.values_list("project_id", flat=True).distinct() if pk is not None}
        projects = describe(PROJECT, actor, named)
        owners = dict(
            Organisation.objects.filter(pk__in=held.order_by().values("course__owner")).values_list("pk", "code")
        )
        columns: Any = held.order_by("organiser__code", "code").values_list(
            "organiser__code",
            "code",
            "course__owner_id",
            "course__code",
            *self.spec.columns[3:15],
            "project_id",
            "organiser_id",
        )
        for org, code, owner, course, *facts, reason, project, organiser in columns.iterator(5000):
            known = projects.get(project) if project else None
            shown = owners.get(owner) if owner != organiser else None
            yield org, code, shown, course, *facts, reason or None, known.code if known else None, None, None


TOO_FEW_SEATS = Fault(
    "capacity",
    ErrorCode.CONFLICT,
    "容量少于已入班人数。",
    "Fewer seats than people who are in the class.",
    "请核对容量，或先登记退出的学员。",
    "Check the capacity, or record who left first.",
)
FINISHED_BY_SOME = Fault(
    "cancelled_on",
    ErrorCode.CONFLICT,
    "已有学员结业，班次不能取消。",
    "Somebody finished the class, so it was not cancelled.",
    "请先更正学员的结业记录。",
    "Correct the completions first.",
)
