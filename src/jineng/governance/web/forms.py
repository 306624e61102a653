"""Forms of policies, groups, coverage, events and counties; they check shapes, the verbs decide."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms

from jineng.governance import kinds
from jineng.governance.models import Policy
from jineng.governance.topics import ALL as TOPICS
from jineng.kernel.records import STANDS
from jineng.registry.models import Organisation
from jineng.registry.web.forms import DAY, CodeChoice, ReasonForm, ScopedForm

__all__ = [
    "AddIssuerForm",
    "CountyFactForm",
    "DissolveForm",
    "EndFactForm",
    "ExhibitForm",
    "GroupForm",
    "IssueForm",
    "MemberForm",
    "OccasionForm",
    "ParticipantForm",
    "PolicyForm",
    "PressForm",
    "ReasonForm",
    "RepealForm",
]
SEPARATORS = re.compile(r"[、,，;；\s]+")
TOPIC_CHOICES = [("", "—"), *((topic.code, topic.name) for topic in TOPICS)]
DEPARTMENTS = [("", "—"), *kinds.Department.choices]


def by_codes(codes: list[str]) -> dict[str, UUID]:
    """Ids of the organisations with these codes, as far as whoever acts sees them.

    Raises:
        ValidationError: one is unknown.
    """
    known = dict(Organisation.objects.filter(STANDS, code__in=codes).values_list("code", "id"))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise forms.ValidationError(
            f"没有代码为 {'、'.join(unknown)} 的机构。 No organisation has this code.", code="unknown"
        )
    return known


class CodesField(forms.CharField):
    """Organisations by their codes, in order."""

    def clean(self, value: Any) -> list[UUID]:
        """Ids of the organisations that the codes name."""
        codes = [code for code in SEPARATORS.split(super().clean(value)) if code]
        known = by_codes(codes)
        return [known[code] for code in codes]


class AnyCode(forms.CharField):
    """One organisation by its code, also outside the scope."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=18, **kwargs)

    def clean(self, value: Any) -> UUID | None:
        """Id of the organisation that the code names, nothing for no code."""
        code = super().clean(value).strip()
        return by_codes([code])[code] if code else None


class PolicyNumber(forms.CharField):
    """A policy by its number."""

    def clean(self, value: Any) -> UUID | None:
        """Id of the policy, nothing for no number."""
        number = super().clean(value).strip()
        if not number:
            return None
        found = Policy.objects.filter(STANDS, number=number).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError("没有此文号的文件。 No policy has this number.", code="unknown")
        return found


class PolicyForm(ScopedForm):
    """A new policy, or a draft."""

    number = forms.CharField(label="文号 Number", max_length=80, help_text="草案填拟稿编号 A draft has one of your own")
    title = forms.CharField(label="标题 Title", max_length=200)
    issuers = CodesField(label="印发单位代码 Issued by", help_text="按署名次序，用“、”隔开 In order of signing")
    level = forms.ChoiceField(label="级别 Level", choices=kinds.Level.choices, initial="provincial")
    kind = forms.ChoiceField(label="类型 Kind", choices=kinds.PolicyKind.choices)
    topic = forms.ChoiceField(label="主题 Topic", choices=TOPIC_CHOICES, required=False)
    scope = forms.CharField(label="适用范围 Scope", max_length=200, required=False)
    issued_on = forms.DateField(label="印发日期 Issued on", required=False, help_text="草案留空 Blank: a draft", **DAY)
    replaces = PolicyNumber(label="替代文号 Replaces", required=False)


class IssueForm(ScopedForm):
    """A draft's number and day of issue."""

    number = forms.CharField(label="文号 Number", max_length=80)
    issued_on = forms.DateField(label="印发日期 Issued on", **DAY)


class AddIssuerForm(ScopedForm):
    """A department that signs too."""

    organisation = AnyCode(label="印发单位代码 Department's code")
    signed_on = forms.DateField(
        label="签署日期 Signed on", required=False, help_text="不填与印发同日 Blank: with the issue", **DAY
    )


