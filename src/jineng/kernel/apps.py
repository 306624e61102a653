"""The kernel: what every room stands on and none of them is about."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    """Installs the database walls after each migration and the application role on each connection."""

    name = "jineng.kernel"
    label = "kernel"
    verbose_name = "内核 Kernel"

    def ready(self) -> None:
        from jineng.kernel import policies, walls

        walls.declare(*policies.WALLS)
        connection_created.connect(walls.take_application_role, dispatch_uid="take_application_role")
        post_migrate.connect(walls.raise_walls_after_migrate, dispatch_uid="raise_walls")
