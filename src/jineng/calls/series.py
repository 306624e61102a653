"""The calls that the figures speak of, by the codes that returns use for them."""

from __future__ import annotations

from dataclasses import dataclass

from jineng.calls.kinds import HolderForm, Level


@dataclass(frozen=True)
class Series:
    """A call that figures count: its code in returns, its name, its level, who may hold its awards."""

    code: str
    name: str
    level: Level
    holder_form: HolderForm = HolderForm.ORGANISATION


NATIONAL, PROVINCIAL = Level.NATIONAL, Level.PROVINCIAL

INTEGRATION_ENTERPRISE = Series("integration-pilot", "省级产教融合型试点企业", PROVINCIAL)
INTEGRATION_ENTERPRISE_NATIONAL = Series("integration-enterprise-national", "国家产教融合型企业建设单位", NATIONAL)
VOCATIONAL_GROUP = Series("vocational-group", "省级职业教育集团", PROVINCIAL)
VOCATIONAL_GROUP_NATIONAL = Series("demonstration-group-national", "国家示范性职业教育集团（联盟）", NATIONAL)
TECHNOLOGY_CENTRE_NATIONAL = Series("applied-technology-centre-national", "国家级应用技术协同创新中心", NATIONAL)
TRAINING_BASE_NATIONAL = Series("production-base-national", "国家级校企共建生产性实训基地", NATIONAL)
RED_CULTURE_BASE = Series("red-culture-base", "职业教育红色文化旅行示范基地", PROVINCIAL)
DOUBLE_HIGH_NATIONAL = Series("double-high-national", "国家“双高计划”建设单位", NATIONAL)
DOUBLE_HIGH = Series("double-high", "省级高水平高职学校建设", PROVINCIAL)
QUALITY_SECONDARY = Series("quality-secondary", "省级优质中等职业学校建设", PROVINCIAL)
IDEOLOGY_TEACHER = Series("ideology-backbone", "省级职业教育思想政治骨干教师", PROVINCIAL, HolderForm.PERSON)
FORM_TEACHER_STUDIO = Series("form-teacher-studio", "职业教育名班主任工作室", PROVINCIAL, HolderForm.STUDIO)
MASTER_TEACHER_STUDIO = Series("master-teacher-studio", "职业教育名师工作室", PROVINCIAL, HolderForm.STUDIO)
SKILL_HERITAGE_STUDIO = Series("skill-heritage-studio", "技艺技能传承创新工作室", PROVINCIAL, HolderForm.STUDIO)
TEACHER_TEAM = Series("innovation-team", "职业教育教师教学创新团队", PROVINCIAL, HolderForm.TEAM)
FOLK_ARTIST_STUDIO = Series("folk-artist-studio", "民间艺人工作室", PROVINCIAL, HolderForm.STUDIO)
RURAL_HERITAGE_STUDIO = Series("rural-heritage-studio", "农村非遗传承人工作室", PROVINCIAL, HolderForm.STUDIO)
VIRTUAL_SYSTEM = Series("virtual-simulation-system", "省级职业教育虚拟仿真教学系统项目", PROVINCIAL)
VIRTUAL_BASE_NATIONAL = Series("virtual-simulation-base-national", "国家级职业教育虚拟仿真实训基地", NATIONAL)
CULTURE_BRAND = Series("culture-brand", "职业院校文化品牌", PROVINCIAL)
MICRO_COURSE = Series("micro-course", "职业教育微课", PROVINCIAL)
REFORM_PROJECT = Series("reform-project", "职业教育教学改革研究项目", PROVINCIAL)
ENGLISH_PROJECT = Series("english-project", "英语教学改革研究项目", PROVINCIAL)
IDEOLOGY_COURSE_NATIONAL = Series("ideology-course-national", "国家级职业教育类课程思政示范课程", NATIONAL)
IDEOLOGY_CENTRE_NATIONAL = Series("ideology-centre-national", "国家级课程思政教学研究示范中心", NATIONAL)
RURAL_COLLEGE = Series("rural-revitalisation-college", "乡村振兴学院", PROVINCIAL)
RURAL_TALENT_SCHOOL_NATIONAL = Series("rural-talent-school-national", "全国乡村振兴人才培养优质校", NATIONAL)

ALL: tuple[Series, ...] = tuple(item for item in globals().values() if isinstance(item, Series))
"""Every series that figures speak of."""
