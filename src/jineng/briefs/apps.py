"""Briefs: snapshots, indicators collected, narrative, release, distribution."""

from django.apps import AppConfig


class BriefsConfig(AppConfig):
    """Declares the walls and the navigation of the briefs."""

    name = "jineng.briefs"
    label = "briefs"
    verbose_name = "简报 Briefs"

    def ready(self) -> None:
        from jineng.briefs import policies  # noqa: F401 declares walls
        from jineng.briefs.web import navigation  # noqa: F401 fills the shell's slots
