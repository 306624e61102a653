"""Procedures that come with the program, published in the tests' small province."""

from __future__ import annotations

from jineng.cases.models import Procedure
from jineng.cases.seeding import procedure_files, seed_procedures
from jineng.kernel.actors import acting
from tests.factories import World


def published(world: World, code: str) -> Procedure:
    """A procedure that comes with the program, as the province's office publishes it."""
    office = world.actor("province_officer")
    seed_procedures(office, [path for path in procedure_files() if path.stem == code])
    with acting(office):
        return Procedure.objects.get(code=code)
