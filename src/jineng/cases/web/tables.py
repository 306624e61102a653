"""Tables of the room's lists."""

from __future__ import annotations

from typing import Any

from django_tables2 import A, Table

from jineng.cases.models import CaseSight, Intake
from jineng.cases.procedures import read
from jineng.cases.web.words import audience_of, stage_mark, stage_words
from jineng.kernel import clock
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of


class CaseTable(Table):
    """Cases as lines of the reader's own list, each a door."""

    number = CodeColumn(verbose_name="编号 Number", accessor="case__number", order_by=("serial",))
    title = ListColumn(
        verbose_name="名称 Title",
        accessor="case__title",
        linkify=("case", {"pk": A("case_id")}),
        order_by=("case__title",),
    )
    applicant = ListColumn(verbose_name="申报单位 Applicant", accessor="applicant_name", order_by=("applicant_name",))
    intake = ListColumn(verbose_name="受理批次 Intake", accessor="case__intake__name", order_by=("case__intake__name",))
    stage = ListColumn(verbose_name="环节 Stage", accessor="case_id", order_by=("case__stage",))
    rank = NumberColumn(verbose_name="推荐名次 Rank")
    due_on = DateColumn(verbose_name="期限 Due", accessor="case__due_on", order_by=("case__due_on",))

    def render_stage(self, record: CaseSight) -> str:
        """Where the case stands, as the reader may know it."""
        return mark_of(stage_mark(record.case), self.value_stage(record))

    def value_stage(self, record: CaseSight) -> str:
        """The same in exports."""
        case = record.case
        return stage_words(case, read(case.procedure).flow, audience_of(case, self.request.actor)).zh

    class Meta:
        """Only what stands above."""

        model = CaseSight
        fields: tuple[str, ...] = ()


class IntakeTable(Table):
    """Intakes, each a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("intake", {"pk": A("pk")}))
    office = ListColumn(verbose_name="受理单位 Office", accessor="office_name", order_by=("office_name",))
    procedure = ListColumn(verbose_name="办理规程 Procedure", accessor="procedure", orderable=False)
    opens_on = DateColumn(verbose_name="开始 Opens")
    closes_on = DateColumn(verbose_name="截止 Closes")
    state = ListColumn(verbose_name="状态 State", accessor="pk", orderable=False)
    case_count = NumberColumn(verbose_name="事项 Cases")

    def render_state(self, record: Intake) -> str:
        """Whether it takes cases today."""
        words, kind = intake_state(record)
        return mark_of(kind, words)

    def value_state(self, record: Intake) -> str:
        """The same in exports."""
        return intake_state(record)[0]

    class Meta:
        """Only what stands above."""

        model = Intake
        fields: tuple[str, ...] = ()


def intake_state(intake: Any) -> tuple[str, str]:
    """Whether an intake takes cases on the business day, in words and as a mark."""
    today = clock.today()
    if today < intake.opens_on:
        return "未开始", "plain"
    return ("受理中", "ok") if today <= intake.closes_on else ("已截止", "warn")
