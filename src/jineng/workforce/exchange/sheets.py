"""Columns of the room's sheets."""

from __future__ import annotations

from jineng.engines.exchange import Column, Kind, Sheet
from jineng.registry.exchange import person_columns
from jineng.workforce.kinds import (
    Autonomy,
    ConditionKind,
    DualLevel,
    QualificationKind,
    Recogniser,
    Series,
    SkillGrade,
    StayKind,
    TeacherKind,
    TitleLevel,
)


def _codes(choices: list[tuple[str, str]]) -> dict[str, str]:
    return {str(label): value for value, label in choices}


LEVELS = _codes(DualLevel.choices)
VOIDED = Column("voided", "作废", Kind.BOOLEAN, help="误报、从未有过的填“是”；到期、终止的填相应日期。")
REASON = Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。")
DOCUMENT = Column("document", "文号", Kind.TEXT, max_length=100)
TEACHER = Column(
    "resident_id",
    "证件号码",
    Kind.RESIDENT_ID,
    required=True,
    help="须是管辖范围内学校的教师，先填“教师”表。",
)
NAME = Column("person_name", "姓名", Kind.TEXT, max_length=60, help="可不填；填写时须与登记的姓名一致。")

STANDARDS = Sheet(
    "dual_standards",
    "双师型认定标准",
    (
        Column("code", "版本", Kind.CODE, required=True, max_length=20),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        Column("document", "文号", Kind.TEXT, required=True, max_length=100),
        Column("in_force_from", "施行日期", Kind.DATE, required=True),
        Column("in_force_until", "废止日期", Kind.DATE, help="自该日起不再施行；仍在施行的留空。"),
        Column(
            "days_per_month",
            "每月按天数",
            Kind.INTEGER,
            minimum=1,
            maximum=31,
            unit="天",
            help="企业实践折算月数；不填按30天。",
        ),
        Column("level", "等级", Kind.CHOICE, required=True, choices=LEVELS),
        Column("recogniser", "认定权限", Kind.CHOICE, required=True, choices=_codes(Recogniser.choices)),
        Column("valid_years", "有效年限", Kind.INTEGER, minimum=1, maximum=50, unit="年", help="长期有效的留空。"),
    ),
    key=("code", "level"),
    note="每个版本的每个等级一行；同一版本各行的名称、文号、日期应一致。已据以认定的版本只能填废止日期，不能再改。",
)
CONDITIONS = Sheet(
    "dual_conditions",
    "双师型认定条件",
    (
        Column("code", "版本", Kind.CODE, required=True, max_length=20),
        Column("level", "等级", Kind.CHOICE, required=True, choices=LEVELS),
        Column("item", "条", Kind.INTEGER, required=True, minimum=1, maximum=99, help="各条都须满足。"),
        Column("alternative", "款", Kind.INTEGER, minimum=1, maximum=99, help="同一条的各款满足其一即可；不填为1。"),
        Column("kind", "条件", Kind.CHOICE, required=True, choices=_codes(ConditionKind.choices)),
        Column(
            "option",
            "要求",
            Kind.TEXT,
            max_length=20,
            help="教师类别，或至少应达到的技能等级、职称级别、双师型等级，按代码表的名称填写。",
        ),
        Column("series", "职称系列", Kind.CHOICE, choices=_codes(Series.choices), help="不限系列的留空。"),
        Column("amount", "数量", Kind.INTEGER, minimum=0, maximum=600, help="企业实践为月数，任教和已有认定为年数。"),
        Column("window_years", "近几年内", Kind.INTEGER, minimum=1, maximum=50, unit="年"),
        Column("bridged", "可贯通", Kind.BOOLEAN, help="技能等级与职称可按“职业发展贯通”互认的填“是”。"),
    ),
    key=("code", "level", "item", "alternative"),
)
BRIDGES = Sheet(
    "career_bridges",
    "职业发展贯通",
    (
        Column("grade", "技能等级", Kind.CHOICE, required=True, choices=_codes(SkillGrade.choices)),
        Column("series", "职称系列", Kind.CHOICE, required=True, choices=_codes(Series.choices)),
        Column("level", "职称级别", Kind.CHOICE, required=True, choices=_codes(TitleLevel.choices)),
        Column("years", "须持证年数", Kind.INTEGER, minimum=0, maximum=50, unit="年"),
        Column("since", "自", Kind.DATE, required=True),
        Column("until", "至", Kind.DATE, help="自该日起不再适用；仍适用的留空。"),
        Column("document", "文号", Kind.TEXT, required=True, max_length=100),
    ),
    key=("grade", "series", "level", "since"),
)
TEACHERS = Sheet(
    "teachers",
    "教师",
    (
        Column("org_code", "学校代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        *person_columns(),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=_codes(TeacherKind.choices)),
        Column("field", "任教专业", Kind.TEXT, max_length=60),
        Column("since", "任教自", Kind.DATE, required=True),
        Column("until", "任教至", Kind.DATE, help="自该日起不再任教；仍在任教的留空。"),
        VOIDED,
        REASON,
    ),
    key=("org_code", "resident_id", "since"),
    note="一行是一人在一所学校任教。在两所学校任教的各填一行；离校后返校的另起一行。",
)
QUALIFICATIONS = Sheet(
    "teacher_qualifications",
    "教师证书",
    (
        TEACHER,
        NAME,
        Column("kind", "类别", Kind.CHOICE, required=True, choices=_codes(QualificationKind.choices)),
        Column("name", "证书名称", Kind.TEXT, required=True, max_length=80),
        Column("grade", "技能等级", Kind.CHOICE, choices=_codes(SkillGrade.choices), help="技能等级证书必填。"),
        Column("issuer", "发证单位", Kind.TEXT, max_length=100),
        Column("issued_on", "发证日期", Kind.DATE, required=True),
        Column("until", "有效期至", Kind.DATE, help="自该日起无效；长期有效的留空。"),
        VOIDED,
        REASON,
    ),
    key=("resident_id", "kind", "name", "issued_on"),
)
TITLES = Sheet(
    "teacher_titles",
    "专业技术职务",
    (
        TEACHER,
        NAME,
        Column("series", "系列", Kind.CHOICE, required=True, choices=_codes(Series.choices)),
        Column("level", "级别", Kind.CHOICE, required=True, choices=_codes(TitleLevel.choices)),
        Column("awarded_on", "取得日期", Kind.DATE, required=True),
        Column("until", "取消日期", Kind.DATE),
        DOCUMENT,
        VOIDED,
        REASON,
    ),
    key=("resident_id", "series", "level", "awarded_on"),
)
STAYS = Sheet(
    "practice_stays",
    "企业实践",
    (
        TEACHER,
        NAME,
        Column("kind", "形式", Kind.CHOICE, required=True, choices=_codes(StayKind.choices)),
        Column("place", "实践单位", Kind.TEXT, required=True, max_length=100),
        Column("first_day", "起始日期", Kind.DATE, required=True),
        Column("last_day", "结束日期", Kind.DATE, required=True),
        Column("days", "累计天数", Kind.INTEGER, required=True, minimum=1, maximum=3660, unit="天"),
        Column("content", "实践内容", Kind.TEXT, max_length=200),
        VOIDED,
        REASON,
    ),
    key=("resident_id", "place", "first_day"),
)
RECOGNITIONS = Sheet(
    "dual_recognitions",
    "双师型认定",
    (
        Column("org_code", "学校代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        TEACHER,
        NAME,
        Column("standard", "标准版本", Kind.CODE, required=True, max_length=20),
        Column("level", "等级", Kind.CHOICE, required=True, choices=LEVELS),
        Column("recogniser_code", "认定单位代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("recognised_on", "认定日期", Kind.DATE, required=True),
        Column("until", "有效期至", Kind.DATE, help="自该日起无效；长期有效的留空。"),
        Column("document", "文号", Kind.TEXT, required=True, max_length=100),
        VOIDED,
        REASON,
    ),
    key=("resident_id", "level", "recognised_on"),
    note="已由有权单位认定的结果。尚未认定的请在“双师型”页面上认定，那里会核对条件。",
)
AUTONOMIES = Sheet(
    "autonomies",
    "自主权",
    (
        Column("org_code", "机构代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("autonomy", "自主权", Kind.CHOICE, required=True, choices=_codes(Autonomy.choices)),
        Column("granter_code", "下放单位代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("granted_on", "下放日期", Kind.DATE, required=True),
        Column("revoked_on", "收回日期", Kind.DATE, help="自该日起收回；仍有效的留空。"),
        DOCUMENT,
        VOIDED,
        REASON,
    ),
    key=("org_code", "autonomy", "granted_on"),
    note="一行是一个机构的一项自主权。收回后再下放的，另起一行。",
)
