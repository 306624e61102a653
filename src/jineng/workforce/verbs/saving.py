"""How the room's verbs save, find and strike out, and what they say where that fails."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin, Recorded
from jineng.kernel.verbs import came_through, current_deed
from jineng.registry.scope import in_reach, visible

ROOM = "workforce"
OUTSIDE = "没有此记录，或不在本岗位管辖范围内。 There is no such record in your scope."
R = TypeVar("R", bound=Recorded)
KNOWN_ALREADY = {
    "teacher_once": ("since", "该教师自同日在此校任教，已有登记。 This teaching is recorded already."),
    "teacher_one_open_post_per_school": ("since", "该教师仍在此校任教，已有登记。 The teacher teaches there already."),
    "qualification_once": ("issued_on", "同一证书已有登记。 The same certificate is recorded already."),
    "title_once": ("awarded_on", "同一职称已有登记。 The same title is recorded already."),
    "stay_once": ("first_day", "同一实践已有登记。 The same stay is recorded already."),
    "dual_recognition_once": ("recognised_on", "同日同等级已有认定。 This recognition is recorded already."),
    "autonomy_once": ("granted_on", "同日同一自主权已有登记。 This grant is recorded already."),
    "autonomy_one_open_grant": ("autonomy", "该机构已有此项自主权。 The institution has this autonomy already."),
}
"""What each unique constraint means to whoever runs into it: the field, and the words."""


def save(record: Recorded) -> None:
    """Save a new or changed record.

    Raises:
        ValidationError: the register has it already.
    """
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        known = KNOWN_ALREADY.get(getattr(diagnosis, "constraint_name", ""))
        if known is None:
            raise
        raise ValidationError({known[0]: known[1]}) from error


def through_door(through: str) -> None:
    """Say that what the running verb records comes in by the API, where it does."""
    if through == Origin.API:
        came_through(through, current_deed().id)


def find(actor: Actor, model: type[R], pk: UUID) -> R:
    """The standing record in the actor's scope, locked.

    Raises:
        NotAllowed: there is none.
        ValidationError: it is void.
    """
    found: R | None = visible(actor, model).filter(pk=pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(OUTSIDE)
    if found.is_void:
        raise ValidationError("该记录已作废。 The record is void.")
    return found


def need_reach(actor: Actor, *organisation_ids: UUID) -> None:
    """Raise :class:`NotAllowed` unless one of the organisations lies in the actor's scope."""
    if not any(in_reach(actor, pk) for pk in organisation_ids):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")


def strike(record: Recorded, reason: str) -> None:
    """Void a record: it never held.

    Raises:
        ValidationError: no reason is given.
    """
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])
    label: Any = record._meta.verbose_name
    current_deed().note(f"作废{label}：{reason.strip()}", subject=record)
