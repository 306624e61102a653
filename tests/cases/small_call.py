"""A small selection in the small world: a procedure with two cities' quotas, an intake, cases of its schools."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

from jineng.cases.models import Case, Intake, Procedure
from jineng.cases.verbs import act_on_case, begin_case, draft_procedure, open_intake, publish_procedure, save_answers
from jineng.kernel.actors import acting
from tests.factories import World

TEXT = Path(__file__).with_name("studio.yaml").read_text(encoding="utf-8")
OPENS, CLOSES = date(2021, 9, 1), date(2021, 9, 30)
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
ANSWERS = {"leader": "王示例", "students": "120"}


def procedure(world: World, text: str = TEXT) -> Procedure:
    """The procedure, published by the province."""
    actor = world.actor("province_officer")
    draft = draft_procedure(actor=actor, text=text)
    return publish_procedure(actor=actor, procedure_id=draft.pk)


def intake(world: World, *deciders: str, text: str = TEXT) -> Intake:
    """An intake of September 2021 in the province, by that procedure."""
    return open_intake(
        actor=world.actor("province_officer"),
        name="示例工作室遴选",
        office_id=world["province"].pk,
        procedure_id=procedure(world, text).pk,
        subject_type="tests.Subject",
        subject_id=uuid.uuid4(),
        opens_on=OPENS,
        closes_on=CLOSES,
        decider_ids=[world[name].pk for name in deciders],
    )


def filled(world: World, found: Intake, title: str = "化工安全工作室", who: str = "school_officer") -> Case:
    """A case of a school with all that is asked."""
    actor = world.actor(who)
    case = begin_case(actor=actor, intake_id=found.pk, title=title)
    return save_answers(actor=actor, case_id=case.pk, raw=ANSWERS)


def handed_in(world: World, found: Intake, title: str = "化工安全工作室", who: str = "school_officer") -> Case:
    """A case that its school has handed in; it waits for its city's recommendation."""
    case, actor = filled(world, found, title, who), world.actor(who)
    with acting(actor):
        act_on_case(actor=actor, case_id=case.pk, action="submit")
        case.refresh_from_db()
    return case
