"""The figure that this room answers for: autonomies over performance pay that institutions were granted."""

from __future__ import annotations

import ibis

from jineng.engines.measures import (
    Dimension,
    Distinct,
    Over,
    Period,
    Sources,
    SourceTable,
    as_of,
    as_records,
    indicator,
)
from jineng.kernel import measures
from jineng.registry.kinds import VOCATIONAL_KINDS, OrganisationKind
from jineng.workforce.kinds import PAY_AUTONOMIES, Autonomy

RECORD_TYPE = "autonomy_grant"
GRANT = SourceTable(
    "workforce_autonomygrant",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "autonomy": "string",
        "granted_on": "date",
        "revoked_on": "date",
        "voided_at": "timestamp('UTC')",
    },
)
NAMES = {str(value): str(label) for value, label in Autonomy.choices}


def declare() -> None:
    """Declare the room's source and add its figure to the house's catalogue."""
    measures.sources.declare(GRANT)
    measures.indicators.add(pay_autonomies)


@indicator(
    key="pay_autonomies",
    label="绩效工资自主权",
    label_en="autonomies over performance pay",
    unit="个",
    over=Over.STOCK,
    aggregate=Distinct(),
    reason="同一项自主权可下放给多所学校，各部分之和大于或等于总数。",
    reason_en="The same autonomy may be granted to several schools, so the parts may sum to more than the whole.",
    room="workforce",
    record_type=RECORD_TYPE,
    dimensions=(
        Dimension("autonomy", "自主权", "autonomy", NAMES),
        Dimension("institution_kind", "机构类别", "kind of institution", dict(OrganisationKind.choices)),
    ),
)
def pay_autonomies(sources: Sources, period: Period) -> ibis.Table:
    """期末已下放给职业院校、尚未收回的绩效工资方面的自主权，同一项计一次，不论下放给几所学校；
    用人、岗位设置、职称评审等其他自主权不计，作废的记录不计，期末已终止的或不是职业院校的机构不计。"""
    grant = sources.table(GRANT.name)
    standing = grant.filter(
        grant.voided_at.isnull(),
        grant.autonomy.isin([autonomy.value for autonomy in PAY_AUTONOMIES]),
        period.stands(grant.granted_on, grant.revoked_on),
    )
    school = as_of(sources, period.last_day)
    school = school.filter(~school.closed, school.kind.isin([kind.value for kind in VOCATIONAL_KINDS]))
    school = school.select(of_organisation="organisation_id", kind="kind")
    held = standing.join(school, standing.organisation_id == school.of_organisation)
    return as_records(
        held,
        record_type=RECORD_TYPE,
        record_id=held.id,
        counted_id=held.autonomy,
        organisation_id=held.organisation_id,
        on=held.granted_on,
        label=held.autonomy.cases(*NAMES.items(), else_=held.autonomy),
        autonomy=held.autonomy,
        institution_kind=held.kind,
    )
