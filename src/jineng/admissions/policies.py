"""Walls and scope rules of the room.

What a season declares is open to whoever acts. Plans and what came of them follow the institution; an applicant is
seen by who registered them and by the institutions at which they were placed.
"""

from __future__ import annotations

from django.db.models import Model, Q

from jineng.admissions.models import (
    Admission,
    Applicant,
    Cap,
    ExemptCategory,
    Plan,
    Preference,
    Round,
    Score,
    ScoreRule,
    Season,
)
from jineng.kernel.actors import Actor
from jineng.kernel.walls import Wall, declare, history_wall
from jineng.registry.scope import Rule, reach, sees

DECLARED = (Season, Round, ExemptCategory)
OF_INSTITUTION = (Plan, ScoreRule, Admission)
OF_APPLICANT = (Score, Preference)
INSTITUTION = "{all} OR organisation_id = ANY({reach})"
APPLICANT = "admissions_applicant"


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    walls = [
        *(Wall(_table(model), see="{known}", write="{all}") for model in DECLARED),
        *(Wall(_table(model), see=INSTITUTION) for model in OF_INSTITUTION),
        Wall(_table(Cap), see=f"{INSTITUTION} OR (organisation_id IS NULL AND {{known}})", write="{all}"),
        Wall(
            APPLICANT,
            see="{all} OR registered_at_id = ANY({reach}) OR EXISTS (SELECT 1 FROM admissions_admission AS placed "
            f"WHERE placed.applicant_id = {APPLICANT}.id AND placed.organisation_id = ANY({{reach}}))",
            write="{all} OR registered_at_id = ANY({reach})",
        ),
        *(
            Wall(
                _table(model),
                see=f"EXISTS (SELECT 1 FROM {APPLICANT} AS holder WHERE holder.id = {_table(model)}.applicant_id)",
            )
            for model in OF_APPLICANT
        ),
    ]
    declare(*walls, *(history_wall(wall.table) for wall in walls))


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _everybody(actor: Actor) -> Q:
    return Q()


def _institution(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


def _of_applicant(actor: Actor) -> Q:
    return Q(applicant__in=Applicant.objects.filter(_applicant(actor)).values("id"))


_RULES: tuple[tuple[tuple[type[Model], ...], Rule], ...] = (
    (DECLARED, _everybody),
    (OF_INSTITUTION, _institution),
    (OF_APPLICANT, _of_applicant),
)
for _models, _rule in _RULES:
    for _model in _models:
        sees(_model)(_rule)


@sees(Cap)
def _cap(actor: Actor) -> Q:
    return Q(organisation__isnull=True) | _institution(actor)


@sees(Applicant)
def _applicant(actor: Actor) -> Q:
    placed = Admission.objects.filter(organisation__in=reach(actor)).values("applicant")
    return Q(registered_at__in=reach(actor)) | Q(id__in=placed)
