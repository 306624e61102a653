"""学员: one row per person and class. Tens of thousands land in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.kernel.rights import Right
from jineng.learning.exchange import sheets
from jineng.learning.exchange.learners import named, resolve_learners
from jineng.learning.exchange.refusing import refuse
from jineng.learning.kinds import SEATED
from jineng.learning.models import CourseOffering, Enrolment
from jineng.learning.rules import CLASS_FULL, Fault, enrolment_faults
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible

ClassKey = tuple[UUID, str]
SEATED_STATES = frozenset(map(str, SEATED))


@dataclass(frozen=True)
class KnownClass:
    """A class as rows that name it need it; ``id`` is None where it was struck out."""

    id: UUID | None
    capacity: int | None
    starts_on: date
    cancelled_on: date | None


def classes_named(hall: Hall, table: Table, *, lock: bool = False) -> list[tuple[UUID, KnownClass] | None]:
    """Organiser and class of each row; what is unknown or out of scope is refused. ``lock`` holds the seats."""
    organisers = resolve_column(hall, table, "org_code")
    codes = table.columns["class_code"]
    wanted = {organiser.id for organiser in organisers if organiser is not None}
    rows = CourseOffering.objects.filter(organiser_id__in=wanted, code__in=set(codes)).order_by("id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    known: dict[ClassKey, KnownClass] = {}
    for organiser_id, code, pk, capacity, starts_on, cancelled_on, voided_at in rows.values_list(
        "organiser_id", "code", "id", "capacity", "starts_on", "cancelled_on", "voided_at"
    ):
        key = (organiser_id, code)
        if voided_at is None:
            known[key] = KnownClass(pk, capacity, starts_on, cancelled_on)
        else:
            known.setdefault(key, KnownClass(None, None, starts_on, cancelled_on))
    pairs: dict[Any, tuple[UUID, KnownClass] | None] = {}
    found: list[tuple[UUID, KnownClass] | None] = []
    for index, (organiser, code) in enumerate(zip(organisers, codes, strict=True)):
        if organiser is None:
            found.append(None)
            continue
        key = (organiser.id, code)
        if key not in pairs:
            held = known.get(key)
            pairs[key] = (organiser.id, held) if held is not None else None
        pair = pairs[key]
        if pair is None:
            hall.unknown(table, index, "class_code", "班次", "class")
        found.append(pair)
    return found


class EnrolmentLanding(Landing):
    """Brings the sheet 学员 into the register; people not known yet are recorded."""

    room: ClassVar[str] = "learning"
    right: ClassVar[Right] = Right.EDIT_LEARNING
    sheet: ClassVar[Sheet] = sheets.ENROLMENTS
    spec = Merge(
        Enrolment,
        (
            Field("offering_id", key=True),
            Field("person_id", key=True),
            Field("organiser_id"),
            Field("state"),
            Field("applied_on"),
            Field("enrolled_on"),
            Field("ended_on"),
            Field("list_number"),
        ),
        ("class_code", "resident_id", "org_code", "state", "applied_on", "enrolled_on", "ended_on", "list_number"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve classes, judge each row, find or record its person, keep to the seats, merge."""
        classes = classes_named(hall, table, lock=True)
        self._judge(table, hall, classes)
        people = resolve_learners(
            hall, table, [pair[0] if pair is not None and pair[1].id is not None else None for pair in classes]
        )
        column = table.columns
        states, applied, enrolled = column["state"], column["applied_on"], column["enrolled_on"]
        ended, lists = column["ended_on"], column["list_number"]
        rows: dict[int, tuple[Any, ...]] = {}
        for index, (person, pair) in enumerate(zip(people, classes, strict=True)):
            if person is None or pair is None:
                continue
            organiser, held = pair
            rows[index] = (
                held.id,
                person,
                organiser,
                states[index],
                applied[index],
                enrolled[index],
                ended[index],
                lists[index] or "",
            )
        self._refuse_same_person(table, hall, rows)
        self._keep_to_seats(table, hall, classes, rows)
        merge_or_strike(hall, table, self.spec, rows)

    @staticmethod
    def _judge(table: Table, hall: Hall, classes: Sequence[tuple[UUID, KnownClass] | None]) -> None:
        column = table.columns
        names = ("state", "applied_on", "enrolled_on", "ended_on", "list_number", "voided")
        judged: dict[tuple[Any, ...], list[Fault]] = {}
        for index, (pair, *cells) in enumerate(zip(classes, *(column[name] for name in names), strict=True)):
            if pair is None:
                continue
            state, applied_on, enrolled_on, ended_on, list_number, voided = cells
            held = pair[1]
            case = (held, state, applied_on, enrolled_on, ended_on, bool(list_number), voided)
            found = judged.get(case)
            if found is None:
                found = judged[case] = list(
                    enrolment_faults(
                        state,
                        applied_on=applied_on,
                        enrolled_on=enrolled_on,
                        ended_on=ended_on,
                        list_number=list_number or "",
                        starts_on=held.starts_on,
                        cancelled_on=None if voided else held.cancelled_on,
                    )
                )
            for fault in found:
                refuse(hall, table, index, fault)

    @staticmethod
    def _refuse_same_person(table: Table, hall: Hall, rows: Mapping[int, Sequence[Any]]) -> None:
        """Two numbers of one person in one class, told apart by the sheet but not by the register."""
        seen: set[tuple[Any, Any]] = set()
        for index, row in rows.items():
            pair = (row[0], row[1])
            if pair in seen:
                refuse(hall, table, index, SAME_PERSON)
            seen.add(pair)

    @staticmethod
    def _keep_to_seats(
        table: Table,
        hall: Hall,
        classes: Sequence[tuple[UUID, KnownClass] | None],
        rows: Mapping[int, Sequence[Any]],
    ) -> None:
        """Refuse, in the order of the sheet, whoever would sit where no seat is left."""
        limits = {pair[1].id: pair[1].capacity for pair in classes if pair is not None and pair[1].capacity is not None}
        voided = table.columns["voided"]
        named = {(row[0], row[1]) for row in rows.values() if row[0] in limits}
        taken = dict.fromkeys(limits, 0)
        held = Enrolment.objects.filter(STANDS, offering_id__in=list(limits), state__in=SEATED)
        for pair in held.values_list("offering_id", "person_id").iterator(20_000):
            if pair not in named:
                taken[pair[0]] += 1
        for index, row in rows.items():
            limit = limits.get(row[0])
            if limit is None or row[3] not in SEATED_STATES or voided[index]:
                continue
            taken[row[0]] += 1
            if taken[row[0]] > limit:
                refuse(hall, table, index, CLASS_FULL)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Learners of classes in the actor's scope that had a day in ``year``."""
        seats = visible(actor, Enrolment).filter(
            STANDS,
            offering__voided_at__isnull=True,
            offering__starts_on__lte=date(year, 12, 31),
            offering__ends_on__gte=date(year, 1, 1),
        )
        order = ("offering__organiser__code", "offering__code", "applied_on", "recorded_at", "id")
        for seat, name, papers in named(actor, seats.select_related("offering__organiser").order_by(*order)):
            facts = (seat.state, seat.applied_on, seat.enrolled_on, seat.ended_on, seat.list_number or None)
            yield seat.offering.organiser.code, seat.offering.code, name, *papers, *facts, None, None


SAME_PERSON = Fault(
    "resident_id",
    ErrorCode.DUPLICATE_KEY,
    "此人已在同一班次的另一行。",
    "Another row has the same person in the same class.",
    "请删除其中一行。",
    "Remove one of the two rows.",
)
