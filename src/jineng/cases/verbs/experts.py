"""Keep the experts who review, and dismiss them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.cases.models import Expert
from jineng.engines.casework.panels import BEST
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.models import Account
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Organisation
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs.people import PersonRow, ensure_people

ROOM = "cases"
OTHERS = "该专家由其他单位入库。 Another office keeps this expert."


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
    keep them from what they may not review; without, only where they work does. Somebody who was dismissed is called
    again, with what is given now; who they are stays where nothing is given.

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
    before = visible(actor, Expert).filter(STANDS, account=account, dismissed_on__isnull=False).first()
    found = before or Expert(account=account, **origin())
    found.person_id = person or found.person_id
    found.organisation_id, found.office_id = organisation_id, actor.organisation_id
    found.expertise, found.most = dict(expertise), most
    found.dismissed_on, found.dismissed_why = None, ""
    try:
        with transaction.atomic():
            found.save(force_insert=before is None)
    except IntegrityError as error:
        raise ValidationError({"username": "该账号已是评审专家。 The account is an expert already."}) from error
    current_deed().note("登记评审专家", subject=found)
    return found


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def dismiss_expert(*, actor: Actor, expert_id: UUID, reason: str) -> Expert:
    """Call somebody no more: from today on they review nothing. What they handed in stands; what they did not is given
    to others when reviewers are assigned again.

    Raises:
        NotAllowed: another office keeps the expert.
        ValidationError: no reason is given, or they were dismissed before.
    """
    found = visible(actor, Expert).select_for_update(of=("self",)).filter(STANDS, pk=expert_id).first()
    if found is None or not in_reach(actor, found.office_id):
        raise NotAllowed(OTHERS)
    if found.dismissed_on is not None:
        raise ValidationError("该专家已解聘。 The expert was dismissed before.")
    if not reason.strip():
        raise ValidationError({"reason": "请填写原因。 Give the reason."})
    found.dismissed_on, found.dismissed_why = clock.today(), reason.strip()
    found.save(update_fields=["dismissed_on", "dismissed_why"])
    current_deed().note("解聘评审专家", subject=found)
    return found
