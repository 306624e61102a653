"""Codes of the room: kinds of teachers, qualifications, titles, conditions of a standard, autonomies."""

from __future__ import annotations

from django.db.models import TextChoices


class TeacherKind(TextChoices):
    """In which capacity somebody teaches."""

    PROFESSIONAL = "professional", "专任专业课教师"
    GENERAL = "general", "专任公共课教师"
    PRACTICE = "practice", "实习指导教师"
    PART_TIME = "part_time", "企业兼职教师"


class QualificationKind(TextChoices):
    """What a certificate attests."""

    TEACHER = "teacher", "教师资格证"
    SKILL = "skill", "技能等级证书"
    PROFESSIONAL = "professional", "其他职业资格"


class SkillGrade(TextChoices):
    """Grades of skill (新八级工), the lowest first; five of them are the older national occupational grades."""

    APPRENTICE = "apprentice", "学徒工"
    JUNIOR = "junior", "五级（初级工）"
    MIDDLE = "middle", "四级（中级工）"
    SENIOR = "senior", "三级（高级工）"
    TECHNICIAN = "technician", "二级（技师）"
    SENIOR_TECHNICIAN = "senior_technician", "一级（高级技师）"
    SPECIAL = "special", "特级技师"
    CHIEF = "chief", "首席技师"


class Series(TextChoices):
    """Series of professional titles."""

    SECONDARY_TEACHER = "secondary_teacher", "中职教师系列"
    HIGHER_TEACHER = "higher_teacher", "高校教师系列"
    PRACTICE_TEACHER = "practice_teacher", "实习指导教师系列"
    ENGINEER = "engineer", "工程技术系列"
    OTHER = "other", "其他系列"


class TitleLevel(TextChoices):
    """Levels of professional titles, the lowest first."""

    CLERK = "clerk", "员级"
    ASSISTANT = "assistant", "助理级"
    INTERMEDIATE = "intermediate", "中级"
    DEPUTY_SENIOR = "deputy_senior", "副高级"
    SENIOR = "senior", "正高级"


_TITLES: dict[str, tuple[str, ...]] = {
    Series.SECONDARY_TEACHER: ("教员", "助理讲师", "讲师", "高级讲师", "正高级讲师"),
    Series.HIGHER_TEACHER: ("教员", "助教", "讲师", "副教授", "教授"),
    Series.PRACTICE_TEACHER: (
        "三级实习指导教师",
        "二级实习指导教师",
        "一级实习指导教师",
        "高级实习指导教师",
        "正高级实习指导教师",
    ),
    Series.ENGINEER: ("技术员", "助理工程师", "工程师", "高级工程师", "正高级工程师"),
}


def title_name(series: str, level: str) -> str:
    """What a title of this series and level is called; the level's own name where the series has no names here."""
    names = _TITLES.get(series)
    return names[TitleLevel.values.index(level)] if names else str(TitleLevel(level).label)


class StayKind(TextChoices):
    """Where and how a teacher practised."""

    ENTERPRISE = "enterprise", "企业实践"
    BASE = "base", "培训基地实训"
    POST = "post", "企业挂职"


class DualLevel(TextChoices):
    """Levels of dual-qualified teachers, the lowest first."""

    ELEMENTARY = "elementary", "初级"
    INTERMEDIATE = "intermediate", "中级"
    SENIOR = "senior", "高级"


class Recogniser(TextChoices):
    """The lowest kind of body that may recognise a level; those above it may, too."""

    INSTITUTION = "institution", "学校"
    COUNTY = "county", "县级主管部门"
    CITY = "city", "市级主管部门"
    PROVINCE = "province", "省级主管部门"


class ConditionKind(TextChoices):
    """What a standard may ask of a teacher."""

    KIND = "kind", "教师类别"
    CERTIFICATE = "certificate", "教师资格"
    SKILL = "skill", "技能等级"
    PROFESSIONAL = "professional", "职业资格"
    TITLE = "title", "专业技术职务"
    PRACTICE = "practice", "企业实践"
    SERVICE = "service", "任教年限"
    EARLIER = "earlier", "已有认定"


class Autonomy(TextChoices):
    """What an institution is left to decide by itself. The first five concern performance pay."""

    PAY_DISTRIBUTION = "pay_distribution", "绩效工资内部分配自主"
    PAY_APPRAISAL = "pay_appraisal", "绩效考核办法自主"
    PAY_TALENT = "pay_talent", "高层次人才薪酬自主"
    PAY_SERVICE = "pay_service", "社会服务收入分配自主"
    PAY_PART_TIME = "pay_part_time", "兼职教师报酬自主"
    RECRUITMENT = "recruitment", "用人自主"
    POSTS = "posts", "岗位设置自主"
    TITLE_REVIEW = "title_review", "职称评审自主"


PAY_AUTONOMIES = (
    Autonomy.PAY_DISTRIBUTION,
    Autonomy.PAY_APPRAISAL,
    Autonomy.PAY_TALENT,
    Autonomy.PAY_SERVICE,
    Autonomy.PAY_PART_TIME,
)
