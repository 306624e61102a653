"""Open a reporting round, in which everybody who owes a return has a case, and urge those who are late with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse

from jineng.cases.kinds import ROUND
from jineng.cases.models import Case, Intake, Procedure
from jineng.cases.procedures import read
from jineng.cases.queries import open_cases_in
from jineng.cases.situations import parties_for
from jineng.cases.verbs.cases import first_step, started
from jineng.cases.verbs.intakes import NOT_THE_OFFICE, open_intake
from jineng.cases.verbs.reach import ROOM, keep_steps
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.notices import Message, Office, kind_of_notice, notify_all
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Organisation
from jineng.registry.scope import reach

OWED = kind_of_notice("cases.owed", "应报任务 A return is due")
URGED = kind_of_notice("cases.urged", "催报 Please report")


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def open_round(
    *, actor: Actor, name: str, procedure_id: UUID, closes_on: date, kinds: Collection[str], announcement: str = ""
) -> Intake:
    """Open a round by a procedure that locks returns: every organisation of these kinds in the actor's scope owes one
    by the day, has a case of its own for it, and is told.

    Raises:
        ValidationError: the procedure locks no returns or is not published, the day is over, or nobody owes.
    """
    known = Procedure.objects.filter(STANDS, pk=procedure_id).first()
    if known is None or not locks_returns(known):
        raise ValidationError({"procedure": "请选择会锁定填报的规程。 Choose a procedure that locks returns."})
    today = clock.today()
    if closes_on < today:
        raise ValidationError({"closes_on": "报送期限已过。 The day is over."})
    owing = Organisation.objects.filter(STANDS, kind__in=kinds, closed_on__isnull=True).order_by("code")
    if not actor.sees_all:
        owing = owing.filter(pk__in=reach(actor))
    owing = owing.exclude(pk=actor.organisation_id)
    ids = list(owing.values_list("pk", flat=True))
    if not ids:
        raise ValidationError({"kinds": "管辖范围内没有此类单位。 There is nobody of these kinds in your scope."})
    found = open_intake(
        actor=actor,
        name=name,
        office_id=actor.organisation_id,
        procedure_id=procedure_id,
        opens_on=today,
        closes_on=closes_on,
        subject_type=ROUND,
        announcement=announcement,
    )
    intake = Intake.objects.select_related("procedure").get(pk=found.pk)
    flow = read(intake.procedure).flow
    made = [started(intake, one, intake.name, parties_for(flow, intake, one)) for one in ids]
    keep_steps([first_step(case, current_deed()) for case in made], actor)
    notify_all(
        Message(
            OWED, Office(case.applicant_id), f"{intake.name}：请于 {closes_on} 前报送", case,
            link=reverse("case", args=[case.pk]),
        )
        for case in made
    )  # fmt: skip
    current_deed().note(f"布置填报 {intake.name}", subject=intake, owing=len(made))
    return intake


@verb(Right.ACT_ON_CASES, room=ROOM)
def urge_round(*, actor: Actor, intake_id: UUID) -> int:
    """Urge all in the actor's sight who have not done what a round asks of them now, as any authority may; returns how
    many notices are new. Who has not read the last one finds it replaced, not doubled.

    Raises:
        NotAllowed: it is no reporting round.
    """
    intake = Intake.objects.filter(STANDS, pk=intake_id, subject_type=ROUND).select_related("procedure").first()
    if intake is None:
        raise NotAllowed(NOT_THE_OFFICE)
    flow = read(intake.procedure).flow
    cases = list(open_cases_in(actor, intake).exclude(applicant=actor.organisation_id).filter(is_locked=False))
    sent = notify_all(message for case in cases for message in _urging(case, flow.by_key[case.stage].actor, actor))
    current_deed().note(f"催报 {intake.name}", subject=intake, cases=len(cases), told=sent)
    return sent


def _urging(case: Case, party: str, actor: Actor) -> list[Message]:
    day = f"，期限 {case.due_on}" if case.due_on else ""
    return [
        Message(
            URGED,
            Office(UUID(one)),
            f"催办：{case.number} {case.title}{day}，请尽快办理",
            case,
            link=reverse("case", args=[case.pk]),
        )
        for one in case.parties.get(party, ())
        if UUID(one) != actor.organisation_id
    ]


def locks_returns(procedure: Procedure) -> bool:
    """Whether a procedure is one of a reporting round: some action of it locks the return."""
    return any(
        effect.startswith("returns:")
        for stage in read(procedure).flow.stages
        for action in stage.actions
        for effect in action.effects
    )
