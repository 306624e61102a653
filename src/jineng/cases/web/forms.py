"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from django import forms

from jineng.registry.web.forms import DAY, CodeChoice, ScopedForm


class BeginForm(ScopedForm):
    """A new case."""

    title = forms.CharField(label="名称 Title", max_length=200, help_text="申报的项目、团队或课程的名称。")


class ActForm(ScopedForm):
    """One action; why, where the flow asks for it or whoever acts wants to say."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="意见或理由 Reason", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RankForm(ScopedForm):
    """The rank of a recommendation."""

    rank = forms.IntegerField(label="推荐名次 Rank", required=False, min_value=1, help_text="留空即撤销推荐。")
    is_exempt = forms.BooleanField(label="不占名额 Exempt from the quota", required=False)


class ExtendForm(ScopedForm):
    """More time."""

    until = forms.DateField(label="延至 Until", **DAY)
    reason = forms.CharField(label="理由 Reason", max_length=300)


class ObjectionForm(ScopedForm):
    """An objection as it was received."""

    raised_by = forms.CharField(label="提出人 Raised by", max_length=100)
    text = forms.CharField(label="异议内容 Objection", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class AnswerObjectionForm(ScopedForm):
    """What is answered."""

    is_upheld = forms.TypedChoiceField(
        label="是否成立 Upheld",
        choices=[("no", "不成立 Not upheld"), ("yes", "成立 Upheld")],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(label="答复 Answer", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class QuotaForm(ScopedForm):
    """How many an organisation may recommend."""

    organisation = CodeChoice(label="推荐单位代码 Code of the office")
    number = forms.IntegerField(label="名额 Quota", min_value=0)
    basis = forms.CharField(label="名额依据 Basis", required=False, max_length=200)