class RepealForm(ScopedForm):
    """From when a policy is no longer in force."""

    repealed_on = forms.DateField(label="自此日起废止 Repealed from", **DAY)


class GroupForm(ScopedForm):
    """A new leading group."""

    organisation = CodeChoice(label="成立单位代码 Formed by")
    name = forms.CharField(label="名称 Name", max_length=100)
    level = forms.ChoiceField(label="级别 Level", choices=kinds.Level.choices)
    formed_on = forms.DateField(label="成立日期 Formed on", **DAY)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class MemberForm(ScopedForm):
    """A new member of a group."""

    organisation = AnyCode(label="单位代码 Organisation's code")
    post_title = forms.CharField(
        label="职务 Post",
        max_length=60,
        required=False,
        help_text="单位本身为成员的留空 Blank: the organisation itself",
    )
    role = forms.ChoiceField(label="角色 Role", choices=kinds.MemberRole.choices)
    since = forms.DateField(label="自 Since", required=False, help_text="不填为成立日期 Blank: from the forming", **DAY)


class DissolveForm(ScopedForm):
    """From when a group is no longer in being."""

    dissolved_on = forms.DateField(label="自此日起撤销 Dissolved from", **DAY)


class PressForm(ScopedForm):
    """A new piece of coverage."""

    organisation = CodeChoice(label="报道对象代码 About")
    outlet = forms.CharField(label="媒体 Outlet", max_length=60)
    published_on = forms.DateField(label="刊发日期 Published on", **DAY)
    title = forms.CharField(label="标题 Title", max_length=200)
    level = forms.ChoiceField(label="媒体级别 Level", choices=kinds.Level.choices)
    topic = forms.ChoiceField(label="主题 Topic", choices=TOPIC_CHOICES, required=False)


class OccasionForm(ScopedForm):
    """A new event."""

    host = CodeChoice(label="主办单位代码 Host")
    name = forms.CharField(label="名称 Name", max_length=120)
    kind = forms.ChoiceField(label="类别 Kind", choices=kinds.OccasionKind.choices)
    level = forms.ChoiceField(label="级别 Level", choices=kinds.Level.choices)
    begins_on = forms.DateField(label="开始日期 Begins on", **DAY)
    ends_on = forms.DateField(label="结束日期 Ends on", required=False, **DAY)
    place = forms.CharField(label="地点 Place", max_length=100, required=False)
    attendance = forms.IntegerField(label="参加人次 Attendance", min_value=0, required=False)


class ParticipantForm(ScopedForm):
    """Who took part."""

    organisation = AnyCode(label="单位代码 Organisation's code")
    role = forms.ChoiceField(label="角色 Role", choices=kinds.ParticipantRole.choices)
    people = forms.IntegerField(label="人数 People", min_value=0, required=False)


class ExhibitForm(ScopedForm):
    """What was shown."""

    organisation = AnyCode(label="展出单位代码 Shown by")
    title = forms.CharField(label="展品 Title", max_length=120)
    kind = forms.ChoiceField(label="类别 Kind", choices=kinds.ItemKind.choices)
    notes = forms.CharField(label="说明 Notes", max_length=300, required=False)


class CountyFactForm(ScopedForm):
    """A new fact of a county."""

    office = CodeChoice(label="县区教育局代码 County's education department")
    item = forms.ChoiceField(label="事项 Item", choices=kinds.CountyItem.choices)
    since = forms.DateField(label="自 Since", **DAY)
    organisation = AnyCode(
        label="学校或中心代码 School or centre", required=False, help_text="事项为学校、中心的填 For school and centre"
    )
    post_title = forms.CharField(
        label="兼任领导职务 Leader's post",
        max_length=60,
        required=False,
        help_text="如县长；事项为主任兼任的填 For the director",
    )
    department = forms.ChoiceField(
        label="统筹部门 Department", choices=DEPARTMENTS, required=False, help_text="事项为统筹部门的填 For pooling"
    )
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class EndFactForm(ScopedForm):
    """From when a fact no longer holds."""

    until = forms.DateField(label="自此日起终止 Ends on", **DAY)
