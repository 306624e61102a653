"""Skill-level standards, certificate pilots, assessments and certificates."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Declares the room's walls, scope rules, sources, indicators, workbook sheets and navigation."""

    name = "jineng.credentials"
    label = "credentials"
    verbose_name = "证书 Credentials"

    def ready(self) -> None:
        from jineng.credentials import applications, exchange, indicators, policies, scope  # noqa: F401 each declares its part
        from jineng.credentials.web import lifelong, navigation  # noqa: F401 each fills its slots of the shell

        exchange.register_sheets()
