"""Codes of the briefs: in which manner an issue goes out, to which groups, and how far it is."""

from django.db.models import TextChoices


class Manner(TextChoices):
    """How a recipient gets the brief, in the order in which the closing block names them (GB/T 9704-2012)."""

    REPORT_TO = "report_to", "报"
    SEND_TO = "send_to", "送"
    COPY_TO = "copy_to", "抄"
    DISTRIBUTE_TO = "distribute_to", "发"


class Group(TextChoices):
    """Organisations that one line of the closing block stands for, as they are on the day of release."""

    CITY_DEPARTMENTS = "city_departments", "各市（州）教育局"
    COUNTY_DEPARTMENTS = "county_departments", "各县（区）教育局"
    VOCATIONAL_INSTITUTIONS = "vocational_institutions", "各职业院校"
    COUNTY_CENTRES = "county_centres", "各县职教中心"
    UNDERGRADUATES = "undergraduates", "各本科院校"


class State(TextChoices):
    """How far an issue is."""

    DRAFT = "draft", "起草"
    CHECKED = "checked", "已核对"
    SIGNED = "signed", "已签发"
    RELEASED = "released", "已发布"
