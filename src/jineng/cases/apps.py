"""Cases: flows and forms as versioned definitions, intakes in which cases are taken, the cases themselves."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Declares the room's walls, scope and navigation. It knows no other room: those register with it."""

    name = "jineng.cases"
    label = "cases"
    verbose_name = "事项 Cases"

    def ready(self) -> None:
        from jineng.cases import facts, notices, policies, rounds, scope  # noqa: F401 each declares its part
        from jineng.cases.web import navigation, procedures_navigation  # noqa: F401 fill the shell
