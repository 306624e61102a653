"""Tables of the room's lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django_tables2 import A, Table

from jineng.kernel import clock
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn
from jineng.kernel.web.components import mark_of
from jineng.partnerships.models import Agreement, Body, Cluster, InternationalProject
from jineng.partnerships.renewing import state_of, terms_of
from jineng.partnerships.rules import ends_on, in_force

STATES = {
    "coming": ("待生效", "data"),
    "running": ("有效", "ok"),
    "nearing": ("将到期", "warn"),
    "lapsed": ("已到期", "plain"),
    "ended": ("已终止", "plain"),
    "preparing": ("筹建", "data"),
    "void": ("已作废", "red"),
}
"""What a record is, in words and as a mark."""


def agreement_state(agreement: Agreement) -> str:
    """The state of an agreement today, as a key of :data:`STATES`."""
    return "void" if agreement.is_void else state_of(agreement, clock.today()).value


def body_state(body: Body) -> str:
    """The state of a body today, as a key of :data:`STATES`."""
    day = clock.today()
    if body.is_void:
        return "void"
    if body.founded_on is None:
        return "preparing"
    if body.ended_on is not None and body.ended_on <= day:
        return "ended"
    if day < body.founded_on:
        return "coming"
    return "running" if backing_holds(body, day) else "ended"


def backing_holds(body: Body, day: date) -> bool:
    """Whether the agreement that a body comes of holds; true where it comes of none."""
    if body.agreement_id is None:
        return True
    agreement: Any = body.agreement
    return (
        agreement is not None
        and not agreement.is_void
        and in_force(day, terms_of(agreement.standing_terms), agreement.ended_on)
    )


def project_state(project: InternationalProject) -> str:
    """The state of a project today, as a key of :data:`STATES`."""
    day = clock.today()
    if project.is_void:
        return "void"
    if day < project.since:
        return "coming"
    return "ended" if project.until is not None and project.until < day else "running"


class StateColumn(ListColumn):
    """A state in words, as a mark."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(verbose_name="状态 State", orderable=False, empty_values=(), accessor="pk", **kwargs)

    def _state(self, record: Any) -> str:
        told = {Agreement: agreement_state, Body: body_state, InternationalProject: project_state}
        return told[type(record)](record)  # type: ignore[operator]

    def render(self, record: Any) -> str:
        """As a mark."""
        words, mark = STATES[self._state(record)]
        return mark_of(mark, words)

    def value(self, record: Any) -> str:
        """In words."""
        return STATES[self._state(record)][0]


class AgreementTable(Table):
    """Agreements, each a door."""

    name = ListColumn(verbose_name="协议 Agreement", linkify=("agreement", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    kind = ListColumn(verbose_name="类别 Kind")
    parties = ListColumn(verbose_name="签约方 Parties", orderable=False, empty_values=(), accessor="pk")
    signed_on = DateColumn(verbose_name="签订 Signed")
    last_day = DateColumn(verbose_name="到期 Last day", orderable=False, empty_values=(), accessor="pk")
    state = StateColumn()

    def render_parties(self, record: Any) -> str:
        """Their names as they signed."""
        return "、".join(party.name for party in record.signatories)

    def value_parties(self, record: Any) -> str:
        """Their names as they signed."""
        return self.render_parties(record)

    def render_last_day(self, record: Any) -> str:
        """The last day of its last term, or that it has none."""
        return str(self.value_last_day(record) or "长期")

    def value_last_day(self, record: Any) -> date | None:
        """The last day of its last term."""
        lasts = [term.until for term in record.standing_terms]
        return None if None in lasts else max(lasts, default=None)

    class Meta:
        """The latest signed first."""

        model = Agreement
        fields: tuple[str, ...] = ()
        order_by = ("-signed_on",)


class BodyTable(Table):
    """Bodies, each a door."""

    name = ListColumn(verbose_name="名称 Name", linkify=("body", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    kind = ListColumn(verbose_name="类别 Kind")
    lead = ListColumn(verbose_name="牵头单位 Lead", accessor="keeper_name")
    founded_on = DateColumn(verbose_name="成立 Founded")
    end = ListColumn(verbose_name="终止 Ends", orderable=False, empty_values=(), accessor="pk")
    state = StateColumn()

    def render_end(self, record: Any) -> str:
        """Its own end, or its agreement's."""
        if record.ended_on is not None:
            return str(record.ended_on)
        agreement = record.agreement
        end = ends_on(terms_of(agreement.standing_terms), agreement.ended_on) if agreement is not None else None
        return f"{end}（随协议）" if end is not None else ""

    def value_end(self, record: Any) -> str:
        """Its own end, or its agreement's."""
        return self.render_end(record)

    class Meta:
        """The latest founded first."""

        model = Body
        fields: tuple[str, ...] = ()
        order_by = ("-founded_on",)


class ProjectTable(Table):
    """Projects, each a door."""

    name = ListColumn(verbose_name="项目 Project", linkify=("project", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    kind = ListColumn(verbose_name="类别 Kind")
    organisation = ListColumn(verbose_name="我方院校 Institution", accessor="organisation__name")
    country = ListColumn(verbose_name="国别 Country", accessor="country_name", order_by=("country",))
    partner = ListColumn(verbose_name="外方机构 Partner")
    since = DateColumn(verbose_name="生效 From")
    until = DateColumn(verbose_name="至 Until")
    state = StateColumn()

    class Meta:
        """The latest first."""

        model = InternationalProject
        fields: tuple[str, ...] = ()
        order_by = ("-since",)


class ClusterTable(Table):
    """Clusters, each a door."""

    name = ListColumn(verbose_name="产业集群 Cluster", linkify=("cluster", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    field = ListColumn(verbose_name="产业领域 Industry")
    lead = ListColumn(verbose_name="牵头单位 Lead", accessor="keeper_name")
    founded_on = DateColumn(verbose_name="成立 Founded")
    ended_on = DateColumn(verbose_name="终止 Ended")

    class Meta:
        """By code."""

        model = Cluster
        fields: tuple[str, ...] = ()
        order_by = ("code",)
