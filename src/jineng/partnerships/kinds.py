"""Codes of the room: kinds of agreement, party, body, member, project and cluster; what a party answers."""

from django.db.models import TextChoices


class AgreementKind(TextChoices):
    """Between whom, or what for, an agreement is."""

    SCHOOL_ENTERPRISE = "school_enterprise", "校企合作"
    SCHOOL_SCHOOL = "school_school", "校校合作"
    GOVERNMENT_SCHOOL = "government_school", "政校合作"
    EAST_WEST = "east_west", "东西部协作"
    REGIONAL = "regional", "区域合作"
    INTERNATIONAL = "international", "国际合作"
    OTHER = "other", "其他"


class PartyRole(TextChoices):
    """As what somebody stands in an agreement. A witness signs but is not asked about renewal."""

    FIRST = "first", "甲方"
    SECOND = "second", "乙方"
    THIRD = "third", "其他签约方"
    WITNESS = "witness", "见证方"


ASKED_ROLES = (PartyRole.FIRST, PartyRole.SECOND, PartyRole.THIRD)


class BodyKind(TextChoices):
    """What comes of an agreement."""

    ALLIANCE = "alliance", "联盟"
    INDUSTRY_COLLEGE = "industry_college", "产业学院（企业学院）"
    TRAINING_CENTRE = "training_centre", "培训中心（基地）"
    JOINT_COLLEGE = "joint_college", "合作办学学院"
    PARK_ASSOCIATION = "park_association", "园区联合体"
    OTHER = "other", "其他"


class MemberRole(TextChoices):
    """As what somebody belongs to a body or a cluster."""

    CHAIR = "chair", "理事长单位"
    VICE_CHAIR = "vice_chair", "副理事长单位"
    COUNCIL = "council", "理事单位"
    MEMBER = "member", "成员单位"
    PARTNER = "partner", "合作院校"


class ProjectKind(TextChoices):
    """What an international project does."""

    DEGREE = "degree", "学历教育"
    TRAINING = "training", "技能培训"
    WORKSHOP = "workshop", "境外办学（工坊）"
    CULTURE = "culture", "文化交流"
    MEDICINE = "medicine", "中医药"
    OTHER = "other", "其他"


class ClusterField(TextChoices):
    """The industries around which schools and firms gather."""

    PETROCHEMICAL = "petrochemical", "石油化工"
    METALLURGY = "metallurgy", "有色冶金"
    ECOLOGY = "ecology", "生态环保"
    DESERT_AGRICULTURE = "desert_agriculture", "戈壁农业"
    E_COMMERCE = "e_commerce", "电子商务"
    CULTURAL_TOURISM = "cultural_tourism", "文化旅游"


class Answer(TextChoices):
    """What a party says when the term nears its end."""

    RENEW = "renew", "续签"
    END = "end", "不再续签"
