"""Forms of the calls; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.calls.kinds import HolderForm, Level, Status
from jineng.calls.models import Batch, Call
from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Procedure
from jineng.kernel.records import STANDS
from jineng.registry.web.forms import DAY, CodeChoice, DecidersField, ReasonForm, ScopedForm

__all__ = ["AnnounceForm", "ApplicationsForm", "BatchForm", "CorrectForm", "ReasonForm", "RecordForm", "StatusForm"]


class AnnounceForm(ScopedForm):
    """A new call."""

    name = forms.CharField(label="遴选名称 Name", max_length=100)
    code = forms.CharField(
        label="遴选代码 Code", max_length=60, help_text="小写字母、数字和连字符 Lower-case letters, digits, hyphens"
    )
    level = forms.ChoiceField(label="级别 Level", choices=Level.choices)
    deciders = DecidersField(label="决定单位代码 Deciding departments", help_text="按署名次序，用“、”隔开 In order")
    holder_form = forms.ChoiceField(label="持有形式 Held by", choices=HolderForm.choices)
    description = forms.CharField(label="说明 Description", max_length=300, required=False)


class BatchForm(ScopedForm):
    """A new batch of a call."""

    number = forms.IntegerField(label="批次 Number", min_value=1, max_value=200)
    year = forms.IntegerField(label="年度 Year", min_value=1990, max_value=2100)
    decided_on = forms.DateField(label="公布日期 Decided on", required=False, **DAY)
    document = forms.CharField(label="公布文号 Document", max_length=100, required=False)


class ApplicationsForm(ScopedForm):
    """A batch takes applications."""

    number = forms.IntegerField(label="批次 Batch", min_value=1, max_value=200)
    procedure = forms.ModelChoiceField(
        label="办理规程 Procedure",
        queryset=Procedure.objects.filter(STANDS, state=ProcedureState.PUBLISHED).order_by("code", "-version"),
    )
    opens_on = forms.DateField(label="开始受理 Opens on", **DAY)
    closes_on = forms.DateField(label="截止受理 Closes on", **DAY)
    announcement = forms.CharField(
        label="通知正文 Announcement", required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class RecordForm(ScopedForm):
    """A new award."""

    call = forms.ModelChoiceField(
        label="遴选 Call", queryset=Call.objects.filter(STANDS).order_by("name"), to_field_name="code"
    )
    number = forms.IntegerField(label="批次 Batch", min_value=1, max_value=200)
    organisation = CodeChoice(label="责任单位代码 Responsible organisation's code")
    title = forms.CharField(label="名称 Title", max_length=200)
    level = forms.ChoiceField(
        label="级别 Level", choices=[("", "与遴选相同 As the call"), *Level.choices], required=False
    )
    project_number = forms.CharField(label="项目编号 Number", max_length=60, required=False)
    status = forms.ChoiceField(label="状态 Status", choices=[("", "—"), *Status.choices], required=False)
    since = forms.DateField(
        label="状态日期 Since", required=False, help_text="不填为公布日期 Blank: the batch's day", **DAY
    )
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """Find the batch by call and number."""
        data = super().clean() or {}
        if "call" in data and "number" in data:
            data["batch"] = Batch.objects.filter(STANDS, call=data["call"], number=data["number"]).first()
            if data["batch"] is None:
                self.add_error("number", "该遴选没有这一批。 The call has no such batch.")
        return data


class StatusForm(ScopedForm):
    """What an award is from a day on."""

    status = forms.ChoiceField(label="状态 Status", choices=Status.choices)
    since = forms.DateField(label="自此日起 From", help_text="此前的状态不变 What held before that day stays", **DAY)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class CorrectForm(ScopedForm):
    """What was recorded wrongly, as it should be."""

    title = forms.CharField(label="名称 Title", max_length=200)
    level = forms.ChoiceField(label="级别 Level", choices=Level.choices)
    project_number = forms.CharField(label="项目编号 Number", max_length=60, required=False)
    notes = forms.CharField(label="备注 Notes", max_length=300, required=False)
