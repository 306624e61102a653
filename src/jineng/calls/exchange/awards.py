"""立项: one row per item that came before a call, with its status or the word that it never held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

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
        standing = [index for index in good if not voided[index]] if any(voided) else good
        rows = self._rows(table, standing, keys, batches, known)
        ids = dict(zip(standing, hall.merge(table, self.spec, standing, rows).ids, strict=False))
        strikes = {index: key for index in good if voided[index] and (key := keys[index]) is not None}
        fresh = land_voids(hall, table, strikes, {i: self._level(table, i, batches[i]) for i in strikes}, known)
        earlier = {str(award.id) for award in known.values()}
        self._land_statuses(table, hall, ids | fresh, batches, earlier)

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
        titles = {key[2] for key in keys if key is not None}
        if all(keys) and len(titles) == len(set(table.columns["title"])):
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

    @staticmethod
    def _rows(
        table: Table,
        indices: Sequence[int],
        keys: Sequence[Key | None],
        batches: Sequence[Round | None],
        known: Mapping[Key, KnownAward],
    ) -> list[tuple[Any, ...]]:
        levels, numbers = table.columns["level"], table.columns["project_no"]
        if known:
            told: dict[Key | None, str] = {key: award.project_number for key, award in known.items()}
            numbers = [number or told.get(key) for number, key in zip(numbers, keys, strict=True)]
        return [
            (*key, key[2] if batch.shows_titles else "", levels[index] or batch.level, numbers[index] or "", "")
            for index in indices
            if (key := keys[index]) is not None and (batch := batches[index]) is not None
        ]

    @staticmethod
    def _land_statuses(
        table: Table,
        hall: Hall,
        ids: Mapping[int, str | None],
        batches: Sequence[Round | None],
        earlier: set[str],
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
            if award is not None and column["status"][index] and (batch := batches[index])
        ]
        known = told({report.award_id for report in reports} & earlier) if earlier else {}
        corrections = [report for report in reports if corrects(report, known)] if known else []
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
