"""证书考核场次: one row per assessment session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Count

from jineng.credentials.exchange import sheets
from jineng.credentials.exchange.refusals import conflict, refuse, resolve_types
from jineng.credentials.models import AssessmentSession, Candidate
from jineng.credentials.rules import no_such_level
from jineng.credentials.scope import own_sessions
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach

FACTS = ("certificate_type_id", "level", "body_id", "held_on", "capacity", "place")


class SessionLanding(Landing):
    """Brings the sheet 证书考核场次 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.SESSIONS
    spec = Merge(
        AssessmentSession,
        (Field("host_id", key=True), Field("code", key=True), *(Field(name) for name in FACTS)),
        (
            "host_code",
            "session_code",
            "certificate_code",
            "level",
            "certificate_code",
            "held_on",
            "capacity",
            "place",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Merge by host and number; the host or the certificate's body lies in the importer's scope."""
        column = table.columns
        hosts = resolve_column(hall, table, "host_code", must_be_in_scope=False)
        types = resolve_types(hall, table)
        mine = None if hall.actor.sees_all else set(reach(hall.actor))
        rows = {}
        for index, (host, kind) in enumerate(zip(hosts, types, strict=True)):
            if host is None or kind is None:
                continue
            if not host.in_scope and mine is not None and kind.body_id not in mine:
                hall.out_of_scope(table, index, "host_code")
            level = column["level"][index]
            if level not in kind.levels:
                refuse(hall, table, index, no_such_level(kind.levels))
            rows[index] = (
                host.id,
                column["session_code"][index],
                kind.id,
                level,
                kind.body_id,
                column["held_on"][index],
                column["capacity"][index],
                column["place"][index] or "",
            )
        self._check_room(table, hall, rows)
        self._check_placed(table, hall, rows)
        good = [index for index in hall.good(table) if index in rows]
        hall.merge(table, self.spec, good, [rows[index] for index in good])

    @staticmethod
    def _check_room(table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]]) -> None:
        """A session is not made smaller than the number of its candidates."""
        known = AssessmentSession.objects.filter(STANDS, host__in={row[0] for row in rows.values()})
        taken = Candidate.objects.filter(STANDS, session__in=known).values_list("session__host_id", "session__code")
        counted = {(host, code): count for host, code, count in taken.annotate(count=Count("id")).order_by()}
        for index, row in rows.items():
            if counted.get(row[:2], 0) > row[6]:
                hall.refuse(
                    table,
                    index,
                    "capacity",
                    ErrorCode.OUT_OF_RANGE,
                    f"该场次已有 {counted[row[:2]]} 名考生，容量不能更小。",
                    f"The session has {counted[row[:2]]} candidates already.",
                    "请核对容量。",
                    "Check the capacity.",
                )

    @staticmethod
    def _check_placed(table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]]) -> None:
        """A session that has its times here is moved here, where conflicts are looked for, and by no workbook."""
        timed = AssessmentSession.objects.filter(
            STANDS, host__in={row[0] for row in rows.values()}, begins_at__isnull=False
        )
        known = {
            (host, code): (held_on, capacity, site)
            for host, code, held_on, capacity, site in timed.values_list(
                "host_id", "code", "held_on", "capacity", "site_id"
            )
        }
        for index, row in rows.items():
            held_on, capacity, site = known.get(row[:2], (row[5], row[6], None))
            if row[5] != held_on or (site is not None and row[6] != capacity):
                conflict(
                    hall,
                    table,
                    index,
                    "held_on" if row[5] != held_on else "capacity",
                    "该场次已在系统内排定时间，日期和容量不能由表册更改。",
                    "The session has its times in the system; a workbook does not change its day or capacity.",
                    "请照原值填报，或在考核页面改排。",
                    "Give them as they are, or move the session on its page.",
                )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Sessions held in ``year`` that the actor's scope hosts or assesses."""
        rows = AssessmentSession.objects.filter(STANDS, held_on__year=year)
        if not actor.sees_all:
            rows = rows.filter(own_sessions(actor))
        yield from (
            rows.order_by("host__code", "code")
            .values_list("host__code", "code", "certificate_type__code", "level", "held_on", "capacity", "place")
            .iterator(5000)
        )
