"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms

from jineng.partnerships.countries import HOME, country_code
from jineng.partnerships.kinds import AgreementKind, Answer, BodyKind, MemberRole, PartyRole, ProjectKind
from jineng.partnerships.queries import agreements_of
from jineng.partnerships.rules import UNKNOWN_COUNTRY
from jineng.partnerships.verbs import Partner
from jineng.registry.exchange import resolve_organisations
from jineng.registry.web.forms import CodeChoice, ScopedForm


class DayField(forms.DateField):
    """A day, picked from a calendar where the browser has one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CountryField(forms.CharField):
    """A country by its name or its two letters."""

    def clean(self, value: Any) -> Any:
        """The code of ISO 3166-1."""
        written = super().clean(value)
        if not written:
            return HOME
        code = country_code(written)
        if code is None:
            raise forms.ValidationError(str(UNKNOWN_COUNTRY), code="unknown")
        return code


class PartnerForm(ScopedForm):
    """Whoever stands on the other side; ``partner`` gives it."""

    partner_code = forms.CharField(
        label="对方机构代码 Partner's code",
        max_length=18,
        required=False,
        help_text="登记册中的机构填代码，其他单位留空 Blank where the registry has no such organisation",
    )
    partner_name = forms.CharField(label="对方名称 Partner's name", max_length=100)
    country = CountryField(label="国别 Country", max_length=40, required=False, help_text="留空为中国 Blank: China")
    province = forms.RegexField(
        r"^\d{2}$",
        label="省份代码 Province",
        required=False,
        help_text="省外单位填前两位 First two digits",
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.actor = actor

    def clean_partner_code(self) -> str:
        """A code that the registry knows, whoever sees the organisation."""
        code = str(self.cleaned_data["partner_code"]).strip()
        if code and code not in resolve_organisations(self.actor, [code]):
            raise forms.ValidationError("登记册中没有此代码。 The registry holds no such code.", code="unknown")
        return code

    def partner(self) -> Partner:
        """The partner that the form names."""
        code = self.cleaned_data["partner_code"]
        known = resolve_organisations(self.actor, [code]).get(code) if code else None
        return Partner(
            self.cleaned_data["partner_name"],
            known.id if known else None,
            self.cleaned_data["country"],
            self.cleaned_data["province"],
        )


class AgreementForm(PartnerForm):
    """A new agreement with its first term."""

    organisation = CodeChoice(label="登记单位代码 Keeper's code")
    code = forms.CharField(label="协议编号 Code", max_length=60)
    name = forms.CharField(label="协议名称 Name", max_length=200)
    kind = forms.ChoiceField(label="类别 Kind", choices=AgreementKind.choices)
    signed_on = DayField(label="签订日期 Signed on")
    since = DayField(label="生效日期 In force from")
    until = DayField(label="有效期至 Last day", required=False, help_text="长期有效的留空 Blank: no end")
    document = forms.CharField(label="文号 Document", max_length=100, required=False)
    field_order = (
        "organisation",
        "code",
        "name",
        "kind",
        "partner_code",
        "partner_name",
        "country",
        "province",
        "signed_on",
        "since",
        "until",
        "document",
    )


class PartyForm(PartnerForm):
    """Another party of an agreement."""

    role = forms.ChoiceField(
        label="签约身份 Role", choices=[item for item in PartyRole.choices if item[0] != PartyRole.FIRST]
    )


class TermForm(ScopedForm):
    """Another term of an agreement."""

    since = DayField(label="生效日期 In force from")
    until = DayField(label="有效期至 Last day", required=False, help_text="长期有效的留空 Blank: no end")
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class AnswerForm(ScopedForm):
    """What a party says of a renewal."""

    party = forms.ChoiceField(label="代表 On behalf of")
    answer = forms.ChoiceField(label="意见 Answer", choices=Answer.choices, widget=forms.RadioSelect)
    until = DayField(label="续签至 Renew up to", required=False, help_text="长期的留空 Blank: without end")
    note = forms.CharField(label="说明 Note", max_length=300, required=False)

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["party"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = parties


class EndForm(ScopedForm):
    """From when an agreement no longer holds, and why."""

    ended_on = DayField(label="自此日起终止 Ends on", help_text="该日起不再有效 The first day without it")
    reason = forms.CharField(label="终止原因 Reason", max_length=300)


class AgreementChoice(forms.CharField):
    """An agreement in sight, by its code."""

    agreements: Any = None

    def clean(self, value: Any) -> Any:
        """The agreement; ``None`` where the field is empty."""
        code = super().clean(value)
        if not code:
            return None
        found = self.agreements.filter(code=code).first()
        if found is None:
            raise forms.ValidationError("可见范围内没有此协议。 There is no such agreement in sight.", code="unknown")
        return found


class BodyForm(ScopedForm):
    """A new body."""

    organisation = CodeChoice(label="牵头单位代码 Lead's code")
    code = forms.CharField(label="编号 Code", max_length=60)
    name = forms.CharField(label="名称 Name", max_length=100)
    kind = forms.ChoiceField(label="类别 Kind", choices=BodyKind.choices)
    agreement = AgreementChoice(
        label="依据协议编号 Agreement's code", required=False, help_text="协议终止则随之终止 It ends with the agreement"
    )
    founded_on = DayField(label="成立日期 Founded on", required=False, help_text="筹建中的留空 Blank: being prepared")
    document = forms.CharField(label="文号 Document", max_length=100, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        choice = self.fields["agreement"]
        assert isinstance(choice, AgreementChoice)
        choice.agreements = agreements_of(actor)


class EndBodyForm(ScopedForm):
    """From when a body is no more."""

    ended_on = DayField(label="自此日起终止 Ends on", help_text="该日起不再存在 The first day without it")
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class MemberForm(PartnerForm):
    """A new member of a body."""

    role = forms.ChoiceField(label="身份 Role", choices=MemberRole.choices)
    founding = forms.BooleanField(label="发起单位 Founder", required=False)
    authority = forms.BooleanField(label="省级教育主管部门 Education authority of its province", required=False)
    joined_on = DayField(label="加入日期 Joined on")


class LeaveForm(ScopedForm):
    """From when a member no longer belongs."""

    left_on = DayField(label="自此日起退出 Left on", help_text="该日起不再是成员 The first day without it")


class ProjectForm(ScopedForm):
    """A new international project."""

    organisation = CodeChoice(label="我方院校代码 Institution's code")
    code = forms.CharField(label="项目编号 Code", max_length=60)
    name = forms.CharField(label="项目名称 Name", max_length=200)
    kind = forms.ChoiceField(label="类别 Kind", choices=ProjectKind.choices)
    country = CountryField(label="国别 Country", max_length=40, help_text="国名或两位代码 Its name or two letters")
    partner = forms.CharField(label="外方机构 Partner", max_length=200)
    since = DayField(label="生效日期 In force from")
    until = DayField(label="有效期至 Last day", required=False, help_text="长期有效的留空 Blank: no end")
    belt_and_road = forms.BooleanField(label="“一带一路”合作 Belt and Road", required=False)
    document = forms.CharField(label="文号 Document", max_length=100, required=False)


class EndProjectForm(ScopedForm):
    """A project's last day."""

    until = DayField(label="有效期至 Last day")
