"""Codes of the room: kinds of season, ways in, pools, categories of applicant, what a cap binds, what became of one."""

from django.db.models import TextChoices


class SeasonKind(TextChoices):
    """What a season of admission is for."""

    CLASSIFIED = "classified", "高职分类考试招生"
    UPGRADE = "upgrade", "专升本"
    EXPANSION = "expansion", "高职扩招"
    VOCATIONAL_BACHELOR = "vocational_bachelor", "职业本科招生"
    JOINT = "joint", "合作办学招生"
    SECONDARY = "secondary", "中职招生"


class Channel(TextChoices):
    """The way in: by what an applicant is judged. ``direct`` where a season knows one way only."""

    DIRECT = "direct", "不分途径"
    COMPREHENSIVE = "comprehensive", "综合评价"
    SECONDARY_EXAM = "secondary_exam", "中职升学考试"
    FIVE_YEAR = "five_year", "五年制转段"
    GENERAL = "general", "普通高考"
    SEPARATE = "separate", "单考单招"


class Pool(TextChoices):
    """Whom the seats of a plan are for."""

    ORDINARY = "ordinary", "普通"
    HOUSEHOLD = "household", "建档立卡"
    COUNTY = "county", "县区定向"
    EXEMPT = "exempt", "免试"
    VETERAN = "veteran", "退役军人"
    RESERVE = "reserve", "预留"


class ProgrammeLevel(TextChoices):
    """What an admission leads to; the first three are vocational, as in the catalogue of majors."""

    SECONDARY = "secondary", "中等职业教育"
    HIGHER = "higher", "高等职业教育专科"
    BACHELOR = "bachelor", "高等职业教育本科"
    UNDERGRADUATE = "undergraduate", "普通本科"


VOCATIONAL_LEVELS = (ProgrammeLevel.SECONDARY, ProgrammeLevel.HIGHER, ProgrammeLevel.BACHELOR)


class ApplicantCategory(TextChoices):
    """What an applicant is when the season begins."""

    GENERAL_GRADUATE = "general_graduate", "普通高中毕业生"
    VOCATIONAL_GRADUATE = "vocational_graduate", "中职毕业生"
    JUNIOR_GRADUATE = "junior_graduate", "初中毕业生"
    FIVE_YEAR_STUDENT = "five_year_student", "五年制学生"
    COLLEGE_GRADUATE = "college_graduate", "高职毕业生"
    VETERAN = "veteran", "退役军人"
    LAID_OFF = "laid_off", "下岗失业人员"
    MIGRANT = "migrant", "农民工"
    FARMER = "farmer", "高素质农民"
    EMPLOYEE = "employee", "企业在职职工"
    VILLAGE_OFFICIAL = "village_official", "乡村干部"
    OTHER = "other", "其他"


class CapKind(TextChoices):
    """What a cap binds: all plans of a season, those of one institution, or a share of each institution's."""

    SEASON = "season", "全省合计"
    INSTITUTION = "institution", "机构合计"
    SHARE = "share", "占机构计划比例"


class Ending(TextChoices):
    """How a placement, an admission or a confirmed seat came to its end."""

    REFUSED = "refused", "退档"
    DECLINED = "declined", "考生放弃"
    WITHDRAWN = "withdrawn", "取消录取"
    LAPSED = "lapsed", "逾期未确认"


class Component(TextChoices):
    """The parts of a score."""

    CULTURE = "culture", "文化素质"
    SKILL = "skill", "职业技能"
    APTITUDE = "aptitude", "职业适应性"
    PROFESSIONAL = "professional", "专业基础"
    BONUS = "bonus", "奖励加分"


class Phase(TextChoices):
    """How far a round that is held got."""

    OPEN = "open", "填报志愿"
    RUNNING = "running", "投档录取"
    ANSWERING = "answering", "考生确认"
    CLOSED = "closed", "已结束"


class RunState(TextChoices):
    """How far a run got; ``sent`` means that the schools have the files."""

    WAITING = "waiting", "等待运行"
    SETTLED = "settled", "已算出"
    SENT = "sent", "已投档"
    PUBLISHED = "published", "已公布"
    DROPPED = "dropped", "不采用"
    FAILED = "failed", "未能运行"


class FileState(TextChoices):
    """How an applicant's file stands with a school, by the usage of admission offices."""

    FREE = "free", "自由可投"
    PLACED = "placed", "已投档"
    READING = "reading", "已阅档"
    REFUSAL = "refusal", "拟退档"
    PROPOSED = "proposed", "拟录取"
    REFUSED = "refused", "退档"
    ADMITTED = "admitted", "录取"
