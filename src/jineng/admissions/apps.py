"""Seasons, plans, applicants and what became of them."""

from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.admissions"
    label = "admissions"
    verbose_name = "招生 Admissions"

    def ready(self) -> None:
        from jineng.admissions import applications, exchange, indicators, jobs, policies  # noqa: F401 some name themselves
        from jineng.admissions.web import lifelong, navigation  # noqa: F401 each fills its slots of the shell

        policies.declare_walls()
        indicators.declare()
        exchange.register_sheets()
