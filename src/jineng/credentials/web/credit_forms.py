"""Forms and tables of the credit bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django_tables2 import A, Table

from jineng.credentials.kinds import AchievementKind, Direction, SkillLevel
from jineng.credentials.models import CreditAccount, CreditScheme
from jineng.credentials.web.tables import OrganisationColumn
from jineng.kernel.web.columns import DateColumn, ListColumn, NumberColumn
from jineng.registry.web.forms import DAY, CodeChoice, ScopedForm

STATED = [choice for choice in AchievementKind.choices if choice[0] != AchievementKind.CERTIFICATE]


class SchemeForm(ScopedForm):
    """The next version of a school's scheme."""

    school = CodeChoice(label="院校代码 School's code")
    since = forms.DateField(label="生效日期 In force from", **DAY)
    cap = forms.DecimalField(
        label="转换学分上限 Cap",
        min_value=0,
        max_digits=5,
        decimal_places=1,
        help_text="每名学习者合计",
    )
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class RuleForm(ScopedForm):
    """A rule of a scheme."""

    code = forms.CharField(label="规则号 Rule", max_length=30)
    direction = forms.ChoiceField(label="方向 Direction", choices=Direction.choices)
    accepts = forms.ChoiceField(label="成果类别 Takes", choices=AchievementKind.choices)
    source = forms.CharField(label="证书或课程代码 Code", max_length=40)
    level = forms.ChoiceField(
        label="证书等级 Level",
        choices=[("", "—"), *SkillLevel.choices],
        required=False,
        help_text="仅证书",
    )
    target = forms.CharField(label="认定为 Converted to", max_length=100, help_text="课程或证书单元")
    credits = forms.DecimalField(label="学分 Credits", min_value=0, max_digits=4, decimal_places=1)
    valid_years = forms.IntegerField(label="成果有效年数 Good for years", min_value=1, max_value=50)


class AchievementForm(ScopedForm):
    """What a learner achieved."""

    institution = CodeChoice(label="出具单位代码 Stated by")
    name = forms.CharField(label="姓名 Name", max_length=60)
    number = forms.CharField(label="居民身份证号 Resident ID number", max_length=18)
    kind = forms.ChoiceField(label="类别 Kind", choices=STATED)
    code = forms.CharField(label="代码 Code", max_length=40)
    title = forms.CharField(label="成果 Achievement", max_length=100)
    on = forms.DateField(label="取得日期 Achieved on", **DAY)


class NumberForm(ScopedForm):
    """A certificate by its number."""

    number = forms.CharField(label="证书编号 Certificate number", max_length=30)


class SchemeTable(Table):
    """Schemes, each a door."""

    school_name = OrganisationColumn(verbose_name="院校 School", linkify=("credit_scheme", {"pk": A("pk")}))
    version = NumberColumn(verbose_name="版本 Version")
    since = DateColumn(verbose_name="生效日期 Since")
    cap = NumberColumn(verbose_name="上限 Cap")
    rule_count = NumberColumn(verbose_name="规则 Rules")

    class Meta:
        """Only what stands above."""

        model = CreditScheme
        fields = ("school_name", "version", "since", "cap", "rule_count")
        order_by = "-since"


class MaskedColumn(ListColumn):
    """A learner, the name masked."""

    def render(self, record: Any) -> str:
        """The surname and stars."""
        return str(record.person.masked_name)


class AccountTable(Table):
    """Accounts, each a door; names are masked."""

    person = MaskedColumn(
        verbose_name="学习者 Learner", linkify=("credit_account", {"pk": A("pk")}), orderable=False, accessor="pk"
    )
    opened_on = DateColumn(verbose_name="开户日期 Opened on")
    balance = NumberColumn(verbose_name="学分 Credits")

    class Meta:
        """Only what stands above."""

        model = CreditAccount
        fields = ("person", "opened_on", "balance")
        order_by = "-opened_on"
