"""What the figures of the calls are built of: awards in being, candidates, recognitions, holders.

Void records (the call, the batch, the award, a status or a holder) never count. The status of an award on a day
is its latest begun by then, as :func:`jineng.calls.rules.status_on` says it in Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ibis

from jineng.calls.kinds import HolderRole, Level
from jineng.calls.rules import CANDIDACY, IN_BEING, RANK, RECOGNISED
from jineng.calls.series import ALL, Series
from jineng.engines.measures import Dimension, Period, Sources, SourceTable, as_records

VOIDED = {"voided_at": "timestamp('UTC')"}
TABLES = (
    SourceTable("calls_call", {"id": "uuid", "code": "string", "name": "string", "level": "string", **VOIDED}),
    SourceTable(
        "calls_batch",
        {"id": "uuid", "call_id": "uuid", "number": "int16", "year": "int16", "decided_on": "date", **VOIDED},
    ),
    SourceTable(
        "calls_award",
        {
            "id": "uuid",
            "batch_id": "uuid",
            "organisation_id": "uuid",
            "public_title": "string",
            "level": "string",
            **VOIDED,
        },
    ),
    SourceTable(
        "calls_awardstatus",
        {
            "id": "uuid",
            "award_id": "uuid",
            "status": "string",
            "since": "date",
            "recorded_at": "timestamp('UTC')",
            **VOIDED,
        },
    ),
    SourceTable(
        "calls_awardholder",
        {"id": "uuid", "award_id": "uuid", "kind": "string", "organisation_id": "uuid", "role": "string", **VOIDED},
    ),
)
"""De-identified columns only: neither an award's full title nor the persons who hold it."""

RECORD_TYPE = "award"
CALL = Dimension("call", "遴选", "call", {series.code: series.name for series in ALL})
BATCH = Dimension("batch", "批次", "batch")
LEVEL = Dimension("level", "级别", "level", dict(Level.choices))
DIMENSIONS = (CALL, BATCH, LEVEL)
LEADING = (HolderRole.HOLDER, HolderRole.LEADER)


@dataclass(frozen=True)
class Awards:
    """Awards picked for a figure, one row each: id, organisation, label, ``on`` and the dimensions."""

    sources: Sources
    table: ibis.Table

    def of_batch(self, number: int) -> Awards:
        """Those of the call's ``number``-th batch."""
        return Awards(self.sources, self.table.filter(self.table.number == number))

    def held_by(self, kind: str, roles: Iterable[str] = LEADING) -> Awards:
        """Those that a holder of ``kind`` holds or leads."""
        holders = _standing(self.sources, "calls_awardholder")
        fitting = holders.filter(holders.kind == kind, holders.role.isin(list(roles)))
        return Awards(self.sources, self.table.filter(self.table.award_id.isin(fitting.award_id)))

    def of_those(self, others: Awards) -> Awards:
        """Those whose responsible organisation is also responsible for one of ``others``."""
        return Awards(self.sources, self.table.filter(self.table.organisation_id.isin(others.table.organisation_id)))

    def items(self) -> ibis.Table:
        """Records in which each award counts once."""
        return self._records(self.table.award_id)

    def organisations(self) -> ibis.Table:
        """Records in which each responsible organisation counts once, however many awards it has."""
        return self._records(self.table.organisation_id)

    def _records(self, counted_id: ibis.Value) -> ibis.Table:
        table = self.table
        return as_records(
            table,
            record_type=RECORD_TYPE,
            record_id=table.award_id,
            counted_id=counted_id,
            organisation_id=table.organisation_id,
            on=table.on,
            label=table.label,
            call=table.call,
            batch=ibis.literal("第") + table.number.cast("string") + ibis.literal("批"),
            level=table.level,
        )


def in_being(sources: Sources, series: Series, period: Period) -> Awards:
    """Awards of ``series`` that are recognised on the last day of ``period``."""
    return _standing_as(sources, series, period, IN_BEING)


def candidates(sources: Sources, series: Series, period: Period) -> Awards:
    """Candidates of ``series``, nurtured or under construction on the last day of ``period``."""
    return _standing_as(sources, series, period, CANDIDACY)


def recognised(sources: Sources, series: Series, period: Period) -> Awards:
    """Awards of ``series`` that were recognised within ``period``, whatever became of them later."""
    events = _events(sources, series)
    within = events.filter(events.status == RECOGNISED, period.holds(events.on))
    return Awards(sources, _first(within, [within.on.asc(), within.event_id.asc()]))


def _standing_as(sources: Sources, series: Series, period: Period, statuses: Iterable[str]) -> Awards:
    events = _events(sources, series)
    begun = events.filter(period.reached(events.on))
    rank = begun.status.cases(*RANK.items(), else_=0)
    latest = _first(begun, [begun.on.desc(), begun.recorded_at.desc(), rank.desc(), begun.event_id.desc()])
    return Awards(sources, latest.filter(latest.status.isin(sorted(statuses))))


def _first(events: ibis.Table, order: list[ibis.Value]) -> ibis.Table:
    """For each award the event that ``order`` puts first.

    An award has one call and one level. That they are named beside it tells the engine that a series is whole
    partitions, so that figures of many series may share one ranking.
    """
    one = [events.award_id, events.call, events.level]
    placed = events.mutate(place=ibis.row_number().over(group_by=one, order_by=order))
    return placed.filter(placed.place < 1)


def _standing(sources: Sources, name: str) -> ibis.Table:
    """Rows that were not struck out; columns are named one by one, since the reader may not read them all."""
    table = sources.table(name)
    columns = [column for column in table.columns if column != "voided_at"]
    told = table.select(*columns, stands=table.voided_at.isnull())
    return told.filter(told.stands).drop("stands")


def _events(sources: Sources, series: Series) -> ibis.Table:
    """Standing statuses of the standing awards of ``series``; the series is picked before anything is ranked."""
    call = _standing(sources, "calls_call")
    call = call.filter(call.code == series.code)
    batch = _standing(sources, "calls_batch")
    award = _standing(sources, "calls_award")
    award = award.filter(award.level == series.level.value)
    status = _standing(sources, "calls_awardstatus")
    rounds = batch.join(call, batch.call_id == call.id).select(
        round_id=batch.id, number=batch.number, call=call.code, call_name=call.name
    )
    listed = award.join(rounds, award.batch_id == rounds.round_id).select(
        own_id=award.id,
        organisation_id=award.organisation_id,
        label=ibis.coalesce(award.public_title.nullif(""), rounds.call_name),
        level=award.level,
        number=rounds.number,
        call=rounds.call,
    )
    return listed.join(status, listed.own_id == status.award_id).select(
        award_id=listed.own_id,
        organisation_id=listed.organisation_id,
        label=listed.label,
        level=listed.level,
        number=listed.number,
        call=listed.call,
        event_id=status.id,
        status=status.status,
        on=status.since,
        recorded_at=status.recorded_at,
    )
