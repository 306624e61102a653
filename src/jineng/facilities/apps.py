"""Parks, their phases and investment, shared facilities, relocations."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.facilities"
    label = "facilities"
    verbose_name = "园区与设施 Facilities"
