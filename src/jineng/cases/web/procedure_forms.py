"""The forms of procedures; they check shapes, the verbs and the engine decide."""

from __future__ import annotations

from django import forms

from jineng.registry.web.forms import ScopedForm

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


class ConfirmForm(ScopedForm):
    """Nothing to fill in: sending it says yes."""
