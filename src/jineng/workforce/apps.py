"""Teachers, their qualifications and titles, autonomies over pay."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Declares the room's walls, scope rules, source, figure, workbook sheets and navigation."""

    name = "jineng.workforce"
    label = "workforce"
    verbose_name = "教师 Workforce"

    def ready(self) -> None:
        from jineng.workforce import applications, exchange, indicators, policies, scope  # noqa: F401 some declare themselves
        from jineng.workforce.web import lifelong, navigation  # noqa: F401 each fills its slots of the shell

        policies.declare_walls()
        indicators.declare()
        exchange.register_sheets()
