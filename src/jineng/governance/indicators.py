"""The figures that the governance answers for. Each docstring is the definition that is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from jineng.engines.measures import (
    Count,
    Dimension,
    Distinct,
    Indicator,
    Over,
    Period,
    Sources,
    as_records,
    indicator,
)
from jineng.governance import topics
from jineng.governance.counting import (
    EXHIBIT_KIND,
    LEVEL,
    OCCASION_KIND,
    TABLES,
    TOPIC,
    county_facts,
    county_records,
    issuers,
    pooling_all,
    standing,
)
from jineng.governance.kinds import CountyItem, Level, OccasionKind, PolicyKind, StepKind
from jineng.kernel.measures import indicators, sources

for table in TABLES:
    sources.declare(table)

ROOM = "governance"
STOCK, FLOW = Over.STOCK, Over.FLOW
Records = Callable[[Sources, Period], ibis.Table]


def figure(
    key: str, label: str, label_en: str, unit: str, over: Over, record_type: str, *dimensions: Dimension, **more: Any
) -> Callable[[Records], Indicator]:
    """Declare a figure that counts records, each once."""
    declare = indicator(
        key=key,
        label=label,
        label_en=label_en,
        unit=unit,
        over=over,
        room=ROOM,
        record_type=record_type,
        dimensions=dimensions,
        **{"aggregate": Count(), **more},
    )
    return lambda records: indicators.add(declare(records))


def issuing(key: str, label: str, label_en: str) -> Callable[[Records], Indicator]:
    """Declare a figure that counts the departments behind a policy, each once."""
    return figure(key, label, label_en, "个", STOCK, "policy_issuer", aggregate=Distinct())


def counties(key: str, label: str, label_en: str) -> Callable[[Records], Indicator]:
    """Declare a figure that counts counties, each once."""
    return figure(key, label, label_en, "个", STOCK, "county_fact", aggregate=Distinct())


@issuing("integration_policy_issuers", "产教融合试点方案印发部门", "departments behind the integration pilot")
def integration_policy_issuers(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级产教融合试点方案的联合印发部门，一个部门只计一次；草案、转发件、已废止的版本和市县自行印发的文件不计，
    期末尚未印发的年份为零。"""
    return issuers(src, topics.INTEGRATION_PILOT, Level.PROVINCIAL, period)


