"""The majors: the national catalogue and what the province's institutions offer of it."""

from django.apps import AppConfig


class MajorsConfig(AppConfig):
    """Declares the room's walls, scope rules, sources, indicators, workbook sheet and navigation."""

    name = "jineng.majors"
    label = "majors"
    verbose_name = "专业 Majors"

    def ready(self) -> None:
        from jineng.majors import applications, exchange, indicators, policies  # noqa: F401 applications declares itself
        from jineng.majors.web import navigation  # noqa: F401 fills its slots of the shell

        policies.declare_walls()
        indicators.declare()
        exchange.register_sheets()
