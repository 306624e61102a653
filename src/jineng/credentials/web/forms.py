"""Forms of the room; they check shapes, the verbs decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from jineng.credentials.kinds import DeveloperRole, SkillLevel
from jineng.credentials.marking import Entry, parse_entry
from jineng.credentials.models import AssessmentComponent, CertificateType, PilotBatch, SkillStandard
from jineng.credentials.verbs.entering import Cell
from jineng.credentials.verbs.settling import Compared, Resolution
from jineng.kernel.records import STANDS
from jineng.registry.web.forms import DAY, CodeChoice, ReasonForm, ScopedForm

__all__ = [
    "ApplyForm",
    "CandidateForm",
    "DayForm",
    "DecideForm",
    "IssueForm",
    "MarksForm",
    "ReasonForm",
    "ResolveForm",
    "RevokeForm",
    "StandardForm",
]


def type_field() -> forms.ModelChoiceField[CertificateType]:
    """A certificate of the catalogue, chosen by its code."""
    return forms.ModelChoiceField(
        label="证书 Certificate",
        queryset=CertificateType.objects.filter(STANDS).order_by("code"),
        to_field_name="code",
    )


class StandardForm(ScopedForm):
    """A new standard and its lead developer."""

    name = forms.CharField(label="标准名称 Name", max_length=100)
    code = forms.CharField(label="标准代码 Code", max_length=30)
    levels = forms.MultipleChoiceField(
        label="等级 Levels", choices=SkillLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    developer = CodeChoice(label="开发单位代码 Developer's code")
    role = forms.ChoiceField(label="角色 Role", choices=DeveloperRole.choices)
    published_on = forms.DateField(label="发布日期 Published on", **DAY)
    document = forms.CharField(label="依据文号 Document", max_length=100, required=False)
    revises = forms.ModelChoiceField(
        label="修订自 Revises",
        queryset=SkillStandard.objects.filter(STANDS),
        to_field_name="code",
        widget=forms.TextInput,
        required=False,
        help_text="所修订标准的代码，自本标准发布之日起废止 Code of the standard that it replaces",
        error_messages={"invalid_choice": "没有此代码的标准，请核对。 No standard has this code; check it."},
    )


class DayForm(ScopedForm):
    """From when something ends."""

    on = forms.DateField(label="自此日起 From", help_text="此前的状态不变 What held before that day stays", **DAY)


class ApplyForm(ScopedForm):
    """An application to pilot a certificate at a level."""

    batch = forms.ModelChoiceField(
        label="批次 Batch", queryset=PilotBatch.objects.filter(STANDS).order_by("-number"), to_field_name="number"
    )
    institution = CodeChoice(label="院校代码 Institution's code")
    certificate = type_field()
    level = forms.ChoiceField(label="等级 Level", choices=SkillLevel.choices)
    planned = forms.IntegerField(label="计划人数 Planned candidates", min_value=1, max_value=100_000)
    applied_on = forms.DateField(label="申报日期 Applied on", **DAY)


class DecideForm(ScopedForm):
    """The answer to an application."""

    answer = forms.ChoiceField(
        label="结果 Answer", choices=[("approved", "批准 Approve"), ("refused", "不予通过 Refuse")]
    )
    on = forms.DateField(label="日期 On", **DAY)
    document = forms.CharField(label="批准文号 Document", max_length=100, required=False)


class CandidateForm(ScopedForm):
    """A learner to register for a session."""

    name = forms.CharField(label="姓名 Name", max_length=60)
    number = forms.CharField(label="居民身份证号 Resident ID number", max_length=18)
    school = CodeChoice(label="所在院校代码 School's code", required=False, help_text="不填为承办院校 Blank: the host")


class IssueForm(ScopedForm):
    """The day of issue of a session's certificates."""

    issued_on = forms.DateField(label="发证日期 Issued on", **DAY)


class RevokeForm(ScopedForm):
    """From when a certificate is not held any more, and why."""

    on = forms.DateField(label="自此日起 From", **DAY)
    reason = forms.CharField(label="撤销原因 Reason", max_length=300)


@dataclass(frozen=True)
class Seat:
    """A candidate as whoever enters results sees it."""

    candidate_id: UUID
    number: int
    name: str


