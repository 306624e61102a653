"""The forms of procedures; they check shapes, the verbs and the engine decide."""

from __future__ import annotations

from django import forms

from jineng.registry.web.forms import DAY, DecidersField, ScopedForm

LONGEST = 200_000


class DraftForm(ScopedForm):
    """A procedure as YAML, and what changes with it."""

    text = forms.CharField(
        label="规程 Procedure",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 36, "class": "source", "spellcheck": "false", "autocapitalize": "off", "wrap": "off"}
        ),
        help_text="YAML，分“form”（填报表）和“flow”（流程）两部分。 YAML in two parts: form and flow.",
    )
    note = forms.CharField(label="修改说明 What changes", max_length=300, required=False)


class IntakeForm(ScopedForm):
    """A time in which one's own office takes cases."""

    name = forms.CharField(label="名称 Name", max_length=160, help_text="如“2022年专业设置”。")
    opens_on = forms.DateField(label="开始受理 Opens on", **DAY)
    closes_on = forms.DateField(label="截止受理 Closes on", **DAY)
    deciders = DecidersField(
        label="决定单位代码 Deciding departments", required=False, help_text="按署名次序，用“、”隔开；留空即本单位。"
    )
    announcement = forms.CharField(
        label="通知正文 Announcement", required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class ConfirmForm(ScopedForm):
    """Nothing to fill in: sending it says yes."""
