"""The registry: divisions, organisations and their changes, people, posts, scope."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Declares the registry's walls, sources, indicators and workbook sheets."""

    name = "jineng.registry"
    label = "registry"
    verbose_name = "机构与人员 Registry"

    def ready(self) -> None:
        from jineng.kernel.actors import find_actors_by
        from jineng.kernel.directory import open_directory
        from jineng.registry import exchange, indicators, policies  # noqa: F401 each declares its part
        from jineng.registry.acting import PostDirectory, find_actor
        from jineng.registry.web import navigation  # noqa: F401 fills the shell's slots

        find_actors_by(find_actor)
        open_directory(PostDirectory())
