"""Walls and scope rules of the room.

What a season declares is open to whoever acts. Plans and what came of them follow the institution; an applicant is
seen by who registered them and by the institutions at which they were placed. A run is the province's until its files
are sent; of its results an institution sees the files that were sent to it. What a ticket's holder is told is read by
a function of the database, for nobody acts then.
"""

from __future__ import annotations

from django.db.models import Model, Q

from jineng.admissions.kinds import FileState, RunState
from jineng.admissions.models import (
    Admission,
    Applicant,
    Cap,
    ExemptCategory,
    Offer,
    Opening,
    Plan,
    PreferenceForm,
    Result,
    Round,
    Run,
    Scheme,
    Score,
    ScoreRule,
    Season,
    Ticket,
    Told,
)
from jineng.kernel.actors import Actor
from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall
from jineng.registry.scope import Rule, reach, sees

DECLARED = (Season, Round, ExemptCategory, Scheme, Opening, Offer)
OF_INSTITUTION = (Plan, ScoreRule, Admission)
OF_APPLICANT = (Score, Ticket, PreferenceForm)
INSTITUTION = "{all} OR organisation_id = ANY({reach})"
APPLICANT = "admissions_applicant"
FREE, SENT, PUBLISHED = FileState.FREE.value, RunState.SENT.value, RunState.PUBLISHED.value


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    walls = [
        *(Wall(_table(model), see="{known}", write="{all}") for model in DECLARED),
        *(Wall(_table(model), see=INSTITUTION) for model in OF_INSTITUTION),
        Wall(_table(Cap), see=f"{INSTITUTION} OR (organisation_id IS NULL AND {{known}})", write="{all}"),
        Wall(
            APPLICANT,
            see="{all} OR registered_at_id = ANY({reach}) OR EXISTS (SELECT 1 FROM admissions_admission AS placed "
            f"WHERE placed.applicant_id = {APPLICANT}.id AND placed.organisation_id = ANY({{reach}})) "
            f"OR EXISTS (SELECT 1 FROM admissions_result AS sent WHERE sent.applicant_id = {APPLICANT}.id "
            f"AND sent.organisation_id = ANY({{reach}}) AND sent.file_state <> '{FREE}')",
            write="{all} OR registered_at_id = ANY({reach})",
        ),
        *(
            Wall(
                _table(model),
                see=f"EXISTS (SELECT 1 FROM {APPLICANT} AS holder WHERE holder.id = {_table(model)}.applicant_id)",
            )
            for model in OF_APPLICANT
        ),
        Wall(_table(Run), see=f"{{all}} OR (state IN ('{SENT}', '{PUBLISHED}') AND {{known}})", write="{all}"),
        Wall(
            _table(Result),
            see=f"{{all}} OR (organisation_id = ANY({{reach}}) AND file_state <> '{FREE}')",
        ),
    ]
    declare(*walls, *(history_wall(wall.table) for wall in walls), Wall(_table(Told), see="{all}"))


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
    sent = Result.objects.filter(_result(actor)).values("applicant")
    return Q(registered_at__among=reach(actor)) | Q(id__among=placed) | Q(id__among=sent)


@sees(Run)
def _run(actor: Actor) -> Q:
    return Q(state__in=(SENT, PUBLISHED))


@sees(Result)
def _result(actor: Actor) -> Q:
    return _institution(actor) & ~Q(file_state=FREE)


@sees(Told)
def _told(actor: Actor) -> Q:
    return Q(pk__in=[])


keep_tally("admissions_plan", "admissions_admission", "admissions_applicant")
