"""The figures that the calls answer for. Each docstring is the definition that is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from jineng.calls import series as s
from jineng.calls.counting import DIMENSIONS, RECORD_TYPE, TABLES, candidates, in_being, recognised
from jineng.calls.kinds import HolderKind
from jineng.engines.measures import Count, Distinct, Indicator, Over, Period, Sources, indicator
from jineng.kernel.measures import indicators, sources

for table in TABLES:
    sources.declare(table)

Records = Callable[[Sources, Period], ibis.Table]


def figure(key: str, label: str, label_en: str, unit: str, over: Over, **more: Any) -> Callable[[Records], Indicator]:
    """Declare a figure that counts awards, each once."""
    declare = indicator(
        key=key,
        label=label,
        label_en=label_en,
        unit=unit,
        over=over,
        room="calls",
        record_type=RECORD_TYPE,
        dimensions=DIMENSIONS,
        **{"aggregate": Count(), **more},
    )
    return lambda records: indicators.add(declare(records))


def bodies(key: str, label: str, label_en: str, unit: str, over: Over) -> Callable[[Records], Indicator]:
    """Declare a figure that counts organisations, each once, however many awards it has."""
    return figure(
        key,
        label,
        label_en,
        unit,
        over,
        aggregate=Distinct(),
        reason="同一单位有多项立项时，在各部分分别出现，合计只计一次",
        reason_en="an organisation with several awards appears in several parts and counts once in the total",
    )


STOCK, FLOW = Over.STOCK, Over.FLOW


@bodies("integration_pilot_enterprises", "产教融合型试点企业（首批）", "integration pilot enterprises", "家", STOCK)
def integration_pilot_enterprises(src: Sources, period: Period) -> ibis.Table:
    """省级产教融合型试点企业遴选第一批认定、期末仍有效的企业，一家企业只计一次。"""
    return in_being(src, s.INTEGRATION_ENTERPRISE, period).of_batch(1).organisations()


@bodies(
    "integration_pilot_enterprises_national", "其中国家产教融合型企业", "of these, recognised nationally", "家", STOCK
)
def integration_pilot_enterprises_national(src: Sources, period: Period) -> ibis.Table:
    """期末列为国家产教融合型企业建设单位、同时属于省级首批试点企业的企业，一家企业只计一次。"""
    pilots = in_being(src, s.INTEGRATION_ENTERPRISE, period).of_batch(1)
    return in_being(src, s.INTEGRATION_ENTERPRISE_NATIONAL, period).of_those(pilots).organisations()


@figure("vocational_groups", "省级职教集团", "provincial vocational groups", "个", STOCK)
def vocational_groups(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级职业教育集团立项。"""
    return in_being(src, s.VOCATIONAL_GROUP, period).items()


@bodies("vocational_groups_national", "国家示范性职教集团（首批）", "national demonstration groups", "个", STOCK)
def vocational_groups_national(src: Sources, period: Period) -> ibis.Table:
    """国家示范性职业教育集团第一批认定、期末仍有效，且同时是期末有效的省级职教集团，一个集团只计一次。"""
    provincial = in_being(src, s.VOCATIONAL_GROUP, period)
    national = in_being(src, s.VOCATIONAL_GROUP_NATIONAL, period).of_batch(1)
    return national.of_those(provincial).organisations()


@figure("applied_technology_centres_national", "国家级应用技术协同创新中心", "national technology centres", "个", STOCK)
def applied_technology_centres_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的国家级应用技术协同创新中心。"""
    return in_being(src, s.TECHNOLOGY_CENTRE_NATIONAL, period).items()


@figure("production_training_bases_national", "国家级生产性实训基地", "national production training bases", "个", STOCK)
def production_training_bases_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的国家级校企共建生产性实训基地。"""
    return in_being(src, s.TRAINING_BASE_NATIONAL, period).items()


@figure("red_culture_bases", "红色文化旅行示范基地", "red culture bases", "个", STOCK)
def red_culture_bases(src: Sources, period: Period) -> ibis.Table:
    """期末已认定的职业教育红色文化旅行示范基地；培育、建设中的不计。"""
    return in_being(src, s.RED_CULTURE_BASE, period).items()


@figure("red_culture_bases_candidate", "示范基地培育建设对象", "red culture bases under construction", "个", STOCK)
def red_culture_bases_candidate(src: Sources, period: Period) -> ibis.Table:
    """期末处于培育或建设状态、尚未认定的职业教育红色文化旅行示范基地。"""
    return candidates(src, s.RED_CULTURE_BASE, period).items()


@bodies("double_high_national", "国家“双高计划”院校", "colleges on the national Double High plan", "所", STOCK)
def double_high_national(src: Sources, period: Period) -> ibis.Table:
    """期末在国家“双高计划”建设序列中的院校，一校只计一次。"""
    return in_being(src, s.DOUBLE_HIGH_NATIONAL, period).organisations()


@bodies("double_high_provincial", "省级高水平高职学校（首批）", "colleges on the provincial plan", "所", STOCK)
def double_high_provincial(src: Sources, period: Period) -> ibis.Table:
    """省级高水平高职学校建设第一批入选、期末仍在建设序列中的院校，一校只计一次。"""
    return in_being(src, s.DOUBLE_HIGH, period).of_batch(1).organisations()


@bodies("quality_secondary_provincial", "省级优质中职学校（首批）", "quality secondary schools", "所", STOCK)
def quality_secondary_provincial(src: Sources, period: Period) -> ibis.Table:
    """省级优质中等职业学校建设第一批入选、期末仍在建设序列中的学校，一校只计一次。"""
    return in_being(src, s.QUALITY_SECONDARY, period).of_batch(1).organisations()


