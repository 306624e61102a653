"""Tables of the room's lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django_tables2 import A, Table

from jineng.calls.kinds import Status
from jineng.calls.models import Award, AwardStatus, Call
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of

STATUSES = dict(Status.choices)
MARKS = {
    Status.CANDIDATE: "data",
    Status.UNDER_CONSTRUCTION: "data",
    Status.RECOGNISED: "ok",
    Status.REFUSED: "plain",
    Status.WITHDRAWN: "warn",
}
VOID, VOID_MARK = "已作废", "red"


class CallTable(Table):
    """Calls, each a door."""

    name = ListColumn(verbose_name="遴选 Call", linkify=("call", {"code": A("code")}))
    code = CodeColumn(verbose_name="代码 Code")
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level", "code"))
    deciders = ListColumn(verbose_name="决定单位 Decided by", accessor="signing", orderable=False, empty_values=())
    batch_count = NumberColumn(verbose_name="批次 Batches")
    award_count = NumberColumn(verbose_name="可见立项 Awards in sight")

    def render_deciders(self, record: Any) -> str:
        """The departments in the order in which they sign."""
        return "、".join(decider.organisation.name for decider in record.signing)

    def value_deciders(self, record: Any) -> str:
        """The same in exports."""
        return self.render_deciders(record)

    class Meta:
        """By code."""

        model = Call
        fields: tuple[str, ...] = ()
        order_by = ("code",)


class AwardTable(Table):
    """Awards, each a door."""

    title = ListColumn(verbose_name="名称 Title", linkify=("award", {"pk": A("pk")}))
    call = ListColumn(
        verbose_name="遴选 Call",
        accessor="batch__call__name",
        order_by=("batch__call__code", "batch__number"),
        linkify=("call", {"code": A("batch__call__code")}),
    )
    batch = ListColumn(verbose_name="批次 Batch", accessor="batch", order_by=("batch__year", "batch__number"))
    organisation = ListColumn(
        verbose_name="责任单位 Responsible",
        accessor="organisation_name",
        order_by=("organisation_name",),
        linkify=("organisation", {"pk": A("organisation_id")}),
    )
    level = ListColumn(verbose_name="级别 Level", accessor="get_level_display", order_by=("level",))
    project_number = CodeColumn(verbose_name="项目编号 Number")
    status = ListColumn(verbose_name="状态 Status", accessor="reached", orderable=False, empty_values=([],))
    status_since = DateColumn(verbose_name="自 Since", accessor="reached", orderable=False, empty_values=([],))

    def render_status(self, value: list[AwardStatus], record: Award) -> str:
        """The status on the day asked for, as a mark."""
        kind = VOID_MARK if record.is_void else MARKS[Status(value[0].status)]
        return mark_of(kind, self.value_status(value, record))

    def value_status(self, value: list[AwardStatus], record: Award) -> str:
        """The status in words."""
        return VOID if record.is_void else STATUSES[value[0].status]

    def render_status_since(self, value: list[AwardStatus]) -> str:
        """The day from which it is so."""
        return value[0].since.isoformat()

    def value_status_since(self, value: list[AwardStatus]) -> date:
        """The same in exports."""
        return value[0].since

    class Meta:
        """Only what stands above."""

        model = Award
        fields: tuple[str, ...] = ()
