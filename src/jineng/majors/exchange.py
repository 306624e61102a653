"""The sheet 专业点 of the yearly return: how offerings come in and go out as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from jineng.engines.exchange import Column, ErrorCode, Kind, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge, register
from jineng.kernel.rights import Right
from jineng.majors.models import Major, MajorOffering
from jineng.majors.queries import kinds_by_day, major_facts, visible_offerings
from jineng.majors.rules import OVERLAPS, Fault, MajorFacts, bare_code, faults, overlap
from jineng.majors.voiding import land_voids, need_reasons
from jineng.registry.exchange import resolve_column

ORDER = 200
OFFERINGS = Sheet(
    "offerings",
    "专业点",
    (
        Column(
            "org_code",
            "机构代码",
            Kind.CODE,
            required=True,
            max_length=18,
            refers_to="organisation",
            help="开设机构的代码，如学校标识码。",
        ),
        Column(
            "major_code",
            "专业代码",
            Kind.CODE,
            required=True,
            max_length=7,
            refers_to="major",
            help="专业目录中的6位代码；国控专业末尾的K可写可不写。",
        ),
        Column(
            "duration",
            "修业年限",
            Kind.DECIMAL,
            required=True,
            unit="年",
            minimum=Decimal(1),
            maximum=Decimal(8),
            help="同一专业不同年限各填一行。",
        ),
        Column("opened_on", "开设日期", Kind.DATE, required=True, help="自该日起开设。"),
        Column("revoked_on", "撤销日期", Kind.DATE, help="自该日起不再开设；仍在开设的留空。"),
        Column("document", "文号", Kind.TEXT, max_length=100, help="备案或批准文号；国控专业必填。"),
        Column("voided", "作废", Kind.BOOLEAN, help="误报、从未开设的填“是”；停办的不在此填，填撤销日期。"),
        Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。"),
    ),
    key=("org_code", "major_code", "duration", "opened_on"),
    note="一行是一个机构以一种修业年限开设的一个专业。停办后重开的，另起一行。",
)
MERGE = Merge(
    model=MajorOffering,
    fields=(
        Field("organisation_id", key=True),
        Field("major_id", key=True),
        Field("duration_years", key=True),
        Field("opened_on", key=True),
        Field("revoked_on"),
        Field("document"),
    ),
    sheet_columns=("org_code", "major_code", "duration", "opened_on", "revoked_on", "document"),
)
Row = tuple[UUID, UUID, Decimal, date, date | None, str]
Course = tuple[UUID, UUID, Decimal]
Span = tuple[date, date | None]


class OfferingsLanding(Landing):
    """Brings the sheet 专业点 into the register."""

    sheet: ClassVar[Sheet] = OFFERINGS
    right: ClassVar[Right] = Right.EDIT_MAJORS
    room: ClassVar[str] = "majors"

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve codes, judge each row by the rules, keep courses from overlapping, merge; void rows strike out."""
        rows = self._resolved(table, hall)
        need_reasons(hall, table)
        voided = table.columns["voided"]
        void = {index for index, struck in enumerate(voided) if struck}
        if void:
            good = void.intersection(hall.good(table))
            land_voids(hall, table, {index: row for index in good if (row := rows[index]) is not None})
        sound = [index for index in hall.good(table) if index not in void]
        try:
            with transaction.atomic():
                hall.merge(table, MERGE, sound, [row for index in sound if (row := rows[index]) is not None])
        except IntegrityError:
            clashing = _overlapping(dict(zip(sound, (rows[index] for index in sound), strict=True)))
            if not clashing:
                raise
            for index in clashing:
                _refuse(hall, table, index, OVERLAPS)

    def _resolved(self, table: Table, hall: Hall) -> list[Row | None]:
        """The offering that each row tells; None where a code leads nowhere, which is refused there."""
        organisations = resolve_column(hall, table, "org_code")
        majors = _Majors(set(table.columns["major_code"]))
        kinds = kinds_by_day({known.id for known in organisations if known is not None})
        columns = [table.columns[column.name] for column in OFFERINGS.columns[:6]]
        kind_of: dict[tuple[str, date], str] = {}
        judged: dict[tuple[Any, ...], list[Fault]] = {}
        rows: list[Row | None] = []
        for index, (known, cells) in enumerate(zip(organisations, zip(*columns, strict=True), strict=True)):
            org_code, major_code, duration, opened_on, revoked_on, document = cells
            major = majors.by_code.get(major_code)
            if major is None:
                majors.refuse(hall, table, index)
            if known is None or major is None:
                rows.append(None)
                continue
            kind = kind_of.get((org_code, opened_on))
            if kind is None:
                kind = kind_of[org_code, opened_on] = kinds.on(known.id, opened_on)
            case = (major_code, kind, duration, opened_on, revoked_on, bool(document))
            found = judged.get(case)
            if found is None:
                found = judged[case] = _judged(major[1], *case[1:])
            for fault in found:
                _refuse(hall, table, index, fault)
            rows.append((known.id, major[0], duration, opened_on, revoked_on, document or ""))
        return rows

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Offerings in being on a day of ``year`` at least, in the actor's scope."""
        for row in (
            visible_offerings(actor)
            .filter(STANDS, opened_on__lte=date(year, 12, 31))
            .filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=date(year, 1, 1)))
            .order_by("organisation__code", "major__code", "duration_years", "opened_on")
            .values_list("organisation__code", "major__code", "duration_years", "opened_on", "revoked_on", "document")
            .iterator(5000)
        ):
            yield *row, None, None


