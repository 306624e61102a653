"""Forms of schemes, rules of scoring, rounds, files and applicants; they check shapes, the verbs decide."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml
from django import forms

from jineng.admissions.kinds import ApplicantCategory, Channel
from jineng.admissions.models import Offer, Opening, Season
from jineng.admissions.schemes import Law
from jineng.admissions.web.forms import DOCUMENT
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.registry.models import Division
from jineng.registry.web.forms import DAY, CodeChoice, ScopedForm

MOMENT: dict[str, Any] = {
    "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
}


class CopyForm(ScopedForm):
    """A season set up as another was."""

    code = forms.CharField(label="招生季代码 Code", max_length=40)
    name = forms.CharField(label="名称 Name", max_length=100)
    opens_on = forms.DateField(label="开始日期 Opens on", help_text="各轮日期随之移动 Rounds move with it", **DAY)
    closes_on = forms.DateField(label="结束日期 Closes on", required=False, **DAY)


class SchemeForm(ScopedForm):
    """A scheme as text."""

    content = forms.CharField(
        label="招生办法 Scheme",
        widget=forms.Textarea(attrs={"rows": 32, "class": "code", "spellcheck": "false"}),
        help_text="YAML：成绩项、同分排序、计划性质次序、各轮办法 Components, ties, pools, rounds",
    )
    declared_on = forms.DateField(label="公布日期 Declared on", initial=clock.today, **DAY)
    document = forms.CharField(**DOCUMENT)

    def clean_content(self) -> Any:
        """The data that the text writes."""
        try:
            return yaml.safe_load(self.cleaned_data["content"])
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"第 {mark.line + 1} 行 line {mark.line + 1}" if mark else ""
            raise forms.ValidationError(f"不是有效的 YAML：{where} This is not YAML.") from error


class RuleForm(ScopedForm):
    """A school's rule: for each component a weight and a least, the least score, and the order between equals."""

    organisation = CodeChoice(label="机构代码 Institution's code")
    channel = forms.ChoiceField(label="途径 Way in", choices=Channel.choices)
    total = forms.DecimalField(label="最低总分 Least score", min_value=0, initial=0, decimal_places=3)
    document = forms.CharField(**DOCUMENT)

    def __init__(self, *args: Any, law: Law, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law = law
        names = [(part.key, part.name) for part in law.components]
        for key, name in names:
            self.fields[f"weight_{key}"] = forms.DecimalField(
                label=f"{name}权重 Weight", min_value=0, max_value=100, decimal_places=3, required=False
            )
            self.fields[f"least_{key}"] = forms.DecimalField(
                label=f"{name}最低分 Least", min_value=0, decimal_places=3, required=False
            )
        for at in range(1, len(names) + 1):
            self.fields[f"tie_{at}"] = forms.ChoiceField(
                label=f"同分比较第 {at} 项 Tie {at}", choices=[("", "—"), *names], required=False
            )

    @property
    def formula(self) -> Mapping[str, Any]:
        """The engine's rule."""
        given = self.cleaned_data
        keys = [part.key for part in self.law.components]
        return {
            "weights": {key: _text(given[f"weight_{key}"]) for key in keys if given[f"weight_{key}"]},
            "least": {key: _text(given[f"least_{key}"]) for key in keys if given[f"least_{key}"]},
            "total": _text(given["total"] or Decimal(0)),
        }

    @property
    def ties(self) -> list[str]:
        """Components in the order in which they decide."""
        given = [self.cleaned_data[f"tie_{at}"] for at in range(1, len(self.law.components) + 1)]
        return list(dict.fromkeys(key for key in given if key))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


class WindowForm(ScopedForm):
    """From when to when preferences are taken."""

    opens_at = forms.DateTimeField(label="志愿开始 From", **MOMENT)
    closes_at = forms.DateTimeField(
        label="志愿截止 Until", help_text="以数据库时钟为准 By the database's clock", **MOMENT
    )


class ExtendForm(ScopedForm):
    """Until when preferences are taken."""

    closes_at = forms.DateTimeField(label="志愿截止 Until", **MOMENT)


class RunForm(ScopedForm):
    """A formal run, or a what-if that supposes other seats at one plan."""

    what_if = forms.BooleanField(
        label="模拟运行，不改变任何结果 A what-if: it changes nothing", required=False, initial=True
    )
    offer = forms.ModelChoiceField(
        label="假设计划 Suppose at", queryset=Offer.objects.none(), required=False, to_field_name="key"
    )
    seats = forms.IntegerField(label="假设计划数 Seats", min_value=0, max_value=100_000, required=False)

    def __init__(self, *args: Any, opening: Opening, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["offer"]
        choice.queryset = Offer.objects.filter(STANDS, opening=opening).order_by("key")


class PublishForm(ScopedForm):
    """Until when applicants answer."""

    answers_until = forms.DateTimeField(label="考生确认截止 Answers until", **MOMENT)


class RegisterForm(ScopedForm):
    """A new applicant."""

    season = forms.ModelChoiceField(label="招生季 Season", queryset=Season.objects.none(), to_field_name="code")
    person_name = forms.CharField(label="姓名 Name", max_length=60)
    resident_id = forms.CharField(label="身份证号 Resident ID", max_length=18)
    category = forms.ChoiceField(label="考生类别 Category", choices=ApplicantCategory.choices)
    home = forms.ModelChoiceField(
        label="户籍县区 Home county", queryset=Division.objects.filter(level="county"), required=False
    )
    is_household = forms.BooleanField(label="建档立卡 Poor household", required=False)
    organisation = CodeChoice(
        label="报名单位代码 Registered at", required=False, help_text="留空即本单位 Your own where left empty"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seasons: Any = self.fields["season"]
        seasons.queryset = Season.objects.filter(STANDS).order_by("-year", "code")
