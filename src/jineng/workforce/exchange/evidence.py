"""教师证书, 专业技术职务, 企业实践: what a teacher can show, one row per certificate, title or stay."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible
from jineng.workforce.exchange import sheets
from jineng.workforce.exchange.checks import Text, check_order, refuse, resolve_teachers, rows_of
from jineng.workforce.exchange.voiding import land
from jineng.workforce.kinds import QualificationKind
from jineng.workforce.models import PracticeStay, Qualification, Title

GRADE_NEEDED: Text = (
    "技能等级证书须填等级。",
    "A skill certificate needs its grade.",
    "请选择技能等级。",
    "Choose the grade.",
)
NO_GRADE: Text = (
    "只有技能等级证书有等级。",
    "Only skill certificates have a grade.",
    "请清空此格，或改正类别。",
    "Clear the cell, or correct the kind.",
)
TOO_MANY_DAYS: Text = (
    "累计天数多于起止日期之间的天数。",
    "More days than lie between first and last day.",
    "请核对天数和日期。",
    "Check the days and the dates.",
)
ENDS_BEFORE: Text = (
    "结束日期早于起始日期。",
    "The last day lies before the first.",
    "请核对两个日期。",
    "Check both dates.",
)


class _EvidenceLanding(Landing):
    """What the three sheets share: rows name a teacher and say one thing that the teacher can show."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_WORKFORCE
    spec: ClassVar[Merge]
    began: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    """Columns of sheet and model alike, behind the person's; blank texts are stored as empty."""
    texts: ClassVar[frozenset[str]] = frozenset()

    def land(self, table: Table, hall: Hall) -> None:
        """Find the teachers, check the row, merge."""
        people = resolve_teachers(hall, table)
        self.check(table, hall)
        column = table.columns

        def make(index: int, person: UUID) -> Sequence[Any]:
            facts = (
                (column[name][index] or "") if name in self.texts else column[name][index] for name in self.columns
            )
            return person, *facts

        land(hall, table, self.spec, rows_of(people, hall.good(table), make))

    @abstractmethod
    def check(self, table: Table, hall: Hall) -> None:
        """Refuse what contradicts itself."""

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What began by the end of ``year``, of teachers in the scope; nothing where names may not be read."""
        if not actor.may(Right.VIEW_PERSONAL_DATA):
            return
        model: type[Recorded] = self.spec.model
        found: QuerySet[Any] = visible(actor, model).filter(STANDS, **{f"{self.began}__lte": date(year, 12, 31)})
        rows = list(found.order_by(self.began, "id").values_list("person", *self.columns))
        people = identities_of(actor, {row[0] for row in rows})
        for person, *facts in rows:
            if (who := people.get(person)) is not None and who.number:
                yield who.number, who.name, *(fact if fact != "" else None for fact in facts), None, None


def _merge(model: type[Recorded], columns: Sequence[str], key: Sequence[str]) -> Merge:
    fields = (Field("person_id", key=True), *(Field(name, key=name in key) for name in columns))
    return Merge(model, fields, ("resident_id", *columns))


class QualificationLanding(_EvidenceLanding):
    """Brings the sheet 教师证书 into the register."""

    sheet: ClassVar[Sheet] = sheets.QUALIFICATIONS
    began = "issued_on"
    columns = ("kind", "name", "grade", "issuer", "issued_on", "until")
    texts = frozenset({"grade", "issuer"})
    spec = _merge(Qualification, columns, ("kind", "name", "issued_on"))

    def check(self, table: Table, hall: Hall) -> None:
        """A skill certificate has a grade, others have none."""
        check_order(hall, table, "issued_on", "until")
        for index, (kind, grade) in enumerate(zip(table.columns["kind"], table.columns["grade"], strict=True)):
            if kind == QualificationKind.SKILL and not grade:
                refuse(hall, table, index, "grade", ErrorCode.REQUIRED, GRADE_NEEDED)
            elif kind != QualificationKind.SKILL and grade:
                refuse(hall, table, index, "grade", ErrorCode.CONFLICT, NO_GRADE)


class TitleLanding(_EvidenceLanding):
    """Brings the sheet 专业技术职务 into the register."""

    sheet: ClassVar[Sheet] = sheets.TITLES
    began = "awarded_on"
    columns = ("series", "level", "awarded_on", "until", "document")
    texts = frozenset({"document"})
    spec = _merge(Title, columns, ("series", "level", "awarded_on"))

    def check(self, table: Table, hall: Hall) -> None:
        """A title is withdrawn after it was awarded."""
        check_order(hall, table, "awarded_on", "until")


class PracticeLanding(_EvidenceLanding):
    """Brings the sheet 企业实践 into the register."""

    sheet: ClassVar[Sheet] = sheets.STAYS
    began = "first_day"
    columns = ("kind", "place", "first_day", "last_day", "days", "content")
    texts = frozenset({"content"})
    spec = _merge(PracticeStay, columns, ("place", "first_day"))

    def check(self, table: Table, hall: Hall) -> None:
        """The days fit between first and last."""
        for index, (first, last, days) in enumerate(_stays(table)):
            if last < first:
                refuse(hall, table, index, "last_day", ErrorCode.OUT_OF_RANGE, ENDS_BEFORE)
            elif days > (last - first).days + 1:
                refuse(hall, table, index, "days", ErrorCode.OUT_OF_RANGE, TOO_MANY_DAYS)


def _stays(table: Table) -> Iterator[tuple[date, date, int]]:
    column = table.columns
    return zip(column["first_day"], column["last_day"], column["days"], strict=True)
