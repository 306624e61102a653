"""证书试点: one row per institution, certificate and level applied for in a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from jineng.credentials.exchange import sheets
from jineng.credentials.exchange.refusals import conflict, need_reasons, refuse, resolve_types
from jineng.credentials.exchange.voids import land_voids
from jineng.credentials.models import CertificatePilot, PilotBatch
from jineng.credentials.rules import Fault, PilotCase, pilot_faults
from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.majors.queries import kinds_by_day
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach

KEY = ("batch_id", "institution_id", "certificate_type_id", "level")
FACTS = ("planned", "applied_on", "approved_on", "refused_on", "withdrawn_on", "document")


class PilotLanding(Landing):
    """Brings the sheet 证书试点 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.PILOTS
    spec = Merge(
        CertificatePilot,
        (*(Field(name, key=True) for name in KEY), *(Field(name) for name in FACTS)),
        ("batch_number", "org_code", "certificate_code", "level", *FACTS),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve codes, judge each row by the rules, merge; void rows strike out."""
        rows = self._resolved(table, hall)
        need_reasons(hall, table)
        self._refuse_own_approval(table, hall, rows)
        voided = table.columns["voided"]
        good = [index for index in hall.good(table) if index in rows]
        names = (*KEY, *FACTS)
        land_voids(
            hall,
            table,
            CertificatePilot,
            KEY,
            {index: dict(zip(names, rows[index], strict=True)) for index in good if voided[index]},
        )
        sound = [index for index in good if not voided[index]]
        hall.merge(table, self.spec, sound, [rows[index] for index in sound])

    @staticmethod
    def _resolved(table: Table, hall: Hall) -> dict[int, tuple[Any, ...]]:
        column = table.columns
        numbers = set(column["batch_number"]) - {None}
        batches = dict(PilotBatch.objects.filter(STANDS, number__in=numbers).values_list("number", "id"))
        institutions = resolve_column(hall, table, "org_code")
        types = resolve_types(hall, table)
        kinds = kinds_by_day({known.id for known in institutions if known is not None})
        judged: dict[PilotCase, list[Fault]] = {}
        rows = {}
        for index, (body, kind) in enumerate(zip(institutions, types, strict=True)):
            batch = batches.get(column["batch_number"][index])
            if batch is None:
                hall.unknown(table, index, "batch_number", "批次", "batch")
            if batch is None or body is None or kind is None:
                continue
            level, days = column["level"][index], [column[name][index] for name in FACTS[1:5]]
            case = PilotCase(kinds.on(body.id, days[0]), level, kind.levels, *days)
            if case not in judged:
                judged[case] = list(pilot_faults(case))
            for fault in judged[case]:
                refuse(hall, table, index, fault)
            document = column["document"][index] or ""
            rows[index] = (batch, body.id, kind.id, level, column["planned"][index], *days, document)
        return rows

    @staticmethod
    def _refuse_own_approval(table: Table, hall: Hall, rows: dict[int, tuple[Any, ...]]) -> None:
        """An institution repeats what was decided of its pilots, or applies; it decides nothing itself."""
        own = {index for index, row in rows.items() if row[1] == hall.actor.organisation_id and any(row[6:8])}
        if not own:
            return
        known = set(
            CertificatePilot.objects.filter(STANDS, institution_id=hall.actor.organisation_id).values_list(*KEY, *FACTS)
        )
        for index in sorted(own):
            if rows[index] not in known:
                conflict(
                    hall,
                    table,
                    index,
                    "approved_on" if rows[index][6] else "refused_on",
                    "院校不能自行填报试点的批准结果，此处与批准单位填报的不同。",
                    "An institution does not decide its own pilots; this differs from what was decided.",
                    "申报的请留空批准日期和未通过日期；其余以主管部门填报为准。",
                    "Leave both dates blank to apply; your authority reports what was decided.",
                )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Pilots of the batches of ``year`` by institutions in the actor's scope."""
        rows = CertificatePilot.objects.filter(STANDS, batch__year=year)
        if not actor.sees_all:
            rows = rows.filter(institution__in=reach(actor))
        for row in (
            rows.order_by("batch__number", "institution__code", "certificate_type__code", "level")
            .values_list("batch__number", "institution__code", "certificate_type__code", "level", *FACTS)
            .iterator(5000)
        ):
            yield *row, None, None
