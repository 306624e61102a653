"""Figures that the registry answers for, and the geography that every drill-down follows."""

from __future__ import annotations

import ibis

from jineng.engines.measures import (
    DIVISION,
    ORGANISATION_STATE,
    Distinct,
    Over,
    Period,
    Sources,
    SourceTable,
    as_records,
    indicator,
)
from jineng.kernel.measures import indicators, sources
from jineng.registry.kinds import Change, OrganisationKind

ROOM = "registry"
STATES = SourceTable(ORGANISATION_STATE.name, {**ORGANISATION_STATE.columns, "change": "string"})
MERGE = SourceTable(
    "registry_personmerge",
    {"id": "uuid", "absorbed_id": "uuid", "kept_id": "uuid", "undone_at": "timestamp('UTC')"},
    pseudonyms=frozenset({"absorbed_id", "kept_id"}),
)
sources.declare(STATES)
sources.declare(DIVISION)
sources.declare(MERGE)


def identity(sources: Sources, table: ibis.Table, column: str = "person_id") -> ibis.Table:
    """``table`` with every merged identity in ``column`` replaced by the one that took it over.

    Figures of distinct people count after this, so that two identities found to be one person count once.
    """
    merges = sources.table(MERGE.name)
    taken_over = merges.filter(merges.undone_at.isnull()).select("absorbed_id", "kept_id")
    joined = table.left_join(taken_over, table[column] == taken_over.absorbed_id)
    return joined.select(
        *(name for name in table.columns if name != column),
        **{column: joined.kept_id.coalesce(joined[column])},
    )


@indicators.add
@indicator(
    key="vocational_universities",
    label="职业本科院校",
    label_en="Vocational universities formed in the year",
    unit="所",
    additive=True,
    room=ROOM,
    over=Over.FLOW,
    aggregate=Distinct(),
    record_type="organisation_state",
)
def vocational_universities(sources: Sources, period: Period) -> ibis.Table:
    """当年新设立，或由其他类别转设为职业本科的学校；同一学校只计一次，入册时已是职业本科的不计。"""
    formed = sources.table(STATES.name).filter(
        lambda t: (
            (t.kind == OrganisationKind.VOCATIONAL_UNIVERSITY)
            & t.change.isin([Change.FOUNDED, Change.REDESIGNATED])
            & t.since.between(period.first_day, period.last_day)
            & ~t.voided
        )
    )
    return as_records(
        formed,
        record_type="organisation_state",
        record_id=formed.id,
        counted_id=formed.organisation_id,
        organisation_id=formed.organisation_id,
        on=formed.since,
        label=formed.name,
    )
