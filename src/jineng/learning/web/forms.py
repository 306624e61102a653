"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from jineng.engines.exchange.codes import resident_id_fault
from jineng.learning.kinds import CourseKind, Department, EnrolmentState, Mode, Presence, Theme
from jineng.learning.models import Enrolment
from jineng.learning.queries import course_named, field_names
from jineng.registry.kinds import DocumentKind
from jineng.registry.web.forms import CodeChoice, ScopedForm

WEEKDAYS = tuple(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日")))


class DayField(forms.DateField):
    """A day, picked from a calendar where the browser has one."""

    # Browsers read nothing but ISO 8601 here, whatever the language of the page.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HourField(forms.TimeField):
    """A time of day, picked where the browser can."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _fields() -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in sorted(field_names().items())]


class FieldForm(ScopedForm):
    """What a field is from a day on."""

    code = forms.CharField(label="领域代码 Code", max_length=20)
    since = DayField(label="自 Since")
    name = forms.CharField(label="领域名称 Name", max_length=60)
    is_rural = forms.BooleanField(label="涉农 Agriculture-related", required=False)
    theme = forms.ChoiceField(label="专题 Theme", choices=Theme.choices, required=False)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)


class CourseForm(ScopedForm):
    """A new course."""

    owner = CodeChoice(label="所属机构代码 Owner's code")
    code = forms.CharField(label="课程代码 Code", max_length=30)
    name = forms.CharField(label="课程名称 Name", max_length=100)
    kind = forms.ChoiceField(label="课程类型 Kind", choices=CourseKind.choices)
    field_code = forms.ChoiceField(label="领域 Field", choices=_fields)
    hours = forms.IntegerField(label="学时 Hours", min_value=1, max_value=100_000, required=False)


class CorrectCourseForm(ScopedForm):
    """A course as it should be."""

    name = forms.CharField(label="课程名称 Name", max_length=100)
    kind = forms.ChoiceField(label="课程类型 Kind", choices=CourseKind.choices)
    field_code = forms.ChoiceField(label="领域 Field", choices=_fields)
    hours = forms.IntegerField(label="学时 Hours", min_value=1, max_value=100_000, required=False)
    reason = forms.CharField(label="更正原因 Reason", max_length=300)


class ClassForm(ScopedForm):
    """A new class."""

    organiser = CodeChoice(label="举办机构代码 Organiser's code")
    course_owner = forms.CharField(
        label="课程所属机构代码 Course owner's code",
        max_length=18,
        required=False,
        help_text="不填表示举办机构自己的课程 Blank: the organiser's own course",
    )
    course = forms.CharField(label="课程代码 Course code", max_length=30)
    code = forms.CharField(
        label="班次编号 Number of the class", max_length=30, help_text="本机构内不重复 Unique at the organiser"
    )
    department = forms.ChoiceField(label="经费部门 Funding department", choices=Department.choices)
    mode = forms.ChoiceField(label="方式 Mode", choices=Mode.choices)
    place = forms.CharField(label="地点 Place", max_length=100, required=False)
    hours = forms.IntegerField(label="学时 Hours", min_value=1, max_value=100_000)
    capacity = forms.IntegerField(
        label="容量 Seats", min_value=1, max_value=1_000_000, required=False, help_text="不填表示不限 Blank: no limit"
    )
    signup_from = DayField(label="报名自 Sign-up from", required=False)
    starts_on = DayField(label="开班日期 Starts on")
    ends_on = DayField(label="结束日期 Ends on")

    def clean(self) -> dict[str, Any]:
        """The course that the two codes name."""
        data = super().clean() or {}
        organiser, code = data.get("organiser"), data.get("course")
        owner = data.pop("course_owner", "") or (organiser.code if organiser else "")
        if owner and code:
            course = course_named(owner, code)
            if course is None:
                self.add_error("course", "该机构没有此代码的课程。 This owner has no course of this code.")
            data["course"] = course
        return data


class CorrectClassForm(ScopedForm):
    """A class as it should be."""

    department = forms.ChoiceField(label="经费部门 Funding department", choices=Department.choices)
    mode = forms.ChoiceField(label="方式 Mode", choices=Mode.choices)
    place = forms.CharField(label="地点 Place", max_length=100, required=False)
    hours = forms.IntegerField(label="学时 Hours", min_value=1, max_value=100_000)
    capacity = forms.IntegerField(label="容量 Seats", min_value=1, max_value=1_000_000, required=False)
    signup_from = DayField(label="报名自 Sign-up from", required=False)
    starts_on = DayField(label="开班日期 Starts on")
    ends_on = DayField(label="结束日期 Ends on")
    reason = forms.CharField(label="更正原因 Reason", max_length=300)


class CancelForm(ScopedForm):
    """From when a class is not held, and why."""

    cancelled_on = DayField(label="取消日期 Cancelled on")
    reason = forms.CharField(label="取消原因 Reason", max_length=300)


class EnrolForm(ScopedForm):
    """Somebody who signs up."""

    name = forms.CharField(label="姓名 Name", max_length=60)
    document = forms.ChoiceField(label="证件类型 Document", choices=DocumentKind.choices)
    number = forms.CharField(label="证件号码 Number", max_length=20)

    def clean(self) -> dict[str, Any]:
        """A resident number has its check character."""
        data = super().clean() or {}
        number = (data.get("number") or "").strip().upper()
        if number and data.get("document") == DocumentKind.RESIDENT_ID and resident_id_fault(number):
            self.add_error("number", "居民身份证号不对，请核对全部 18 位。 Not a valid resident ID number.")
        data["number"] = number
        return data


class WithdrawForm(ScopedForm):
    """From when somebody is no longer in the class."""

    left_on = DayField(label="退出日期 Left on")


class CorrectEnrolmentForm(ScopedForm):
    """An enrolment as it should be."""

    state = forms.ChoiceField(label="状态 State", choices=EnrolmentState.choices)
    applied_on = DayField(label="报名日期 Applied on")
    enrolled_on = DayField(label="入班日期 Enrolled on", required=False)
    ended_on = DayField(label="结束日期 Ended on", required=False)
    list_number = forms.CharField(label="结业名册号 Completion list", max_length=60, required=False)
    reason = forms.CharField(label="更正原因 Reason", max_length=300)


class SessionsForm(ScopedForm):
    """When a class meets: one day, or certain days of the week until another day."""

    first = DayField(label="日期 First day")
    last = DayField(label="至 Until", required=False, help_text="只上一次的不填 Blank for one session")
    weekdays = forms.TypedMultipleChoiceField(
        label="每周 On", choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts = HourField(label="开始 Starts")
    ends = HourField(label="结束 Ends")
    place = forms.CharField(label="地点 Place", max_length=100, required=False)
    topic = forms.CharField(label="内容 Topic", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """The days, at most a year of them."""
        data = super().clean() or {}
        first, last = data.pop("first", None), data.pop("last", None)
        chosen = set(data.pop("weekdays", ()))
        if first is None:
            return data
        if last is not None and not timedelta(0) <= last - first <= timedelta(days=366):
            self.add_error("last", "应晚于第一天，且不超过一年。 It lies after the first day, within a year.")
            return data
        data["days"] = _days(first, last or first, chosen)
        return data


def _days(first: date, last: date, weekdays: set[int]) -> list[date]:
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [day for day in days if not weekdays or day.weekday() in weekdays]


class AttendanceForm(ScopedForm):
    """How everybody of a class attended a session: one field per learner, named by the enrolment."""

    def __init__(self, *args: Any, learners: list[Enrolment], known: dict[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, seat in enumerate(learners, 1):
            self.fields[f"seat-{seat.pk}"] = forms.ChoiceField(
                label=f"{place}　{seat.person.masked_name}",
                choices=Presence.choices,
                initial=known.get(seat.pk, Presence.PRESENT),
                widget=forms.RadioSelect,
            )
        self._seats = [seat.pk for seat in learners]

    def marks(self) -> dict[Any, str]:
        """The marks by enrolment."""
        return {pk: self.cleaned_data[f"seat-{pk}"] for pk in self._seats}


class CompleteForm(ScopedForm):
    """Who finished a class, when, on which list."""

    completed_on = DayField(label="结班日期 Completed on")
    list_number = forms.CharField(label="结业名册号 Number of the list", max_length=60, required=False)
    completed = forms.MultipleChoiceField(
        label="结业学员 Completed",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="未勾选的为未结业 Whoever is not ticked did not complete",
    )

    def __init__(self, *args: Any, learners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["completed"].choices = learners  # type: ignore[attr-defined]
