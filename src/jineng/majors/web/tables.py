"""Tables of the room's lists."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html
from django_tables2 import A, Table

from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of
from jineng.majors.models import Major, MajorOffering

STATUS = {"running": "在办", "coming": "待开设", "revoked": "已撤销", "void": "已作废"}
STATUS_MARKS = {"running": "ok", "coming": "data", "revoked": "plain", "void": "red"}


class YearsColumn(NumberColumn):
    """A duration in years, without needless decimals."""

    def render(self, value: Decimal) -> str:
        """3 rather than 3.0."""
        return f"{value.normalize():f}"


class OfferingTable(Table):
    """Offerings, each a door."""

    major = ListColumn(
        verbose_name="专业 Major",
        accessor="major__name",
        order_by=("major__code",),
        linkify=("offering", {"pk": A("pk")}),
    )
    code = CodeColumn(verbose_name="代码 Code", accessor="major__full_code", order_by=("major__code",))
    organisation = ListColumn(
        verbose_name="机构 Organisation",
        accessor="organisation__name",
        order_by=("organisation__code",),
        linkify=("college_offerings", {"pk": A("organisation_id")}),
    )
    level = ListColumn(
        verbose_name="层次 Level", accessor="major__get_level_display", order_by=("major__level", "major__code")
    )
    category = ListColumn(
        verbose_name="专业大类 Category",
        accessor="major__category__name",
        order_by=("major__category__number", "major__code"),
    )
    duration_years = YearsColumn(verbose_name="年限 Years")
    opened_on = DateColumn(verbose_name="开设 Opened")
    revoked_on = DateColumn(verbose_name="撤销 Revoked")
    document = ListColumn(verbose_name="文号 Document")
    status = ListColumn(verbose_name="状态 State", orderable=False)

    def render_status(self, value: str) -> str:
        """The state in words, as a mark."""
        return mark_of(STATUS_MARKS[value], STATUS[value])

    def value_status(self, value: str) -> str:
        """The state in words."""
        return STATUS[value]

    class Meta:
        """The latest opened first."""

        model = MajorOffering
        fields: tuple[str, ...] = ()
        order_by = ("-opened_on",)


class MajorTable(Table):
    """Majors of the catalogue; each leads to its offerings."""

    name = ListColumn(verbose_name="专业 Major")
    code = CodeColumn(verbose_name="代码 Code", accessor="full_code", order_by=("code",))
    level = ListColumn(verbose_name="层次 Level", accessor="get_level_display", order_by=("level", "code"))
    category = ListColumn(
        verbose_name="专业大类 Category", accessor="category__name", order_by=("category__number", "code")
    )
    major_class = ListColumn(
        verbose_name="专业类 Class", accessor="major_class__name", order_by=("major_class__code", "code")
    )
    state_controlled = ListColumn(verbose_name="国控 State-controlled")
    since = ListColumn(verbose_name="列入 Since")

    def render_name(self, value: str, record: Major) -> str:
        """The name, leading to who offers it."""
        return format_html('<a href="{}?major={}">{}</a>', reverse("offerings"), record.code, value)

    def value_name(self, value: str) -> str:
        """The bare name."""
        return value

    def render_state_controlled(self, value: bool) -> str:
        """A mark where the state controls it."""
        return mark_of("warn", "国控") if value else ""

    def value_state_controlled(self, value: bool) -> str:
        """In words."""
        return "是" if value else "否"

    def render_since(self, value: int, record: Major) -> str:
        """The year, and whether it is only the earliest it can have been."""
        return str(value) if record.since_certain else f"{value}?"

    class Meta:
        """In the order of codes."""

        model = Major
        fields: tuple[str, ...] = ()
        order_by = ("code",)
