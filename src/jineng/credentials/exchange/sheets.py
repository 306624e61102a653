"""What the sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from decimal import Decimal

from jineng.credentials.kinds import Attendance, DeveloperRole, Outcome, SkillLevel
from jineng.engines.exchange import Column, Kind, Sheet
from jineng.registry.exchange import person_columns

LEVELS = {str(label): value for value, label in SkillLevel.choices}
ROLES = {str(label): value for value, label in DeveloperRole.choices}
ATTENDANCES = {str(label): value for value, label in Attendance.choices}
OUTCOMES = {str(label): value for value, label in Outcome.choices}
LEVEL_LIST = "几个等级用顿号“、”隔开，如 初级、中级。"
VOIDED = Column("voided", "作废", Kind.BOOLEAN, help="误报、从未有过的填“是”；后来退出或撤销的不在此填。")
VOID_REASON = Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。")

STANDARDS = Sheet(
    "skill_standards",
    "职业技能等级标准",
    (
        Column("standard_code", "标准代码", Kind.CODE, required=True, max_length=30),
        Column("name", "标准名称", Kind.TEXT, required=True, max_length=100),
        Column("levels", "等级", Kind.TEXT, required=True, help=LEVEL_LIST),
        Column("published_on", "发布日期", Kind.DATE, required=True),
        Column("withdrawn_on", "废止日期", Kind.DATE, help="自该日起不再有效；仍有效的留空。"),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
    ),
    key=("standard_code",),
    note="一行是一个标准的一个版次；开发单位填在“标准开发单位”。",
)
DEVELOPERS = Sheet(
    "standard_developers",
    "标准开发单位",
    (
        Column("standard_code", "标准代码", Kind.CODE, required=True, max_length=30),
        Column("org_code", "开发单位代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("role", "角色", Kind.CHOICE, choices=ROLES, help="不填为牵头。"),
    ),
    key=("standard_code", "org_code"),
    note="一个标准由几个单位开发的，各填一行。",
)
TYPES = Sheet(
    "certificate_types",
    "职业技能等级证书",
    (
        Column("certificate_code", "证书代码", Kind.CODE, required=True, max_length=12, help="2至12个大写字母和数字。"),
        Column("name", "证书名称", Kind.TEXT, required=True, max_length=100),
        Column("levels", "等级", Kind.TEXT, required=True, help=LEVEL_LIST),
        Column("body_code", "培训评价组织代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("standard_code", "标准代码", Kind.CODE, max_length=30, help="所依据的职业技能等级标准，可不填。"),
        Column("listed_on", "列入日期", Kind.DATE, required=True),
        Column("ended_on", "停止日期", Kind.DATE),
    ),
    key=("certificate_code",),
)
BATCHES = Sheet(
    "pilot_batches",
    "证书试点批次",
    (
        Column("batch_number", "批次", Kind.INTEGER, required=True, minimum=1, maximum=200, help="第几批，从1起。"),
        Column("year", "年度", Kind.INTEGER, required=True, minimum=2019, maximum=2100),
        Column("decided_on", "公布日期", Kind.DATE, required=True),
        Column("document", "公布文号", Kind.TEXT, max_length=100),
    ),
    key=("batch_number",),
    note="由省级填报。",
)
PILOTS = Sheet(
    "certificate_pilots",
    "证书试点",
    (
        Column("batch_number", "批次", Kind.INTEGER, required=True, minimum=1, maximum=200),
        Column("org_code", "院校代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("certificate_code", "证书代码", Kind.CODE, required=True, max_length=12),
        Column("level", "等级", Kind.CHOICE, required=True, choices=LEVELS),
        Column("planned", "计划人数", Kind.INTEGER, required=True, minimum=1, maximum=100_000, unit="人"),
        Column("applied_on", "申报日期", Kind.DATE, required=True),
        Column("approved_on", "批准日期", Kind.DATE, help="由批准单位或其下级主管部门填报，院校不自行填报。"),
        Column("refused_on", "未通过日期", Kind.DATE),
        Column("withdrawn_on", "退出日期", Kind.DATE, help="自该日起不再试点。"),
        Column("document", "批准文号", Kind.TEXT, max_length=100),
        VOIDED,
        VOID_REASON,
    ),
    key=("batch_number", "org_code", "certificate_code", "level"),
    note="一行是一所院校在一个批次申报的一种证书的一个等级。",
)
SESSION_KEY = (
    Column("host_code", "承办院校代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
    Column("session_code", "场次号", Kind.CODE, required=True, max_length=30, help="承办院校自编，不重复。"),
)
SESSIONS = Sheet(
    "assessment_sessions",
    "证书考核场次",
    (
        *SESSION_KEY,
        Column("certificate_code", "证书代码", Kind.CODE, required=True, max_length=12),
        Column("level", "等级", Kind.CHOICE, required=True, choices=LEVELS),
        Column("held_on", "考核日期", Kind.DATE, required=True),
        Column("capacity", "容量", Kind.INTEGER, required=True, minimum=1, maximum=100_000, unit="人"),
        Column("place", "地点", Kind.TEXT, max_length=100),
    ),
    key=("host_code", "session_code"),
    note="一行是一场考核，由承办院校或培训评价组织一方填报。",
)
CANDIDATES = Sheet(
    "assessment_candidates",
    "考核与发证",
    (
        *SESSION_KEY,
        *person_columns(),
        Column(
            "org_code",
            "所在院校代码",
            Kind.CODE,
            max_length=18,
            refers_to="organisation",
            help="考生所在院校；不填为承办院校。",
        ),
        Column("attendance", "到考", Kind.CHOICE, required=True, choices=ATTENDANCES),
        Column("outcome", "结果", Kind.CHOICE, choices=OUTCOMES, help="参加考核的填。"),
        Column("score", "成绩", Kind.DECIMAL, minimum=Decimal(0), maximum=Decimal(1000)),
        Column("certificate_no", "证书编号", Kind.CODE, max_length=30),
        Column("issued_on", "发证日期", Kind.DATE),
        Column("revoked_on", "撤销日期", Kind.DATE, help="自该日起不再持有。"),
        Column("revoke_reason", "撤销原因", Kind.TEXT, max_length=300, help="撤销的必填。"),
        Column("certificate_voided", "证书作废", Kind.BOOLEAN, help="误发、视为从未持有的填“是”。"),
        VOIDED,
        VOID_REASON,
    ),
    key=("host_code", "session_code", "resident_id"),
    note="一行是一名考生参加的一场考核；取得证书的连同证书填在同一行。",
)
