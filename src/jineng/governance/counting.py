"""What the figures of the governance are built of: policies in force and who issued them, groups, events, counties.

Void records never count. A policy is found by its topic; drafts, documents that were passed on, and documents of other
levels than asked for do not count.
"""

from __future__ import annotations

import ibis

from jineng.engines.measures import Dimension, Period, Sources, SourceTable, as_records
from jineng.governance.kinds import CountyItem, ItemKind, Level, OccasionKind, PolicyKind
from jineng.governance.topics import NAMES, Topic

VOIDED = {"voided_at": "timestamp('UTC')"}
TABLES = (
    SourceTable(
        "governance_policy",
        {
            "id": "uuid",
            "organisation_id": "uuid",
            "number": "string",
            "title": "string",
            "level": "string",
            "kind": "string",
            "topic": "string",
            "issued_on": "date",
            "repealed_on": "date",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_policyissuer",
        {"id": "uuid", "policy_id": "uuid", "organisation_id": "uuid", "signed_on": "date", **VOIDED},
    ),
    SourceTable(
        "governance_leadinggroup",
        {
            "id": "uuid",
            "organisation_id": "uuid",
            "name": "string",
            "level": "string",
            "formed_on": "date",
            "dissolved_on": "date",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_pressitem",
        {
            "id": "uuid",
            "organisation_id": "uuid",
            "outlet": "string",
            "title": "string",
            "level": "string",
            "topic": "string",
            "published_on": "date",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_occasion",
        {
            "id": "uuid",
            "host_id": "uuid",
            "name": "string",
            "kind": "string",
            "level": "string",
            "begins_on": "date",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_exhibitionitem",
        {
            "id": "uuid",
            "occasion_id": "uuid",
            "organisation_id": "uuid",
            "title": "string",
            "kind": "string",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_countyfact",
        {
            "id": "uuid",
            "office_id": "uuid",
            "division_id": "string",
            "item": "string",
            "department": "string",
            "since": "date",
            "until": "date",
            **VOIDED,
        },
    ),
    SourceTable(
        "governance_pooleddepartment",
        {"id": "uuid", "department": "string", "since": "date", "until": "date", **VOIDED},
    ),
    SourceTable(
        "governance_task",
        {"id": "uuid", "title": "string", "given_on": "date", "withdrawn_on": "date", **VOIDED},
    ),
    SourceTable(
        "governance_assignment",
        {"id": "uuid", "task_id": "uuid", "receiver_id": "uuid", **VOIDED},
    ),
    SourceTable(
        "governance_taskstep",
        {"id": "uuid", "assignment_id": "uuid", "kind": "string", "happened_on": "date", **VOIDED},
    ),
)
LEVEL = Dimension("level", "级别", "level", dict(Level.choices))
TOPIC = Dimension("topic", "主题", "topic", {"": "未分主题", **NAMES})
OCCASION_KIND = Dimension("kind", "类别", "kind", dict(OccasionKind.choices))
EXHIBIT_KIND = Dimension("kind", "类别", "kind", dict(ItemKind.choices))


def standing(sources: Sources, name: str) -> ibis.Table:
    """Rows that were not struck out; columns are named one by one, since the reader may not read them all."""
    table = sources.table(name)
    columns = [column for column in table.columns if column != "voided_at"]
    told = table.select(*columns, stands=table.voided_at.isnull())
    return told.filter(told.stands).drop("stands")


def in_force(sources: Sources, topic: Topic, level: Level, period: Period) -> ibis.Table:
    """Policies of ``topic`` that an authority of ``level`` issued itself and that are in force on the last day."""
    policy = standing(sources, "governance_policy")
    return policy.filter(
        policy.topic == topic.code,
        policy.level == level.value,
        policy.kind == PolicyKind.ISSUED.value,
        policy.issued_on.notnull(),
        period.stands(policy.issued_on, policy.repealed_on),
    )


def issuers(sources: Sources, topic: Topic, level: Level, period: Period) -> ibis.Table:
    """Records of the departments that issued the policy of ``topic`` in force on the last day, each counted once.

    A department that signed later than the policy was issued counts from its own day on.
    """
    policy = in_force(sources, topic, level, period)
    chosen = policy.select(
        own_id=policy.id, label=policy.number + ibis.literal(" ") + policy.title, issued_on=policy.issued_on
    )
    issuer = standing(sources, "governance_policyissuer")
    joined = chosen.join(issuer, chosen.own_id == issuer.policy_id).select(
        issuer_id=issuer.id,
        organisation_id=issuer.organisation_id,
        label=chosen.label,
        on=ibis.coalesce(issuer.signed_on, chosen.issued_on),
    )
    signed = joined.filter(period.reached(joined.on))
    return as_records(
        signed,
        record_type="policy_issuer",
        record_id=signed.issuer_id,
        counted_id=signed.organisation_id,
        organisation_id=signed.organisation_id,
        on=signed.on,
        label=signed.label,
    )


def county_facts(sources: Sources, period: Period, item: CountyItem) -> ibis.Table:
    """Facts of one kind that hold on the last day."""
    fact = standing(sources, "governance_countyfact")
    return fact.filter(fact.item == item.value, period.stands(fact.since, fact.until))


def county_records(facts: ibis.Table) -> ibis.Table:
    """Records of county facts in which each county counts once."""
    return as_records(
        facts,
        record_type="county_fact",
        record_id=facts.id,
        counted_id=facts.division_id,
        organisation_id=facts.office_id,
        on=facts.since,
        label=facts.item.cases(*((value, str(label)) for value, label in CountyItem.choices), else_=""),
    )


def pooling_all(sources: Sources, period: Period) -> ibis.Table:
    """The centre facts of counties whose pooled departments hold every department required on the last day."""
    centre = county_facts(sources, period, CountyItem.CENTRE)
    required = standing(sources, "governance_pooleddepartment")
    required = required.filter(period.stands(required.since, required.until)).select("department").distinct()
    pooled = county_facts(sources, period, CountyItem.DEPARTMENT)
    pooled = pooled.select(place=pooled.division_id, name=pooled.department).distinct()
    lacking = _lacking(centre, required, pooled)
    return centre.filter(~centre.division_id.isin(lacking.division_id))


def _lacking(centre: ibis.Table, required: ibis.Table, pooled: ibis.Table) -> ibis.Table:
    wanted = centre.select("division_id").distinct().cross_join(required)
    return wanted.anti_join(pooled, (wanted.division_id == pooled.place) & (wanted.department == pooled.name))
