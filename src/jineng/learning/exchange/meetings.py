"""课次 and 考勤: when classes meet, and who came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.learning.exchange import sheets
from jineng.learning.exchange.enrolments import classes_named
from jineng.learning.exchange.learners import check_papers, named
from jineng.learning.exchange.refusing import refuse
from jineng.learning.models import Attendance, ClassSession, Enrolment
from jineng.learning.rules import Fault, clock_time
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import PersonDocument
from jineng.registry.scope import visible


def _times(hall: Hall, table: Table, name: str) -> list[time | None]:
    """Times of day of a column; what is none is refused."""
    told = {text: clock_time(text) for text in set(table.columns[name]) if text}
    found = [told.get(text) for text in table.columns[name]]
    for index, (text, moment) in enumerate(zip(table.columns[name], found, strict=True)):
        if text and moment is None:
            refuse(hall, table, index, NO_TIME, name)
    return found


class SessionLanding(Landing):
    """Brings the sheet 课次 into the register."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.SESSIONS
    spec = Merge(
        ClassSession,
        (
            Field("offering_id", key=True),
            Field("held_on", key=True),
            Field("starts", key=True),
            Field("ends"),
            Field("place"),
            Field("topic"),
        ),
        ("class_code", "held_on", "starts", "ends", "place", "topic"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve classes, read times, merge."""
        column = table.columns
        classes = classes_named(hall, table)
        starts, ends = _times(hall, table, "starts"), _times(hall, table, "ends")
        for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
            if first is not None and last is not None and last <= first:
                refuse(hall, table, index, ENDS_FIRST)
        good = [index for index in hall.good(table) if (pair := classes[index]) and pair[1].id is not None]
        rows = [
            (
                pair[1].id,
                column["held_on"][index],
                starts[index],
                ends[index],
                column["place"][index] or "",
                column["topic"][index] or "",
            )
            for index in good
            if (pair := classes[index])
        ]
        hall.merge(table, self.spec, good, rows)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Sessions in ``year`` of classes in the actor's scope."""
        rows = visible(actor, ClassSession).filter(STANDS, offering__voided_at__isnull=True, held_on__year=year)
        for org, code, held_on, starts, ends, place, topic in (
            rows.order_by("offering__organiser__code", "offering__code", "held_on", "starts")
            .values_list("offering__organiser__code", "offering__code", "held_on", "starts", "ends", "place", "topic")
            .iterator(5000)
        ):
            yield org, code, held_on, f"{starts:%H:%M}", f"{ends:%H:%M}", place or None, topic or None


class AttendanceLanding(Landing):
    """Brings the sheet 考勤 into the register; learners must be enrolled already."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.ATTENDANCE
    spec = Merge(
        Attendance,
        (Field("enrolment_id", key=True), Field("session_id", key=True), Field("presence")),
        ("resident_id", "starts", "presence"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find sessions and enrolments by what the rows name, merge."""
        column = table.columns
        classes = classes_named(hall, table)
        starts = _times(hall, table, "starts")
        check_papers(hall, table)
        held = {pair[1].id for pair in classes if pair is not None and pair[1].id is not None}
        sessions = {
            key: pk
            for *key_parts, pk in ClassSession.objects.filter(STANDS, offering_id__in=held).values_list(
                "offering_id", "held_on", "starts", "id"
            )
            if (key := tuple(key_parts))
        }
        seats = {
            (offering, person): pk
            for offering, person, pk in Enrolment.objects.filter(STANDS, offering_id__in=held).values_list(
                "offering_id", "person_id", "id"
            )
        }
        people = _people(table)
        good: list[int] = []
        rows: list[tuple[Any, ...]] = []
        for index in hall.good(table):
            pair = classes[index]
            if pair is None or pair[1].id is None:
                continue
            session = sessions.get((pair[1].id, column["held_on"][index], starts[index]))
            person = people.get((column["resident_id"][index], column["passport"][index]))
            seat = seats.get((pair[1].id, person)) if person is not None else None
            if session is None:
                hall.unknown(table, index, "held_on", "课次", "session")
            if seat is None:
                paper = "resident_id" if column["resident_id"][index] else "passport"
                hall.unknown(table, index, paper, "学员", "learner")
            if session is not None and seat is not None:
                good.append(index)
                rows.append((seat, session, column["presence"][index]))
        hall.merge(table, self.spec, good, rows)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Attendance of sessions in ``year`` in the actor's scope."""
        seats = visible(actor, Enrolment).filter(STANDS, offering__voided_at__isnull=True)
        marks = Attendance.objects.filter(STANDS, session__voided_at__isnull=True, session__held_on__year=year)
        seats = seats.filter(pk__in=marks.values("enrolment")).select_related("offering__organiser")
        papers = {seat.pk: (seat, told) for seat, _, told in named(actor, seats)}
        held = marks.filter(enrolment__in=list(papers)).select_related("session")
        for mark in held.order_by("session__offering", "session__held_on", "session__starts", "id"):
            seat, (resident, _, passport) = papers[mark.enrolment_id]
            met = mark.session
            key = (seat.offering.organiser.code, seat.offering.code, met.held_on, f"{met.starts:%H:%M}")
            yield *key, resident, passport, mark.presence


def _people(table: Table) -> dict[tuple[str | None, str | None], UUID]:
    """People by the papers that rows name; unknown ones are missing."""
    papers = set(zip(table.columns["resident_id"], table.columns["passport"], strict=True))
    hashes = {
        pair: PersonDocument.hash_of(kind, number)
        for pair in papers
        for kind, number in zip((DocumentKind.RESIDENT_ID, DocumentKind.PASSPORT), pair, strict=True)
        if number is not None
    }
    found: dict[str, UUID] = {}
    with connection.cursor() as cursor:
        for kind in (DocumentKind.RESIDENT_ID, DocumentKind.PASSPORT):
            cursor.execute("SELECT * FROM registry_people_by_document(%s, %s)", [kind, list(hashes.values())])
            found.update({row[0]: row[1] for row in cursor.fetchall()})
    return {pair: found[digest] for pair, digest in hashes.items() if digest in found}


NO_TIME = Fault(
    "starts",
    ErrorCode.OUT_OF_RANGE,
    "不是时刻。",
    "Not a time of day.",
    "请按 09:00 的样式填写。",
    "Write it as 09:00.",
)
ENDS_FIRST = Fault(
    "ends",
    ErrorCode.OUT_OF_RANGE,
    "结束时间不晚于开始时间。",
    "It ends before it starts.",
    "请核对两个时间。",
    "Check both times.",
)