@figure("ideology_backbone_teachers", "省级思政骨干教师", "ideology teachers recognised", "个", FLOW)
def ideology_backbone_teachers(src: Sources, period: Period) -> ibis.Table:
    """本期认定、由个人持有的省级职业教育思想政治骨干教师立项。"""
    return recognised(src, s.IDEOLOGY_TEACHER, period).held_by(HolderKind.PERSON).items()


@figure("form_teacher_studios", "名班主任工作室", "form teacher studios recognised", "个", FLOW)
def form_teacher_studios(src: Sources, period: Period) -> ibis.Table:
    """本期认定、由个人领衔并有依托单位的职业教育名班主任工作室。"""
    return recognised(src, s.FORM_TEACHER_STUDIO, period).held_by(HolderKind.PERSON).items()


@figure("master_teacher_studios", "名师工作室", "master teacher studios recognised", "个", FLOW)
def master_teacher_studios(src: Sources, period: Period) -> ibis.Table:
    """本期认定的职业教育名师工作室。"""
    return recognised(src, s.MASTER_TEACHER_STUDIO, period).items()


@figure("skill_heritage_studios", "技艺技能传承创新工作室", "skill heritage studios recognised", "个", FLOW)
def skill_heritage_studios(src: Sources, period: Period) -> ibis.Table:
    """本期认定的技艺技能传承创新工作室。"""
    return recognised(src, s.SKILL_HERITAGE_STUDIO, period).items()


@figure("teacher_innovation_teams", "教师教学创新团队", "teacher innovation teams recognised", "个", FLOW)
def teacher_innovation_teams(src: Sources, period: Period) -> ibis.Table:
    """本期认定的职业教育教师教学创新团队。"""
    return recognised(src, s.TEACHER_TEAM, period).items()


@figure("folk_artist_studios", "民间艺人工作室", "folk artist studios recognised", "个", FLOW)
def folk_artist_studios(src: Sources, period: Period) -> ibis.Table:
    """本期认定、由民间艺人个人领衔的工作室。"""
    return recognised(src, s.FOLK_ARTIST_STUDIO, period).held_by(HolderKind.PERSON).items()


@figure("rural_heritage_studios", "农村非遗传承人工作室", "rural heritage studios recognised", "个", FLOW)
def rural_heritage_studios(src: Sources, period: Period) -> ibis.Table:
    """本期认定、由农村非物质文化遗产传承人个人领衔的工作室。"""
    return recognised(src, s.RURAL_HERITAGE_STUDIO, period).held_by(HolderKind.PERSON).items()


@figure("virtual_simulation_systems", "省级虚拟仿真教学系统", "virtual simulation systems", "个", STOCK)
def virtual_simulation_systems(src: Sources, period: Period) -> ibis.Table:
    """期末有效的省级职业教育虚拟仿真教学系统项目。"""
    return in_being(src, s.VIRTUAL_SYSTEM, period).items()


@figure("virtual_simulation_bases_national", "国家级虚拟仿真实训基地", "national simulation bases", "个", STOCK)
def virtual_simulation_bases_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的国家级职业教育虚拟仿真实训基地。"""
    return in_being(src, s.VIRTUAL_BASE_NATIONAL, period).items()


@figure("culture_brands", "职业院校文化品牌", "school culture brands approved", "个", FLOW)
def culture_brands(src: Sources, period: Period) -> ibis.Table:
    """本期认定的职业院校文化品牌。"""
    return recognised(src, s.CULTURE_BRAND, period).items()


@figure("micro_courses", "微课", "micro-courses approved", "门", FLOW)
def micro_courses(src: Sources, period: Period) -> ibis.Table:
    """本期遴选认定的职业教育微课，一门一计。"""
    return recognised(src, s.MICRO_COURSE, period).items()


@figure("reform_projects", "教育改革项目", "reform projects approved", "项", FLOW)
def reform_projects(src: Sources, period: Period) -> ibis.Table:
    """本期立项的职业教育教学改革研究项目。"""
    return recognised(src, s.REFORM_PROJECT, period).items()


@figure("english_projects", "英语教学改革研究项目", "English teaching projects approved", "项", FLOW)
def english_projects(src: Sources, period: Period) -> ibis.Table:
    """本期立项的英语教学改革研究项目。"""
    return recognised(src, s.ENGLISH_PROJECT, period).items()


@figure("ideology_courses_national", "国家级思政示范课程", "national demonstration courses", "门", STOCK)
def ideology_courses_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的国家级职业教育类课程思政示范课程。"""
    return in_being(src, s.IDEOLOGY_COURSE_NATIONAL, period).items()


@figure("ideology_centres_national", "国家级思政教学研究示范中心", "national research centres", "个", STOCK)
def ideology_centres_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的国家级课程思政教学研究示范中心。"""
    return in_being(src, s.IDEOLOGY_CENTRE_NATIONAL, period).items()


@figure("rural_revitalisation_colleges", "乡村振兴学院", "rural revitalisation colleges", "个", STOCK)
def rural_revitalisation_colleges(src: Sources, period: Period) -> ibis.Table:
    """期末已认定且有效的乡村振兴学院。"""
    return in_being(src, s.RURAL_COLLEGE, period).items()


@bodies("rural_talent_schools_national", "全国乡村振兴人才培养优质校", "national rural talent schools", "所", STOCK)
def rural_talent_schools_national(src: Sources, period: Period) -> ibis.Table:
    """期末有效的全国乡村振兴人才培养优质校，一校只计一次。"""
    return in_being(src, s.RURAL_TALENT_SCHOOL_NATIONAL, period).organisations()
