"""Tables of the room's lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django_tables2 import A, Table

from jineng.admissions.kinds import Ending
from jineng.admissions.models import Admission, Plan, Season
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of

PLAN_STATUS = {"filed": "待核准", "accepted": "已核准", "withdrawn": "已撤回", "void": "已作废"}
PLAN_MARKS = {"filed": "data", "accepted": "ok", "withdrawn": "plain", "void": "red"}
STATUS = {"placed": "已投档", "admitted": "已录取", "confirmed": "已确认", "void": "已作废", **dict(Ending.choices)}
MARKS = {"placed": "data", "admitted": "data", "confirmed": "ok", "void": "red"}


class _MarkedTable(Table):
    """A table with a state in words, shown as a mark."""

    words: dict[str, Any] = {}
    marks: dict[str, str] = {}

    def render_status(self, value: str) -> str:
        """The state in words, as a mark."""
        return mark_of(self.marks.get(value, "warn"), self.words[value])

    def value_status(self, value: str) -> str:
        """The state in words."""
        return str(self.words[value])


class SeasonTable(Table):
    """Seasons, each a door."""

    name = ListColumn(verbose_name="招生季 Season", linkify=("season", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    kind = ListColumn(verbose_name="类别 Kind", accessor="get_kind_display", order_by=("kind", "code"))
    year = ListColumn(verbose_name="年度 Year")
    opens_on = DateColumn(verbose_name="开始 Opens")
    closes_on = DateColumn(verbose_name="结束 Closes")
    document = ListColumn(verbose_name="文号 Document")

    class Meta:
        """The latest year first."""

        model = Season
        fields: tuple[str, ...] = ()
        order_by = ("-year", "code")


class PlanTable(_MarkedTable):
    """Plans, each a door; how many of the seats are taken."""

    words, marks = PLAN_STATUS, PLAN_MARKS
    programme = ListColumn(
        verbose_name="专业 Programme",
        accessor="programme_name",
        order_by=("programme_code",),
        linkify=("admission_plan", {"pk": A("pk")}),
    )
    code = CodeColumn(verbose_name="代码 Code", accessor="programme_code")
    organisation = ListColumn(
        verbose_name="招生机构 Institution",
        accessor="organisation__name",
        order_by=("organisation__code",),
        linkify=("organisation", {"pk": A("organisation_id")}),
    )
    season = ListColumn(
        verbose_name="招生季 Season",
        accessor="season__name",
        order_by=("season__year", "season__code"),
        linkify=("season", {"pk": A("season_id")}),
    )
    level = ListColumn(verbose_name="层次 Level", accessor="get_level_display", order_by=("level", "programme_code"))
    channel = ListColumn(verbose_name="途径 Way in", accessor="get_channel_display", order_by=("channel",))
    pool = ListColumn(verbose_name="性质 Pool", accessor="get_pool_display", order_by=("pool",))
    seats = NumberColumn(verbose_name="计划 Seats")
    held = NumberColumn(verbose_name="已确认 Taken")
    status = ListColumn(verbose_name="状态 State", orderable=False)

    def render_held(self, value: int, record: Plan) -> str:
        """The number, leading to who they are."""
        return format_html('<a href="{}?plan={}">{}</a>', reverse("admissions"), record.pk, f"{value:,}")

    def value_held(self, value: int) -> int:
        """The bare number."""
        return value

    class Meta:
        """The latest recorded first."""

        model = Plan
        fields: tuple[str, ...] = ()


class AdmissionTable(_MarkedTable):
    """Admissions, each a door; names masked."""

    words, marks = STATUS, MARKS
    name = ListColumn(
        verbose_name="考生 Applicant",
        accessor="applicant__person__masked_name",
        orderable=False,
        linkify=("admission", {"pk": A("pk")}),
    )
    category = ListColumn(
        verbose_name="考生类别 Category", accessor="applicant__get_category_display", order_by=("applicant__category",)
    )
    home = ListColumn(verbose_name="户籍 Home", accessor="applicant__home__name", order_by=("applicant__home",))
    programme = ListColumn(
        verbose_name="专业 Programme",
        accessor="plan__programme_name",
        order_by=("plan__programme_code",),
        linkify=("admission_plan", {"pk": A("plan_id")}),
    )
    organisation = ListColumn(
        verbose_name="招生机构 Institution", accessor="organisation__name", order_by=("organisation__code",)
    )
    season = ListColumn(
        verbose_name="招生季 Season",
        accessor="plan__season__name",
        order_by=("plan__season__year", "plan__season__code"),
    )
    round = ListColumn(
        verbose_name="轮次 Round", accessor="round__name", order_by=("round__ordinal", "round__supplement")
    )
    confirmed_on = DateColumn(verbose_name="确认 Confirmed")
    ended_on = DateColumn(verbose_name="终止 Ended")
    status = ListColumn(verbose_name="状态 State", orderable=False)

    class Meta:
        """The latest recorded first."""

        model = Admission
        fields: tuple[str, ...] = ()
