"""Tables of the room's lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django_tables2 import A, Table

from jineng.governance.kinds import TaskState
from jineng.governance.models import Assignment, LeadingGroup, Occasion, Policy, PressItem
from jineng.governance.rules import days_late, is_overdue, percent
from jineng.kernel import clock
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of

STATES = dict(TaskState.choices)
STATE_MARKS = {
    TaskState.GIVEN: "plain",
    TaskState.RECEIVED: "data",
    TaskState.SPLIT: "data",
    TaskState.REPORTED: "data",
    TaskState.SENT_BACK: "warn",
    TaskState.ACCEPTED: "ok",
}
OVERDUE = "逾期"


def policy_state(policy: Policy) -> tuple[str, str]:
    """What a policy is on the business day, in words and as a mark."""
    if policy.is_void:
        return "已作废", "red"
    if policy.issued_on is None:
        return "草案", "plain"
    if policy.repealed_on is not None and policy.repealed_on <= clock.today():
        return "已废止", "warn"
    return ("有效", "ok") if policy.issued_on <= clock.today() else ("待生效", "data")


class PolicyTable(Table):
    """Policies, each a door."""

    title = ListColumn(verbose_name="标题 Title", linkify=("policy", {"pk": A("pk")}))
    number = CodeColumn(verbose_name="文号 Number")
    signed = ListColumn(verbose_name="印发单位 Issued by", accessor="signing", orderable=False, empty_values=())
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level",))
    issued_on = DateColumn(verbose_name="印发 Issued")
    state = ListColumn(verbose_name="状态 State", accessor="pk", orderable=False)

    def render_signed(self, record: Any) -> str:
        """Those who issue it, in the order of signing."""
        return "、".join(issuer.organisation.name for issuer in record.signing)

    def value_signed(self, record: Any) -> str:
        """The same in exports."""
        return self.render_signed(record)

    def render_state(self, record: Policy) -> str:
        """The state as a mark."""
        words, kind = policy_state(record)
        return mark_of(kind, words)

    def value_state(self, record: Policy) -> str:
        """The state in words."""
        return policy_state(record)[0]

    class Meta:
        """Only what stands above."""

        model = Policy
        fields: tuple[str, ...] = ()


class GroupTable(Table):
    """Leading groups, each a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("leading_group", {"pk": A("pk")}))
    organisation = ListColumn(
        verbose_name="成立单位 Formed by",
        accessor="organisation_name",
        order_by=("organisation_name",),
        linkify=("organisation", {"pk": A("organisation_id")}),
    )
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level",))
    member_count = NumberColumn(verbose_name="成员 Members")
    formed_on = DateColumn(verbose_name="成立 Formed")
    dissolved_on = DateColumn(verbose_name="撤销 Dissolved")

    class Meta:
        """Only what stands above."""

        model = LeadingGroup
        fields: tuple[str, ...] = ()


class ShareTable(Table):
    """Shares of tasks, each a door."""

    task = ListColumn(
        verbose_name="任务 Task", accessor="task__title", order_by=("task__title",), linkify=("share", {"pk": A("pk")})
    )
    giver = ListColumn(verbose_name="下达单位 Given by", accessor="giver_name", order_by=("giver_name",))
    receiver = ListColumn(verbose_name="承办单位 Held by", accessor="receiver_name", order_by=("receiver_name",))
    done = ListColumn(verbose_name="进度 Progress", accessor="progress__done", orderable=False)
    state = ListColumn(verbose_name="状态 State", accessor="progress__state", order_by=("progress__state",))
    due_on = DateColumn(verbose_name="期限 Due")
    late = NumberColumn(verbose_name="逾期天数 Days late", accessor="due_on", orderable=False)

    def render_done(self, value: Decimal, record: Assignment) -> str:
        """A bar with the numbers beside it."""
        return format_html(
            '<progress value="{}" max="{}" aria-label="进度 Progress">{}%</progress> {}',
            value,
            record.share,
            percent(value, record.share),
            self.value_done(value, record),
        )

    def value_done(self, value: Decimal, record: Assignment) -> str:
        """Done of the share, in the task's unit."""
        return f"{value.normalize():f}/{record.share.normalize():f} {record.task.unit}"

    def render_state(self, record: Assignment) -> str:
        """The state as a mark."""
        kind = "red" if is_late(record) else STATE_MARKS[TaskState(record.progress.state)]
        return mark_of(kind, self.value_state(record))

    def value_state(self, record: Assignment) -> str:
        """The state in words."""
        if record.task.withdrawn_on is not None:
            return "已收回"
        words = str(STATES[record.progress.state])
        return f"{words}（{OVERDUE}）" if is_late(record) else words

    def render_late(self, record: Assignment) -> str:
        """Days since the deadline, where something is still owed."""
        return str(days_late(record.due_on, clock.today())) if is_late(record) else ""

    def value_late(self, record: Assignment) -> int | None:
        """The same as a number."""
        return days_late(record.due_on, clock.today()) if is_late(record) else None

    class Meta:
        """Only what stands above."""

        model = Assignment
        fields: tuple[str, ...] = ()


def is_late(record: Assignment) -> bool:
    """Whether a share is overdue on the business day."""
    return record.task.withdrawn_on is None and is_overdue(record.progress.state, record.due_on, clock.today())


class PressTable(Table):
    """Press coverage, each a door."""

    title = ListColumn(verbose_name="标题 Title", linkify=("press_item", {"pk": A("pk")}))
    outlet = ListColumn(verbose_name="媒体 Outlet")
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level",))
    organisation = ListColumn(
        verbose_name="报道对象 About", accessor="organisation_name", order_by=("organisation_name",)
    )
    published_on = DateColumn(verbose_name="刊发 Published")

    class Meta:
        """Only what stands above."""

        model = PressItem
        fields: tuple[str, ...] = ()


class OccasionTable(Table):
    """Events, each a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("occasion", {"pk": A("pk")}))
    kind = ListColumn(verbose_name="类别 Kind", accessor="get_kind_display", order_by=("kind",))
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level",))
    host = ListColumn(verbose_name="主办 Host", accessor="host_name", order_by=("host_name",))
    begins_on = DateColumn(verbose_name="开始 Begins")
    ends_on = DateColumn(verbose_name="结束 Ends")
    attendance = NumberColumn(verbose_name="人次 Attendance")

    class Meta:
        """Only what stands above."""

        model = Occasion
        fields: tuple[str, ...] = ()
