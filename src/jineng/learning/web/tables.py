"""Tables of the room's lists."""

from __future__ import annotations

from django_tables2 import A, Table

from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of
from jineng.learning.kinds import ClassStatus, EnrolmentState
from jineng.learning.models import Course, CourseOffering, FieldState

STATUS_MARKS = {
    ClassStatus.PLANNED: "plain",
    ClassStatus.OPEN: "data",
    ClassStatus.RUNNING: "ok",
    ClassStatus.COMPLETED: "plain",
    ClassStatus.CANCELLED: "warn",
    ClassStatus.VOID: "red",
}
STATE_MARKS = {
    EnrolmentState.APPLIED: "plain",
    EnrolmentState.WAITING: "warn",
    EnrolmentState.ENROLLED: "ok",
    EnrolmentState.WITHDRAWN: "plain",
    EnrolmentState.COMPLETED: "data",
    EnrolmentState.NOT_COMPLETED: "red",
}


class StatusColumn(ListColumn):
    """Where a class stands today, as a mark."""

    def render(self, value: str) -> str:
        """The status in words, as a mark."""
        status = ClassStatus(value)
        return mark_of(STATUS_MARKS[status], status.label)

    def value(self, value: str) -> str:
        """The status in words."""
        return str(ClassStatus(value).label)


class ClassTable(Table):
    """Classes, each a door."""

    course = ListColumn(
        verbose_name="课程 Course",
        accessor="course__name",
        order_by=("course__name",),
        linkify=("class", {"pk": A("pk")}),
    )
    code = CodeColumn(verbose_name="班次 Class")
    status = StatusColumn(verbose_name="状态 State", orderable=False)
    organiser = ListColumn(
        verbose_name="举办机构 Organiser",
        accessor="organiser__name",
        order_by=("organiser__code",),
        linkify=("organiser_classes", {"pk": A("organiser_id")}),
    )
    department = ListColumn(
        verbose_name="经费部门 Department", accessor="get_department_display", order_by=("department",)
    )
    starts_on = DateColumn(verbose_name="开班 Starts")
    ends_on = DateColumn(verbose_name="结束 Ends")
    capacity = NumberColumn(verbose_name="容量 Seats")
    taken = NumberColumn(verbose_name="入班 Taken", orderable=False)
    waiting = NumberColumn(verbose_name="候补 Waiting", orderable=False)
    finished = NumberColumn(verbose_name="结业 Completed", orderable=False)

    class Meta:
        """The latest first."""

        model = CourseOffering
        fields: tuple[str, ...] = ()
        order_by = ("-starts_on",)


class CourseTable(Table):
    """Courses, each a door."""

    name = ListColumn(verbose_name="课程 Course", linkify=("course", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    kind = ListColumn(verbose_name="类型 Kind", accessor="get_kind_display", order_by=("kind",))
    field_code = CodeColumn(verbose_name="领域 Field")
    hours = NumberColumn(verbose_name="学时 Hours")
    owner = ListColumn(verbose_name="所属机构 Owner", accessor="owner_name", orderable=False)

    class Meta:
        """In the order of codes."""

        model = Course
        fields: tuple[str, ...] = ()
        order_by = ("code",)


class FieldTable(Table):
    """The list of fields, state by state."""

    code = CodeColumn(verbose_name="代码 Code")
    name = ListColumn(verbose_name="领域 Field")
    since = DateColumn(verbose_name="自 Since")
    is_rural = ListColumn(verbose_name="涉农 Agriculture-related")
    theme = ListColumn(verbose_name="专题 Theme", accessor="get_theme_display", order_by=("theme",))
    document = ListColumn(verbose_name="依据文号 Document")

    def render_is_rural(self, value: bool) -> str:
        """A mark where it is."""
        return mark_of("ok", "涉农") if value else ""

    def value_is_rural(self, value: bool) -> str:
        """In words."""
        return "是" if value else "否"

    class Meta:
        """In the order of codes."""

        model = FieldState
        fields: tuple[str, ...] = ()
        order_by = ("code", "since")
