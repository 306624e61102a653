"""考核与发证: one row per learner and session, with the certificate that came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from jineng.credentials.exchange import sheets
from jineng.credentials.exchange.elsewhere import refuse_who_sits_elsewhere
from jineng.credentials.exchange.issued import IssuedRow, check_numbers, check_standing, follow_series
from jineng.credentials.exchange.refusals import conflict, need_reasons, required
from jineng.credentials.exchange.voids import land_voids
from jineng.credentials.kinds import Attendance, Outcome
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, EntrySheet
from jineng.credentials.scope import own_sessions
from jineng.credentials.timetabling import Booking
from jineng.credentials.verbs.reading import read_candidates
from jineng.credentials.verbs.taking_back import take_back_due
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import Known, resolve_column, resolve_people
from jineng.registry.verbs.people import PersonRow, ensure_people

CANDIDATE = Merge(
    Candidate,
    (
        Field("session_id", key=True),
        Field("person_id", key=True),
        Field("institution_id"),
        Field("attendance"),
        Field("outcome"),
        Field("score"),
    ),
    ("session_code", "resident_id", "org_code", "attendance", "outcome", "score"),
)
CERTIFICATE = Merge(
    Certificate,
    (
        Field("number", key=True),
        Field("certificate_type_id"),
        Field("level"),
        Field("person_id"),
        Field("institution_id"),
        Field("session_id"),
        Field("issued_on"),
        Field("revoked_on"),
        Field("revoke_reason"),
    ),
    (
        "certificate_no",
        "session_code",
        "session_code",
        "resident_id",
        "org_code",
        "session_code",
        "issued_on",
        "revoked_on",
        "revoke_reason",
    ),
)
CANDIDATE_KEY, CERTIFICATE_KEY = ("session_id", "person_id"), ("number",)


@dataclass(frozen=True)
class Sitting:
    """What rows need to know of the session that they name."""

    id: UUID
    host_id: UUID
    certificate_type_id: UUID
    level: str
    held_on: date
    capacity: int
    begins_at: time | None
    ends_at: time | None
    certificate: str
    by_entry: bool
    own: bool


class CandidateLanding(Landing):
    """Brings the sheet 考核与发证 into the register; people not known yet are recorded."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.CANDIDATES

    def land(self, table: Table, hall: Hall) -> None:
        """Check each row by itself, then people, then candidates, then certificates, set by set."""
        sittings = self._sittings(table, hall)
        schools = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        self._check_cells(table, hall, sittings)
        need_reasons(hall, table, ("voided", "certificate_voided"))
        check_numbers(hall, table, [(item.certificate, item.level) if item else None for item in sittings])
        people = self._people(table, hall, sittings, schools)
        rows = {
            index: self._row(table, index, sitting, person, schools[index])
            for index in hall.good(table)
            if (sitting := sittings[index]) and (person := people[index])
        }
        self._check_room(table, hall, rows, sittings)
        self._check_times(table, hall, rows, sittings)
        good = set(hall.good(table))
        rows = {index: row for index, row in rows.items() if index in good}
        self._land_candidates(table, hall, rows)
        self._land_certificates(table, hall, rows, sittings)

    @staticmethod
    def _sittings(table: Table, hall: Hall) -> list[Sitting | None]:
        """The session of each row; it must be one that the importer's scope hosts or assesses."""
        hosts = resolve_column(hall, table, "host_code", must_be_in_scope=False)
        standing = AssessmentSession.objects.filter(STANDS, host__in={host.id for host in hosts if host}).order_by("id")
        own = standing if hall.actor.sees_all else standing.filter(own_sessions(hall.actor))
        mine = set(own.values_list("id", flat=True))
        entered = set(EntrySheet.objects.filter(session__in=own).values_list("session_id", flat=True))
        named = standing.values_list(
            "id", "host_id", "certificate_type_id", "level", "held_on", "capacity", "begins_at", "ends_at"
        )
        known = {
            (row[1], code): Sitting(*row, certificate=certificate, by_entry=row[0] in entered, own=row[0] in mine)
            for row, (code, certificate) in zip(
                named, standing.values_list("code", "certificate_type__code"), strict=True
            )
        }
        found: list[Sitting | None] = []
        for index, (host, code) in enumerate(zip(hosts, table.columns["session_code"], strict=True)):
            sitting = known.get((host.id, code)) if host else None
            if host and code and sitting is None:
                hall.unknown(table, index, "session_code", "场次", "session")
            elif sitting and not sitting.own:
                hall.out_of_scope(table, index, "host_code")
            elif sitting and sitting.by_entry:
                conflict(
                    hall,
                    table,
                    index,
                    "session_code",
                    "该场次的成绩在系统内两次录入，不能再由表册填报。",
                    "This session's results are entered in the system; a workbook does not change them.",
                    "请删除此行；更正请在考核页面办理。",
                    "Remove the row; correct results on the session's page.",
                )
            found.append(sitting)
        return found

    @staticmethod
    def _check_cells(table: Table, hall: Hall, sittings: Sequence[Sitting | None]) -> None:
        """Whoever did not sit has no result, whoever did not pass no certificate."""
        column = table.columns
        for index, sitting in enumerate(sittings):
            attendance, outcome = column["attendance"][index], column["outcome"][index]
            if attendance is None:
                continue
            if attendance != Attendance.SAT and (outcome or column["score"][index] is not None):
                conflict(
                    hall,
                    table,
                    index,
                    "outcome" if outcome else "score",
                    "没有参加考核的考生不能有成绩和结果。",
                    "A candidate who did not sit has no result.",
                    "请核对到考一栏，或删除成绩和结果。",
                    "Check the attendance, or remove the result.",
                )
            if column["certificate_no"][index]:
                if outcome != Outcome.PASSED:
                    conflict(
                        hall,
                        table,
                        index,
                        "certificate_no",
                        "只有考核合格的考生才有证书。",
                        "Only a candidate who passed gets a certificate.",
                        "请核对结果，或删除证书编号。",
                        "Check the result, or remove the number.",
                    )
                CandidateLanding._check_dates(table, hall, index, sitting)
            else:
                for name in ("issued_on", "revoked_on", "certificate_voided"):
                    if column[name][index]:
                        required(
                            hall, table, index, "certificate_no", "有发证内容的须填证书编号。", "The number is missing."
                        )
                        break

    @staticmethod
    def _check_dates(table: Table, hall: Hall, index: int, sitting: Sitting | None) -> None:
        column = table.columns
        issued, revoked = column["issued_on"][index], column["revoked_on"][index]
        if issued is None:
            required(hall, table, index, "issued_on", "有证书的须填发证日期。", "A certificate has its date of issue.")
            return
        if (revoked is not None) != bool(column["revoke_reason"][index]):
            name = "revoke_reason" if revoked else "revoked_on"
            required(hall, table, index, name, "撤销须同时填日期和原因。", "A revocation has its date and its reason.")
        early = "issued_on" if sitting and issued < sitting.held_on else None
        early = "revoked_on" if revoked is not None and revoked < issued else early
        if early:
            hall.refuse(
                table,
                index,
                early,
                ErrorCode.OUT_OF_RANGE,
                "发证不能早于考核，撤销不能早于发证。",
                "A certificate is issued after its assessment and revoked after its issue.",
                "请核对日期。",
                "Check the dates.",
            )

    @staticmethod
    def _check_room(
        table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]], sittings: Sequence[Sitting | None]
    ) -> None:
        """No session takes more candidates than it has places for, those of the file and those before together."""
        named = {row[0] for row in rows.values()}
        seated = Candidate.objects.filter(STANDS, session__in=named).values_list(*CANDIDATE_KEY)
        known = set(seated.iterator(20_000))
        taken = Counter(session for session, _ in known)
        voided = table.columns["voided"]
        for index, row in rows.items():
            sitting = sittings[index]
            if voided[index] or row[:2] in known or sitting is None:
                continue
            taken[row[0]] += 1
            if taken[row[0]] > sitting.capacity:
                hall.refuse(
                    table,
                    index,
                    "session_code",
                    ErrorCode.OUT_OF_RANGE,
                    "该场次的考生已满，超过容量。",
                    "The session has no place left.",
                    "请核对场次，或先更正场次的容量。",
                    "Check the session, or correct its capacity first.",
                )

    @staticmethod
    def _check_times(
        table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]], sittings: Sequence[Sitting | None]
    ) -> None:
        """Nobody sits in two sessions at once, those of the file and those before together."""
        voided, sat, struck = table.columns["voided"], {}, set()
        for index, row in rows.items():
            sitting = sittings[index]
            if sitting is None or sitting.begins_at is None or sitting.ends_at is None:
                continue
            if voided[index]:
                struck.add(row[:2])
            elif row[3] != Attendance.ABSENT:
                sat[index] = Booking(
                    sitting.id, sitting.held_on, sitting.begins_at, sitting.ends_at, 0, 0, frozenset({row[1]})
                )
        refuse_who_sits_elsewhere(table, hall, sat, struck)

    @staticmethod
    def _people(
        table: Table, hall: Hall, sittings: Sequence[Sitting | None], schools: Sequence[Known | None]
    ) -> list[UUID | None]:
        """Ids of the candidates; their own school and the host both come to know them."""
        homes = [
            school.id if school else sitting.host_id if sitting else None
            for sitting, school in zip(sittings, schools, strict=True)
        ]
        people = resolve_people(hall, table, homes)
        column = table.columns
        visits = [
            PersonRow(column["person_name"][index], column["resident_id"][index], sitting.host_id)
            for index, sitting in enumerate(sittings)
            if sitting and people[index] and homes[index] != sitting.host_id
        ]
        ensure_people(actor=hall.actor, rows=visits)
        return people

    @staticmethod
    def _row(table: Table, index: int, sitting: Sitting, person: UUID, school: Known | None) -> tuple[Any, ...]:
        column = table.columns
        return (
            sitting.id,
            person,
            school.id if school else sitting.host_id,
            column["attendance"][index],
            column["outcome"][index] or "",
            column["score"][index],
        )

    @staticmethod
    def _land_candidates(table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]]) -> None:
        voided = table.columns["voided"]
        names = CANDIDATE.columns
        void = {index: dict(zip(names, row, strict=True)) for index, row in rows.items() if voided[index]}
        land_voids(hall, table, Candidate, CANDIDATE_KEY, void)
        sound = [index for index in rows if not voided[index]]
        hall.merge(table, CANDIDATE, sound, [rows[index] for index in sound])
        seat_registered({row[0] for row in rows.values() if row[3] == Attendance.REGISTERED})

    @staticmethod
    def _land_certificates(
        table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]], sittings: Sequence[Sitting | None]
    ) -> None:
        column = table.columns
        issued = {
            index: IssuedRow(
                column["certificate_no"][index],
                sitting.certificate_type_id,
                sitting.level,
                row[1],
                row[2],
                sitting.id,
                column["issued_on"][index],
                column["revoked_on"][index],
                column["revoke_reason"][index] or "",
            )
            for index, row in rows.items()
            if column["certificate_no"][index] and (sitting := sittings[index])
        }
        void = {index for index in issued if column["voided"][index] or column["certificate_voided"][index]}
        struck = {index: dict(zip(CERTIFICATE.columns, issued[index], strict=True)) for index in sorted(void)}
        land_voids(hall, table, Certificate, CERTIFICATE_KEY, struck, mark="certificate_voided")
        standing = {index: row for index, row in issued.items() if index not in void}
        check_standing(hall, table, standing)
        refused = set(standing) - set(hall.good(table))
        sound = [index for index in standing if index not in refused]
        hall.merge(table, CERTIFICATE, sound, [standing[index] for index in sound])
        follow_series([issued[index].number for index in sound], issued)
        take_back_due({issued[index].number for index in {*sound, *void}})

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Candidates of the sessions held in ``year`` in the actor's scope, in clear; the reading is recorded.

        Raises:
            NotAllowed: the actor may not read personal data.
        """
        return read_candidates(actor=actor, year=year)


def seat_registered(session_ids: Collection[UUID]) -> None:
    """Give a seat to everybody who is registered in these sessions and has none, as ``seating.next_seats`` does."""
    if not session_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE credentials_candidate AS seated SET seat = free.seat FROM (
              SELECT id, session_id, row_number() OVER (PARTITION BY session_id ORDER BY id) AS place
              FROM credentials_candidate
              WHERE voided_at IS NULL AND seat IS NULL AND attendance = 'registered' AND session_id = ANY(%(sessions)s)
            ) AS waiting JOIN (
              SELECT held.id AS session_id, number AS seat,
                row_number() OVER (PARTITION BY held.id ORDER BY number < held.last, number) AS place
              FROM (
                SELECT own.id, own.capacity, coalesce(max(taken.seat), 0) AS last
                FROM credentials_assessmentsession AS own LEFT JOIN credentials_candidate AS taken
                  ON taken.session_id = own.id AND taken.voided_at IS NULL
                WHERE own.id = ANY(%(sessions)s) GROUP BY own.id
              ) AS held CROSS JOIN generate_series(1, held.capacity) AS number
              WHERE NOT EXISTS (
                SELECT 1 FROM credentials_candidate AS other
                WHERE other.session_id = held.id AND other.voided_at IS NULL AND other.seat = number)
            ) AS free USING (session_id, place) WHERE seated.id = waiting.id
            """,
            {"sessions": list(session_ids)},
        )
