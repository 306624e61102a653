"""Walls and scope rules of the room: the catalogue is open to whoever acts, offerings follow the institution."""

from __future__ import annotations

from django.db.models import Q

from jineng.kernel.actors import Actor
from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall
from jineng.majors.models import CatalogueEdition, Category, Major, MajorClass, MajorOffering
from jineng.registry.scope import reach, sees

CATALOGUE = (CatalogueEdition, Category, MajorClass, Major)
OFFERING = "majors_majoroffering"


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    declare(
        *(Wall(model._meta.db_table, see="{known}", write="{all}") for model in CATALOGUE),
        Wall(OFFERING, see="{all} OR organisation_id = ANY({reach})"),
        history_wall(OFFERING),
    )


def _everybody(actor: Actor) -> Q:
    return Q()


for _model in CATALOGUE:
    sees(_model)(_everybody)


@sees(MajorOffering)
def _offering(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


keep_tally("majors_majoroffering")
