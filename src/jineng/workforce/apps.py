"""Teachers, their qualifications and titles, autonomies over pay."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.workforce"
    label = "workforce"
    verbose_name = "教师 Workforce"