@issuing("teacher_policy_issuers", "“双师型”教师认定办法印发部门", "departments behind the teacher measures")
def teacher_policy_issuers(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级“双师型”教师认定办法的联合印发部门，一个部门只计一次；草案、转发件、已废止的版本和市县自行印发的文件不计，
    期末尚未印发的年份为零。"""
    return issuers(src, topics.DUAL_QUALIFIED, Level.PROVINCIAL, period)


@issuing("ethnic_policy_issuers", "民族地区职业教育计划印发部门", "departments behind the plan for ethnic areas")
def ethnic_policy_issuers(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级民族地区职业教育发展计划的联合印发部门，一个部门只计一次；草案、转发件、已废止的版本和市县自行印发的文件不计，
    期末尚未印发的年份为零。"""
    return issuers(src, topics.ETHNIC_AREAS, Level.PROVINCIAL, period)


@issuing("pay_notice_issuers", "绩效工资通知印发部门", "departments behind the notice on pay")
def pay_notice_issuers(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级职业院校绩效工资通知的联合印发部门，一个部门只计一次；草案、转发件、已废止的版本和市县自行印发的文件不计，
    期末尚未印发的年份为零。"""
    return issuers(src, topics.PERFORMANCE_PAY, Level.PROVINCIAL, period)


@figure("policies_of_year", "当年印发的省级政策文件", "provincial policies of the year", "件", FLOW, "policy", TOPIC)
def policies_of_year(src: Sources, period: Period) -> ibis.Table:
    """本期印发的省级职业教育政策文件，一件一计，联合印发的也只计一件；草案和转发件不计，后来废止的仍计。"""
    policy = standing(src, "governance_policy")
    issued = policy.filter(
        policy.level == Level.PROVINCIAL.value,
        policy.kind == PolicyKind.ISSUED.value,
        policy.issued_on.notnull(),
        period.holds(policy.issued_on),
    )
    return as_records(
        issued,
        record_type="policy",
        record_id=issued.id,
        organisation_id=issued.organisation_id,
        on=issued.issued_on,
        label=issued.title,
        topic=issued.topic,
    )


@figure("leading_groups_in_being", "职业教育领导小组", "leading groups in being", "个", STOCK, "leading_group", LEVEL)
def leading_groups_in_being(src: Sources, period: Period) -> ibis.Table:
    """期末在设的各级职业教育工作领导小组，一个小组计一个；已撤销的不计。"""
    group = standing(src, "governance_leadinggroup")
    held = group.filter(period.stands(group.formed_on, group.dissolved_on))
    return as_records(
        held,
        record_type="leading_group",
        record_id=held.id,
        organisation_id=held.organisation_id,
        on=held.formed_on,
        label=held.name,
        level=held.level,
    )


@figure("press_items", "职业教育宣传报道", "press items", "篇", FLOW, "press_item", LEVEL, TOPIC)
def press_items(src: Sources, period: Period) -> ibis.Table:
    """本期各级媒体关于职业教育的报道，同一媒体同日同题的只计一篇。"""
    item = standing(src, "governance_pressitem")
    told = item.filter(period.holds(item.published_on))
    return as_records(
        told,
        record_type="press_item",
        record_id=told.id,
        organisation_id=told.organisation_id,
        on=told.published_on,
        label=told.outlet + ibis.literal("：") + told.title,
        level=told.level,
        topic=told.topic,
    )


def _occasions(src: Sources, period: Period) -> ibis.Table:
    held = standing(src, "governance_occasion")
    return held.filter(period.holds(held.begins_on))


def _occasion_records(held: ibis.Table) -> ibis.Table:
    return as_records(
        held,
        record_type="occasion",
        record_id=held.id,
        organisation_id=held.host_id,
        on=held.begins_on,
        label=held.name,
        kind=held.kind,
        level=held.level,
    )


@figure("events_held", "职业教育活动", "events held", "场", FLOW, "occasion", OCCASION_KIND, LEVEL)
def events_held(src: Sources, period: Period) -> ibis.Table:
    """本期开始举办的各类职业教育活动，一场一计。"""
    return _occasion_records(_occasions(src, period))


@figure(
    "activity_week_events", "职业教育活动周活动", "activity week events", "场", FLOW, "occasion", OCCASION_KIND, LEVEL
)
def activity_week_events(src: Sources, period: Period) -> ibis.Table:
    """本期开始举办的职业教育活动周活动，一场一计；大赛、论坛和成果展另计。"""
    held = _occasions(src, period)
    return _occasion_records(held.filter(held.kind == OccasionKind.ACTIVITY_WEEK.value))


@figure("exhibition_items", "职业教育成果展展品", "items exhibited", "件", FLOW, "exhibition_item", EXHIBIT_KIND)
def exhibition_items(src: Sources, period: Period) -> ibis.Table:
    """本期举办的各场活动上展出的产品、成果、作品和展板，一件在一场活动上计一次。"""
    held = _occasions(src, period)
    held = held.select(own_id=held.id, on=held.begins_on)
    item = standing(src, "governance_exhibitionitem")
    shown = item.join(held, item.occasion_id == held.own_id)
    return as_records(
        shown,
        record_type="exhibition_item",
        record_id=shown.id,
        organisation_id=shown.organisation_id,
        on=shown.on,
        label=shown.title,
        kind=shown.kind,
    )


@figure("task_shares_accepted", "通过验收的承办任务", "shares of tasks accepted", "件", FLOW, "assignment")
def task_shares_accepted(src: Sources, period: Period) -> ibis.Table:
    """本期由下达单位验收通过的承办任务，一个承办单位承办一项任务计一件；收回的任务不计。"""
    step = standing(src, "governance_taskstep")
    accepted = step.filter(step.kind == StepKind.ACCEPTED.value, period.holds(step.happened_on))
    accepted = accepted.select(share_id=accepted.assignment_id, on=accepted.happened_on)
    share, task = standing(src, "governance_assignment"), standing(src, "governance_task")
    task = task.filter(task.withdrawn_on.isnull())
    task = task.select(own_id=task.id, title=task.title)
    done = share.join(accepted, share.id == accepted.share_id)
    done = done.join(task, done.task_id == task.own_id)
    return as_records(
        done,
        record_type="assignment",
        record_id=done.id,
        organisation_id=done.receiver_id,
        on=done.on,
        label=done.title,
    )


@counties("county_schools", "有县办职业学校的县区", "counties with their vocational school")
def county_schools(src: Sources, period: Period) -> ibis.Table:
    """期末办有县级职业学校的县（区），一县只计一次。"""
    return county_records(county_facts(src, period, CountyItem.SCHOOL))


@counties("county_centres", "有县级职教中心的县区", "counties with their centre")
def county_centres(src: Sources, period: Period) -> ibis.Table:
    """期末设有县级职业教育中心的县（区），一县只计一次。"""
    return county_records(county_facts(src, period, CountyItem.CENTRE))


@counties("county_centres_led", "中心主任由县领导兼任的县区", "counties whose leader directs the centre")
def county_centres_led(src: Sources, period: Period) -> ibis.Table:
    """期末县级职业教育中心主任由县（区）领导兼任的县（区），一县只计一次。"""
    return county_records(county_facts(src, period, CountyItem.DIRECTOR))


@counties("county_centres_complete", "“一县一校一中心”完备的县区", "counties that have it all")
def county_centres_complete(src: Sources, period: Period) -> ibis.Table:
    """期末同时办有县级职业学校、设有县级职教中心、中心主任由县（区）领导兼任、并统筹了当时规定的全部部门的县（区）。"""
    centre = pooling_all(src, period)
    school = county_facts(src, period, CountyItem.SCHOOL)
    director = county_facts(src, period, CountyItem.DIRECTOR)
    whole = centre.filter(centre.division_id.isin(school.division_id), centre.division_id.isin(director.division_id))
    return county_records(whole)
