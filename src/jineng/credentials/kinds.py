"""Codes of the room: levels of skill, who developed a standard, what becomes of a pilot, a candidate, a result."""

from django.db.models import TextChoices


class SkillLevel(TextChoices):
    """The three levels of a skill-level certificate."""

    ELEMENTARY = "elementary", "初级"
    INTERMEDIATE = "intermediate", "中级"
    ADVANCED = "advanced", "高级"


class DeveloperRole(TextChoices):
    """What an organisation did for a standard."""

    LEAD = "lead", "牵头"
    PARTICIPANT = "participant", "参与"


class PilotStatus(TextChoices):
    """What a pilot is on a day; told by its dates."""

    APPLIED = "applied", "已申报"
    STANDING = "standing", "试点中"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已退出"


class Attendance(TextChoices):
    """Whether a candidate came."""

    REGISTERED = "registered", "已报名"
    SAT = "sat", "参加考核"
    ABSENT = "absent", "缺考"


class Outcome(TextChoices):
    """What came of an assessment that a candidate sat."""

    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class CertificateStatus(TextChoices):
    """What a certificate is on a day; told by its dates."""

    HELD = "held", "有效"
    SUSPENDED = "suspended", "已暂停"
    REVOKED = "revoked", "已撤销"
    VOID = "void", "已作废"


class Stage(TextChoices):
    """How far a session is."""

    OPEN = "open", "报名中"
    ENTERING = "entering", "成绩录入中"
    COMPARED = "compared", "待处理差异"
    SETTLED = "settled", "成绩已确认"
    CERTIFIED = "certified", "已发证"


class AchievementKind(TextChoices):
    """What goes into the credit bank."""

    CERTIFICATE = "certificate", "技能等级证书"
    COURSE = "course", "课程"
    TRAINING = "training", "培训"
    COMPETITION = "competition", "竞赛"
    PRIOR = "prior", "先前学习"


class Direction(TextChoices):
    """What an achievement is converted to."""

    COURSE = "course", "免修课程"
    UNIT = "unit", "认定证书单元"
