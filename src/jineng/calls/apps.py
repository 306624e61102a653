"""The calls: every selection of items, teams and people, and what came of it."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Declares the room's walls, sources, indicators, workbook sheets and navigation."""

    name = "jineng.calls"
    label = "calls"
    verbose_name = "遴选与立项 Calls"

    def ready(self) -> None:
        from jineng.calls import applications, exchange, indicators, policies, scope  # noqa: F401 each declares its part
        from jineng.calls.web import navigation  # noqa: F401 fills the navigation

        exchange.register_sheets()
