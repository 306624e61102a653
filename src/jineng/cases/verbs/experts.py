"""Keep the experts who review."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.cases.models import Expert
from jineng.engines.casework.panels import BEST
from jineng.kernel.actors import Actor
from jineng.kernel.models import Account
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.registry.verbs.people import PersonRow, ensure_people

ROOM = "cases"


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def enter_expert(
    *,
    actor: Actor,
    username: str,
    organisation_id: UUID,
    expertise: Mapping[str, int],
    most: int = 40,
    name: str = "",
    number: str = "",
) -> Expert:
    """Enter somebody who has an account as an expert of one's own office.

    With ``name`` and ``number`` (of the resident ID) the register knows who they are, and kinship and former posts
    keep them from what they may not review; without, only where they work does.

    Raises:
        ValidationError: there is no such account or organisation, it is entered already, or a level is not 0 to 10.
    """
    account = Account.objects.filter(username=username.strip(), is_active=True).first()
    if account is None:
        raise ValidationError({"username": "没有这个账号。 There is no such account."})
    if not visible(actor, Organisation).filter(STANDS, pk=organisation_id).exists():
        raise ValidationError({"organisation": "没有这个单位。 There is no such organisation."})
    if any(not 0 <= level <= BEST for level in expertise.values()):
        raise ValidationError({"expertise": f"专长程度为0到{BEST}。 Levels go from 0 to {BEST}."})
    if bool(name.strip()) != bool(number.strip()):
        raise ValidationError({"number": "姓名和证件号码应同时填写。 Give both name and number, or neither."})
    person = ensure_people(actor=actor, rows=[PersonRow(name.strip(), number.strip())])[0] if number.strip() else None
    found = Expert(
        account=account,
        person_id=person,
        organisation_id=organisation_id,
        office_id=actor.organisation_id,
        expertise=dict(expertise),
        most=most,
        **origin(),
    )
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"username": "该账号已是评审专家。 The account is an expert already."}) from error
    current_deed().note("登记评审专家", subject=found)
    return found
