"""The figures that this room answers for. Each docstring is the definition that is printed."""

from __future__ import annotations

from typing import Any

import ibis

from jineng.engines.measures import (
    Count,
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
from jineng.partnerships.countries import countries
from jineng.partnerships.kinds import BodyKind, MemberRole, ProjectKind
from jineng.partnerships.series import SINO_GERMAN_COLLEGE, YELLOW_RIVER_ALLIANCE
from jineng.registry.kinds import HIGHER_VOCATIONAL_KINDS, OrganisationKind

ROOM = "partnerships"
VOIDED = {"voided_at": "timestamp('UTC')"}
AGREEMENT = SourceTable("partnerships_agreement", {"id": "uuid", "ended_on": "date", **VOIDED})
TERM = SourceTable(
    "partnerships_agreementterm",
    {"id": "uuid", "agreement_id": "uuid", "since": "date", "until": "date", **VOIDED},
)
BODY = SourceTable(
    "partnerships_body",
    {
        "id": "uuid",
        "code": "string",
        "name": "string",
        "kind": "string",
        "organisation_id": "uuid",
        "agreement_id": "uuid",
        "founded_on": "date",
        "ended_on": "date",
        **VOIDED,
    },
)
MEMBER = SourceTable(
    "partnerships_bodymember",
    {
        "id": "uuid",
        "body_id": "uuid",
        "organisation_id": "uuid",
        "name": "string",
        "country": "string",
        "province": "string",
        "role": "string",
        "founding": "boolean",
        "authority": "boolean",
        "joined_on": "date",
        "left_on": "date",
        **VOIDED,
    },
)
PROJECT = SourceTable(
    "partnerships_internationalproject",
    {
        "id": "uuid",
        "code": "string",
        "name": "string",
        "kind": "string",
        "organisation_id": "uuid",
        "country": "string",
        "since": "date",
        "until": "date",
        "belt_and_road": "boolean",
        **VOIDED,
    },
)
TABLES = (AGREEMENT, TERM, BODY, MEMBER, PROJECT)

BODY_RECORD, MEMBER_RECORD, PROJECT_RECORD = "partnership_body", "partnership_member", "international_project"
PROVINCE = Dimension("province", "省份", "province")
ROLE = Dimension("member_role", "身份", "role", dict(MemberRole.choices))
LEAD_KIND = Dimension("lead_kind", "牵头单位类别", "kind of lead", dict(OrganisationKind.choices))
COUNTRY = Dimension("country", "国别", "country", {item.code: item.name for item in countries().values()})
PROJECT_KIND = Dimension("project_kind", "项目类别", "kind of project", dict(ProjectKind.choices))
BELT = Dimension("belt_and_road", "“一带一路”", "Belt and Road", {"true": "是", "false": "否"})
_PROJECTS: dict[str, Any] = {
    "room": ROOM,
    "record_type": PROJECT_RECORD,
    "over": Over.FLOW,
    "dimensions": (COUNTRY, PROJECT_KIND, BELT),
}
_BODIES: dict[str, Any] = {
    "room": ROOM,
    "record_type": BODY_RECORD,
    "over": Over.STOCK,
    "aggregate": Count(),
    "dimensions": (LEAD_KIND,),
}
_MEMBERS: dict[str, Any] = {
    "room": ROOM,
    "record_type": MEMBER_RECORD,
    "over": Over.STOCK,
    "aggregate": Distinct(),
}


def declare() -> None:
    """Declare the room's sources and add its figures to the house's catalogue."""
    for table in TABLES:
        measures.sources.declare(table)
    for figure in FIGURES:
        measures.indicators.add(figure)


@indicator(
    key="yellow_river_alliance_provinces",
    label="黄河流域职教联盟发起省区",
    label_en="founding provinces of the Yellow River basin alliance",
    unit="省区",
    dimensions=(PROVINCE,),
    reason="同一省区的几个成员只计一次",
    reason_en="several members of one province count once",
    **_MEMBERS,
)
def yellow_river_alliance_provinces(sources: Sources, period: Period) -> ibis.Table:
    """期末黄河流域职业教育联盟存续时，其教育主管部门为发起单位且仍为成员的省（区），同一省区计一次。
    以普通成员身份加入的、院校和企业成员都不计。"""
    member = _members(sources, period, YELLOW_RIVER_ALLIANCE, BodyKind.ALLIANCE)
    founders = member.filter(member.founding, member.authority)
    here = as_of(sources, period.last_day)
    located = here.select(of_member="organisation_id", here=lambda t: t.province_code.left(2))
    placed = founders.left_join(located, founders.member_id == located.of_member)
    province = placed.here.coalesce(placed.province.nullif(""), placed.country)
    return as_records(
        placed,
        record_type=MEMBER_RECORD,
        record_id=placed.id,
        counted_id=province,
        organisation_id=placed.lead_id,
        on=placed.joined_on,
        label=placed.name,
        province=province,
    )


@indicator(key="industry_colleges", label="产业学院（企业学院）", label_en="industry colleges", unit="个", **_BODIES)
def industry_colleges(sources: Sources, period: Period) -> ibis.Table:
    """期末存续的产业学院（企业学院）：已成立、未终止，依据协议的，协议期末仍有效。筹建中的、作废的不计。"""
    return _bodies(sources, period, BodyKind.INDUSTRY_COLLEGE)


@indicator(key="training_centres", label="校企培训中心（基地）", label_en="training centres", unit="个", **_BODIES)
def training_centres(sources: Sources, period: Period) -> ibis.Table:
    """期末存续的校企共建培训中心（基地）：已成立、未终止，依据协议的，协议期末仍有效。筹建中的、作废的不计。"""
    return _bodies(sources, period, BodyKind.TRAINING_CENTRE)


@indicator(
    key="sino_german_partners_higher",
    label="中德学院合作高职院校",
    label_en="higher vocational partners of the Sino-German college",
    unit="所",
    additive=True,
    dimensions=(ROLE,),
    **_MEMBERS,
)
def sino_german_partners_higher(sources: Sources, period: Period) -> ibis.Table:
    """期末与中德学院合作的高等职业院校（高职、高专、职业本科），类别以期末为准，一校计一次；牵头单位不计。"""
    return _partners(sources, period, [kind.value for kind in HIGHER_VOCATIONAL_KINDS])


@indicator(
    key="sino_german_partners_secondary",
    label="中德学院合作中职学校",
    label_en="secondary partners of the Sino-German college",
    unit="所",
    additive=True,
    dimensions=(ROLE,),
    **_MEMBERS,
)
def sino_german_partners_secondary(sources: Sources, period: Period) -> ibis.Table:
    """期末与中德学院合作的中等职业学校（含县级职教中心），类别以期末为准，一校计一次；牵头单位不计。"""
    kinds = [OrganisationKind.SECONDARY_VOCATIONAL.value, OrganisationKind.COUNTY_CENTRE.value]
    return _partners(sources, period, kinds)


@indicator(
    key="international_institutions",
    label="开展国际合作的高职院校",
    label_en="higher vocational colleges with international projects",
    unit="所",
    aggregate=Distinct(),
    reason="同一院校可有多个项目，在各部分分别出现，合计只计一次",
    reason_en="an institution with several projects appears in several parts and counts once in the total",
    **_PROJECTS,
)
def international_institutions(sources: Sources, period: Period) -> ibis.Table:
    """期内有国际合作项目在执行的高等职业院校（高职、高专、职业本科），类别以期末为准，一校计一次。"""
    project = _projects(sources, period)
    college = as_of(sources, period.last_day).select(of_organisation="organisation_id", college_kind="kind")
    college = college.filter(college.college_kind.isin([kind.value for kind in HIGHER_VOCATIONAL_KINDS]))
    own = project.join(college, project.organisation_id == college.of_organisation)
    return _project_records(own, own.organisation_id)


@indicator(
    key="international_countries",
    label="国际合作国家",
    label_en="partner countries",
    unit="个",
    aggregate=Distinct(),
    reason="同一国家可有多个项目，在各部分分别出现，合计只计一次",
    reason_en="a country with several projects appears in several parts and counts once in the total",
    **_PROJECTS,
)
def international_countries(sources: Sources, period: Period) -> ibis.Table:
    """期内在执行的国际合作项目的合作方所在国家，同一国家计一次。"""
    project = _projects(sources, period)
    return _project_records(project, project.country)


@indicator(
    key="international_projects",
    label="国际合作项目",
    label_en="international projects",
    unit="项",
    aggregate=Count(),
    **_PROJECTS,
)
def international_projects(sources: Sources, period: Period) -> ibis.Table:
    """期内有一日在执行的国际合作项目：期末前生效，且有效期不早于期初；作废的不计。"""
    project = _projects(sources, period)
    return _project_records(project, project.id)


FIGURES = (
    yellow_river_alliance_provinces,
    industry_colleges,
    training_centres,
    sino_german_partners_higher,
    sino_german_partners_secondary,
    international_institutions,
    international_countries,
    international_projects,
)


def _standing(sources: Sources, table: SourceTable) -> ibis.Table:
    rows = sources.table(table.name)
    return rows.filter(rows.voided_at.isnull())


def _in_being(sources: Sources, period: Period) -> ibis.Table:
    """Bodies in being on the last day; what comes of an agreement, only while that is in force."""
    last = period.last_day
    agreement, term = _standing(sources, AGREEMENT), _standing(sources, TERM)
    running = agreement.filter(agreement.ended_on.isnull() | (agreement.ended_on > last))
    covering = term.filter(term.since <= last, term.until.isnull() | (term.until >= last))
    in_force = running.filter(running.id.isin(covering.agreement_id)).select(of_agreement="id")
    body = _standing(sources, BODY)
    body = body.filter(period.stands(body.founded_on, body.ended_on))
    backed = body.left_join(in_force, body.agreement_id == in_force.of_agreement)
    return backed.filter(backed.agreement_id.isnull() | backed.of_agreement.notnull()).select(*body.columns)


def _bodies(sources: Sources, period: Period, kind: BodyKind) -> ibis.Table:
    body = _in_being(sources, period)
    body = body.filter(body.kind == kind.value)
    lead = as_of(sources, period.last_day).select(of_lead="organisation_id", lead_kind="kind")
    led = body.left_join(lead, body.organisation_id == lead.of_lead)
    return as_records(
        led,
        record_type=BODY_RECORD,
        record_id=led.id,
        organisation_id=led.organisation_id,
        on=led.founded_on,
        label=led.name,
        lead_kind=led.lead_kind,
    )


def _members(sources: Sources, period: Period, code: str, kind: BodyKind) -> ibis.Table:
    """Members on the last day of the body of that code and kind, where it is in being."""
    body = _in_being(sources, period)
    body = body.filter(body.code == code, body.kind == kind.value).select(of_body="id", lead_id="organisation_id")
    member = _standing(sources, MEMBER).rename(member_id="organisation_id")
    member = member.filter(period.stands(member.joined_on, member.left_on))
    return member.join(body, member.body_id == body.of_body)


def _partners(sources: Sources, period: Period, kinds: list[str]) -> ibis.Table:
    member = _members(sources, period, SINO_GERMAN_COLLEGE, BodyKind.JOINT_COLLEGE)
    school = as_of(sources, period.last_day)
    school = school.filter(school.kind.isin(kinds)).select(of_school="organisation_id")
    partner = member.join(school, member.member_id == school.of_school)
    partner = partner.filter(partner.member_id != partner.lead_id)
    return as_records(
        partner,
        record_type=MEMBER_RECORD,
        record_id=partner.id,
        counted_id=partner.member_id,
        organisation_id=partner.member_id,
        on=partner.joined_on,
        label=partner.name,
        member_role=partner.role,
    )


def _projects(sources: Sources, period: Period) -> ibis.Table:
    """Projects in force on a day of the period."""
    project = _standing(sources, PROJECT)
    first = period.first_day
    return project.filter(period.reached(project.since), project.until.isnull() | (project.until >= first))


def _project_records(project: ibis.Table, counted_id: ibis.Value) -> ibis.Table:
    return as_records(
        project,
        record_type=PROJECT_RECORD,
        record_id=project.id,
        counted_id=counted_id,
        organisation_id=project.organisation_id,
        on=project.since,
        label=project.name,
        country=project.country,
        project_kind=project.kind,
        belt_and_road=project.belt_and_road.ifelse("true", "false"),
    )
