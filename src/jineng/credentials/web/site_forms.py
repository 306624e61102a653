"""Forms of sites and of sessions in time; they check shapes, the verbs decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django_tables2 import A, Table

from jineng.credentials.kinds import SkillLevel
from jineng.credentials.models import AssessmentSession, AssessmentSite
from jineng.credentials.timetabling import Hours
from jineng.credentials.web.filters import organisations_like
from jineng.credentials.web.forms import type_field
from jineng.credentials.web.tables import OrganisationColumn
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.registry.scope import reach
from jineng.registry.web.forms import DAY, CodeChoice, ScopedForm

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
TIME: dict[str, Any] = {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class SiteForm(ScopedForm):
    """A new site."""

    organisation = CodeChoice(label="所属单位代码 Organisation's code")
    code = forms.CharField(label="站点代码 Site code", max_length=30)
    name = forms.CharField(label="站点名称 Name", max_length=60)
    address = forms.CharField(label="地址 Address", max_length=100)
    approved_on = forms.DateField(label="批准日期 Approved on", **DAY)


class RoomForm(ScopedForm):
    """A room more."""

    name = forms.CharField(label="考场名称 Room", max_length=40)
    seats = forms.IntegerField(label="座位数 Seats", min_value=1, max_value=10_000)


class _Timed(ScopedForm):
    """When and where a session is held."""

    held_on = forms.DateField(label="考核日期 Held on", **DAY)
    begins_at = forms.TimeField(label="开始时间 From", required=False, **TIME)
    ends_at = forms.TimeField(label="结束时间 To", required=False, **TIME)
    site = forms.ModelChoiceField(label="考核站点 Site", queryset=AssessmentSite.objects.none(), required=False)
    capacity = forms.IntegerField(label="容量 Capacity", min_value=1, max_value=100_000)

    def __init__(self, *args: Any, actor: Actor, session: AssessmentSession | None = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        sites = AssessmentSite.objects.filter(STANDS)
        if not actor.sees_all:
            own = Q(organisation__in=reach(actor))
            sites = sites.filter(own | Q(organisation=session.host_id) if session is not None else own)
        standing = Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today())
        self.fields["site"].queryset = sites.filter(standing).order_by("name", "code")  # type: ignore[attr-defined]


class ScheduleForm(_Timed):
    """A new session."""

    host = CodeChoice(label="承办院校代码 Host's code")
    code = forms.CharField(label="场次号 Session code", max_length=30)
    certificate = type_field()
    level = forms.ChoiceField(label="等级 Level", choices=SkillLevel.choices)
    place = forms.CharField(
        label="地点 Place", max_length=100, required=False, help_text="不在站点考核的填 Where it is held at no site"
    )
    field_order = (
        "host",
        "code",
        "certificate",
        "level",
        "held_on",
        "begins_at",
        "ends_at",
        "site",
        "place",
        "capacity",
    )


class MoveForm(_Timed):
    """Where and when a session is to be held from now on."""


class SlotForm(ScopedForm):
    """What slot is looked for."""

    since = forms.DateField(label="自 From", **DAY)
    days = forms.IntegerField(label="几天之内 Within days", min_value=1, max_value=90, initial=30)
    opens = forms.TimeField(label="每日最早 Not before", initial="08:00", **TIME)
    closes = forms.TimeField(label="每日最晚 Over by", initial="18:00", **TIME)
    minutes = forms.IntegerField(label="时长（分钟） Length in minutes", min_value=5, max_value=720, initial=120)
    capacity = forms.IntegerField(label="座位 Seats", min_value=1, max_value=100_000)

    def clean_since(self) -> date:
        """A day from which days can be counted."""
        since: date = self.cleaned_data["since"]
        if not FIRST <= since <= LAST:
            raise forms.ValidationError("请填 1990 至 2100 年之间的日期。 A day between 1990 and 2100.")
        return since

    def clean(self) -> dict[str, Any]:
        """The hours as one; a session must fit between them."""
        data = super().clean() or {}
        opens, closes = data.pop("opens", None), data.pop("closes", None)
        if opens is None or closes is None or "minutes" not in data or "since" not in data:
            return data
        begins = datetime.combine(data["since"], opens)
        if begins + timedelta(minutes=data["minutes"]) > datetime.combine(data["since"], closes):
            self.add_error("closes", "一天之内排不下这么长的场次。 No session of that length fits into a day.")
        return {**data, "hours": Hours(opens, closes)}


class SiteTable(Table):
    """Sites, each a door."""

    name = ListColumn(verbose_name="站点 Site", linkify=("assessment_site", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="代码 Code")
    organisation = OrganisationColumn(verbose_name="所属单位 Run by", accessor="organisation_name")
    address = ListColumn(verbose_name="地址 Address", orderable=False)
    room_count = NumberColumn(verbose_name="考场 Rooms")
    seat_count = NumberColumn(verbose_name="座位 Seats")
    approved_on = DateColumn(verbose_name="批准 Approved")
    ended_on = DateColumn(verbose_name="停用 Ended")

    class Meta:
        """By name."""

        model = AssessmentSite
        fields: tuple[str, ...] = ()
        order_by = ("name",)


class SiteFilters(django_filters.FilterSet):
    """By text and who runs the site."""

    q = django_filters.CharFilter(method="by_text", label="名称、代码或地址 Name, code or address")
    organisation = django_filters.CharFilter(method="by_organisation", label="所属单位 Run by")

    def by_text(self, rows: QuerySet[AssessmentSite], name: str, value: str) -> QuerySet[AssessmentSite]:
        """Part of name or address, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(address__icontains=value) | Q(code__startswith=value))

    def by_organisation(self, rows: QuerySet[AssessmentSite], name: str, value: str) -> QuerySet[AssessmentSite]:
        """Part of the organisation's name, or the start of its code."""
        return rows.filter(organisation__in=organisations_like(value))

    class Meta:
        """Only what stands above."""

        model = AssessmentSite
        fields: tuple[str, ...] = ()
