"""Codes of the room: the levels of the catalogue."""

from django.db.models import TextChoices


class MajorLevel(TextChoices):
    """The three levels of vocational education that the catalogue of majors covers."""

    SECONDARY = "secondary", "中等职业教育"
    HIGHER = "higher", "高等职业教育专科"
    BACHELOR = "bachelor", "高等职业教育本科"
