"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.registry.web.forms import DAY, CodeChoice, ReasonForm, ScopedForm
from jineng.workforce.kinds import (
    Autonomy,
    DualLevel,
    QualificationKind,
    Series,
    SkillGrade,
    StayKind,
    TeacherKind,
    TitleLevel,
)

__all__ = [
    "EndForm",
    "EnterForm",
    "GrantForm",
    "PracticeForm",
    "QualificationForm",
    "ReasonForm",
    "RecogniseForm",
    "RevokeForm",
    "TitleForm",
    "WithdrawForm",
]


class EnterForm(ScopedForm):
    """Somebody who teaches at a school."""

    organisation = CodeChoice(label="学校代码 School's code")
    name = forms.CharField(label="姓名 Name", max_length=60)
    resident_id = forms.CharField(label="居民身份证号 Resident ID", min_length=18, max_length=18)
    kind = forms.ChoiceField(label="类别 Kind", choices=TeacherKind.choices)
    field = forms.CharField(label="任教专业 Field", max_length=60, required=False)
    since = forms.DateField(label="任教自 Since", **DAY)


class EndForm(ScopedForm):
    """From when somebody no longer teaches there."""

    until = forms.DateField(label="自此日起不再任教 No longer from", **DAY)


class QualificationForm(ScopedForm):
    """A certificate."""

    kind = forms.ChoiceField(label="类别 Kind", choices=QualificationKind.choices)
    name = forms.CharField(label="证书名称 Certificate", max_length=80)
    grade = forms.ChoiceField(
        label="技能等级 Grade",
        choices=[("", "—"), *SkillGrade.choices],
        required=False,
        help_text="技能等级证书必填 Needed for a skill certificate",
    )
    issuer = forms.CharField(label="发证单位 Issuer", max_length=100, required=False)
    issued_on = forms.DateField(label="发证日期 Issued on", **DAY)
    until = forms.DateField(label="自此日起无效 Expires on", required=False, **DAY)


class TitleForm(ScopedForm):
    """A professional title."""

    series = forms.ChoiceField(label="系列 Series", choices=Series.choices)
    level = forms.ChoiceField(label="级别 Level", choices=TitleLevel.choices)
    awarded_on = forms.DateField(label="取得日期 Awarded on", **DAY)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class PracticeForm(ScopedForm):
    """A stay in an enterprise."""

    kind = forms.ChoiceField(label="形式 Kind", choices=StayKind.choices)
    place = forms.CharField(label="实践单位 Place", max_length=100)
    first_day = forms.DateField(label="起始日期 First day", **DAY)
    last_day = forms.DateField(label="结束日期 Last day", **DAY)
    days = forms.IntegerField(label="累计天数 Days in all", min_value=1, max_value=3660)
    content = forms.CharField(label="实践内容 Content", max_length=200, required=False)


class RecogniseForm(ScopedForm):
    """On which level a teacher is recognised, from when, by which document."""

    level = forms.ChoiceField(label="等级 Level", choices=DualLevel.choices)
    recognised_on = forms.DateField(label="认定日期 Recognised on", **DAY)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class WithdrawForm(ScopedForm):
    """From when a recognition no longer holds."""

    until = forms.DateField(label="自此日起无效 No longer from", **DAY)


class GrantForm(ScopedForm):
    """An autonomy for an institution."""

    organisation = CodeChoice(label="机构代码 Institution's code")
    autonomy = forms.ChoiceField(label="自主权 Autonomy", choices=Autonomy.choices)
    granted_on = forms.DateField(label="下放日期 Granted on", **DAY)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class RevokeForm(ScopedForm):
    """From when an autonomy is no longer held."""

    revoked_on = forms.DateField(label="自此日起收回 Revoked from", **DAY)
    document = forms.CharField(label="收回文号 Document", max_length=100, required=False)


def given(request_get: Any, *names: str) -> dict[str, str]:
    """First values of a form that an address fills in."""
    return {name: request_get[name] for name in names if name in request_get}
