"""The kernel: what every room stands on and none of them is about."""

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    """Migrates in few steps, and raises the database walls after each migration."""

    name = "jineng.kernel"
    label = "kernel"
    verbose_name = "内核 Kernel"

    def ready(self) -> None:
        from django.core.checks import register

        from jineng.kernel import checks, connections, lookups, migrating, policies, tallies, walls

        lookups.register_lookups()
        register(checks.every_table_has_a_wall)
        register(checks.every_view_has_a_door)
        register(checks.public_address_is_told)
        register(checks.what_signs_is_there)
        walls.declare(*policies.WALLS)
        tallies.keep_tally(*policies.TALLIED)
        request_started.connect(connections.drop_lost, dispatch_uid="drop_lost")
        pre_migrate.connect(migrating.take_together, sender=self, dispatch_uid="take_together")
        post_migrate.connect(walls.raise_walls_after_migrate, dispatch_uid="raise_walls")
