"""Forms of the majors; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.majors.queries import major_by_code
from jineng.registry.web.forms import CodeChoice, ScopedForm


class MajorChoice(forms.CharField):
    """A major chosen by its code in the catalogue."""

    def clean(self, value: Any) -> Any:
        """The major of the code."""
        major = major_by_code(super().clean(value))
        if major is None:
            raise forms.ValidationError("专业目录中没有此代码。 The catalogue holds no such code.", code="unknown")
        return major


class DayField(forms.DateField):
    """A day, picked from a calendar where the browser has one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class YearsField(forms.DecimalField):
    """A duration in years, by halves at the finest."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=8, max_digits=3, decimal_places=1, **kwargs)


class OpenForm(ScopedForm):
    """A new offering."""

    organisation = CodeChoice(label="机构代码 Organisation's code")
    major = MajorChoice(
        label="专业代码 Major's code", max_length=7, help_text="目录中的6位代码 Six digits of the catalogue"
    )
    duration_years = YearsField(label="修业年限（年） Duration in years")
    opened_on = DayField(label="开设日期 Opens on")
    document = forms.CharField(
        label="文号 Document", max_length=100, required=False, help_text="国控专业必填 Needed where state-controlled"
    )


class RevokeForm(ScopedForm):
    """From when an offering is no longer in being."""

    revoked_on = DayField(
        label="自此日起撤销 Revoked from",
        help_text="此前的在办情况不变 What held before that day stays",
    )
    document = forms.CharField(label="撤销文号 Document", max_length=100, required=False)


class CorrectForm(ScopedForm):
    """What was recorded wrongly, as it should be."""

    duration_years = YearsField(label="修业年限（年） Duration in years")
    opened_on = DayField(label="开设日期 Opened on")
    revoked_on = DayField(label="撤销日期 Revoked on", required=False)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)
    reason = forms.CharField(label="更正原因 Reason", max_length=300)
