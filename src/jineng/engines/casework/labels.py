"""What people call the attributes and kinds of definitions: for editors, comparisons and diagrams."""

from __future__ import annotations

from collections.abc import Mapping

from jineng.engines.casework.faults import Words
from jineng.engines.casework.flow import OUTCOMES, Need, Role, Signing, StageKind
from jineng.engines.casework.form import FieldKind

STAGE_KINDS: Mapping[StageKind, Words] = {
    StageKind.APPLY: Words("申报", "application"),
    StageKind.RECOMMEND: Words("排序推荐", "ranked recommendation"),
    StageKind.CHECK: Words("审核", "check"),
    StageKind.REVIEW: Words("专家评审", "panel review"),
    StageKind.DECIDE: Words("审定", "decision"),
    StageKind.NOTICE: Words("公示", "public notice"),
    StageKind.BUILD: Words("建设", "building"),
    StageKind.REPORT: Words("填报", "reporting"),
    StageKind.STEP: Words("一般环节", "step"),
}
FIELD_KINDS: Mapping[FieldKind, Words] = {
    FieldKind.TEXT: Words("单行文字", "text"),
    FieldKind.LONG_TEXT: Words("多行文字", "long text"),
    FieldKind.NUMBER: Words("数字", "number"),
    FieldKind.MONEY: Words("金额", "money"),
    FieldKind.DATE: Words("日期", "date"),
    FieldKind.FLAG: Words("是/否", "yes or no"),
    FieldKind.CHOICE: Words("选择", "choice"),
    FieldKind.TABLE: Words("表格", "table"),
    FieldKind.FILE: Words("文件", "file"),
    FieldKind.ORGANISATION: Words("机构", "organisation"),
    FieldKind.PERSON: Words("人员", "person"),
    FieldKind.MAJOR: Words("专业", "major"),
    FieldKind.AWARD: Words("已有立项", "earlier award"),
}
ROLES: Mapping[Role, Words] = {
    Role.APPLICANT: Words("申报方", "applicant"),
    Role.RECOMMENDER: Words("推荐方", "recommender"),
    Role.OFFICE: Words("主办部门", "office"),
    Role.REVIEWERS: Words("评审专家", "reviewers"),
    Role.DECIDERS: Words("审定人", "deciders"),
    Role.COUNTERPART: Words("对方", "counterpart"),
}
SIGNINGS: Mapping[Signing, Words] = {
    Signing.ANY: Words("一人办理即可", "any one"),
    Signing.ALL: Words("全体签署", "all sign"),
    Signing.ORDERED: Words("依次签署", "all sign in order"),
}
NEEDS: Mapping[Need, Words] = {
    Need.REASON: Words("理由", "a reason"),
    Need.FORM: Words("填写完整", "a complete form"),
    Need.FILE: Words("材料", "a file"),
}
VALUES: Mapping[str, Mapping[str, Words]] = {
    "kind": {str(kind): words for kinds in (STAGE_KINDS, FIELD_KINDS) for kind, words in kinds.items()},
    "role": {str(role): words for role, words in ROLES.items()},
    "signing": {str(signing): words for signing, words in SIGNINGS.items()},
    "needs": {str(need): words for need, words in NEEDS.items()},
    "outcome": {str(outcome): words for outcome, words in OUTCOMES.items()},
}
"""What the values of attributes are called."""
ATTRIBUTES: Mapping[str, Words] = {
    "name": Words("名称", "name"),
    "name_en": Words("英文名称", "English name"),
    "label": Words("名称", "label"),
    "label_en": Words("英文名称", "English label"),
    "kind": Words("类型", "kind"),
    "actor": Words("办理方", "actor"),
    "to": Words("去向", "target"),
    "by": Words("可办理方", "who may do it"),
    "when": Words("前提条件", "condition"),
    "why": Words("不能办理的说明", "explanation"),
    "why_en": Words("不能办理的英文说明", "English explanation"),
    "needs": Words("所需", "needs"),
    "fields": Words("所需填写项", "fields needed"),
    "opens": Words("开放填写", "opens"),
    "sends_back": Words("退回", "sends back"),
    "resumes": Words("回到退回方", "resumes"),
    "effects": Words("效果", "effects"),
    "signing": Words("签署方式", "signing"),
    "shows_reason": Words("申报方可见理由", "shows its reason"),
    "days": Words("天数", "days"),
    "months": Words("月数", "months"),
    "working": Words("按工作日", "working days"),
    "after": Words("起算", "counts from"),
    "then": Words("期满后", "afterwards"),
    "closes": Words("逾期不收", "closes"),
    "remind": Words("提前提醒", "reminders"),
    "escalate": Words("逾期告知", "escalation"),
    "outcome": Words("结果", "outcome"),
    "role": Words("角色", "role"),
    "level": Words("层级", "level"),
    "required": Words("必填", "required"),
    "required_when": Words("必填条件", "required when"),
    "visible_when": Words("显示条件", "shown when"),
    "help": Words("说明", "help"),
    "help_en": Words("英文说明", "English help"),
    "unit": Words("单位", "unit"),
    "min": Words("最小值", "minimum"),
    "max": Words("最大值", "maximum"),
    "places": Words("小数位数", "decimals"),
    "earliest": Words("最早日期", "earliest day"),
    "latest": Words("最晚日期", "latest day"),
    "min_length": Words("最少字数", "shortest length"),
    "max_length": Words("最多字数", "longest length"),
    "format": Words("格式", "format"),
    "many": Words("可填多个", "several answers"),
    "min_items": Words("最少个数", "fewest"),
    "max_items": Words("最多个数", "most"),
    "unique": Words("不得重复的列", "unique columns"),
    "accept": Words("文件类型", "file kinds"),
    "max_bytes": Words("文件大小上限", "largest file"),
    "filter": Words("筛选", "filter"),
    "personal": Words("个人信息", "personal"),
    "holds": Words("核对条件", "rule"),
    "message": Words("提示", "message"),
    "message_en": Words("英文提示", "English message"),
    "field": Words("填写项", "field"),
    "code": Words("代码", "code"),
    "tells": Words("对外称谓", "wording"),
    "uses": Words("所用资料", "data used"),
    "deadline": Words("期限", "deadline"),
    "within": Words("限期", "deadline it brings"),
    "staff": Words("对内称谓", "wording for staff"),
    "applicant": Words("对申报方的称谓", "wording for the applicant"),
    "public": Words("对公众的称谓", "wording for all"),
    "weight": Words("权重", "weight"),
    "routes": Words("去向条件", "routes"),
}
"""What the attributes of flows, forms and rubrics are called."""
