"""双师型认定标准, 双师型认定条件, 职业发展贯通: what a version of the standard asks, as the province declares it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.scope import visible
from jineng.workforce.exchange import sheets
from jineng.workforce.exchange.checks import Text, check_order, refuse
from jineng.workforce.kinds import ConditionKind
from jineng.workforce.models import CareerBridge, Standard, StandardCondition, StandardLevel
from jineng.workforce.rules import AMOUNTS, OPTIONS

DAYS_PER_MONTH = 30
CHANGED: Text = (
    "已有教师按此版本认定，不能再改。",
    "Teachers were recognised by this version, so it stays as it is.",
    "请填写废止日期，另立新版本。",
    "End this version and declare a new one.",
)
CONTRADICTS: Text = (
    "与同一版本其他行的内容不同。",
    "It differs from the other rows of this version.",
    "同一版本各行的名称、文号、日期、折算天数应一致。",
    "Name, document, dates and days must be the same in all rows of a version.",
)
SAME_DAY: Text = (
    "另一版本自同日施行。",
    "Another version is in force from the same day.",
    "请核对施行日期，或更正已有的版本。",
    "Check the day, or correct the other version.",
)
BAD_OPTION: Text = (
    "这类条件没有这个要求。",
    "This kind of condition has no such option.",
    "请按代码表的名称填写；不需要的留空。",
    "Use a name of the code list; leave it blank where none is needed.",
)
AMOUNT_NEEDED: Text = (
    "这类条件须填数量。",
    "This kind of condition needs an amount.",
    "请填写月数或年数。",
    "Fill in months or years.",
)
Facts = tuple[Any, ...]


class StandardLanding(Landing):
    """Brings the sheet 双师型认定标准 into the register: versions, and their levels."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_CATALOGUE
    sheet: ClassVar[Sheet] = sheets.STANDARDS
    versions = Merge(
        Standard,
        (
            Field("code", key=True),
            Field("name"),
            Field("document"),
            Field("in_force_from"),
            Field("in_force_until"),
            Field("days_per_month"),
        ),
        ("code", "name", "document", "in_force_from", "in_force_until", "days_per_month"),
    )
    levels = Merge(
        StandardLevel,
        (Field("standard_id", key=True), Field("level", key=True), Field("recogniser"), Field("valid_years")),
        ("code", "level", "recogniser", "valid_years"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """One version from the rows of one code, which must agree; a level from each row."""
        check_order(hall, table, "in_force_from", "in_force_until")
        facts = {index: self._facts(table, index) for index in hall.good(table)}
        first: dict[str, int] = {}
        for index, version in facts.items():
            other = facts[first.setdefault(version[0], index)]
            if other != version:
                _refuse_difference(hall, table, index, self.versions, version, other, CONTRADICTS)
        self._keep_used(hall, table, facts)
        self._one_begins(hall, table, {index: facts[index] for index in first.values()})
        sound = set(hall.good(table))
        whole = [index for index in first.values() if index in sound]
        hall.merge(table, self.versions, whole, [facts[index] for index in whole])
        ids = dict(Standard.objects.filter(STANDS, code__in=first).values_list("code", "pk"))
        good = [index for index in hall.good(table) if table.columns["code"][index] in ids]
        column = table.columns
        rows = [
            (ids[column["code"][i]], column["level"][i], column["recogniser"][i], column["valid_years"][i])
            for i in good
        ]
        hall.merge(table, self.levels, good, rows)

    @staticmethod
    def _facts(table: Table, index: int) -> Facts:
        names = ("code", "name", "document", "in_force_from", "in_force_until", "days_per_month")
        values = [table.columns[name][index] for name in names]
        return *values[:-1], values[-1] or DAYS_PER_MONTH

    def _keep_used(self, hall: Hall, table: Table, facts: dict[int, Facts]) -> None:
        """Refuse rows that would change a version that teachers were recognised by; its end may be told."""
        used = used_standards({version[0] for version in facts.values()})
        levels = StandardLevel.objects.filter(STANDS, standard__in=used.values())
        asked = {
            (code, level): rest
            for code, level, *rest in levels.values_list("standard__code", "level", "recogniser", "valid_years")
        }
        known = {
            row[0]: row for row in Standard.objects.filter(pk__in=used.values()).values_list(*self.versions.columns)
        }
        column = table.columns
        for index, version in facts.items():
            if version[0] not in used:
                continue
            before = known[version[0]]
            if version[:4] != before[:4] or version[5] != before[5]:
                without_end = (*version[:4], before[4], version[5])
                _refuse_difference(hall, table, index, self.versions, without_end, before, CHANGED)
            level = asked.get((version[0], column["level"][index]))
            if level != [column["recogniser"][index], column["valid_years"][index]]:
                refuse(hall, table, index, "level", ErrorCode.CONFLICT, CHANGED)

    @staticmethod
    def _one_begins(hall: Hall, table: Table, facts: dict[int, Facts]) -> None:
        """Refuse a version that begins on the day of another, so that every day has one law."""
        begun = {since: code for code, since in Standard.objects.filter(STANDS).values_list("code", "in_force_from")}
        for index, version in facts.items():
            if begun.setdefault(version[3], version[0]) != version[0]:
                refuse(hall, table, index, "in_force_from", ErrorCode.CONFLICT, SAME_DAY)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Versions in force on a day of ``year`` at least, a row for each level."""
        rows = visible(actor, StandardLevel).filter(STANDS, standard__voided_at__isnull=True)
        return (
            rows.filter(standard__in_force_from__lte=date(year, 12, 31))
            .exclude(standard__in_force_until__lte=date(year, 1, 1))
            .order_by("standard__code", "level")
            .values_list(*(f"standard__{name}" for name in self.versions.columns), "level", "recogniser", "valid_years")
        )


class ConditionLanding(Landing):
    """Brings the sheet 双师型认定条件 into the register."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_CATALOGUE
    sheet: ClassVar[Sheet] = sheets.CONDITIONS
    facts = ("kind", "option", "series", "amount", "window_years", "bridged")
    spec = Merge(
        StandardCondition,
        (
            Field("of_level_id", key=True),
            Field("item", key=True),
            Field("alternative", key=True),
            *(Field(name) for name in facts),
        ),
        ("level", "item", "alternative", *facts),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find the level of the version, read the option by the kind of condition, merge."""
        column = table.columns
        levels = StandardLevel.objects.filter(STANDS, standard__voided_at__isnull=True)
        ids = {
            (code, level): pk
            for code, level, pk in levels.filter(standard__code__in=set(column["code"])).values_list(
                "standard__code", "level", "pk"
            )
        }
        rows: dict[int, Facts] = {}
        for index, (code, level) in enumerate(zip(column["code"], column["level"], strict=True)):
            of_level = ids.get((code, level))
            if of_level is None:
                hall.unknown(table, index, "level", "版本和等级", "version and level")
            else:
                rows[index] = self._row(hall, table, index, of_level)
        self._keep_used(hall, table, rows)
        good = [index for index in hall.good(table) if index in rows]
        hall.merge(table, self.spec, good, [rows[index] for index in good])

    def _row(self, hall: Hall, table: Table, index: int, of_level: UUID) -> Facts:
        cell = {name: values[index] for name, values in table.columns.items()}
        kind, option = cell["kind"], cell["option"] or ""
        codes = {str(label): value for value, label in OPTIONS[kind].choices} if kind in OPTIONS else {"": ""}
        if option not in codes:
            refuse(hall, table, index, "option", ErrorCode.UNKNOWN_REFERENCE, BAD_OPTION)
        if kind in AMOUNTS and not cell["amount"]:
            refuse(hall, table, index, "amount", ErrorCode.REQUIRED, AMOUNT_NEEDED)
        return (
            of_level,
            cell["item"],
            cell["alternative"] or 1,
            kind,
            codes.get(option, ""),
            (cell["series"] or "") if kind == ConditionKind.TITLE else "",
            cell["amount"] or 0,
            cell["window_years"],
            bool(cell["bridged"]),
        )

    def _keep_used(self, hall: Hall, table: Table, rows: dict[int, Facts]) -> None:
        """Refuse rows that would change, or add to, a version that teachers were recognised by."""
        used = used_standards(set(table.columns["code"]))
        known = StandardCondition.objects.filter(STANDS, of_level__standard__in=used.values())
        asked = {row[:3]: row for row in known.values_list(*self.spec.columns)}
        for index, row in rows.items():
            if table.columns["code"][index] in used and asked.get(row[:3]) != row:
                refuse(hall, table, index, "item", ErrorCode.CONFLICT, CHANGED)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Conditions of the versions in force on a day of ``year`` at least."""
        rows = visible(actor, StandardCondition).filter(STANDS, of_level__standard__voided_at__isnull=True)
        found = (
            rows.filter(of_level__standard__in_force_from__lte=date(year, 12, 31))
            .exclude(of_level__standard__in_force_until__lte=date(year, 1, 1))
            .order_by("of_level__standard__code", "of_level__level", "item", "alternative")
            .values_list("of_level__standard__code", "of_level__level", *self.spec.columns[1:])
        )
        for code, level, item, alternative, kind, option, series, amount, window, bridged in found:
            label = str(OPTIONS[kind](option).label) if kind in OPTIONS else None
            yield code, level, item, alternative, kind, label, series or None, amount, window, bridged


class BridgeLanding(Landing):
    """Brings the sheet 职业发展贯通 into the register."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_CATALOGUE
    sheet: ClassVar[Sheet] = sheets.BRIDGES
    columns = ("grade", "series", "level", "since", "years", "until", "document")
    spec = Merge(CareerBridge, tuple(Field(name, key=place < 4) for place, name in enumerate(columns)), columns)

    def land(self, table: Table, hall: Hall) -> None:
        """A blank number of years is none."""
        check_order(hall, table, "since", "until")
        good = hall.good(table)
        cells = [[table.columns[name][index] for name in self.columns] for index in good]
        hall.merge(table, self.spec, good, [[*row[:4], row[4] or 0, *row[5:]] for row in cells])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Bridges that hold on a day of ``year`` at least."""
        return (
            visible(actor, CareerBridge)
            .filter(STANDS, since__lte=date(year, 12, 31))
            .exclude(until__lte=date(year, 1, 1))
            .order_by("series", "level", "grade", "since")
            .values_list("grade", "series", "level", "years", "since", "until", "document")
        )


def used_standards(codes: Iterable[str]) -> dict[str, UUID]:
    """Ids of the versions among ``codes`` that a teacher was ever recognised by."""
    found = Standard.objects.filter(STANDS, code__in=list(codes), recognitions__isnull=False)
    return dict(found.values_list("code", "pk").distinct())


def _refuse_difference(hall: Hall, table: Table, index: int, spec: Merge, row: Facts, other: Facts, text: Text) -> None:
    """Refuse the first cell in which ``row`` differs from ``other``."""
    column = next(name for name, mine, theirs in zip(spec.sheet_columns, row, other, strict=True) if mine != theirs)
    refuse(hall, table, index, column, ErrorCode.CONFLICT, text)
