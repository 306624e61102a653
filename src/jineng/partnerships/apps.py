"""Agreements, the bodies that come of them, international projects, industry clusters."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Declares the room's walls, sources, indicators, references, workbook sheets, navigation and tasks."""

    name = "jineng.partnerships"
    label = "partnerships"
    verbose_name = "合作 Partnerships"

    def ready(self) -> None:
        from jineng.partnerships import (  # noqa: F401 some declare themselves
            applications,
            exchange,
            indicators,
            policies,
            queries,
            scope,
        )
        from jineng.partnerships.web import navigation  # noqa: F401 fills its slots of the shell

        policies.declare_walls()
        indicators.declare()
        exchange.register_sheets()
        queries.offer()
