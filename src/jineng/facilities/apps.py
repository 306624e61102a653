"""Parks, their phases and investment, shared facilities, relocations."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Declares the room's walls, sources, indicator, workbook sheets, navigation and tasks."""

    name = "jineng.facilities"
    label = "facilities"
    verbose_name = "园区与设施 Facilities"

    def ready(self) -> None:
        from jineng.facilities import exchange, indicators, policies, scope  # noqa: F401 scope has rules
        from jineng.facilities.web import navigation  # noqa: F401 fills its slots of the shell

        policies.declare_walls()
        indicators.declare()
        exchange.register_sheets()
