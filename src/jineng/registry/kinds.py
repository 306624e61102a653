"""Codes of the registry: what kinds of division, organisation, change, role there are."""

from django.db.models import TextChoices


class DivisionLevel(TextChoices):
    """Level of an administrative division (GB/T 2260); ``special`` areas have no civil code of their own."""

    PROVINCE = "province", "省"
    CITY = "city", "市州"
    COUNTY = "county", "县区"
    SPECIAL = "special", "功能区"


class OrganisationKind(TextChoices):
    """What an organisation is. Kinds are dated: see ``OrganisationState``."""

    EDUCATION_DEPARTMENT = "education_department", "教育行政部门"
    GOVERNMENT_DEPARTMENT = "government_department", "其他政府部门"
    UNDERGRADUATE = "undergraduate", "本科院校"
    VOCATIONAL_UNIVERSITY = "vocational_university", "职业本科院校"
    HIGHER_VOCATIONAL = "higher_vocational", "高等职业院校"
    JUNIOR_COLLEGE = "junior_college", "高等专科学校"
    ADULT_HIGHER = "adult_higher", "成人高校"
    OPEN_UNIVERSITY = "open_university", "开放大学"
    OPEN_UNIVERSITY_BRANCH = "open_university_branch", "开放大学分校"
    SECONDARY_VOCATIONAL = "secondary_vocational", "中等职业学校"
    COUNTY_CENTRE = "county_centre", "县级职教中心"
    ENTERPRISE = "enterprise", "企业"
    ASSESSMENT_BODY = "assessment_body", "培训评价组织"
    PARK = "park", "职教园区"
    VOCATIONAL_GROUP = "vocational_group", "职教集团"
    OTHER = "other", "其他机构"


HIGHER_VOCATIONAL_KINDS = (
    OrganisationKind.HIGHER_VOCATIONAL,
    OrganisationKind.JUNIOR_COLLEGE,
    OrganisationKind.VOCATIONAL_UNIVERSITY,
)
VOCATIONAL_KINDS = (*HIGHER_VOCATIONAL_KINDS, OrganisationKind.SECONDARY_VOCATIONAL, OrganisationKind.COUNTY_CENTRE)
AUTHORITY_KINDS = (OrganisationKind.EDUCATION_DEPARTMENT, OrganisationKind.GOVERNMENT_DEPARTMENT)
DIRECTORY_KINDS = (*AUTHORITY_KINDS, OrganisationKind.ASSESSMENT_BODY)
"""Kinds that everybody who acts may look up: authorities, and bodies whose names stand on every certificate."""


class Nature(TextChoices):
    """Who runs the organisation."""

    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"
    OTHER = "other", "其他"


class CodeScheme(TextChoices):
    """Which standard an organisation's code follows."""

    SCHOOL = "school", "学校（机构）标识码"
    CREDIT = "credit", "统一社会信用代码"
    OFFICE = "office", "机关代码"


class Change(TextChoices):
    """What happened to an organisation; each leaves the state that holds from its date on."""

    ENTERED = "entered", "入册"
    FOUNDED = "founded", "设立"
    RENAMED = "renamed", "更名"
    REDESIGNATED = "redesignated", "转设（升格）"
    MOVED = "moved", "迁址"
    TRANSFERRED = "transferred", "隶属变更"
    MERGED = "merged", "并入"
    CLOSED = "closed", "撤销"


ENDINGS = (Change.MERGED, Change.CLOSED)


class Role(TextChoices):
    """What a post lets its holder do; over which records is decided by the post's organisation."""

    OFFICER = "officer", "经办"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理"
    REVIEWER = "reviewer", "评审专家"


class DocumentKind(TextChoices):
    """Identity papers."""

    RESIDENT_ID = "resident_id", "居民身份证"
    PASSPORT = "passport", "护照"
