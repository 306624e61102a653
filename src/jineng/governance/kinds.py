"""Codes of the governance: levels, what a policy is, roles in a group, states of a task, parts of a county's state."""

from django.db.models import TextChoices


class Level(TextChoices):
    """At which level something is issued, formed or reported."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    SCHOOL = "school", "校级"


class PolicyKind(TextChoices):
    """Whether a document says something of its own, or passes on what others issued."""

    ISSUED = "issued", "印发"
    FORWARDED = "forwarded", "转发"


class MemberRole(TextChoices):
    """As what somebody belongs to a leading group."""

    HEAD = "head", "组长"
    DEPUTY = "deputy", "副组长"
    MEMBER = "member", "成员"
    OFFICE = "office", "办公室"


class StepKind(TextChoices):
    """What happens to a share of a task after it was given."""

    RECEIVED = "received", "接收"
    SPLIT = "split", "分解"
    REPORTED = "reported", "上报"
    SENT_BACK = "sent_back", "退回"
    ACCEPTED = "accepted", "通过"


class TaskState(TextChoices):
    """Where a share of a task stands."""

    GIVEN = "given", "已下达"
    RECEIVED = "received", "已接收"
    SPLIT = "split", "已分解"
    REPORTED = "reported", "已上报"
    SENT_BACK = "sent_back", "已退回"
    ACCEPTED = "accepted", "已通过"


class OccasionKind(TextChoices):
    """What kind of event was held."""

    ACTIVITY_WEEK = "activity_week", "职业教育活动周"
    CONTEST = "contest", "技能大赛"
    FORUM = "forum", "论坛（研讨会）"
    EXHIBITION = "exhibition", "成果展"
    OPENING = "opening", "揭牌（启动）"
    OTHER = "other", "其他"


class ParticipantRole(TextChoices):
    """As what an organisation took part in an event."""

    CO_HOST = "co_host", "承办"
    SUPPORTER = "supporter", "协办"
    PARTICIPANT = "participant", "参加"


class ItemKind(TextChoices):
    """What was shown at an exhibition."""

    PRODUCT = "product", "产品"
    ACHIEVEMENT = "achievement", "成果"
    WORK = "work", "作品"
    DISPLAY = "display", "展板"


class CountyItem(TextChoices):
    """Parts of 一县一校一中心."""

    SCHOOL = "school", "县办职业学校"
    CENTRE = "centre", "县级职教中心"
    DIRECTOR = "director", "中心主任由县（区）领导兼任"
    DEPARTMENT = "department", "统筹部门"


class Department(TextChoices):
    """Departments whose training a county centre pools."""

    EDUCATION = "education", "教育"
    HUMAN_RESOURCES = "human_resources", "人社"
    AGRICULTURE = "agriculture", "农业农村"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    RURAL_REVITALISATION = "rural_revitalisation", "乡村振兴"
