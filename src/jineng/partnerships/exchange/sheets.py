"""What the room's sheets look like: columns, types, keys, and what stands beside them as help."""

from __future__ import annotations

from jineng.engines.exchange import Column, Kind, Sheet
from jineng.kernel.returns.voiding import VOID_COLUMNS
from jineng.partnerships.kinds import AgreementKind, BodyKind, ClusterField, MemberRole, PartyRole, ProjectKind

CODE_HELP = "全省不重复；建议以本单位代码起头。"
AGREEMENT_KINDS = {str(label): value for value, label in AgreementKind.choices}
PARTY_ROLES = {str(label): value for value, label in PartyRole.choices}
BODY_KINDS = {str(label): value for value, label in BodyKind.choices}
MEMBER_ROLES = {str(label): value for value, label in MemberRole.choices}
PROJECT_KINDS = {str(label): value for value, label in ProjectKind.choices}
CLUSTER_FIELDS = {str(label): value for value, label in ClusterField.choices}


def _code(name: str, heading: str, help_: str = "") -> Column:
    return Column(name, heading, Kind.CODE, required=True, max_length=60, help=help_)


def _organisation(heading: str, *, required: bool = True, help_: str = "") -> Column:
    return Column(
        "org_code",
        heading,
        Kind.CODE,
        required=required,
        max_length=18,
        refers_to="organisation",
        help=help_,
    )


DOCUMENT = Column("document", "文号", Kind.TEXT, max_length=100)
PARTNER = (
    _organisation("机构代码", required=False, help_="登记册中的机构填代码；省外、境外等其他单位留空。"),
    Column("name", "单位名称", Kind.TEXT, required=True, max_length=100, help="签约或加入时的名称。"),
    Column("country", "国别", Kind.TEXT, max_length=40, help="境外单位填国名或两位国别代码；留空为中国。"),
    Column("province", "省份代码", Kind.CODE, length=2, help="省外单位填行政区划代码前两位，如陕西为61。"),
)
AGREEMENTS = Sheet(
    "agreements",
    "合作协议",
    (
        _code("code", "协议编号", CODE_HELP),
        Column("name", "协议名称", Kind.TEXT, required=True, max_length=200),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=AGREEMENT_KINDS),
        _organisation("登记单位代码", help_="保管并填报此协议的一方。"),
        Column("signed_on", "签订日期", Kind.DATE, required=True),
        DOCUMENT,
        Column("ended_on", "提前终止日期", Kind.DATE, help="自该日起不再有效；到期自然终止的留空。"),
        Column("end_reason", "终止原因", Kind.TEXT, max_length=300),
        *VOID_COLUMNS,
    ),
    key=("code",),
    note="一行是一份协议；期限和签约方各填各的表。协议终止，由它产生的合作机构随之终止。",
)
TERMS = Sheet(
    "agreement_terms",
    "协议期限",
    (
        _code("agreement_code", "协议编号"),
        Column("since", "生效日期", Kind.DATE, required=True),
        Column("until", "有效期至", Kind.DATE, help="最后一天；长期有效的留空。"),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("agreement_code", "since"),
    note="一行是一个期限；续签的另起一行，期限之间不得重叠。",
)
PARTIES = Sheet(
    "agreement_parties",
    "签约方",
    (
        _code("agreement_code", "协议编号"),
        *PARTNER,
        Column("role", "签约身份", Kind.CHOICE, required=True, choices=PARTY_ROLES),
        *VOID_COLUMNS,
    ),
    key=("agreement_code", "org_code", "name"),
)
BODIES = Sheet(
    "bodies",
    "合作机构",
    (
        _code("code", "编号", CODE_HELP),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=BODY_KINDS),
        _organisation("牵头单位代码"),
        Column(
            "agreement_code",
            "依据协议编号",
            Kind.CODE,
            max_length=60,
            help="协议终止则此机构随之终止；没有协议的留空。",
        ),
        Column("founded_on", "成立日期", Kind.DATE, help="筹建中、尚未成立的留空。"),
        Column("ended_on", "终止日期", Kind.DATE, help="自该日起不再存在；随协议终止的留空。"),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("code",),
    note="一行是一个联盟、产业学院、培训中心（基地）、合作办学学院或园区联合体。",
)
BODY_MEMBERS = Sheet(
    "body_members",
    "合作机构成员",
    (
        _code("body_code", "合作机构编号"),
        *PARTNER,
        Column("role", "身份", Kind.CHOICE, choices=MEMBER_ROLES, help="不填为成员单位。"),
        Column("founding", "发起单位", Kind.BOOLEAN),
        Column("authority", "省级教育主管部门", Kind.BOOLEAN, help="是所在省（区）教育主管部门的填“是”。"),
        Column("joined_on", "加入日期", Kind.DATE, required=True),
        Column("left_on", "退出日期", Kind.DATE, help="自该日起不再是成员。"),
        *VOID_COLUMNS,
    ),
    key=("body_code", "org_code", "name", "joined_on"),
)
PROJECTS = Sheet(
    "international_projects",
    "国际合作项目",
    (
        _code("code", "项目编号", CODE_HELP),
        Column("name", "项目名称", Kind.TEXT, required=True, max_length=200),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=PROJECT_KINDS),
        _organisation("我方院校代码"),
        Column("country", "国别", Kind.TEXT, required=True, max_length=40, help="国名或两位国别代码。"),
        Column("partner", "外方机构", Kind.TEXT, required=True, max_length=200),
        Column("since", "生效日期", Kind.DATE, required=True),
        Column("until", "有效期至", Kind.DATE, help="最后一天；长期有效的留空。"),
        Column("belt_and_road", "“一带一路”合作", Kind.BOOLEAN),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("code",),
)
CLUSTERS = Sheet(
    "clusters",
    "产业集群",
    (
        _code("code", "编号", CODE_HELP),
        Column("name", "名称", Kind.TEXT, required=True, max_length=100),
        Column("field", "产业领域", Kind.CHOICE, required=True, choices=CLUSTER_FIELDS),
        _organisation("牵头单位代码"),
        Column("founded_on", "成立日期", Kind.DATE, required=True),
        Column("ended_on", "终止日期", Kind.DATE, help="自该日起不再存在。"),
        DOCUMENT,
        *VOID_COLUMNS,
    ),
    key=("code",),
)
CLUSTER_MEMBERS = Sheet(
    "cluster_members",
    "产业集群成员",
    (
        _code("cluster_code", "产业集群编号"),
        _organisation("成员单位代码"),
        Column("role", "身份", Kind.CHOICE, choices=MEMBER_ROLES, help="不填为成员单位。"),
        Column("joined_on", "加入日期", Kind.DATE, required=True),
        Column("left_on", "退出日期", Kind.DATE, help="自该日起不再是成员。"),
        *VOID_COLUMNS,
    ),
    key=("cluster_code", "org_code", "joined_on"),
)