class MarksForm(ScopedForm):
    """One page of a sheet: a field for every seat and part, blank where nothing is entered yet."""

    def __init__(
        self,
        *args: Any,
        seats: Sequence[Seat],
        parts: Sequence[AssessmentComponent],
        entered: dict[Cell, Entry],
        **kwargs: Any,
    ) -> None:
        self.seats, self.parts = list(seats), list(parts)
        initial = {
            f"m_{seat.number}_{part.order}": str(entered[seat.candidate_id, part.order])
            for seat in seats
            for part in parts
            if (seat.candidate_id, part.order) in entered
        }
        super().__init__(*args, initial=initial, **kwargs)
        for seat in self.seats:
            for part in self.parts:
                words = f"{seat.number} 号 {part.name}"
                self.fields[f"m_{seat.number}_{part.order}"] = forms.CharField(
                    label=words,
                    required=False,
                    max_length=10,
                    widget=forms.TextInput(attrs={"aria-label": words, "size": 6, "autocomplete": "off"}),
                )

    def rows(self) -> list[tuple[Seat, list[forms.BoundField]]]:
        """The fields by seat, part by part."""
        return [(seat, [self[f"m_{seat.number}_{part.order}"] for part in self.parts]) for seat in self.seats]

    def clean(self) -> dict[str, Any]:
        """Read what was typed; ``marks`` are entries, ``cleared`` the cells left blank."""
        data = super().clean() or {}
        marks: dict[Cell, Entry] = {}
        cleared: set[Cell] = set()
        for seat in self.seats:
            for part in self.parts:
                name, cell = f"m_{seat.number}_{part.order}", (seat.candidate_id, part.order)
                if not data.get(name):
                    cleared.add(cell)
                    continue
                try:
                    marks[cell] = parse_entry(data[name], part.full_marks)
                except ValueError as fault:
                    self.add_error(name, str(fault))
        return {"marks": marks, "cleared": cleared}


class ResolveForm(ScopedForm):
    """What holds where two sheets differ, and why."""

    def __init__(
        self,
        *args: Any,
        seats: dict[UUID, Seat],
        parts: Sequence[AssessmentComponent],
        compared: Compared,
        **kwargs: Any,
    ) -> None:
        self.compared, self.seats = compared, seats
        self.parts = {part.order: part for part in parts}
        super().__init__(*args, **kwargs)
        for candidate, order in compared.differing:
            number, words = seats[candidate].number, f"{seats[candidate].number} 号 {self.parts[order].name}"
            self.fields[f"v_{number}_{order}"] = forms.CharField(
                label=f"{words} 成绩",
                max_length=10,
                widget=forms.TextInput(attrs={"aria-label": f"{words} 成绩", "size": 6, "autocomplete": "off"}),
            )
            self.fields[f"r_{number}_{order}"] = forms.CharField(
                label=f"{words} 依据", max_length=300, widget=forms.TextInput(attrs={"aria-label": f"{words} 依据"})
            )

    def rows(self) -> list[dict[str, Any]]:
        """The differences, each with what both sheets say and the two fields."""
        return [
            {
                "seat": self.seats[candidate],
                "part": self.parts[order],
                "first": self.compared.first.get((candidate, order), "—"),
                "second": self.compared.second.get((candidate, order), "—"),
                "value": self[f"v_{self.seats[candidate].number}_{order}"],
                "reason": self[f"r_{self.seats[candidate].number}_{order}"],
            }
            for candidate, order in self.compared.differing
        ]

    def clean(self) -> dict[str, Any]:
        """The resolutions by cell."""
        data = super().clean() or {}
        resolutions: dict[Cell, Resolution] = {}
        for candidate, order in self.compared.differing:
            ending = f"{self.seats[candidate].number}_{order}"
            value, reason = data.get(f"v_{ending}"), data.get(f"r_{ending}")
            if value is None or reason is None:
                continue
            try:
                entry = parse_entry(value, self.parts[order].full_marks)
            except ValueError as fault:
                self.add_error(f"v_{ending}", str(fault))
            else:
                resolutions[candidate, order] = Resolution(entry, reason)
        return {"resolutions": resolutions}
