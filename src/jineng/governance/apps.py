"""The governance: leading groups, policies, cascaded tasks, press coverage, events, the state of each county."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.governance"
    label = "governance"
    verbose_name = "治理 Governance"

    def ready(self) -> None:
        from jineng.governance import exchange, indicators, policies, scope  # noqa: F401 each declares its part
        from jineng.governance.web import navigation  # noqa: F401 fills the shell

        exchange.register_sheets()
