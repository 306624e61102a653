"""What the sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from decimal import Decimal

from jineng.admissions import kinds
from jineng.admissions.schemes import MOST_WISHES
from jineng.engines.exchange import Column, Kind, Sheet
from jineng.registry.exchange import person_columns


def _labels(choices: list[tuple[str, str]]) -> dict[str, str]:
    return {str(label): str(value) for value, label in choices}


SEASON_KINDS = _labels(kinds.SeasonKind.choices)
CHANNELS = _labels(kinds.Channel.choices)
POOLS = _labels(kinds.Pool.choices)
CATEGORIES = _labels(kinds.ApplicantCategory.choices)
CAP_KINDS = _labels(kinds.CapKind.choices)
ENDINGS = _labels(kinds.Ending.choices)
COMPONENTS = _labels(kinds.Component.choices)

SEASON = Column("season_code", "招生季代码", Kind.CODE, required=True, max_length=40)
DOCUMENT = Column("document", "文号", Kind.TEXT, max_length=100)
VOIDED = (
    Column("voided", "作废", Kind.BOOLEAN, help="误报、从未有过的填“是”；后来撤回、放弃的填其日期。"),
    Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。"),
)
SEASONS = Sheet(
    "admission_seasons",
    "招生季",
    (
        SEASON,
        Column("kind", "类别", Kind.CHOICE, required=True, choices=SEASON_KINDS),
        Column("year", "年度", Kind.INTEGER, required=True, minimum=1990, maximum=2100),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        DOCUMENT,
        Column("opens_on", "开始日期", Kind.DATE, required=True, help="须在所属年度内。"),
        Column("closes_on", "结束日期", Kind.DATE),
    ),
    key=("season_code",),
    note="一行是一个年度的一类招生，由省级招生部门填报。",
)
ROUND_KEY = (
    Column("round", "轮次", Kind.INTEGER, required=True, minimum=1, maximum=50),
    Column("supplement", "征集次数", Kind.INTEGER, minimum=0, maximum=20, help="该轮本身不填；其后第几次征集填几。"),
)
ROUNDS = Sheet(
    "admission_rounds",
    "招生轮次",
    (
        SEASON,
        *ROUND_KEY,
        Column("name", "名称", Kind.TEXT, required=True, max_length=60),
        Column("channel", "途径", Kind.CHOICE, choices=CHANNELS, help="不填为不分途径。"),
        Column("opens_on", "开始日期", Kind.DATE, required=True),
        Column("closes_on", "结束日期", Kind.DATE),
        Column("cancelled_on", "取消日期", Kind.DATE, help="公布后未举行的填。"),
    ),
    key=("season_code", "round", "supplement"),
)
CAPS = Sheet(
    "admission_caps",
    "计划限额",
    (
        SEASON,
        Column("cap_code", "限额代码", Kind.CODE, required=True, max_length=60),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=CAP_KINDS),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        Column("org_code", "机构代码", Kind.CODE, max_length=18, refers_to="organisation", help="只约束某机构的填。"),
        Column("channels", "途径", Kind.TEXT, max_length=100, help="只计这些途径的计划；用顿号隔开，不填为全部。"),
        Column(
            "category", "专业大类序号", Kind.INTEGER, minimum=1, maximum=19, help="只计该大类的计划，如医药卫生为12。"
        ),
        Column("limit_seats", "计划上限", Kind.INTEGER, minimum=0, maximum=10_000_000, unit="人"),
        Column("limit_percent", "比例上限", Kind.DECIMAL, minimum=Decimal("0.01"), maximum=Decimal(100), unit="%"),
        Column("issued_on", "下达日期", Kind.DATE, required=True),
        Column("lifted_on", "解除日期", Kind.DATE),
        DOCUMENT,
    ),
    key=("season_code", "cap_code", "issued_on"),
    note="一行是一项计划限额：全省合计、机构合计填人数，占机构计划比例填百分数。由省级部门填报。",
)
EXEMPT = Sheet(
    "exempt_categories",
    "免试类别",
    (
        SEASON,
        Column("exempt_code", "免试类别代码", Kind.CODE, required=True, max_length=40, help="历年含义相同的代码相同。"),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        Column("evidence", "证明材料", Kind.TEXT, max_length=200),
        DOCUMENT,
    ),
    key=("season_code", "exempt_code"),
)
PLAN_KEY = (
    Column("org_code", "招生机构代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
    Column("programme_code", "专业代码", Kind.CODE, required=True, max_length=8, help="所在层次专业目录中的代码。"),
    Column("joint_college", "合作学院代码", Kind.CODE, max_length=60, help="由合作学院举办的填。"),
    Column("channel", "途径", Kind.CHOICE, choices=CHANNELS, help="不填为不分途径。"),
    Column("pool", "计划性质", Kind.CHOICE, choices=POOLS, help="不填为普通。"),
    Column("county_code", "定向县区代码", Kind.CODE, length=6, help="县区定向计划必填，其余不填。"),
)
PLAN_NAMES = tuple(column.name for column in PLAN_KEY)
PLANS = Sheet(
    "admission_plans",
    "招生计划",
    (
        SEASON,
        *PLAN_KEY,
        Column("programme_name", "专业名称", Kind.TEXT, max_length=60, help="职业教育专业不填也可；普通本科专业必填。"),
        Column("group_code", "专业组", Kind.CODE, max_length=10),
        Column("seats", "计划数", Kind.INTEGER, required=True, minimum=1, maximum=100_000, unit="人"),
        Column("filed_on", "申报日期", Kind.DATE, required=True),
        Column("accepted_on", "核准日期", Kind.DATE, help="不填则保持登记的核准日期。"),
        Column("withdrawn_on", "撤回日期", Kind.DATE),
        DOCUMENT,
        *VOIDED,
    ),
    key=("season_code", *PLAN_NAMES),
    note="一行是一个机构在一个招生季、一个专业、一种途径、一种性质的计划。",
)
PERSON = person_columns()
APPLICANT = (
    Column("category", "考生类别", Kind.CHOICE, required=True, choices=CATEGORIES),
    Column("home_code", "户籍县区代码", Kind.CODE, length=6, refers_to="division"),
    Column("is_household", "建档立卡", Kind.BOOLEAN),
)
APPLICANTS = Sheet(
    "admission_applicants",
    "考生报名",
    (SEASON, *PERSON, *APPLICANT),
    key=("season_code", "resident_id"),
    note="一行是一名报考的考生，报名单位即填报单位。免试资格不在此填报，须经审定。",
)
ADMISSIONS = Sheet(
    "admissions",
    "录取",
    (
        SEASON,
        *PERSON,
        *APPLICANT,
        Column("exempt_code", "免试类别代码", Kind.CODE, max_length=40),
        *PLAN_KEY,
        *ROUND_KEY,
        Column("placed_on", "投档日期", Kind.DATE),
        Column("admitted_on", "录取日期", Kind.DATE),
        Column("confirmed_on", "确认日期", Kind.DATE, help="考生确认入学之日；确认的才计入招生数。"),
        Column("ended_on", "终止日期", Kind.DATE, help="退档、放弃、取消之日。"),
        Column("ending", "终止方式", Kind.CHOICE, choices=ENDINGS),
        Column("reason", "终止原因", Kind.TEXT, max_length=200),
        *VOIDED,
    ),
    key=("season_code", "resident_id", *PLAN_NAMES, "round", "supplement"),
    note="一行是一名考生在一轮中到一项计划的结果。",
)
SCORES = Sheet(
    "admission_scores",
    "招生成绩",
    (
        SEASON,
        *PERSON,
        Column("component", "成绩项", Kind.CHOICE, required=True, choices=COMPONENTS),
        Column("subject", "科目", Kind.TEXT, max_length=40),
        Column("points", "得分", Kind.DECIMAL, required=True, minimum=Decimal(0), maximum=Decimal(9999)),
        Column("out_of", "满分", Kind.DECIMAL, required=True, minimum=Decimal(1), maximum=Decimal(9999)),
        Column("held_on", "考试日期", Kind.DATE),
        Column(
            "check_total",
            "合计核对",
            Kind.DECIMAL,
            minimum=Decimal(0),
            maximum=Decimal(99_999),
            help="选填：该考生在本表各行得分之和，另行计算后填写，用于查出录入错误。",
        ),
    ),
    key=("season_code", "resident_id", "component", "subject"),
    note="考生须已报名。两个单位分别录入的须一致；填了“合计核对”的，与各行得分之和须一致。",
)
PREFERENCES = Sheet(
    "admission_preferences",
    "纸质志愿",
    (
        SEASON,
        *PERSON,
        *ROUND_KEY,
        Column("wish", "志愿序号", Kind.INTEGER, required=True, minimum=1, maximum=MOST_WISHES),
        Column("org_code", "招生机构代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("group_code", "专业组", Kind.CODE, max_length=10, help="按专业组招生的填。"),
        Column("programme_code", "专业代码", Kind.CODE, max_length=8, help="服从专业组内调剂的可不填。"),
        Column("joint_college", "合作学院代码", Kind.CODE, max_length=60, help="由合作学院举办的填。"),
        Column("any_major", "服从调剂", Kind.BOOLEAN, help="组内任何专业均可的填“是”。"),
        Column("taken_on", "收表日期", Kind.DATE, required=True, help="收到考生签字的志愿表之日，须在该轮填报时间内。"),
    ),
    key=("season_code", "resident_id", "round", "supplement", "wish", "programme_code", "joint_college"),
    note="招生办法允许纸质志愿的轮次，由报名单位在投档前录入；一行是一个志愿中的一个专业。考生已在网上填报的不再录入。",
)
