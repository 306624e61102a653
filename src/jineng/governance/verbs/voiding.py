"""Strike out records that never held."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.governance.models import CountyFact, LeadingGroup, Occasion, Policy, PressItem
from jineng.governance.verbs.reach import changeable
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import Recorded
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

ROOM = "governance"
VOIDABLE: dict[str, type[Recorded]] = {
    "policy": Policy,
    "group": LeadingGroup,
    "press": PressItem,
    "occasion": Occasion,
    "county_fact": CountyFact,
}
"""What may be struck out, by the name that pages use."""


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def void_record(*, actor: Actor, kind: str, record_id: UUID, reason: str) -> Recorded:
    """Strike a record out as never having held; it leaves all figures of all years. ``kind`` is of ``VOIDABLE``.

    Raises:
        KeyError: no such kind.
        NotAllowed: no such record in the actor's hands.
        ValidationError: no reason is given.
    """
    record = changeable(actor, VOIDABLE[kind], record_id)
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废 {record}：{reason.strip()}", subject=record)
    return record
