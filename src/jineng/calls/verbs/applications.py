"""Take applications for a batch: cases by a procedure, decided by the departments that decide the call."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.calls.applications import LEADER, SUBJECT
from jineng.calls.kinds import HolderForm
from jineng.calls.models import Batch, Call, CallDecider
from jineng.calls.verbs.reach import NOT_DECIDING, deciding
from jineng.cases.models import Intake, Procedure
from jineng.cases.procedures import read
from jineng.cases.verbs import open_intake
from jineng.engines.casework import FieldKind
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.scope import in_reach

ROOM = "calls"


@verb(Right.EDIT_CALLS, room=ROOM)
def take_applications(
    *, actor: Actor, batch_id: UUID, procedure_id: UUID, opens_on: date, closes_on: date, announcement: str = ""
) -> Intake:
    """Take applications for a batch by a published procedure, from the first day to the last, both included.

    The call's departments decide together, in the order in which they sign; the first of them in the actor's scope is
    the office that takes the applications.

    Raises:
        NotAllowed: no department in the actor's scope decides the call.
        ValidationError: the procedure is not published, the batch takes applications already, or the call's awards are
            held by persons and the procedure's form asks for none.
    """
    batch = Batch.objects.filter(STANDS, pk=batch_id).select_related("call").first()
    if batch is None:
        raise NotAllowed(NOT_DECIDING)
    call = deciding(actor, batch.call_id)
    _require_leader(call, procedure_id)
    signing = CallDecider.objects.filter(STANDS, call=call).order_by("order").values_list("organisation_id", flat=True)
    deciders = list(signing)
    office = next((each for each in deciders if in_reach(actor, each)), actor.organisation_id)
    intake = open_intake(
        actor=actor,
        name=f"{call.name}{batch}",
        office_id=office,
        procedure_id=procedure_id,
        subject_type=SUBJECT,
        subject_id=batch.pk,
        opens_on=opens_on,
        closes_on=closes_on,
        decider_ids=deciders,
        announcement=announcement,
    )
    current_deed().note(f"受理申报 {call.name} {batch}", subject=batch)
    return intake


def _require_leader(call: Call, procedure_id: UUID) -> None:
    """What persons hold needs to be told by whom: the figures that count such awards ask for it."""
    procedure = Procedure.objects.filter(STANDS, pk=procedure_id).first()
    if procedure is None or call.holder_form not in (HolderForm.PERSON, HolderForm.STUDIO):
        return
    field = read(procedure).form.fields.get(LEADER)
    if field is None or field.kind is not FieldKind.PERSON:
        raise ValidationError(
            {
                "procedure": f"该遴选的立项由个人持有，规程的表中须有标识为 {LEADER} 的人员字段。"
                f" Persons hold awards of this call: the form needs a person named {LEADER}."
            }
        )
