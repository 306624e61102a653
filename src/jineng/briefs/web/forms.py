"""Forms of an issue; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.briefs.kinds import Group, Manner
from jineng.registry.web.forms import CodeChoice, ScopedForm

SLOTS = (
    "数字写作数字位：{major_offerings}；{certificate_candidates|rounded:2} 印作2.6万，{键@-1} 为上年，{year} 为年份。 "
    "Figures are slots; the key of each stands on the page of indicators."
)
CHECK = "核对式不成立时此句不刊，如 a + b == c。 The sentence is printed only where this holds."


class FrontForm(ScopedForm):
    """Head and foot of an issue."""

    masthead = forms.CharField(label="刊头 Masthead", max_length=60)
    title = forms.CharField(
        label="标题 Title", max_length=120, help_text="{year} 印作年份。 {year} is the brief's year."
    )
    issuer = forms.CharField(label="编发单位 Issuer", max_length=60)
    printed_by = forms.CharField(label="印发单位 Printed by", max_length=60)

    def clean_title(self) -> str:
        """A title that holds no other slot than the year's."""
        title: str = self.cleaned_data["title"]
        if "{" in title.replace("{year}", "") or "}" in title.replace("{year}", ""):
            raise forms.ValidationError("标题只能用 {year}。 A title knows {year} only.")
        return title


class SentenceForm(ScopedForm):
    """A sentence: its words with slots, and its check."""

    text = forms.CharField(
        label="句子 Sentence", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=SLOTS
    )
    check = forms.CharField(
        label="核对式 Check", widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False, help_text=CHECK
    )


class NewSentenceForm(SentenceForm):
    """A further sentence of a passage."""

    paragraph = forms.IntegerField(label="段 Paragraph", min_value=1, max_value=50)
    field_order = ("paragraph", "text", "check")


class OwnerForm(ScopedForm):
    """The office that words a passage."""

    organisation = CodeChoice(label="撰写单位代码 Code of the office")


class RecipientForm(ScopedForm):
    """A line of the distribution."""

    manner = forms.ChoiceField(label="方式 Manner", choices=Manner.choices)
    label = forms.CharField(label="名称 Name", max_length=60)
    organisation = CodeChoice(
        label="机构代码 Organisation's code", required=False, help_text="系统内的机构 One within the system"
    )
    group = forms.ChoiceField(
        label="范围 Group", choices=[("", "—"), *Group.choices], required=False, help_text="一类机构 All of a kind"
    )


class ErratumForm(ScopedForm):
    """What a release said wrongly."""

    text = forms.CharField(
        label="更正说明 What is corrected", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    keys = forms.CharField(
        label="涉及的指标键 Keys of the figures",
        required=False,
        help_text="以空格分隔；刊出值与现值自动列出。 Separated by blanks; both values are listed by themselves.",
    )

    def clean_keys(self) -> list[str]:
        """The keys, each once."""
        given: Any = self.cleaned_data["keys"]
        return list(dict.fromkeys(given.replace("，", " ").replace(",", " ").split()))
