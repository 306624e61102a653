"""Tables and filters of the registry's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django_tables2 import A, Table

from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, MarkColumn, NumberColumn
from jineng.registry.kinds import DivisionLevel, OrganisationKind
from jineng.registry.models import Division, Organisation, Post

RECEIPT_KINDS = {
    Receipt.State.WAITING: "warn",
    Receipt.State.RUNNING: "warn",
    Receipt.State.LANDED: "ok",
    Receipt.State.CHECKED: "ok",
    Receipt.State.REFUSED: "red",
    Receipt.State.FAILED: "red",
}


class OrganisationTable(Table):
    """Organisations, each a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("organisation", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    kind = ListColumn(verbose_name="类别 Kind", accessor="get_kind_display", order_by="kind")
    division = ListColumn(verbose_name="所在地 Place", accessor="division__name", order_by="division")
    authority = ListColumn(verbose_name="主管单位 Authority", accessor="authority__name", order_by="authority__name")
    closed_on = DateColumn(verbose_name="终止 Closed")

    class Meta:
        """In the order of codes."""

        order_by = ("code",)


class OrganisationFilters(django_filters.FilterSet):
    """By text, kind, place, and whether still open."""

    q = django_filters.CharFilter(method="by_text", label="名称或代码 Name or code")
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices, label="类别 Kind")
    city = django_filters.ModelChoiceFilter(
        queryset=Division.objects.filter(level=DivisionLevel.CITY), method="by_city", label="市州 City"
    )
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull", label="仍在办 Still open")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name, or the start of a code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    def by_city(self, rows: QuerySet[Any], name: str, value: Division) -> QuerySet[Any]:
        """In the city, or in a county of it."""
        return rows.filter(Q(division=value) | Q(division__parent=value))

    class Meta:
        """Only what stands above."""

        model = Organisation
        fields: tuple[str, ...] = ()


class PostTable(Table):
    """Who holds which post."""

    account = ListColumn(verbose_name="姓名 Name", accessor="account__display_name")
    username = ListColumn(verbose_name="账号 Account", accessor="account__username")
    organisation = ListColumn(verbose_name="机构 Organisation", accessor="organisation__name")
    title = ListColumn(verbose_name="岗位 Post")
    role = ListColumn(verbose_name="角色 Role", accessor="get_role_display", order_by="role")
    since = DateColumn(verbose_name="自 Since")
    until = DateColumn(verbose_name="至 Until")
    end = ListColumn(
        verbose_name="操作 Action",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
        linkify=("end_post", {"pk": A("pk")}),
    )

    def render_end(self) -> str:
        """The way to end the post."""
        return "终止"

    class Meta:
        """By organisation."""

        model = Post
        fields: tuple[str, ...] = ()
        order_by = ("organisation", "since")


class PostFilters(django_filters.FilterSet):
    """By text."""

    q = django_filters.CharFilter(method="by_text", label="姓名、账号或机构 Name")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name, the account or the organisation."""
        return rows.filter(
            Q(account__display_name__icontains=value)
            | Q(account__username__icontains=value)
            | Q(organisation__name__icontains=value)
        )

    class Meta:
        """Only what stands above."""

        model = Post
        fields: tuple[str, ...] = ()


class ReceiptTable(Table):
    """Submitted files, each a door."""

    file_name = ListColumn(verbose_name="文件 File", linkify=("receipt", {"pk": A("pk")}))
    state = MarkColumn(verbose_name="状态 State", kinds=RECEIPT_KINDS)
    error_count = NumberColumn(verbose_name="错误 Errors")
    actor_label = ListColumn(verbose_name="提交人 By")
    submitted_at = DateColumn(verbose_name="提交 Submitted")

    class Meta:
        """The latest first."""

        model = Receipt
        fields: tuple[str, ...] = ()
        order_by = ("-submitted_at",)


class ReceiptFilters(django_filters.FilterSet):
    """By state and file name."""

    q = django_filters.CharFilter(field_name="file_name", lookup_expr="icontains", label="文件名 File name")
    state = django_filters.ChoiceFilter(choices=Receipt.State.choices, label="状态 State")

    class Meta:
        """Only what stands above."""

        model = Receipt
        fields: tuple[str, ...] = ()


class AuditTable(Table):
    """Deeds."""

    at = DateColumn(verbose_name="时间 At")
    actor_label = ListColumn(verbose_name="谁 Who")
    verb = ListColumn(verbose_name="动作 Verb")
    summary = ListColumn(verbose_name="内容 What")

    class Meta:
        """The latest first."""

        model = AuditLine
        fields: tuple[str, ...] = ()
        order_by = ("-at",)


class AuditFilters(django_filters.FilterSet):
    """By text, room and day."""

    q = django_filters.CharFilter(method="by_text", label="人员或内容 Who or what")
    room = django_filters.CharFilter(label="模块 Room")
    day = django_filters.DateFilter(field_name="at", lookup_expr="date", label="日期 Day")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of who or of what."""
        return rows.filter(Q(actor_label__icontains=value) | Q(summary__icontains=value))

    class Meta:
        """Only what stands above."""

        model = AuditLine
        fields: tuple[str, ...] = ()
