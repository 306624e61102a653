"""Codes of the room: kinds of courses, who funds a class, how it is held, what became of an enrolment."""

from django.db.models import TextChoices


class CourseKind(TextChoices):
    """What somebody who finishes the course has gained."""

    TRAINING = "training", "职业培训"
    OPEN_UNIVERSITY = "open_university", "开放教育"
    MICRO_COURSE = "micro_course", "微课"
    DEGREE = "degree", "学历教育"


class Theme(TextChoices):
    """What the brief tells apart among the fields of training for partner countries."""

    NONE = "", "一般"
    CULTURE = "culture", "中华传统文化"
    CHINESE_MEDICINE = "chinese_medicine", "中医药"


class Department(TextChoices):
    """Whose money pays for a class: the five departments that a county centre pools, or another source."""

    EDUCATION = "education", "教育"
    HUMAN_RESOURCES = "human_resources", "人社"
    AGRICULTURE = "agriculture", "农业农村"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    RURAL_REVITALISATION = "rural_revitalisation", "乡村振兴"
    OTHER = "other", "其他渠道"


class Mode(TextChoices):
    """Where the class meets."""

    PLACE = "place", "面授"
    ONLINE = "online", "线上"
    BLENDED = "blended", "线上线下结合"


class ClassStatus(TextChoices):
    """Where a class stands on a day; told by its dates, never stored."""

    PLANNED = "planned", "计划"
    OPEN = "open", "报名中"
    RUNNING = "running", "开班中"
    COMPLETED = "completed", "已结班"
    CANCELLED = "cancelled", "已取消"
    VOID = "void", "已作废"


class EnrolmentState(TextChoices):
    """What became of somebody who signed up for a class."""

    APPLIED = "applied", "已报名"
    WAITING = "waiting", "候补"
    ENROLLED = "enrolled", "在读"
    WITHDRAWN = "withdrawn", "已退出"
    COMPLETED = "completed", "结业"
    NOT_COMPLETED = "not_completed", "未结业"


SEATED = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
"""States that take one of the seats of the class."""
PENDING = (EnrolmentState.APPLIED, EnrolmentState.WAITING)
ENDED = (EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


class Presence(TextChoices):
    """How somebody attended one session."""

    PRESENT = "present", "出勤"
    LATE = "late", "迟到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺勤"


CAME = (Presence.PRESENT, Presence.LATE)


class Tier(TextChoices):
    """The three tiers of the open university."""

    PROVINCE = "province", "省级开放大学"
    CITY = "city", "市州分校"
    COUNTY = "county", "县区分校（学习中心）"
