"""The table of procedures and its filters."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django_tables2 import A, Table

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Procedure
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, MarkColumn, NumberColumn

STATE_MARKS = {ProcedureState.DRAFT: "plain", ProcedureState.PUBLISHED: "ok", ProcedureState.RETIRED: "warn"}


class ProcedureTable(Table):
    """Procedures, each version a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("procedure", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code", order_by=("code", "-version"))
    version = NumberColumn(verbose_name="版本 Version")
    state = MarkColumn(verbose_name="状态 State", kinds=STATE_MARKS)
    owner_name = ListColumn(verbose_name="制定单位 Owner")
    published_at = DateColumn(verbose_name="发布 Published")
    note = ListColumn(verbose_name="修改说明 Note", orderable=False)

    class Meta:
        """Only what stands above."""

        model = Procedure
        fields = ("name", "code", "version", "state", "owner_name", "published_at", "note")


class ProcedureFilters(django_filters.FilterSet):
    """By text and state."""

    q = django_filters.CharFilter(method="by_text", label="名称或代码 Name or code")
    state = django_filters.ChoiceFilter(choices=ProcedureState.choices, label="状态 State")

    def by_text(self, rows: QuerySet[Procedure], name: str, value: str) -> QuerySet[Procedure]:
        """Part of the name or of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))
