"""How filters ask: an open question says 全部 instead of dashes, a yes or no says 是 or 否."""

from __future__ import annotations

from django import forms

ANY = "全部 All"
YES_OR_NO = [("unknown", ANY), ("true", "是 Yes"), ("false", "否 No")]


def speak_plainly(form: forms.BaseForm) -> None:
    """Word the choices of a filter form for people; a choice that may stay open always offers that, and first."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label is not None:
                field.empty_label = ANY
        elif isinstance(field.widget, forms.NullBooleanSelect):
            field.widget.choices = YES_OR_NO
        elif isinstance(field, forms.ChoiceField) and not field.required:
            choices = list(field.widget.choices)
            if choices and choices[0][0] in ("", None):
                field.widget.choices = [("", ANY), *choices[1:]]
            elif isinstance(field, forms.TypedChoiceField):
                field.widget.choices = [("", ANY), *choices]
