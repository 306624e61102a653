"""Forms of the registry; they check shapes, the verbs decide."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms

from jineng.kernel.actors import Actor
from jineng.kernel.models import Account
from jineng.kernel.records import STANDS
from jineng.registry.kinds import Change, CodeScheme, Nature, OrganisationKind, Role
from jineng.registry.models import Division, Organisation
from jineng.registry.scope import reach

SEPARATORS = re.compile(r"[、,，;；\s]+")
CHOOSE, NONE = "请选择 Choose", "不选 None"
DAY: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class CodeChoice(forms.ModelChoiceField):
    """An organisation chosen by its code, among those in the actor's scope; thousands need no drop-down."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Organisation.objects.none(), to_field_name="code", widget=forms.TextInput, **kwargs)
        self.error_messages["invalid_choice"] = (
            "管辖范围内没有此代码的机构。 No organisation in your scope has this code."
        )

    def within(self, actor: Actor) -> None:
        """Limit the choice to the actor's scope."""
        rows = Organisation.objects.filter(voided_at__isnull=True)
        self.queryset = rows if actor.sees_all else rows.filter(pk__in=reach(actor))

    def only_code(self) -> str:
        """The code of the one organisation there is to choose from, as for a school's officer; else nothing."""
        assert self.queryset is not None
        codes = list(self.queryset.values_list("code", flat=True)[:2])
        return str(codes[0]) if len(codes) == 1 else ""


class DecidersField(forms.CharField):
    """Deciding departments by their codes, in the order of signing."""

    def clean(self, value: Any) -> list[UUID]:
        """Ids of the organisations that the codes name."""
        codes = [code for code in SEPARATORS.split(super().clean(value)) if code]
        known = dict(Organisation.objects.filter(STANDS, code__in=codes).values_list("code", "id"))
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(
                f"没有代码为 {'、'.join(unknown)} 的机构。 No organisation has this code.", code="unknown"
            )
        return [known[code] for code in codes]


class ScopedForm(forms.Form):
    """A form that knows who fills it in: codes lie within the actor's scope, and are given where only one does."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, CodeChoice):
                field.within(actor)
                if field.required and not self.is_bound:
                    self.initial[name] = self.initial.get(name) or field.only_code()
            elif isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
                field.empty_label = CHOOSE if field.required else NONE


class EnterForm(ScopedForm):
    """A new organisation."""

    name = forms.CharField(label="名称 Name", max_length=100)
    code_scheme = forms.ChoiceField(label="代码体系 Code scheme", choices=CodeScheme.choices)
    code = forms.CharField(label="机构代码 Code", max_length=18)
    kind = forms.ChoiceField(label="类别 Kind", choices=OrganisationKind.choices)
    nature = forms.ChoiceField(label="举办性质 Nature", choices=Nature.choices)
    division = forms.ModelChoiceField(label="所在区划 Place", queryset=Division.objects.all())
    authority = CodeChoice(label="主管单位代码 Authority's code")
    since = forms.DateField(label="设立日期 Founded on", **DAY)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class ChangeForm(ScopedForm):
    """What happened to an organisation; what stays empty stays as it was."""

    change = forms.ChoiceField(
        label="变更 Change", choices=[item for item in Change.choices if item[0] not in ("entered", "founded")]
    )
    on = forms.DateField(label="自 From", **DAY)
    name = forms.CharField(label="新名称 New name", max_length=100, required=False)
    kind = forms.ChoiceField(label="新类别 New kind", choices=[("", "不变"), *OrganisationKind.choices], required=False)
    division = forms.ModelChoiceField(label="新所在区划 New place", queryset=Division.objects.all(), required=False)
    authority = CodeChoice(label="新主管单位代码 New authority's code", required=False)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)

    def attributes(self) -> dict[str, Any]:
        """What is different from that day on."""
        names = ("name", "kind", "division", "authority")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class ReasonForm(ScopedForm):
    """Why a record is struck out."""

    reason = forms.CharField(label="原因 Reason", max_length=300)


class PostForm(ScopedForm):
    """An account, new or known, and the post it is given."""

    username = forms.CharField(label="账号 Account", max_length=60)
    display_name = forms.CharField(
        label="姓名 Name", max_length=60, required=False, help_text="新账号须填写 Needed for a new account"
    )
    password = forms.CharField(
        label="初始密码 First password", required=False, widget=forms.PasswordInput, min_length=10
    )
    organisation = CodeChoice(label="机构代码 Organisation's code")
    role = forms.ChoiceField(label="角色 Role", choices=Role.choices)
    title = forms.CharField(label="岗位 Post", max_length=60)
    since = forms.DateField(label="自 Since", **DAY)
    until = forms.DateField(label="至 Until", required=False, **DAY)


class EndForm(ScopedForm):
    """From when a post is no longer held."""

    until = forms.DateField(label="自此日起终止 Ends on", **DAY)


class DelegateForm(ScopedForm):
    """Who acts in one's post, from when to when, and why."""

    to = forms.ModelChoiceField(
        label="受托账号 To account",
        queryset=Account.objects.filter(is_active=True),
        to_field_name="username",
        widget=forms.TextInput,
        error_messages={"invalid_choice": "没有此账号。 There is no such account."},
    )
    since = forms.DateField(label="自 Since", **DAY)
    until = forms.DateField(label="至 Until", **DAY)
    reason = forms.CharField(label="事由 Reason", max_length=200)


class ExportForm(ScopedForm):
    """Which sheets to take out; none chosen means all."""

    sheets = forms.MultipleChoiceField(
        label="表 Sheets",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选为全部 None chosen means all",
    )

    def __init__(self, *args: Any, sheets: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheets"].choices = list(sheets.items())  # type: ignore[attr-defined]


class ReturnForm(ScopedForm):
    """A workbook to hand in."""

    file = forms.FileField(label="填报文件 Workbook", widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    dry_run = forms.BooleanField(label="只试导入，不入库 Try only, change nothing", required=False, initial=False)
