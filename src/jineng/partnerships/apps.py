"""Agreements, the bodies that come of them, international projects, industry clusters."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.partnerships"
    label = "partnerships"
    verbose_name = "合作 Partnerships"
