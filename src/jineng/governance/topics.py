"""The subjects of policies that figures and sentences speak of, by the codes that returns use for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A subject of policies: its code in returns and its name. A policy is found by its topic, never by its title."""

    code: str
    name: str


INTEGRATION_PILOT = Topic("integration-pilot", "产教融合试点方案")
DUAL_QUALIFIED = Topic("dual-qualified-teachers", "“双师型”教师认定办法")
ETHNIC_AREAS = Topic("ethnic-areas", "民族地区职业教育发展计划")
PERFORMANCE_PAY = Topic("performance-pay", "职业院校绩效工资")
SKILL_PROVINCE = Topic("skill-province", "“技能甘肃”建设")
CERTIFICATE_PILOT = Topic("certificate-pilot", "“1+X”证书制度试点")
EXPANSION = Topic("admission-expansion", "高职扩招")
CLASSIFIED_EXAMINATION = Topic("classified-examination", "高职分类考试招生")
COUNTY_CENTRES = Topic("county-centres", "县域职业教育“一县一校一中心”")
DOUBLE_HIGH = Topic("double-high", "高水平职业院校建设")
RURAL_REVITALISATION = Topic("rural-revitalisation", "职业教育服务乡村振兴")
INTERNATIONAL = Topic("international", "职业教育国际合作")
OPEN_UNIVERSITY = Topic("open-university", "开放大学改革")
QUALITY = Topic("quality", "提质培优")

ALL: tuple[Topic, ...] = tuple(item for item in globals().values() if isinstance(item, Topic))
"""Every topic that is declared."""
NAMES: dict[str, str] = {topic.code: topic.name for topic in ALL}
"""Names of the topics by code."""
