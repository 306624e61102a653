"""Skill-level standards of a reference year, filed as cases: their lead applies, the province files, some end.

Each deed is done on its day. What is left to do follows from where the register stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from jineng.cases.models import Case, Intake, Procedure
from jineng.cases.verbs import Draft, act_on_case, begin_cases, open_intake
from jineng.credentials.models import CertificateType, SkillStandard
from jineng.credentials.rules import say_levels
from jineng.credentials.verbs import withdraw_standard
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.reference.books import code_of
from jineng.reference.deeds import Deed
from jineng.reference.handing_in import hand_in_rows
from jineng.reference.parsing import Entry, read_entry
from jineng.reference.season import Season

PROCEDURE = "skill-standard"
INTAKE = "{year}年职业技能等级标准备案"
LEAD = "lead"
Row = dict[str, Any]


@dataclass(frozen=True)
class Standard:
    """A standard as the specification tells it: its columns, its levels, its developers with their roles (the first
    leads), the code of the edition that it revises, who reports it a second time."""

    row: Row
    levels: tuple[str, ...]
    developers: tuple[tuple[str, str], ...]
    revises: str | None
    also: str | None

    @property
    def code(self) -> str:
        """Its code."""
        return str(self.row["standard_code"])

    @property
    def published(self) -> date:
        """The day of its publication, on which it is filed."""
        day: date = self.row["published_on"]
        return day


def read_standards(told: Entry) -> list[Standard]:
    """The standards of a file, in its order."""
    found = []
    for each in told.rows("standards"):
        levels = each.texts("levels")
        row = {
            "standard_code": each.text("code"),
            "name": each.text("name"),
            "levels": say_levels(levels),
            "published_on": each.day("published"),
            "withdrawn_on": each.maybe_day("withdrawn"),
            "document": each.maybe_text("document"),
        }
        developers = tuple((one.text("organisation"), one.text("role")) for one in each.rows("developers"))
        found.append(Standard(row, levels, developers, each.maybe_text("revises"), each.maybe_text("also")))
    return found


def certificate_row(kind: Entry, codes: Mapping[str, str], standard: str | None) -> Row:
    """A certificate of the catalogue as its sheet tells it."""
    return {
        "certificate_code": kind.text("code"),
        "name": kind.text("name"),
        "levels": say_levels(kind.texts("levels")),
        "body_code": codes[kind.text("body")],
        "standard_code": standard,
        "listed_on": kind.day("listed"),
    }


def developer_rows(standard: Standard, codes: Mapping[str, str]) -> list[Row]:
    """A standard's developers as their sheet tells them."""
    return [{"standard_code": standard.code, "org_code": codes[one], "role": role} for one, role in standard.developers]


class Filing:
    """The filings of a year and of those before it, for standards published by its end."""

    def __init__(self, season: Season, folder: Path) -> None:
        told = read_entry(folder / "standards.yaml")
        self.season, self._settings = season, told.inner("filed")
        self._kinds = read_entry(folder / "certificates.yaml").rows("certificates")
        self.standards = [each for each in read_standards(told) if each.published <= season.specification.end]
        known = season.specification.organisations
        self._codes = {key: code_of(known[key], season.specification) for key in season.ids}

    def deeds(self) -> list[Deed]:
        """What is left to do, in order of time; asked at each start, and in a few queries."""
        with acting(self.season.province):
            rows = SkillStandard.objects.filter(STANDS).values_list("code", "pk", "withdrawn_on")
            known = {code: (pk, ended) for code, pk, ended in rows}
            named = dict(CertificateType.objects.filter(STANDS).values_list("code", "standard__code"))
        left = [deed for each in self.standards for deed in self._left(each, known)]
        wanted = {kind.text("code"): kind.maybe_text("standard") for kind in self._kinds}
        if any(named.get(code) != standard for code, standard in wanted.items()):
            left.append(Deed(self.season.specification.end, "证书目录", self._hand_in))
        return sorted(left, key=lambda deed: deed.day)

    def _left(self, standard: Standard, known: Mapping[str, tuple[Any, date | None]]) -> Iterator[Deed]:
        ended = standard.row["withdrawn_on"]
        if standard.code not in known:
            lead = self.season.officer(self.season.ids[standard.developers[0][0]])
            applied = standard.published - timedelta(days=self._settings.number("days_before"))
            yield Deed(applied, standard.code, partial(self._apply, standard, lead))
            yield Deed(standard.published, standard.code, partial(self._file, standard))
        if ended and (standard.code not in known or known[standard.code][1] is None):
            yield Deed(ended, standard.code, partial(self._withdraw, standard, ended))

    def _apply(self, standard: Standard, lead: Any) -> None:
        """The lead hands the standard in; the intake of that year is opened where it is the first."""
        intake = self._intake(standard.published.year)
        with acting(self.season.province):
            if Case.objects.filter(STANDS, intake=intake, title=self._title(standard)).exists():
                return
        answers = {
            "code": standard.code,
            "name": standard.row["name"],
            "levels": list(standard.levels),
            "published_on": f"{standard.published}",
            "revises": standard.revises or "",
            "document": standard.row["document"] or "",
            "partners": [{"code": self._codes[one], "role": role} for one, role in standard.developers[1:]],
            "basis": self._settings.text("basis"),
        }
        draft = Draft(self._title(standard), answers)
        begin_cases(actor=lead, intake_id=intake.pk, drafts=[draft], action="submit")

    def _file(self, standard: Standard) -> None:
        with acting(self.season.province):
            waiting = Case.objects.filter(STANDS, title=self._title(standard), stage="filing", outcome="")
            case = waiting.get(intake__name=INTAKE.format(year=standard.published.year))
        act_on_case(actor=self.season.province, case_id=case.pk, action="file")

    def _withdraw(self, standard: Standard, on: date) -> None:
        with acting(self.season.province):
            found = SkillStandard.objects.get(STANDS, code=standard.code)
        withdraw_standard(actor=self.season.province, standard_id=found.pk, on=on)

    def _intake(self, year: int) -> Intake:
        name, province = INTAKE.format(year=year), self.season.province
        with acting(province):
            found = Intake.objects.filter(STANDS, name=name).first()
            procedure = Procedure.objects.filter(STANDS, code=PROCEDURE, state="published").order_by("version")[0]
        first = date(year, 1, 1)
        with clock_at(first):
            return found or open_intake(
                actor=province,
                name=name,
                office_id=province.organisation_id,
                procedure_id=procedure.pk,
                opens_on=first - timedelta(days=self._settings.number("days_before")),
                closes_on=date(year, 12, 31),
            )

    def _hand_in(self) -> None:
        """The catalogue says which certificate follows which standard; some offices tell of a standard again."""
        rows = [certificate_row(kind, self._codes, kind.maybe_text("standard")) for kind in self._kinds]
        hand_in_rows(self.season.province, "职业技能等级证书-所依标准.xlsx", {"certificate_types": rows})
        for standard in self.standards:
            if standard.also:
                sheets = {
                    "skill_standards": [standard.row],
                    "standard_developers": developer_rows(standard, self._codes),
                }
                officer = self.season.officer(self.season.ids[standard.also])
                hand_in_rows(officer, f"职业技能等级标准-{standard.code}.xlsx", sheets)

    @staticmethod
    def _title(standard: Standard) -> str:
        return f"{standard.code} {standard.row['name']}"
