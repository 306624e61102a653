"""The figures that the credentials answer for. Each docstring is the definition that is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from jineng.credentials.kinds import Attendance, SkillLevel
from jineng.credentials.rules import GROUP_LABELS, GROUPS, HIGHER, SECONDARY, UNDERGRADUATE
from jineng.engines.measures import (
    ORGANISATION_STATE,
    Count,
    Dimension,
    Disclosure,
    Distinct,
    Indicator,
    Over,
    Period,
    Sources,
    SourceTable,
    as_of,
    as_records,
    indicator,
)
from jineng.kernel.measures import indicators, sources
from jineng.registry.indicators import identity
from jineng.registry.kinds import OrganisationKind

VOIDED = {"voided_at": "timestamp('UTC')"}
STANDARD = SourceTable(
    "credentials_skillstandard",
    {"id": "uuid", "name": "string", "published_on": "date", "withdrawn_on": "date", **VOIDED},
)
DEVELOPER = SourceTable(
    "credentials_standarddeveloper",
    {"id": "uuid", "standard_id": "uuid", "organisation_id": "uuid", "role": "string", **VOIDED},
)
TYPE = SourceTable("credentials_certificatetype", {"id": "uuid", "code": "string", "name": "string"})
BATCH = SourceTable(
    "credentials_pilotbatch",
    {"id": "uuid", "number": "int16", "decided_on": "date", "organisation_id": "uuid", **VOIDED},
)
PILOT = SourceTable(
    "credentials_certificatepilot",
    {
        "id": "uuid",
        "batch_id": "uuid",
        "institution_id": "uuid",
        "certificate_type_id": "uuid",
        "level": "string",
        "approved_on": "date",
        "withdrawn_on": "date",
        **VOIDED,
    },
)
SESSION = SourceTable(
    "credentials_assessmentsession",
    {"id": "uuid", "certificate_type_id": "uuid", "level": "string", "held_on": "date", **VOIDED},
)
CANDIDATE = SourceTable(
    "credentials_candidate",
    {
        "id": "uuid",
        "session_id": "uuid",
        "person_id": "uuid",
        "institution_id": "uuid",
        "attendance": "string",
        **VOIDED,
    },
    pseudonyms=frozenset({"person_id"}),
)
CERTIFICATE = SourceTable(
    "credentials_certificate",
    {
        "id": "uuid",
        "certificate_type_id": "uuid",
        "level": "string",
        "person_id": "uuid",
        "institution_id": "uuid",
        "issued_on": "date",
        "revoked_on": "date",
        **VOIDED,
    },
    pseudonyms=frozenset({"person_id"}),
)
for _table in (STANDARD, DEVELOPER, TYPE, BATCH, PILOT, SESSION, CANDIDATE, CERTIFICATE):
    sources.declare(_table)

LEVELS = Dimension("level", "等级", "level", dict(SkillLevel.choices))
CERTIFICATES = Dimension("certificate", "证书", "certificate")
SCHOOLS = Dimension("school_group", "院校类别", "group of schools", GROUP_LABELS)
BATCHES = Dimension("batch", "批次", "batch")
_PEOPLE = "同一名学生可在几处、就几种证书或几个等级出现，合计只计一次。"
_PEOPLE_EN = "A learner may appear in several places, certificates or levels and counts once in the total."
_TRIPLE = ("institution_id", "certificate_type_id", "level")

Records = Callable[[Sources, Period], ibis.Table]


def figure(key: str, label: str, label_en: str, unit: str, over: Over, **more: Any) -> Callable[[Records], Indicator]:
    """Declare a figure of the room."""
    declare = indicator(key=key, label=label, label_en=label_en, unit=unit, over=over, room="credentials", **more)
    return lambda records: indicators.add(declare(records))


@figure(
    "skill_standard_enterprises",
    "开发职业技能等级标准的企业",
    "enterprises that developed skill-level standards",
    "家",
    Over.STOCK,
    aggregate=Distinct(),
    additive=True,
    record_type="skill_standard",
)
def skill_standard_enterprises(src: Sources, period: Period) -> ibis.Table:
    """期末仍有自己牵头或参与开发、已发布且未废止的职业技能等级标准的企业，一家只计一次；
    是否为企业以期末为准，已终止的不计，培训评价组织不算企业。"""
    standard = _standing(src, STANDARD)
    standard = standard.filter(period.stands(standard.published_on, standard.withdrawn_on))
    standard = standard.select(own_id="id", name="name", published_on="published_on")
    developer = _standing(src, DEVELOPER)
    developed = developer.join(standard, developer.standard_id == standard.own_id)
    body = as_of(src, period.last_day)
    body = body.filter(~body.closed, body.kind == OrganisationKind.ENTERPRISE.value)
    body = body.select(enterprise_id="organisation_id")
    found = developed.join(body, developed.organisation_id == body.enterprise_id)
    return as_records(
        found,
        record_type="skill_standard",
        record_id=found.standard_id,
        counted_id=found.organisation_id,
        organisation_id=found.organisation_id,
        on=found.published_on,
        label=found.name,
    )


@figure(
    "certificate_pilot_batches",
    "证书试点批次",
    "batches of the certificate pilot",
    "批",
    Over.CUMULATIVE,
    aggregate=Count(),
    record_type="pilot_batch",
)
def certificate_pilot_batches(src: Sources, period: Period) -> ibis.Table:
    """截至期末已公布的证书试点批次。"""
    batch = _standing(src, BATCH)
    batch = batch.filter(period.reached(batch.decided_on))
    return as_records(
        batch,
        record_type="pilot_batch",
        record_id=batch.id,
        organisation_id=batch.organisation_id,
        on=batch.decided_on,
        label=_batch_label(batch.number),
    )


def _institutions(key: str, label: str, label_en: str) -> Callable[[Records], Indicator]:
    return figure(
        key,
        label,
        label_en,
        "所",
        Over.STOCK,
        aggregate=Distinct(),
        additive=True,
        record_type="certificate_pilot",
        dimensions=(SCHOOLS, BATCHES),
    )


@_institutions("certificate_pilot_institutions", "证书试点院校", "institutions that pilot certificates")
def certificate_pilot_institutions(src: Sources, period: Period) -> ibis.Table:
    """截至期末各批次公布、已批准且未退出的证书试点所在的院校，一校只计一次，不论几个批次、几种证书。
    类别和批次以该校首个在列试点的批次公布之日为准。"""
    return _of_institutions(_first_of(src, period, ("institution_id",)))


@_institutions("certificate_pilot_institutions_undergraduate", "证书试点本科院校", "of these, undergraduate")
def certificate_pilot_institutions_undergraduate(src: Sources, period: Period) -> ibis.Table:
    """证书试点院校中，首个在列试点的批次公布之日为本科院校的；此后转设的不改变类别。"""
    return _of_group(src, period, UNDERGRADUATE)


@_institutions("certificate_pilot_institutions_higher", "证书试点高职院校", "of these, higher vocational")
def certificate_pilot_institutions_higher(src: Sources, period: Period) -> ibis.Table:
    """证书试点院校中，首个在列试点的批次公布之日为高等职业院校（高职、高专、职业本科学校）的。"""
    return _of_group(src, period, HIGHER)


@_institutions("certificate_pilot_institutions_secondary", "证书试点中职学校", "of these, secondary vocational")
def certificate_pilot_institutions_secondary(src: Sources, period: Period) -> ibis.Table:
    """证书试点院校中，首个在列试点的批次公布之日为中等职业学校（含县级职教中心）的。"""
    return _of_group(src, period, SECONDARY)


@figure(
    "certificate_pilots",
    "证书试点",
    "certificate pilots",
    "个",
    Over.STOCK,
    aggregate=Distinct(),
    additive=True,
    record_type="certificate_pilot",
    dimensions=(SCHOOLS, LEVELS, CERTIFICATES, BATCHES),
)
def certificate_pilots(src: Sources, period: Period) -> ibis.Table:
    """截至期末各批次公布、院校申报并获批准、未退出的证书试点，按院校、证书、等级计；
    同一院校、证书、等级在后来批次再次申报的只计一次，批次和院校类别以首次在列的批次为准。"""
    found = _first_of(src, period, _TRIPLE)
    key = [found[name].cast("string") for name in _TRIPLE]
    return _pilot_records(found, key[0] + ":" + key[1] + ":" + key[2], level=found.level, certificate=found.certificate)


@figure(
    "certificate_candidates",
    "参加证书考核的学生",
    "learners who sat an assessment",
    "名",
    Over.CUMULATIVE,
    aggregate=Distinct(),
    reason=_PEOPLE,
    reason_en=_PEOPLE_EN,
    disclosure=Disclosure.SUPPRESSED_SMALL_CELLS,
    record_type="candidate",
    dimensions=(LEVELS, CERTIFICATES),
)
def certificate_candidates(src: Sources, period: Period) -> ibis.Table:
    """截至期末实际参加过证书考核的学生，一人只计一次，不论参加几场、是否合格；报名而缺考的不计。"""
    session = _standing(src, SESSION)
    session = session.filter(period.reached(session.held_on))
    session = _named(src, session).select(of_session="id", level="level", held_on="held_on", certificate="certificate")
    sat = _standing(src, CANDIDATE)
    sat = sat.filter(sat.attendance == Attendance.SAT.value)
    found = identity(src, sat.join(session, sat.session_id == session.of_session))
    return _people(found, "candidate", found.held_on)


@figure(
    "certificate_holders",
    "取得证书的学生",
    "learners who hold a certificate",
    "名",
    Over.STOCK,
    aggregate=Distinct(),
    reason=_PEOPLE,
    reason_en=_PEOPLE_EN,
    disclosure=Disclosure.SUPPRESSED_SMALL_CELLS,
    record_type="certificate",
    dimensions=(LEVELS, CERTIFICATES),
)
def certificate_holders(src: Sources, period: Period) -> ibis.Table:
    """期末持有职业技能等级证书的学生，一人只计一次：证书已在期末前颁发、期末未撤销；暂停期间仍计入，作废的从不计入。"""
    held = _standing(src, CERTIFICATE)
    held = held.filter(period.stands(held.issued_on, held.revoked_on))
    found = identity(src, _named(src, held))
    return _people(found, "certificate", found.issued_on)


def _standing(src: Sources, table: SourceTable) -> ibis.Table:
    """Rows that were not struck out."""
    rows = src.table(table.name)
    return rows.filter(rows.voided_at.isnull()).drop("voided_at")


def _named(src: Sources, rows: ibis.Table) -> ibis.Table:
    """``rows`` with the name of their certificate."""
    kind = src.table(TYPE.name).select(of_type="id", certificate="name")
    return rows.join(kind, rows.certificate_type_id == kind.of_type).drop("of_type")


def _first_of(src: Sources, period: Period, key: tuple[str, ...]) -> ibis.Table:
    """Pilots that stand at the end, each with batch and group of schools of the first one that shares its ``key``."""
    pilot = _standing(src, PILOT)
    pilot = pilot.filter(period.stands(pilot.approved_on, pilot.withdrawn_on))
    batch = _standing(src, BATCH)
    batch = batch.filter(period.reached(batch.decided_on))
    batch = batch.select(of_batch="id", number="number", decided_on="decided_on")
    placed = pilot.join(batch, pilot.batch_id == batch.of_batch)
    first = placed.mutate(
        rank=ibis.row_number().over(
            group_by=[placed[name] for name in key],
            order_by=[placed.decided_on.asc(), placed.number.asc(), placed.id.asc()],
        )
    )
    first = first.filter(first["rank"] == 0).select(
        *(f"{name}" for name in key), judged_on="decided_on", first_number="number"
    )
    first = first.rename({f"first_{name}": name for name in key})
    joined = placed.join(first, [placed[name] == first[f"first_{name}"] for name in key])
    return _named(src, _with_kind(src, joined))


def _with_kind(src: Sources, pilots: ibis.Table) -> ibis.Table:
    """``pilots`` and the kind of their institution on the day ``judged_on``."""
    states = src.table(ORGANISATION_STATE.name)
    states = states.filter(~states.voided).select(
        "since", "recorded_at", "kind", state_id="id", of_organisation="organisation_id"
    )
    dated = pilots.left_join(
        states, [pilots.institution_id == states.of_organisation, states.since <= pilots.judged_on]
    )
    ranked = dated.mutate(
        latest=ibis.row_number().over(
            group_by=dated.id, order_by=[dated.since.desc(), dated.recorded_at.desc(), dated.state_id.desc()]
        )
    )
    return ranked.filter(ranked.latest == 0)


def _group(table: ibis.Table) -> ibis.Value:
    cases = [(table.kind.isin([kind.value for kind in kinds]), name) for name, kinds in GROUPS.items()]
    return ibis.cases(*cases, else_=table.kind)


def _of_group(src: Sources, period: Period, group: str) -> ibis.Table:
    found = _first_of(src, period, ("institution_id",))
    return _of_institutions(found.filter(_group(found) == group))


def _of_institutions(found: ibis.Table) -> ibis.Table:
    return _pilot_records(found, found.institution_id)


def _pilot_records(found: ibis.Table, counted_id: ibis.Value, **dimensions: ibis.Value) -> ibis.Table:
    return as_records(
        found,
        record_type="certificate_pilot",
        record_id=found.id,
        counted_id=counted_id,
        organisation_id=found.institution_id,
        on=found.approved_on,
        label=found.certificate,
        school_group=_group(found),
        batch=_batch_label(found.first_number),
        **dimensions,
    )


def _people(found: ibis.Table, record_type: str, on: ibis.Value) -> ibis.Table:
    return as_records(
        found,
        record_type=record_type,
        record_id=found.id,
        counted_id=found.person_id,
        organisation_id=found.institution_id,
        on=on,
        label=found.certificate,
        level=found.level,
        certificate=found.certificate,
    )


def _batch_label(number: ibis.Value) -> ibis.Value:
    return ibis.literal("第") + number.cast("string") + ibis.literal("批")
