"""Announce calls and their batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.calls.kinds import HolderForm
from jineng.calls.models import Batch, Call, CallDecider
from jineng.calls.verbs.reach import NOT_DECIDING, deciding
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach

ROOM = "calls"


@verb(Right.EDIT_CALLS, room=ROOM)
def announce_call(
    *,
    actor: Actor,
    code: str,
    name: str,
    level: str,
    decider_ids: Sequence[UUID],
    holder_form: str = HolderForm.ORGANISATION,
    description: str = "",
) -> Call:
    """Announce a series of selections; ``decider_ids`` are the deciding departments in the order of signing.

    Raises:
        NotAllowed: none of the deciding departments lies in the actor's scope.
        ValidationError: no department is named, the code is malformed or taken.
    """
    deciders = list(dict.fromkeys(decider_ids))
    if not deciders:
        raise ValidationError({"deciders": "请至少选择一个决定单位。 Name at least one deciding department."})
    if not any(in_reach(actor, decider) for decider in deciders):
        raise NotAllowed(NOT_DECIDING)
    call = Call(
        code=code, name=name.strip(), level=level, holder_form=holder_form, description=description.strip(), **origin()
    )
    call.full_clean()
    call.save(force_insert=True)
    CallDecider.objects.bulk_create(
        CallDecider(call=call, organisation_id=decider, order=order, **origin())
        for order, decider in enumerate(deciders, 1)
    )
    current_deed().note(f"发布遴选 {call.name}", subject=call, deciders=len(deciders))
    return call


@verb(Right.EDIT_CALLS, room=ROOM)
def add_batch(
    *, actor: Actor, call_id: UUID, number: int, year: int, decided_on: date | None = None, document: str = ""
) -> Batch:
    """Add a batch to a call.

    Raises:
        NotAllowed: no department in the actor's scope decides the call.
        ValidationError: the call has a batch of that number.
    """
    call = deciding(actor, call_id)
    batch = Batch(call=call, number=number, year=year, decided_on=decided_on, document=document.strip(), **origin())
    batch.full_clean()
    batch.save(force_insert=True)
    current_deed().note(f"{call.name} {batch}", subject=batch)
    return batch
