"""Codes of the calls: levels, what an award's holder is, what becomes of an award."""

from django.db.models import TextChoices


class Level(TextChoices):
    """At which level an item is recognised."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"


class HolderForm(TextChoices):
    """Who may hold the awards of a call."""

    ORGANISATION = "organisation", "单位"
    PERSON = "person", "个人"
    TEAM = "team", "团队"
    STUDIO = "studio", "工作室（个人领衔、单位依托）"


class Status(TextChoices):
    """What becomes of an award, from a date on."""

    CANDIDATE = "candidate", "培育"
    UNDER_CONSTRUCTION = "under_construction", "建设"
    RECOGNISED = "recognised", "认定"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "撤销"


class HolderKind(TextChoices):
    """What a holder is."""

    ORGANISATION = "organisation", "单位"
    PERSON = "person", "个人"
    TEAM = "team", "团队"


class HolderRole(TextChoices):
    """As what somebody holds an award."""

    HOLDER = "holder", "持有者"
    LEADER = "leader", "主持人（带头人）"
    MEMBER = "member", "成员"


class PartyRole(TextChoices):
    """Why an organisation beside the responsible one sees an award."""

    HOLDER = "holder", "持有单位"
    HOST = "host", "依托单位"
