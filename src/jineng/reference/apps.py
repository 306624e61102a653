"""The reference year: its specification, the returns built from it, and how they are brought in."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """A room without tables of its own: whatever it brings in belongs to other rooms."""

    name = "jineng.reference"
    label = "reference"
    verbose_name = "参考年度 Reference year"
