"""Tables of the room's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django_tables2 import A, Table

from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, MarkColumn, NumberColumn
from jineng.kernel.web.components import mark_of
from jineng.registry.models import Organisation
from jineng.workforce.kinds import DualLevel
from jineng.workforce.models import AutonomyGrant, Standard, Teacher
from jineng.workforce.rules import Standing

STATUS = {"teaching": "在任", "coming": "待任", "ended": "已离任", "void": "已作废"}
GRANTED = {"in_force": "有效", "coming": "待生效", "revoked": "已收回", "void": "已作废"}
MARKS = {
    "teaching": "ok",
    "in_force": "ok",
    "coming": "data",
    "ended": "plain",
    "revoked": "plain",
    "void": "red",
}


class StatusColumn(ListColumn):
    """The state of a record on the business day, in words, as a mark."""

    def __init__(self, words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(orderable=False, **kwargs)
        self.words = words

    def render(self, value: str) -> str:
        """A mark."""
        return mark_of(MARKS[value], self.words[value])

    def value(self, value: str) -> str:
        """The words alone."""
        return self.words[value]


class TeacherTable(Table):
    """Teachers by masked name, each a door."""

    person = ListColumn(
        verbose_name="教师 Teacher",
        accessor="person__masked_name",
        orderable=False,
        linkify=("teacher", {"pk": A("pk")}),
    )
    organisation = ListColumn(
        verbose_name="学校 School",
        accessor="organisation__name",
        order_by=("organisation__code",),
        linkify=("dual_candidates", {"pk": A("organisation_id")}),
    )
    kind = ListColumn(verbose_name="类别 Kind")
    field = ListColumn(verbose_name="任教专业 Field")
    since = DateColumn(verbose_name="任教自 Since")
    until = DateColumn(verbose_name="任教至 Until")
    status = StatusColumn(STATUS, verbose_name="状态 State")

    class Meta:
        """School by school."""

        model = Teacher
        fields: tuple[str, ...] = ()
        order_by = ("organisation", "since")


class SchoolTable(Table):
    """Schools with their numbers of teachers; each leads to who could be recognised."""

    name = ListColumn(verbose_name="学校 School", linkify=("dual_candidates", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    place = ListColumn(verbose_name="所在区划 Place", order_by=("division", "code"))
    teaching = NumberColumn(verbose_name="教师 Teachers")
    dual = NumberColumn(verbose_name="双师型 Dual-qualified")

    class Meta:
        """In the order of codes."""

        model = Organisation
        fields: tuple[str, ...] = ()
        order_by = ("code",)


class CandidateTable(Table):
    """Teachers of one school: recognised as what, within reach of what, and what the next level still lacks."""

    person = ListColumn(
        verbose_name="教师 Teacher",
        accessor="person__masked_name",
        orderable=False,
        linkify=lambda table, record: f"{reverse('teacher', args=[record.pk])}{table.asked}",
    )
    kind = ListColumn(verbose_name="类别 Kind")
    field = ListColumn(verbose_name="任教专业 Field")
    recognised = ListColumn(verbose_name="已认定 Recognised", accessor="pk", orderable=False)
    reachable = ListColumn(verbose_name="可认定 Within reach", accessor="pk", orderable=False)
    lacking = ListColumn(verbose_name="还差 Still lacks", accessor="pk", orderable=False)

    def __init__(
        self, *args: Any, standings: Mapping[UUID, Standing], level: str = "", asked: str = "", **kwargs: Any
    ) -> None:
        self.standings, self.level, self.asked = standings, level, asked
        super().__init__(*args, **kwargs)

    def value_recognised(self, value: UUID) -> str:
        """The level recognised on the day, in words."""
        return _level(self.standings[value].recognised)

    def render_recognised(self, value: UUID) -> str:
        """The level recognised, as a mark."""
        level = self.value_recognised(value)
        return mark_of("ok", level) if level else ""

    def value_reachable(self, value: UUID) -> str:
        """The highest level at which nothing is missing, in words."""
        return _level(self.standings[value].reachable)

    def render_reachable(self, value: UUID) -> str:
        """The level within reach, as a mark."""
        level = self.value_reachable(value)
        return mark_of("data", level) if level else ""

    def render_lacking(self, value: UUID) -> str:
        """What the level asked for lacks; without one the level above what is reached."""
        standing = self.standings[value]
        assessment = standing.at(self.level) if self.level else standing.next
        if assessment is None or assessment.ready:
            return ""
        return f"{_level(assessment.level)}：" + "；".join(map(str, assessment.missing))

    class Meta:
        """Longest at the school first."""

        model = Teacher
        fields: tuple[str, ...] = ()
        order_by = ("since",)
        orderable = False


def _level(level: str) -> str:
    return str(DualLevel(level).label) if level else ""


class AutonomyTable(Table):
    """Autonomies granted, each a door."""

    autonomy = ListColumn(verbose_name="自主权 Autonomy", linkify=("autonomy", {"pk": A("pk")}))
    organisation = ListColumn(
        verbose_name="机构 Institution",
        accessor="organisation__name",
        order_by=("organisation__code",),
        linkify=("organisation", {"pk": A("organisation_id")}),
    )
    granted_by = ListColumn(
        verbose_name="下放单位 Granted by", accessor="granted_by__name", order_by=("granted_by__code",)
    )
    granted_on = DateColumn(verbose_name="下放 Granted")
    revoked_on = DateColumn(verbose_name="收回 Revoked")
    document = ListColumn(verbose_name="文号 Document")
    status = StatusColumn(GRANTED, verbose_name="状态 State")

    class Meta:
        """The latest granted first."""

        model = AutonomyGrant
        fields: tuple[str, ...] = ()
        order_by = ("-granted_on",)


class StandardTable(Table):
    """Versions of the standard, each a door."""

    name = ListColumn(verbose_name="标准 Standard", linkify=("dual_standard", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="版本 Version")
    document = ListColumn(verbose_name="文号 Document")
    in_force_from = DateColumn(verbose_name="施行 In force from")
    in_force_until = DateColumn(verbose_name="废止 Until")

    class Meta:
        """The newest first."""

        model = Standard
        fields: tuple[str, ...] = ()
        order_by = ("-in_force_from",)


class RecognitionTable(Table):
    """Recognitions by level, school and day; each leads to its teacher's recognitions."""

    person = ListColumn(
        verbose_name="教师 Teacher",
        accessor="person__masked_name",
        orderable=False,
        linkify=("recognition", {"pk": A("pk")}),
    )
    organisation = ListColumn(
        verbose_name="学校 School", accessor="organisation__name", order_by=("organisation__code",)
    )
    level = MarkColumn(verbose_name="等级 Level", kinds=dict.fromkeys(DualLevel.values, "ok"))
    recognised_by = ListColumn(
        verbose_name="认定单位 Recognised by", accessor="recognised_by__name", order_by=("recognised_by__code",)
    )
    recognised_on = DateColumn(verbose_name="认定 Recognised")
    until = DateColumn(verbose_name="有效期至 Until")
    document = ListColumn(verbose_name="文号 Document")

    class Meta:
        """The latest first."""

        order_by = ("-recognised_on",)
