"""Record what a county has of 一县一校一中心, and from when on it no longer has it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.governance.kinds import CountyItem
from jineng.governance.models import CountyFact
from jineng.governance.verbs.reach import changeable, require_after, require_place
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.kinds import AUTHORITY_KINDS
from jineng.registry.models import Organisation

ROOM = "governance"


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def record_county_fact(
    *,
    actor: Actor,
    office_id: UUID,
    item: str,
    since: date,
    organisation_id: UUID | None = None,
    department: str = "",
    post_title: str = "",
    document: str = "",
) -> CountyFact:
    """Record a fact of the county that an education department in the actor's scope governs.

    School and centre name an organisation, the director a post, a pooled department itself; nothing else is taken.

    Raises:
        NotAllowed: the department lies outside the scope.
        ValidationError: what the fact needs is missing or something else is given, or it stands already.
    """
    require_place(actor, office_id)
    office = Organisation.objects.get(pk=office_id)
    if office.kind not in AUTHORITY_KINDS:
        raise ValidationError({"office": "请填写县区教育局。 Name the county's education department."})
    _need(item, organisation_id, department, post_title)
    fact = CountyFact(
        office=office,
        division_id=office.division_id,
        item=item,
        organisation_id=organisation_id,
        department=department,
        post_title=post_title.strip(),
        since=since,
        document=document.strip(),
        **origin(),
    )
    fact.full_clean()
    fact.save(force_insert=True)
    current_deed().note(f"{office.division.name}：{fact.get_item_display()}，自 {since}", subject=fact)
    return fact


def _need(item: str, organisation_id: UUID | None, department: str, post_title: str) -> None:
    given = {
        "organisation": organisation_id is not None,
        "department": bool(department),
        "post_title": bool(post_title.strip()),
    }
    needed = {CountyItem.DIRECTOR: "post_title", CountyItem.DEPARTMENT: "department"}.get(
        CountyItem(item), "organisation"
    )
    faults = {
        name: "此事项须填写。 It is needed here." if name == needed else "此事项不填。 It stays blank here."
        for name, filled in given.items()
        if filled != (name == needed)
    }
    if faults:
        raise ValidationError(faults)


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def end_county_fact(*, actor: Actor, fact_id: UUID, until: date) -> CountyFact:
    """End a fact: from ``until`` on it no longer holds.

    Raises:
        NotAllowed: no such fact in the actor's hands.
        ValidationError: it ended before, or the day does not lie after its beginning.
    """
    fact = changeable(actor, CountyFact, fact_id)
    if fact.until is not None:
        raise ValidationError(f"已自 {fact.until} 起终止。 It ended already.")
    require_after("until", until, fact.since)
    fact.until = until
    fact.save(update_fields=["until"])
    current_deed().note(f"终止：{fact.get_item_display()}，自 {until}", subject=fact)
    return fact
