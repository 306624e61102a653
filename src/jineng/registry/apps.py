"""The registry: divisions, organisations and their changes, people, posts, scope."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Declares the registry's walls, sources, indicators and workbook sheets."""

    name = "jineng.registry"
    label = "registry"
    verbose_name = "机构与人员 Registry"

    def ready(self) -> None:
        from jineng.registry import policies  # noqa: F401 declares walls
