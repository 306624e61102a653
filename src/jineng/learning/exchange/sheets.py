"""Columns of the room's sheets."""

from __future__ import annotations

from jineng.engines.exchange import Column, Kind, Sheet
from jineng.kernel.returns.voiding import VOID_COLUMNS
from jineng.learning.kinds import CourseKind, Department, EnrolmentState, Mode, Presence, Theme
from jineng.registry.exchange import person_columns


def _choices(kinds: type[CourseKind | Department | EnrolmentState | Mode | Presence | Theme]) -> dict[str, str]:
    return {str(label): value for value, label in kinds.choices if value}


ORGANISER = Column(
    "org_code",
    "举办机构代码",
    Kind.CODE,
    required=True,
    max_length=18,
    refers_to="organisation",
    help="举办班次的机构的代码。 The organiser's code.",
)
CLASS = Column(
    "class_code",
    "班次编号",
    Kind.CODE,
    required=True,
    max_length=30,
    help="举办机构自编，不重复。",
)
PASSPORT = Column("passport", "护照号码", Kind.TEXT, max_length=20, help="外国学员填。 For learners from abroad.")

FIELDS = Sheet(
    "learning_fields",
    "学习领域",
    (
        Column("code", "领域代码", Kind.CODE, required=True, max_length=20),
        Column("since", "自", Kind.DATE, required=True, help="自该日起如此。 Holds from this day on."),
        Column("name", "领域名称", Kind.TEXT, required=True, max_length=60),
        Column("is_rural", "涉农", Kind.BOOLEAN, required=True, help="是否属于涉农领域。 Agriculture-related?"),
        Column("theme", "专题", Kind.CHOICE, choices=_choices(Theme), help="一般领域不填。 Blank for most."),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
    ),
    key=("code", "since"),
    note="由省级填报。领域有变化时，同一代码另起一行。",
)
COURSES = Sheet(
    "courses",
    "课程",
    (
        Column("owner_code", "所属机构代码", Kind.CODE, required=True, max_length=18, refers_to="organisation"),
        Column("course_code", "课程代码", Kind.CODE, required=True, max_length=30),
        Column("name", "课程名称", Kind.TEXT, required=True, max_length=100),
        Column("kind", "课程类型", Kind.CHOICE, required=True, choices=_choices(CourseKind)),
        Column("field_code", "领域代码", Kind.CODE, required=True, max_length=20, help="见“学习领域”。"),
        Column("hours", "学时", Kind.INTEGER, minimum=1, maximum=100_000),
        *VOID_COLUMNS,
    ),
    key=("owner_code", "course_code"),
    note="一行一门课程。培训、开放教育、微课和国际合作学历教育都在此填。",
)
CLASSES = Sheet(
    "classes",
    "班次",
    (
        ORGANISER,
        CLASS,
        Column(
            "course_owner",
            "课程所属机构代码",
            Kind.CODE,
            max_length=18,
            refers_to="organisation",
            help="不填表示举办机构自己的课程。 Blank: the organiser's own course.",
        ),
        Column("course_code", "课程代码", Kind.CODE, required=True, max_length=30),
        Column("department", "经费部门", Kind.CHOICE, required=True, choices=_choices(Department)),
        Column("mode", "方式", Kind.CHOICE, required=True, choices=_choices(Mode)),
        Column("division_code", "开班地点区划代码", Kind.CODE, length=6, refers_to="division"),
        Column("place", "地点", Kind.TEXT, max_length=100),
        Column("hours", "学时", Kind.INTEGER, required=True, minimum=1, maximum=100_000),
        Column("capacity", "容量", Kind.INTEGER, minimum=1, maximum=1_000_000, help="不限的不填。 Blank: no limit."),
        Column("signup_from", "报名自", Kind.DATE),
        Column("starts_on", "开班日期", Kind.DATE, required=True),
        Column("ends_on", "结束日期", Kind.DATE, required=True),
        Column("completed_on", "结班日期", Kind.DATE, help="结业名册签发之日。 The day of the completion list."),
        Column("cancelled_on", "取消日期", Kind.DATE),
        Column("cancel_reason", "取消原因", Kind.TEXT, max_length=300),
        Column("project_code", "国际合作项目代码", Kind.CODE, max_length=40, help="国际合作项目下的班次必填。"),
        *VOID_COLUMNS,
    ),
    key=("org_code", "class_code"),
    note="一行一个班次。五个部门出资的班次都在此填。",
)
ENROLMENTS = Sheet(
    "enrolments",
    "学员",
    (
        ORGANISER,
        CLASS,
        *person_columns(required=False),
        PASSPORT,
        Column("state", "状态", Kind.CHOICE, required=True, choices=_choices(EnrolmentState)),
        Column("applied_on", "报名日期", Kind.DATE, required=True),
        Column("enrolled_on", "入班日期", Kind.DATE),
        Column("ended_on", "结束日期", Kind.DATE, help="结业、未结业或退出之日。"),
        Column("list_number", "结业名册号", Kind.TEXT, max_length=60),
        *VOID_COLUMNS,
    ),
    key=("org_code", "class_code", "resident_id", "passport"),
    note="一人一班一行；结业一行为一人次。",
)
_MEETING = (
    ORGANISER,
    CLASS,
    Column("held_on", "日期", Kind.DATE, required=True),
    Column("starts", "开始时间", Kind.TEXT, required=True, max_length=8, help="如 09:00。 As 09:00."),
)
SESSIONS = Sheet(
    "class_sessions",
    "课次",
    (
        *_MEETING,
        Column("ends", "结束时间", Kind.TEXT, required=True, max_length=8, help="如 11:30。 As 11:30."),
        Column("place", "地点", Kind.TEXT, max_length=100),
        Column("topic", "内容", Kind.TEXT, max_length=100),
    ),
    key=("org_code", "class_code", "held_on", "starts"),
    note="一行是班次的一次上课。",
)
ATTENDANCE = Sheet(
    "attendance",
    "考勤",
    (
        *_MEETING,
        *person_columns(required=False)[1:2],
        PASSPORT,
        Column("presence", "出勤", Kind.CHOICE, required=True, choices=_choices(Presence)),
    ),
    key=("org_code", "class_code", "held_on", "starts", "resident_id", "passport"),
    note="一行是一名学员一次课的出勤；学员须已在“学员”中。",
)
