"""Forms of reviews; they check shapes, the verbs decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jineng.engines.casework.rubric import Rubric
from jineng.registry.models import Organisation
from jineng.registry.web.forms import DAY, ScopedForm

_LEVEL = re.compile(r"([^:：,，]+)[:：]\s*(\d{1,2})")


class ExpertForm(ScopedForm):
    """A new expert."""

    username = forms.CharField(label="账号 Account", max_length=60)
    organisation = forms.ModelChoiceField(
        label="所在单位代码 Code of the organisation",
        queryset=Organisation.objects.filter(voided_at__isnull=True),
        to_field_name="code",
        widget=forms.TextInput,
        error_messages={"invalid_choice": "没有此代码的单位。 No organisation has this code."},
    )
    expertise = forms.CharField(
        label="专长 Expertise",
        required=False,
        max_length=500,
        help_text="领域和程度（0到10），如“化工:8，林业:3”。 Topics with levels from 0 to 10.",
    )
    most = forms.IntegerField(label="最多评审件数 Most cases", min_value=1, max_value=10_000, initial=40)
    name = forms.CharField(label="姓名 Name", required=False, max_length=60, help_text="用于查明亲属和任职关系。")
    number = forms.CharField(label="居民身份证号码 Resident ID", required=False, max_length=18)

    def clean_expertise(self) -> dict[str, int]:
        """Levels by topic."""
        text = self.cleaned_data["expertise"].strip()
        found = {topic.strip(): int(level) for topic, level in _LEVEL.findall(text)}
        if text and not found:
            raise ValidationError("请按“领域:程度”填写。 Write topic:level.")
        return found


class PanelForm(ScopedForm):
    """A new panel."""

    due_on = forms.DateField(label="评审期限 Due", **DAY)
    number = forms.IntegerField(label="入选数 Selected", required=False, min_value=0, help_text="留空按规程。")
    reserve = forms.IntegerField(label="备选数 Reserve", required=False, min_value=0, help_text="留空按规程。")


class SeatForm(ScopedForm):
    """Which experts are called."""

    experts = forms.MultipleChoiceField(label="专家 Experts", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["experts"].choices = choices  # type: ignore[attr-defined]


class _MarksForm(ScopedForm):
    """A mark for each criterion of a rubric."""

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        marks = {
            criterion.key: forms.CharField(
                label=f"{criterion.name}（0–{criterion.maximum}） {criterion.name_en}".strip(),
                required=False,
                max_length=10,
                help_text=criterion.guidance,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            for criterion in rubric.criteria
        }
        self.fields = {**marks, **self.fields}  # type: ignore[dict-item]

    def marks(self) -> dict[str, str]:
        """What was typed, by criterion."""
        return {key: self.cleaned_data[key] for key in self.rubric.by_key}


class ReviewForm(_MarksForm):
    """Marks and words."""

    words_ = forms.CharField(
        label="评审意见 Opinion", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )


class AgreeForm(_MarksForm):
    """What the meeting agreed upon."""

    why = forms.CharField(label="合议理由 Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RecuseForm(ScopedForm):
    """Why one steps back, or somebody is dismissed."""

    reason = forms.CharField(label="回避理由 Reason", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label or self.fields["reason"].label
