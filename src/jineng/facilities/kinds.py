"""Codes of the room: what becomes of a phase, where money comes from, what a shared facility is."""

from django.db.models import TextChoices


class PhaseStatus(TextChoices):
    """What a phase is, from the day of a report on."""

    PLANNED = "planned", "规划"
    UNDER_CONSTRUCTION = "under_construction", "在建"
    SUSPENDED = "suspended", "停工"
    COMPLETED = "completed", "建成"


class Funding(TextChoices):
    """Where booked money comes from."""

    CENTRAL = "central", "中央财政"
    PROVINCIAL = "provincial", "省级财政"
    LOCAL = "local", "市县财政"
    BOND = "bond", "专项债券"
    LOAN = "loan", "银行贷款"
    ENTERPRISE = "enterprise", "企业投入"
    OWN = "own", "自筹"


class FacilityKind(TextChoices):
    """What a shared facility is."""

    WORKSHOP = "workshop", "实训车间"
    LABORATORY = "laboratory", "实验室"
    LECTURE_HALL = "lecture_hall", "报告厅"
    LIBRARY = "library", "图书馆"
    SPORTS = "sports", "体育场馆"
    DORMITORY = "dormitory", "宿舍"
    CANTEEN = "canteen", "食堂"
    OTHER = "other", "其他"
