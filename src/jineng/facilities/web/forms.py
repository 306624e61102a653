"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from jineng.facilities.kinds import FacilityKind, Funding, PhaseStatus
from jineng.registry.exchange import Known, resolve_organisations
from jineng.registry.web.forms import ScopedForm


class DayField(forms.DateField):
    """A day, picked from a calendar where the browser has one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class BookingForm(ScopedForm):
    """Money to book on a phase."""

    voucher = forms.CharField(label="凭证号 Voucher", max_length=60)
    booked_on = DayField(label="入账日期 Booked on")
    amount = forms.DecimalField(label="金额（元） Amount in yuan", max_digits=16, decimal_places=2)
    funding = forms.ChoiceField(label="资金来源 Funding", choices=Funding.choices)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class ReportForm(ScopedForm):
    """What a phase is, from a day on."""

    status = forms.ChoiceField(label="状态 Status", choices=PhaseStatus.choices)
    since = DayField(label="自 From")
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)
    reason = forms.CharField(
        label="说明 Reason",
        max_length=300,
        required=False,
        help_text="建成而入账与计划相差较大的必填 Needed where the money is off the plan",
    )


class FacilityForm(ScopedForm):
    """A new shared facility."""

    code = forms.CharField(label="设施编号 Code", max_length=60)
    name = forms.CharField(label="设施名称 Name", max_length=100)
    kind = forms.ChoiceField(label="类别 Kind", choices=FacilityKind.choices)
    capacity = forms.IntegerField(label="容量（工位） Capacity", min_value=1, max_value=100_000)
    weekly_hours = forms.DecimalField(
        label="每周开放（小时） Hours a week", max_digits=4, decimal_places=1, min_value=1, max_value=168
    )
    opened_on = DayField(label="启用日期 Opened on")


class SharingForm(ScopedForm):
    """A new member that shares a facility: an organisation by its code, in scope or not; ``known`` gives it."""

    organisation = forms.CharField(label="共享单位代码 Organisation's code", max_length=18)
    name = forms.CharField(label="单位名称 Name", max_length=100)
    since = DayField(label="自 From")
    until = DayField(label="至（不含） Until", required=False, help_text="自该日起不再共享 The first day without it")

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.actor = actor
        self.known: Known | None = None

    def clean_organisation(self) -> str:
        """A code that the registry knows."""
        code = str(self.cleaned_data["organisation"]).strip()
        self.known = resolve_organisations(self.actor, [code]).get(code)
        if self.known is None:
            raise forms.ValidationError("登记册中没有此代码。 The registry holds no such code.", code="unknown")
        return code


class StopForm(ScopedForm):
    """From when a member no longer shares."""

    until = DayField(label="自此日起不再共享 Stops on")


class HoursForm(ScopedForm):
    """Hours of a month of one of the members in sight."""

    organisation = forms.ChoiceField(label="共享单位 Member")
    month = DayField(label="月份 Month", help_text="填该月任一日 Any day of the month")
    hours = forms.DecimalField(label="使用时数 Hours", max_digits=6, decimal_places=1, min_value=0)
    person_times = forms.IntegerField(label="人次 Person-times", min_value=0, initial=0)

    def __init__(self, *args: Any, members: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(organisation), name) for organisation, name in members.items()]
