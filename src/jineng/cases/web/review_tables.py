"""Tables of reviews."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django_tables2 import A, Table

from jineng.cases.models import Expert, ReviewTask
from jineng.kernel.web.columns import DateColumn, ListColumn, NumberColumn


class ExpertTable(Table):
    """Experts."""

    name = ListColumn(verbose_name="姓名 Name", accessor="account__display_name", order_by=("account__display_name",))
    organisation_name = ListColumn(verbose_name="所在单位 Organisation")
    expertise = ListColumn(verbose_name="专长 Expertise", orderable=False)
    most = NumberColumn(verbose_name="最多件数 Most")
    office_name = ListColumn(verbose_name="入库单位 Kept by")
    dismissed_on = DateColumn(verbose_name="解聘 Dismissed")
    deed = ListColumn(verbose_name="办理 To do", empty_values=(), orderable=False, exclude_from_export=True)

    def render_expertise(self, record: Expert) -> str:
        """Topics with their levels, the best first."""
        return "，".join(f"{topic} {level}" for topic, level in sorted(record.expertise.items(), key=lambda at: -at[1]))

    value_expertise = render_expertise

    def render_deed(self, record: Expert) -> str:
        """The door to dismissing them, while they may be called."""
        if record.dismissed_on is not None:
            return ""
        return format_html('<a href="{}">解聘</a>', reverse("dismiss_expert", args=[record.pk]))

    class Meta:
        """Only what stands above."""

        model = Expert
        fields: tuple[str, ...] = ()


class TaskTable(Table):
    """What one has to review; of who applies nothing."""

    number = ListColumn(
        verbose_name="编号 Number", accessor="entry", linkify=("review", {"pk": A("pk")}), order_by=("entry__number",)
    )
    intake = ListColumn(
        verbose_name="受理批次 Intake", accessor="panel__intake__name", order_by=("panel__intake__name",)
    )
    due_on = DateColumn(verbose_name="期限 Due", accessor="panel__due_on", order_by=("panel__due_on",))
    handed_in_at = DateColumn(verbose_name="提交 Handed in")

    class Meta:
        """Only what stands above."""

        model = ReviewTask
        fields: tuple[str, ...] = ()