def register_sheets() -> None:
    """Add the room's sheet to the return."""
    register(ORDER, OfferingsLanding())


def _refuse(hall: Hall, table: Table, index: int, fault: Fault) -> None:
    hall.refuse(
        table,
        index,
        fault.field,
        fault.code,
        fault.message,
        fault.message_en,
        fault.remedy,
        fault.remedy_en,
    )


class _Majors:
    """Majors that a file names, by the code as written; of several editions the newest counts."""

    def __init__(self, written: set[str]) -> None:
        bare: dict[str, tuple[str, bool]] = {}
        for text in written:
            try:
                bare[text] = bare_code(text)
            except ValueError:
                continue
        known = {
            major.code: major
            for major in Major.objects.filter(code__in={code for code, _ in bare.values()}).order_by("edition")
        }
        self.by_code: dict[str, tuple[UUID, MajorFacts]] = {
            text: (known[code].pk, major_facts(known[code]))
            for text, (code, marked) in bare.items()
            if code in known and (known[code].state_controlled or not marked)
        }

    @staticmethod
    def refuse(hall: Hall, table: Table, index: int) -> None:
        """Say that the catalogue holds no such major."""
        hall.refuse(
            table,
            index,
            "major_code",
            ErrorCode.UNKNOWN_REFERENCE,
            "专业目录中没有此代码。",
            "The catalogue holds no such code.",
            "请对照专业目录核对6位代码；只有国控专业末尾带K。",
            "Check the six digits against the catalogue; only state-controlled majors end with K.",
        )


def _judged(
    facts: MajorFacts, kind: str, duration: Decimal, opened_on: date, revoked_on: date | None, documented: bool
) -> list[Fault]:
    return list(
        faults(
            facts,
            kind=kind,
            duration_years=duration,
            opened_on=opened_on,
            revoked_on=revoked_on,
            document="文号" if documented else "",
        )
    )


def _overlapping(rows: Mapping[int, Row | None]) -> list[int]:
    """Indices of rows that overlap another row of the file, or an offering that the file leaves as it is."""
    spans: dict[Course, list[tuple[Span, int | None]]] = {}
    given: set[tuple[Course, date]] = set()
    told = {index: row for index, row in rows.items() if row is not None}
    for index, row in told.items():
        course = row[:3]
        spans.setdefault(course, []).append(((row[3], row[4]), index))
        given.add((course, row[3]))
    standing = MajorOffering.objects.filter(STANDS, organisation_id__in={row[0] for row in told.values()})
    for organisation_id, major_id, duration, opened_on, revoked_on in standing.values_list(
        "organisation_id", "major_id", "duration_years", "opened_on", "revoked_on"
    ).iterator(10_000):
        course = (organisation_id, major_id, duration)
        if course in spans and (course, opened_on) not in given:
            spans[course].append(((opened_on, revoked_on), None))
    return [index for of_course in spans.values() if len(of_course) > 1 for index in _clashing(of_course)]


def _clashing(spans: list[tuple[Span, int | None]]) -> Iterator[int]:
    for (span, index), rest in ((spans[i], spans[:i] + spans[i + 1 :]) for i in range(len(spans))):
        if index is not None and any(overlap(*span, *other) for other, _ in rest):
            yield index
