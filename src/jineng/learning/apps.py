"""Courses and their offerings, enrolments, attendance and completion."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Declares the room's walls, scope rules, sources, indicators, workbook sheets and navigation."""

    name = "jineng.learning"
    label = "learning"
    verbose_name = "学习 Learning"

    def ready(self) -> None:
        from jineng.learning import exchange, indicators, policies, scope  # noqa: F401 some declare themselves

        indicators.declare()
        exchange.register_sheets()
        from jineng.learning.web import lifelong, navigation  # noqa: F401 each fills its slots of the shell
