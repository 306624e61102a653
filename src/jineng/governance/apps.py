"""Leading groups, policies, cascaded tasks, press, events, county centres."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.governance"
    label = "governance"
    verbose_name = "治理 Governance"
