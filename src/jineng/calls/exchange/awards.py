"""立项: one row per item that came before a call, with its status or the word that it never held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from jineng.calls.exchange import sheets
from jineng.calls.exchange.keys import Key, KnownAward, Round, known_awards, resolve_keys
from jineng.calls.exchange.timeline import (
    Report,
    check_timelines,
    corrects,
    land_corrections,
    land_reports,
    told,
)
from jineng.calls.exchange.voids import land_voids
from jineng.calls.models import Award
from jineng.calls.queries import with_status_on
from jineng.calls.rules import public_title
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.scope import visible


class AwardLanding(Landing):
    """Brings the sheet 立项 into the register."""

    room: ClassVar[str] = "calls"
    right: ClassVar[Right] = Right.SUBMIT_RETURNS
    sheet: ClassVar[Sheet] = sheets.AWARDS
    spec = Merge(
        Award,
        (
            Field("batch_id", key=True),
            Field("organisation_id", key=True),
            Field("title", key=True),
            Field("public_title"),
            Field("level"),
            Field("project_number"),
            Field("notes", first=True),
        ),
        ("batch_number", "org_code", "title", "title", "level", "project_no", "title"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Standing rows merge by batch, organisation and title; void rows strike out; then statuses follow.

        A blank level is the call's, a blank number says nothing, a blank date is the day the batch was announced.
        """
        keys, batches = resolve_keys(hall, table)
        self._check(table, hall, keys)
        voided = table.columns["voided"]
        good = hall.good(table)
        known = known_awards([keys[index] for index in good])
        earlier = {award.id for award in known.values()}
        rows = [
            (index, self._row(table, index, key, batch, known.get(key)))
            for index in good
            if not voided[index] and (key := keys[index]) and (batch := batches[index])
        ]
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])
        strikes = {index: key for index in good if voided[index] and (key := keys[index]) is not None}
        fresh = land_voids(hall, table, strikes, {i: self._level(table, i, batches[i]) for i in strikes}, known)
        if any(keys[index] not in known for index, _ in rows):
            known = known_awards([keys[index] for index, _ in rows])
        ids: dict[int, UUID] = {index: known[key].id for index, _ in rows if (key := keys[index]) in known and key}
        self._land_statuses(table, hall, {**ids, **fresh}, batches, earlier)

    def _check(self, table: Table, hall: Hall, keys: Sequence[Key | None]) -> None:
        reasons, voided = table.columns["void_reason"], table.columns["voided"]
        if any(voided):
            for index in [i for i, void in enumerate(voided) if void and not reasons[i]]:
                hall.refuse(
                    table,
                    index,
                    "void_reason",
                    ErrorCode.REQUIRED,
                    "作废的须写明原因。",
                    "A void item needs its reason.",
                    "请填写作废原因。",
                    "Fill in why it never held.",
                )
        if len(set(keys)) == len(keys):
            return
        first: dict[Key, int] = {}
        for index, key in enumerate(keys):
            if key is not None and first.setdefault(key, index) != index:
                row = table.row_numbers[first[key]]
                hall.refuse(
                    table,
                    index,
                    "title",
                    ErrorCode.DUPLICATE_KEY,
                    f"与第 {row} 行是同一项：名称只差在空格或全角半角。",
                    f"The same item as row {row}: the titles differ in blanks or width only.",
                    "请删除其中一行。",
                    "Remove one of the rows.",
                )

    @staticmethod
    def _level(table: Table, index: int, batch: Round | None) -> str:
        return table.columns["level"][index] or (batch.level if batch else "")

    def _row(self, table: Table, index: int, key: Key, batch: Round, known: KnownAward | None) -> tuple[Any, ...]:
        number = table.columns["project_no"][index] or (known.project_number if known else "")
        return *key, public_title(key[2], batch.holder_form), self._level(table, index, batch), number, ""

    @staticmethod
    def _land_statuses(
        table: Table,
        hall: Hall,
        ids: dict[int, UUID],
        batches: Sequence[Round | None],
        earlier: set[UUID],
    ) -> None:
        column = table.columns
        reports = [
            Report(
                index,
                award,
                column["status"][index],
                column["status_date"][index] or batch.day,
                column["document"][index] or "",
            )
            for index, award in ids.items()
            if column["status"][index] and (batch := batches[index])
        ]
        known = told({report.award_id for report in reports} & earlier)
        corrections = [report for report in reports if corrects(report, known)]
        plain = [report for report in reports if not corrects(report, known)] if corrections else reports
        land_reports(hall, table, plain, known, "status_date")
        land_corrections(hall, table, corrections, known, "status_date")
        if known:
            check_timelines(hall, table, reports, incomplete=True)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Awards that had a status by the end of ``year``, with that status."""
        awards: Any = with_status_on(visible(actor, Award).filter(STANDS), date(year, 12, 31))
        for row in (
            awards.filter(status_since__isnull=False)
            .order_by("batch__call__code", "batch__number", "organisation__code", "title")
            .values_list(
                "batch__call__code",
                "batch__number",
                "title",
                "organisation__code",
                "level",
                "project_number",
                "status",
                "status_since",
                "status_document",
            )
            .iterator(5000)
        ):
            yield *row, None, None
