"""What the room's sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from decimal import Decimal

from jineng.engines.exchange import Column, Kind, Sheet
from jineng.facilities.kinds import FacilityKind, Funding, PhaseStatus
from jineng.kernel.returns.voiding import VOID_COLUMNS

STATUSES = {str(label): value for value, label in PhaseStatus.choices}
FUNDINGS = {str(label): value for value, label in Funding.choices}
FACILITY_KINDS = {str(label): value for value, label in FacilityKind.choices}
CENT = Decimal("0.01")

PARK = Column("park_code", "园区编号", Kind.CODE, required=True, max_length=60)
PHASE = (PARK, Column("number", "期次", Kind.INTEGER, required=True, minimum=1, maximum=50, help="第几期，从1起。"))
FACILITY = Column("facility_code", "设施编号", Kind.CODE, required=True, max_length=60)
DOCUMENT = Column("document", "文号", Kind.TEXT, max_length=100)
MONEY_LIMIT = Decimal("99999999999999.99")


def _organisation(heading: str) -> Column:
    return Column("org_code", heading, Kind.CODE, required=True, max_length=18, refers_to="organisation")


def _money(name: str, heading: str) -> Column:
    return Column(
        name,
        heading,
        Kind.DECIMAL,
        required=True,
        unit="元",
        minimum=CENT,
        maximum=MONEY_LIMIT,
        help="以元计，最多两位小数。",
    )


PARKS = Sheet(
    "parks",
    "园区",
    (
        Column("code", "园区编号", Kind.CODE, required=True, max_length=60, help="全省不重复，如 tianshui-park。"),
        Column("name", "园区名称", Kind.TEXT, required=True, max_length=100),
        _organisation("园区机构代码"),
        Column("area_mu", "规划面积", Kind.DECIMAL, unit="亩", minimum=Decimal("0.1"), maximum=Decimal("99999999.9")),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("code",),
)
PHASES = Sheet(
    "park_phases",
    "园区分期",
    (
        *PHASE,
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        _money("planned_investment", "计划投资"),
        Column("started_on", "开工日期", Kind.DATE),
        Column("planned_completion", "计划完工日期", Kind.DATE),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("park_code", "number"),
    note="一行是园区的一期；实际建成填“分期进度”。",
)
REPORTS = Sheet(
    "phase_reports",
    "分期进度",
    (
        *PHASE,
        Column("status", "状态", Kind.CHOICE, required=True, choices=STATUSES),
        Column("since", "自", Kind.DATE, required=True, help="自该日起处于此状态。"),
        Column("document", "依据文号", Kind.TEXT, max_length=100),
        Column("reason", "说明", Kind.TEXT, max_length=300, help="建成而入账与计划相差较大的必填。"),
        *VOID_COLUMNS,
    ),
    key=("park_code", "number", "since"),
)
BOOKINGS = Sheet(
    "investments",
    "投资入账",
    (
        *PHASE,
        Column("voucher", "凭证号", Kind.CODE, required=True, max_length=60),
        Column("booked_on", "入账日期", Kind.DATE, required=True),
        _money("amount", "金额"),
        Column("funding", "资金来源", Kind.CHOICE, required=True, choices=FUNDINGS),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("park_code", "number", "voucher"),
    note="一行是一笔入账，以元计；误记的填作废，另起一行重记。",
)
FACILITIES = Sheet(
    "shared_facilities",
    "共享设施",
    (
        Column("code", "设施编号", Kind.CODE, required=True, max_length=60, help="全省不重复。"),
        PARK,
        Column("name", "设施名称", Kind.TEXT, required=True, max_length=100),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=FACILITY_KINDS),
        Column("capacity", "容量", Kind.INTEGER, required=True, unit="工位", minimum=1, maximum=100000),
        Column(
            "weekly_hours",
            "每周开放",
            Kind.DECIMAL,
            required=True,
            unit="小时",
            minimum=Decimal("0.1"),
            maximum=Decimal(168),
        ),
        Column("opened_on", "启用日期", Kind.DATE, required=True),
        Column("closed_on", "停用日期", Kind.DATE),
        *VOID_COLUMNS,
    ),
    key=("code",),
)
MEMBERS = Sheet(
    "facility_members",
    "共享单位",
    (
        FACILITY,
        _organisation("共享单位代码"),
        Column("name", "单位名称", Kind.TEXT, required=True, max_length=100),
        Column("since", "自", Kind.DATE, required=True),
        Column("until", "至（不含）", Kind.DATE, help="自该日起不再共享。"),
        *VOID_COLUMNS,
    ),
    key=("facility_code", "org_code", "since"),
)
HOURS = Sheet(
    "facility_hours",
    "使用时数",
    (
        FACILITY,
        _organisation("共享单位代码"),
        Column("month", "月份", Kind.DATE, required=True, help="填该月任一日。"),
        Column(
            "hours",
            "使用时数",
            Kind.DECIMAL,
            required=True,
            unit="小时",
            minimum=Decimal("0.1"),
            maximum=Decimal(744),
        ),
        Column("person_times", "人次", Kind.INTEGER, minimum=0, maximum=10_000_000),
        *VOID_COLUMNS,
    ),
    key=("facility_code", "org_code", "month"),
)
RELOCATIONS = Sheet(
    "relocations",
    "入园搬迁",
    (
        PARK,
        _organisation("入园单位代码"),
        Column("name", "单位名称", Kind.TEXT, required=True, max_length=100),
        Column("moved_on", "入园日期", Kind.DATE, required=True, help="与机构变更表的迁址同日的，自动相连。"),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("park_code", "org_code", "moved_on"),
)
