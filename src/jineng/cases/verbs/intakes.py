"""Open intakes in which cases are taken, and allot who may recommend how many."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Intake, IntakeDecider, Procedure, Quota
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach

ROOM = "cases"
ITSELF = "cases.Intake"
"""The subject of an intake that no room holds for something of its own."""
NOT_THE_OFFICE = "该批次由其他单位受理。 Another office runs this intake."


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def open_intake(
    *,
    actor: Actor,
    name: str,
    office_id: UUID,
    procedure_id: UUID,
    opens_on: date,
    closes_on: date,
    subject_type: str = ITSELF,
    subject_id: UUID | None = None,
    decider_ids: Sequence[UUID] = (),
    announcement: str = "",
) -> Intake:
    """Take cases by a published procedure, from the first day to the last, both included.

    ``decider_ids`` decide together, in the order in which they sign; without any the office decides alone. Without a
    subject the intake is held for itself, as one for filings is.

    Raises:
        NotAllowed: the office lies outside the actor's scope.
        ValidationError: the procedure is not published, the days are the wrong way intake, or there is such an intake.
    """
    if not in_reach(actor, office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    procedure = Procedure.objects.filter(STANDS, pk=procedure_id, state=ProcedureState.PUBLISHED).first()
    if procedure is None:
        raise ValidationError({"procedure": "请选择已发布的规程。 Choose a published procedure."})
    found = Intake(
        name=name.strip(),
        office_id=office_id,
        procedure=procedure,
        subject_type=subject_type,
        subject_id=subject_id or uuid.uuid4(),
        opens_on=opens_on,
        closes_on=closes_on,
        announcement=announcement.strip(),
        **origin(),
    )
    if closes_on < opens_on:
        raise ValidationError({"closes_on": "截止日期不能早于开始日期。 It cannot close before it opens."})
    found.clean_fields(exclude=["office"])
    found.validate_constraints()
    found.save(force_insert=True)
    IntakeDecider.objects.bulk_create(
        IntakeDecider(intake=found, organisation_id=decider, order=order, **origin())
        for order, decider in enumerate(dict.fromkeys(decider_ids or [office_id]), 1)
    )
    current_deed().note(f"开始受理 {found.name}", subject=found)
    return found


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def allot_quotas(*, actor: Actor, intake_id: UUID, numbers: Mapping[UUID, int], basis: str = "") -> int:
    """Say how many cases of an intake each organisation may recommend; returns how many quotas were set.

    A quota cannot be made smaller than what is used of it. Once an intake has quotas, whoever has none recommends none.

    Raises:
        NotAllowed: another office runs the intake.
        ValidationError: a number is negative or smaller than what is used.
    """
    found = Intake.objects.filter(STANDS, pk=intake_id).first()
    if found is None or not in_reach(actor, found.office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    known = {each.organisation_id: each for each in Quota.objects.select_for_update().filter(STANDS, intake=found)}
    for organisation_id, number in numbers.items():
        quota = known.get(organisation_id)
        used = quota.used if quota else 0
        if number < used:
            raise ValidationError(
                f"已推荐 {used} 项，名额不能少于此数。 {used} are recommended: the quota cannot be less."
            )
        if quota is None:
            Quota.objects.create(intake=found, organisation_id=organisation_id, number=number, basis=basis, **origin())
        elif (quota.number, quota.basis) != (number, basis):
            quota.number, quota.basis = number, basis
            quota.save(update_fields=["number", "basis"])
    current_deed().note(f"分配名额 {found.name}", subject=found, units=len(numbers))
    return len(numbers)
