"""Forms of the tasks: to whom how much, how far, why not."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms

from jineng.governance.web.forms import PolicyNumber, by_codes
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.kinds import OrganisationKind
from jineng.registry.models import Organisation
from jineng.registry.web.forms import DAY, ScopedForm

LISTED = 60
"""So many organisations get a field of their own; the others are written by code."""
LINE = re.compile(r"^(?P<code>\S+?)[\s:：,，]+(?P<share>\S+)$")


def those_below(actor: Actor) -> list[Organisation]:
    """The education departments directly below the actor's organisation; where there are none, all that is below it."""
    rows = Organisation.objects.filter(STANDS, authority_id=actor.organisation_id, closed_on__isnull=True)
    offices = list(rows.filter(kind=OrganisationKind.EDUCATION_DEPARTMENT).order_by("code")[:LISTED])
    return offices or list(rows.order_by("code")[:LISTED])


class SharesForm(ScopedForm):
    """Shares for those below: one field each, and a field for others by code."""

    others = forms.CharField(
        label="其他单位 Others",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个：机构代码 份额 One a line: code and share",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.below = {f"share_{item.code}": item for item in those_below(actor)}
        for name, item in self.below.items():
            self.fields[name] = forms.DecimalField(
                label=item.name,
                required=False,
                min_value=Decimal("0.01"),
                max_digits=12,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"data-tight": True}),
            )
        self.order_fields([name for name in self.fields if name != "others"])

    def clean_others(self) -> dict[UUID, Decimal]:
        """Shares by organisation of the lines that were written."""
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        pairs: list[tuple[str, Decimal]] = []
        for line in lines:
            match = LINE.match(line)
            try:
                pairs.append((match["code"], Decimal(match["share"])) if match else ("", Decimal("NaN")))
            except InvalidOperation:
                pairs.append(("", Decimal("NaN")))
            if not pairs[-1][1].is_finite():
                raise forms.ValidationError(f"“{line}”应为：机构代码 份额。 Write a code and a share.", code="line")
        known = by_codes([code for code, _ in pairs])
        return {known[code]: share for code, share in pairs}

    def shares(self) -> dict[UUID, Decimal]:
        """All shares by organisation."""
        own = {item.pk: self.cleaned_data.get(name) for name, item in self.below.items()}
        return {**{pk: share for pk, share in own.items() if share is not None}, **self.cleaned_data["others"]}


class GiveForm(SharesForm):
    """A new task."""

    title = forms.CharField(label="任务 Task", max_length=200)
    description = forms.CharField(
        label="要求 What is asked", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = forms.DateField(label="完成期限 Due on", **DAY)
    unit = forms.CharField(label="计量单位 Unit", max_length=10, initial="项")
    number = forms.CharField(
        label="任务编号 Number", max_length=40, required=False, help_text="不填自动编号 Blank: the next one"
    )
    policy = PolicyNumber(label="依据文号 Based on", required=False)


class SplitForm(SharesForm):
    """One's own share among those below."""

    due_on = forms.DateField(label="完成期限 Due on", **DAY)


class ReportForm(ScopedForm):
    """How far one's share is."""

    value = forms.DecimalField(label="完成数 Done", required=False, min_value=0, max_digits=12, decimal_places=2)
    text = forms.CharField(
        label="说明 Notes", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class SendBackForm(ScopedForm):
    """Why a report is sent back."""

    reason = forms.CharField(label="退回原因 Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class AcceptForm(ScopedForm):
    """A word with the acceptance."""

    text = forms.CharField(label="意见 Remark", max_length=1000, required=False)


class ConfirmForm(ScopedForm):
    """Nothing but the button."""
