"""Skill-level standards, certificate pilots, assessments and certificates."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.credentials"
    label = "credentials"
    verbose_name = "证书 Credentials"
