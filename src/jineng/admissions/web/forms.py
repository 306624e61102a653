"""Forms of the admissions; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.admissions.kinds import CapKind, Channel, Ending, Pool, SeasonKind
from jineng.admissions.models import Season
from jineng.admissions.queries import open_on
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.majors.models import Category
from jineng.registry.models import Division
from jineng.registry.web.forms import DAY, CodeChoice, ReasonForm, ScopedForm

__all__ = [
    "AcceptForm",
    "CapForm",
    "ConfirmForm",
    "CorrectForm",
    "DayForm",
    "EndForm",
    "ExemptForm",
    "FileForm",
    "ReasonForm",
    "RoundForm",
    "SeasonForm",
    "WithdrawForm",
]
DOCUMENT: dict[str, Any] = {"label": "文号 Document", "max_length": 100, "required": False}


def _seasons() -> Any:
    return Season.objects.filter(STANDS).filter(open_on(clock.today())).order_by("-year", "code")


class FileForm(ScopedForm):
    """A new plan."""

    season = forms.ModelChoiceField(label="招生季 Season", queryset=Season.objects.none(), to_field_name="code")
    organisation = CodeChoice(label="招生机构代码 Institution's code")
    programme = forms.CharField(
        label="专业代码 Programme", max_length=8, help_text="所在层次专业目录中的代码 As in the catalogue"
    )
    name = forms.CharField(
        label="专业名称 Name",
        max_length=60,
        required=False,
        help_text="普通本科专业必填 Ordinary bachelor's majors only",
    )
    channel = forms.ChoiceField(label="途径 Way in", choices=Channel.choices, initial=Channel.DIRECT)
    pool = forms.ChoiceField(label="计划性质 Pool", choices=Pool.choices, initial=Pool.ORDINARY)
    county = forms.ModelChoiceField(
        label="定向县区 Targeted county", queryset=Division.objects.filter(level="county"), required=False
    )
    joint_college = forms.CharField(label="合作学院代码 Joint college", max_length=60, required=False)
    seats = forms.IntegerField(label="计划数 Seats", min_value=1, max_value=100_000)
    document = forms.CharField(**DOCUMENT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seasons: Any = self.fields["season"]
        seasons.queryset = _seasons()


class CorrectForm(ScopedForm):
    """What a plan should say."""

    seats = forms.IntegerField(label="计划数 Seats", min_value=1, max_value=100_000)
    document = forms.CharField(**DOCUMENT)
    reason = forms.CharField(label="更正原因 Reason", max_length=300)


class AcceptForm(ScopedForm):
    """From when a plan is accepted."""

    accepted_on = forms.DateField(label="核准日期 Accepted on", **DAY)
    document = forms.CharField(**DOCUMENT)


class WithdrawForm(ScopedForm):
    """From when a plan is withdrawn, and why."""

    withdrawn_on = forms.DateField(label="撤回日期 Withdrawn on", **DAY)
    reason = forms.CharField(label="撤回原因 Reason", max_length=300)


class SeasonForm(ScopedForm):
    """A new season."""

    code = forms.CharField(label="招生季代码 Code", max_length=40, help_text="如 2021-classified")
    kind = forms.ChoiceField(label="类别 Kind", choices=SeasonKind.choices)
    name = forms.CharField(label="名称 Name", max_length=100)
    opens_on = forms.DateField(label="开始日期 Opens on", help_text="定其所属年度 Sets its year", **DAY)
    closes_on = forms.DateField(label="结束日期 Closes on", required=False, **DAY)
    document = forms.CharField(**DOCUMENT)


class RoundForm(ScopedForm):
    """A new round of a season."""

    ordinal = forms.IntegerField(label="轮次 Round", min_value=1, max_value=50)
    supplement = forms.IntegerField(
        label="征集次数 Supplement",
        min_value=0,
        max_value=20,
        initial=0,
        help_text="该轮本身填0 0 for the round itself",
    )
    name = forms.CharField(label="名称 Name", max_length=60)
    channel = forms.ChoiceField(label="途径 Way in", choices=Channel.choices, initial=Channel.DIRECT)
    opens_on = forms.DateField(label="开始日期 Opens on", **DAY)
    closes_on = forms.DateField(label="结束日期 Closes on", required=False, **DAY)


class ExemptForm(ScopedForm):
    """A new exempt category of a season."""

    code = forms.CharField(label="免试类别代码 Code", max_length=40, help_text="历年含义相同的代码相同")
    name = forms.CharField(label="名称 Name", max_length=100)
    evidence = forms.CharField(label="证明材料 Evidence", max_length=200, required=False)
    document = forms.CharField(**DOCUMENT)


class CapForm(ScopedForm):
    """A new cap on the plans of a season."""

    code = forms.CharField(
        label="限额代码 Code", max_length=60, help_text="代码相同的现行限额随之解除 It replaces one of the same code"
    )
    kind = forms.ChoiceField(label="类别 Kind", choices=CapKind.choices)
    name = forms.CharField(label="名称 Name", max_length=100)
    organisation = CodeChoice(label="机构代码 Institution's code", required=False)
    channels = forms.MultipleChoiceField(
        label="途径 Ways in",
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选为全部 None: all",
    )
    category = forms.ChoiceField(label="专业大类 Category", choices=list, required=False)
    limit_seats = forms.IntegerField(label="计划上限（人） Seats", min_value=0, required=False)
    limit_percent = forms.DecimalField(
        label="比例上限（%） Percent", min_value=0, max_value=100, decimal_places=2, required=False
    )
    issued_on = forms.DateField(label="下达日期 Issued on", **DAY)
    document = forms.CharField(**DOCUMENT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Category.objects.order_by("number", "edition").values_list("number", "name"))
        choice: Any = self.fields["category"]
        choice.choices = [("", "全部 All"), *names.items()]


class DayForm(ScopedForm):
    """The day on which something ends."""

    day = forms.DateField(label="日期 Day", **DAY)


class ConfirmForm(ScopedForm):
    """From when the applicant takes the seat."""

    confirmed_on = forms.DateField(label="确认日期 Confirmed on", **DAY)


class EndForm(ScopedForm):
    """How and when an admission ends."""

    ended_on = forms.DateField(label="终止日期 Ended on", help_text="此前各年的数字不变 Earlier years stay", **DAY)
    ending = forms.ChoiceField(label="终止方式 How", choices=Ending.choices, initial=Ending.DECLINED)
    reason = forms.CharField(label="原因 Reason", max_length=200, required=False)
