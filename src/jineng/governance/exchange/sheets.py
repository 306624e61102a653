"""What the sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from decimal import Decimal

from jineng.engines.exchange import Column, Kind, Sheet
from jineng.governance import kinds
from jineng.governance.exchange.striking import VOID


def _labels(choices: list[tuple[str, str]]) -> dict[str, str]:
    return {str(label): value for value, label in choices}


LEVELS = _labels(kinds.Level.choices)


def _organisation(name: str, heading: str, *, required: bool = True, hint: str = "") -> Column:
    return Column(name, heading, Kind.CODE, required=required, max_length=18, refers_to="organisation", help=hint)


NUMBER = Column("number", "文号", Kind.TEXT, required=True, max_length=80, help="未印发的填拟稿编号。")
TOPIC = Column("topic", "主题代码", Kind.CODE, max_length=60, help="小写字母、数字和连字符，如 performance-pay。")
POLICIES = Sheet(
    "policies",
    "政策文件",
    (
        NUMBER,
        Column("title", "标题", Kind.TEXT, required=True, max_length=200),
        Column(
            "issuers",
            "印发单位代码",
            Kind.TEXT,
            required=True,
            max_length=400,
            help="联合印发的按署名次序用顿号“、”隔开，第一个是牵头单位。",
        ),
        Column("level", "级别", Kind.CHOICE, required=True, choices=LEVELS),
        Column("kind", "类型", Kind.CHOICE, choices=_labels(kinds.PolicyKind.choices), help="不填为印发。"),
        TOPIC,
        Column("scope", "适用范围", Kind.TEXT, max_length=200),
        Column("issued_on", "印发日期", Kind.DATE, help="草案留空。"),
        Column("repealed_on", "废止日期", Kind.DATE, help="自该日起不再有效；仍有效的留空。"),
        Column("replaces", "替代文号", Kind.TEXT, max_length=80),
        *VOID,
    ),
    key=("number",),
    note="一行是一个文件；草案也填，印发后同一编号补填印发日期。",
)
SIGNINGS = Sheet(
    "policy_signings",
    "会签日期",
    (
        NUMBER,
        _organisation("org_code", "印发单位代码"),
        Column("signed_on", "签署日期", Kind.DATE, required=True),
    ),
    key=("number", "org_code"),
    note="与印发日期不同日签署的单位，一行一个。",
)
GROUP_KEY = (
    _organisation("org_code", "成立单位代码"),
    Column("group_name", "领导小组", Kind.TEXT, required=True, max_length=100),
    Column("formed_on", "成立日期", Kind.DATE, required=True),
)
GROUPS = Sheet(
    "leading_groups",
    "领导小组",
    (
        *GROUP_KEY,
        Column("level", "级别", Kind.CHOICE, required=True, choices=LEVELS),
        Column("dissolved_on", "撤销日期", Kind.DATE),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
        *VOID,
    ),
    key=("org_code", "group_name", "formed_on"),
)
MEMBERS = Sheet(
    "group_members",
    "领导小组成员",
    (
        *GROUP_KEY,
        _organisation("member_code", "成员单位代码"),
        Column("post_title", "职务", Kind.TEXT, max_length=60, help="以职务列名，如厅长；单位本身为成员的留空。"),
        Column("role", "角色", Kind.CHOICE, required=True, choices=_labels(kinds.MemberRole.choices)),
        Column("since", "自", Kind.DATE, help="不填为小组成立日期。"),
        Column("until", "至", Kind.DATE),
    ),
    key=("org_code", "group_name", "formed_on", "member_code", "post_title", "since"),
)
TASK_KEY = (
    _organisation("giver_code", "下达单位代码"),
    Column("number", "任务编号", Kind.TEXT, required=True, max_length=40, help="下达单位自己的编号。"),
)
TASKS = Sheet(
    "tasks",
    "任务",
    (
        *TASK_KEY,
        Column("title", "任务", Kind.TEXT, required=True, max_length=200),
        Column("description", "要求", Kind.TEXT, max_length=1000),
        Column("unit", "计量单位", Kind.TEXT, max_length=10, help="不填为项。"),
        Column("given_on", "下达日期", Kind.DATE, required=True),
        Column("due_on", "完成期限", Kind.DATE, required=True),
        Column("withdrawn_on", "收回日期", Kind.DATE),
        Column("policy_number", "依据文号", Kind.TEXT, max_length=80),
        _organisation("parent_giver_code", "上级任务下达单位代码", required=False, hint="分解上级任务的填，否则留空。"),
        Column("parent_number", "上级任务编号", Kind.TEXT, max_length=40),
    ),
    key=("giver_code", "number"),
)
ASSIGNMENTS = Sheet(
    "task_assignments",
    "任务承办",
    (
        *TASK_KEY,
        _organisation("receiver_code", "承办单位代码"),
        Column("share", "份额", Kind.DECIMAL, required=True, minimum=Decimal("0.01"), maximum=Decimal(9_999_999)),
        Column("due_on", "完成期限", Kind.DATE, help="不填与任务相同。"),
    ),
    key=("giver_code", "number", "receiver_code"),
)
STEPS = Sheet(
    "task_steps",
    "任务进展",
    (
        *TASK_KEY,
        _organisation("receiver_code", "承办单位代码"),
        Column("sequence", "序号", Kind.INTEGER, required=True, minimum=1, maximum=9999, help="同一承办单位从1起。"),
        Column("kind", "事项", Kind.CHOICE, required=True, choices=_labels(kinds.StepKind.choices)),
        Column("happened_on", "日期", Kind.DATE, required=True),
        Column("value", "完成数", Kind.DECIMAL, minimum=Decimal(0), maximum=Decimal(9_999_999), help="上报的填。"),
        Column("text", "说明", Kind.TEXT, max_length=1000, help="退回的必填原因。"),
    ),
    key=("giver_code", "number", "receiver_code", "sequence"),
)
PRESS = Sheet(
    "press_items",
    "宣传报道",
    (
        Column("outlet", "媒体", Kind.TEXT, required=True, max_length=60),
        Column("published_on", "刊发日期", Kind.DATE, required=True),
        Column("title", "标题", Kind.TEXT, required=True, max_length=200),
        _organisation("org_code", "报道对象代码"),
        Column("level", "媒体级别", Kind.CHOICE, required=True, choices=LEVELS),
        TOPIC,
        *VOID,
    ),
    key=("outlet", "published_on", "title"),
)
OCCASION_KEY = (
    _organisation("host_code", "主办单位代码"),
    Column("name", "名称", Kind.TEXT, required=True, max_length=120),
    Column("begins_on", "开始日期", Kind.DATE, required=True),
)
OCCASIONS = Sheet(
    "occasions",
    "活动",
    (
        *OCCASION_KEY,
        Column("ends_on", "结束日期", Kind.DATE, help="不填为当日结束。"),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=_labels(kinds.OccasionKind.choices)),
        Column("level", "级别", Kind.CHOICE, required=True, choices=LEVELS),
        Column("place", "地点", Kind.TEXT, max_length=100),
        Column("attendance", "参加人次", Kind.INTEGER, minimum=0, maximum=10_000_000),
        *VOID,
    ),
    key=("host_code", "name", "begins_on"),
)
PARTICIPANTS = Sheet(
    "occasion_participants",
    "活动参加单位",
    (
        *OCCASION_KEY,
        _organisation("org_code", "参加单位代码"),
        Column("role", "角色", Kind.CHOICE, choices=_labels(kinds.ParticipantRole.choices), help="不填为参加。"),
        Column("people", "人数", Kind.INTEGER, minimum=0, maximum=1_000_000),
    ),
    key=("host_code", "name", "begins_on", "org_code"),
)
EXHIBITS = Sheet(
    "exhibition_items",
    "展品",
    (
        *OCCASION_KEY,
        _organisation("org_code", "展出单位代码"),
        Column("title", "展品", Kind.TEXT, required=True, max_length=120),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=_labels(kinds.ItemKind.choices)),
        Column("notes", "说明", Kind.TEXT, max_length=300),
    ),
    key=("host_code", "name", "begins_on", "org_code", "title"),
)
COUNTIES = Sheet(
    "county_facts",
    "一县一校一中心",
    (
        _organisation("office_code", "县区教育局代码", hint="负责该县（区）的教育行政部门。"),
        Column("item", "事项", Kind.CHOICE, required=True, choices=_labels(kinds.CountyItem.choices)),
        Column(
            "department",
            "统筹部门",
            Kind.CHOICE,
            choices=_labels(kinds.Department.choices),
            help="事项为统筹部门的填。",
        ),
        Column("since", "自", Kind.DATE, required=True),
        Column("until", "至", Kind.DATE, help="自该日起不再如此。"),
        _organisation("org_code", "学校或中心代码", required=False),
        Column("post_title", "兼任领导职务", Kind.TEXT, max_length=60, help="如县长；事项为主任兼任的填。"),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
        *VOID,
    ),
    key=("office_code", "item", "department", "since"),
)
POOLED = Sheet(
    "pooled_departments",
    "应统筹部门",
    (
        Column("department", "部门", Kind.CHOICE, required=True, choices=_labels(kinds.Department.choices)),
        Column("since", "自", Kind.DATE, required=True),
        Column("until", "至", Kind.DATE),
        Column("document", "依据文号", Kind.TEXT, required=True, max_length=100),
    ),
    key=("department", "since"),
    note="县级职教中心应统筹哪些部门的培训，由省级规定。",
)
