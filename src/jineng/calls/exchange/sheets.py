"""What the sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from jineng.calls.kinds import HolderForm, HolderKind, HolderRole, Level, Status
from jineng.engines.exchange import Column, Kind, Sheet

LEVELS = {str(label): value for value, label in Level.choices}
FORMS = {str(label): value for value, label in HolderForm.choices}
STATUSES = {str(label): value for value, label in Status.choices}
HOLDER_KINDS = {str(label): value for value, label in HolderKind.choices}
ROLES = {str(label): value for value, label in HolderRole.choices}

CALLS = Sheet(
    "calls",
    "遴选",
    (
        Column(
            "code",
            "遴选代码",
            Kind.CODE,
            required=True,
            max_length=60,
            help="小写字母、数字和连字符，如 master-teacher-studio。",
        ),
        Column("name", "遴选名称", Kind.TEXT, required=True, max_length=100),
        Column("level", "级别", Kind.CHOICE, required=True, choices=LEVELS),
        Column(
            "deciders",
            "决定单位代码",
            Kind.TEXT,
            required=True,
            help="几个单位联合决定的，用顿号“、”隔开，按署名次序。",
        ),
        Column("holder_form", "持有形式", Kind.CHOICE, choices=FORMS, help="由谁持有；不填为单位。"),
        Column("description", "说明", Kind.TEXT, max_length=300),
    ),
    key=("code",),
    note="一行是一个系列的遴选，每次公布是它的一个批次。",
)
BATCHES = Sheet(
    "batches",
    "批次",
    (
        Column("call_code", "遴选代码", Kind.CODE, required=True, max_length=60),
        Column("batch_number", "批次", Kind.INTEGER, required=True, minimum=1, maximum=200, help="第几批，从1起。"),
        Column("year", "年度", Kind.INTEGER, required=True, minimum=1990, maximum=2100),
        Column("decided_on", "公布日期", Kind.DATE),
        Column("document", "公布文号", Kind.TEXT, max_length=100),
    ),
    key=("call_code", "batch_number"),
)
AWARD_KEY = (
    Column("call_code", "遴选代码", Kind.CODE, required=True, max_length=60),
    Column("batch_number", "批次", Kind.INTEGER, required=True, minimum=1, maximum=200),
    Column("title", "名称", Kind.TEXT, required=True, max_length=200),
    Column("org_code", "责任单位代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
)
KEY = tuple(column.name for column in AWARD_KEY)
AWARDS = Sheet(
    "awards",
    "立项",
    (
        *AWARD_KEY,
        Column("level", "级别", Kind.CHOICE, choices=LEVELS, help="不填与遴选的级别相同。"),
        Column("project_no", "项目编号", Kind.TEXT, max_length=60),
        Column("status", "状态", Kind.CHOICE, choices=STATUSES, help="目前的状态；此前的状态填“状态变更”。"),
        Column("status_date", "状态日期", Kind.DATE, help="自何日起；不填为该批次的公布日期。"),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
        Column("voided", "作废", Kind.BOOLEAN, help="误报、从未立项的填“是”；撤销的不在此填，状态填“撤销”。"),
        Column("void_reason", "作废原因", Kind.TEXT, max_length=300, help="作废的必填。"),
    ),
    key=KEY,
    note="一行是一项：拟立项、培育、建设、认定、未通过的都填。",
)
STATUS_CHANGES = Sheet(
    "award_statuses",
    "状态变更",
    (
        *AWARD_KEY,
        Column("status", "状态", Kind.CHOICE, required=True, choices=STATUSES),
        Column("since", "自", Kind.DATE, required=True),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
    ),
    key=(*KEY, "status", "since"),
    note="一行是一次变化：何日起成为什么状态。",
)
HOLDERS = Sheet(
    "award_holders",
    "持有者",
    (
        *AWARD_KEY,
        Column("holder_kind", "持有者类别", Kind.CHOICE, required=True, choices=HOLDER_KINDS),
        Column("holder_org_code", "持有单位代码", Kind.CODE, max_length=18, refers_to="organisation"),
        Column("person_name", "姓名", Kind.TEXT, max_length=60),
        Column("resident_id", "身份证号", Kind.RESIDENT_ID),
        Column("team_name", "团队名称", Kind.TEXT, max_length=100),
        Column("role", "角色", Kind.CHOICE, choices=ROLES, help="不填为持有者。"),
        Column("is_synthetic", "示例数据", Kind.BOOLEAN, help="虚构的人员填“是”。"),
    ),
    key=(*KEY, "holder_kind", "holder_org_code", "resident_id", "team_name"),
    note="一行是一项的一个持有者；单位、个人、团队各填各的栏。",
)
