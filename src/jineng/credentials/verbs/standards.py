"""Publish standards and end them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.models import SkillStandard, StandardDeveloper
from jineng.credentials.rules import in_order
from jineng.credentials.verbs.reach import ROOM, require_reach, require_reporter, save_valid, strike_out
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

UNKNOWN = "没有此标准，或已作废。 There is no such standard."


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def publish_standard(
    *,
    actor: Actor,
    code: str,
    name: str,
    levels: Sequence[str],
    developers: Sequence[tuple[UUID, str]],
    published_on: date,
    document: str = "",
) -> SkillStandard:
    """Record a standard and who developed it: pairs of organisation and role.

    Raises:
        NotAllowed: a developer lies outside the actor's scope.
        ValidationError: no developer or level is named, or the code is taken.
    """
    if not developers:
        raise ValidationError({"developers": "请至少填写一个开发单位。 Name at least one developer."})
    for organisation_id, _ in developers:
        require_reach(actor, organisation_id)
    standard: SkillStandard = save_valid(
        SkillStandard(
            code=code.strip(),
            name=name.strip(),
            levels=in_order(levels),
            published_on=published_on,
            document=document.strip(),
            **origin(),
        )
    )
    for organisation_id, role in developers:
        save_valid(
            StandardDeveloper(standard=standard, organisation_id=organisation_id, role=role, **origin()),
            exclude=("organisation",),
        )
    current_deed().note(f"登记标准 {standard.name}", subject=standard, developers=len(developers))
    return standard


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def withdraw_standard(*, actor: Actor, standard_id: UUID, on: date) -> SkillStandard:
    """End a standard from ``on`` on; what it was until then stays.

    Raises:
        NotAllowed: another office reported it.
        ValidationError: it is withdrawn already, or ``on`` is not after its publication.
    """
    standard = _standing(actor, standard_id)
    if standard.withdrawn_on is not None:
        raise ValidationError("该标准已废止。 The standard is withdrawn already.")
    standard.withdrawn_on = on
    standard.validate_constraints()
    standard.save(update_fields=["withdrawn_on"])
    current_deed().note(f"废止标准（{on}）", subject=standard)
    return standard


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def void_standard(*, actor: Actor, standard_id: UUID, reason: str) -> SkillStandard:
    """Strike out a standard that never was.

    Raises:
        NotAllowed: another office reported it.
        ValidationError: no reason.
    """
    standard = _standing(actor, standard_id)
    strike_out(standard, reason)
    current_deed().note("作废标准", subject=standard)
    return standard


def _standing(actor: Actor, standard_id: UUID) -> SkillStandard:
    standard = SkillStandard.objects.select_for_update().filter(STANDS, pk=standard_id).first()
    if standard is None:
        raise NotAllowed(UNKNOWN)
    require_reporter(actor, standard)
    return standard
