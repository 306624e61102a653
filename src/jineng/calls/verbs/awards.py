"""Record, correct and void awards, and name their holders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.calls.kinds import HolderKind, HolderRole
from jineng.calls.models import Award, AwardHolder, Batch
from jineng.calls.rules import holder_faults, may_follow, normal_title, public_title
from jineng.calls.verbs.reach import OUTSIDE, require_place, require_void, writable_award
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.returns import enter_row
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Organisation, Person
from jineng.registry.scope import visible

ROOM = "calls"
CORRECTABLE = ("title", "level", "project_number", "notes")
STANDS_ALREADY = "该单位在这一批中已有同名的一项。 The item stands already."
CANNOT_FOLLOW = "此状态不能接在此前的状态之后。 This status cannot follow."
ENTERED_AS = {
    "call_code": "call",
    "batch_number": "number",
    "org_code": "organisation",
    "project_no": "project_number",
    "status_date": "since",
}
"""Columns of the sheet that have another name in the form."""
HOLDER_FAULTS = {
    "kind": {"kind": "该遴选的立项不能由这类持有者持有。 This kind of holder cannot hold awards of this call."},
    "role": {"role": "只有个人可以是主持人或成员。 Only a person is a leader or a member."},
    "leaders": {"role": "一项只能有一名主持人。 An award has one leader only."},
}


@dataclass(frozen=True)
class Entry:
    """An item that a case brings: before which batch, of whom, and the origin that its row carries."""

    batch: Batch
    organisation_id: UUID
    title: str
    origin: dict[str, Any]


@verb(Right.EDIT_CALLS, room=ROOM)
def record_award(
    *,
    actor: Actor,
    batch_id: UUID,
    organisation_id: UUID,
    title: str,
    level: str = "",
    project_number: str = "",
    status: str = "",
    since: date | None = None,
    document: str = "",
) -> Award:
    """Record an item that came before a batch, perhaps with its first status.

    A blank ``level`` is the call's; ``since`` is the day of the batch unless given. What is entered lands as a return
    of one row, so that the award has a sealed receipt as its origin.

    Raises:
        NotAllowed: neither the organisation nor the call lies in the actor's scope.
        ValidationError: the item stands already, its first status is impossible or has no date, or the return of the
            actor's office is locked.
    """
    batch = Batch.objects.filter(STANDS, pk=batch_id, call__voided_at__isnull=True).select_related("call").first()
    if batch is None:
        raise ValidationError({"batch": "没有这个批次。 There is no such batch."})
    require_place(actor, organisation_id, batch.call_id)
    same = Award.objects.filter(STANDS, batch=batch, organisation=organisation_id, title=normal_title(title))
    if same.exists():
        raise ValidationError({"title": STANDS_ALREADY})
    day = since or batch.decided_on
    if status:
        _require_first(status)
        if day is None:
            raise ValidationError({"since": "该批次没有公布日期，请填写状态日期。 Give a date: the batch has none."})
    code = Organisation.objects.filter(pk=organisation_id).values_list("code", flat=True).first()
    if code is None:
        raise ValidationError({"organisation": "登记册中没有此机构。 The register holds no such organisation."})
    row = {
        "call_code": batch.call.code,
        "batch_number": batch.number,
        "title": normal_title(title),
        "org_code": code,
        "level": level,
        "project_no": project_number.strip(),
        "status": status,
        "status_date": day if status else None,
        "document": document.strip() if status else "",
    }
    name = f"登记 {batch.call.name}{batch} {clock.now():%Y-%m-%d}.xlsx"
    receipt = enter_row(actor=actor, name=name, sheet="awards", row=row, fields=ENTERED_AS)
    award = same.get()
    current_deed().note(f"登记立项 {batch.call.name} {batch}", subject=award, status=status, receipt=str(receipt.pk))
    return award


def enter_awards(entries: Sequence[Entry]) -> list[Award]:
    """Write awards of batches, for cases that have checked who may, each at its call's level; each entry says where the
    award came from.

    Raises:
        ValidationError: an item stands already.
    """
    awards = [
        Award(
            batch=entry.batch,
            organisation_id=entry.organisation_id,
            level=entry.batch.call.level,
            **_titles(entry.title, entry.batch),
            **entry.origin,
        )
        for entry in entries
    ]
    for award in awards:
        award.clean_fields(exclude=["organisation", "batch"])
    keys = {(award.batch_id, award.organisation_id, award.title) for award in awards}
    standing = Award.objects.filter(
        STANDS, batch__in={key[0] for key in keys}, organisation__in={key[1] for key in keys}
    )
    if len(keys) < len(awards) or keys & set(standing.values_list("batch_id", "organisation_id", "title")):
        raise ValidationError({"title": STANDS_ALREADY})
    return Award.objects.bulk_create(awards)


@verb(Right.EDIT_CALLS, room=ROOM)
def correct_award(*, actor: Actor, award_id: UUID, **changes: str) -> Award:
    """Put right what the register says of an award: title, level, project_number or notes.

    Raises:
        NotAllowed: the award lies outside the scope.
        ValidationError: nothing is changed, or the new title belongs to another award.
    """
    award = writable_award(actor, award_id)
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise ValidationError(f"不能更正：{'、'.join(sorted(unknown))}。 Not to be corrected.")
    values: dict[str, str] = {name: value.strip() for name, value in changes.items()}
    if "title" in values:
        values |= _titles(values["title"], award.batch)
    changed = [name for name, value in values.items() if getattr(award, name) != value]
    if not changed:
        raise ValidationError("内容没有变化。 Nothing is changed.")
    for name in changed:
        setattr(award, name, values[name])
    _clean(award)
    award.save(update_fields=changed)
    current_deed().note("更正立项", subject=award, fields=changed)
    return award


@verb(Right.EDIT_CALLS, room=ROOM)
def void_award(*, actor: Actor, award_id: UUID, reason: str) -> Award:
    """Strike out an award that never held. To end one from a date on, withdraw it.

    Raises:
        NotAllowed: the actor neither decides the call nor answers for whoever reported the award.
        ValidationError: no reason.
    """
    award = writable_award(actor, award_id)
    require_void(actor, award)
    _void(award, reason)
    current_deed().note("作废立项", subject=award)
    return award


@verb(Right.EDIT_CALLS, room=ROOM)
def add_holder(
    *,
    actor: Actor,
    award_id: UUID,
    kind: str,
    organisation_id: UUID | None = None,
    person_id: UUID | None = None,
    team_name: str = "",
    role: str = HolderRole.HOLDER,
) -> AwardHolder:
    """Name a holder of an award: exactly the one of organisation, person and team that ``kind`` says.

    Raises:
        NotAllowed: the award or the person lies outside the scope.
        ValidationError: the call's awards are not held so, or the holder is named already.
    """
    award = writable_award(actor, award_id)
    if person_id is not None and not _sees_person(actor, person_id):
        raise NotAllowed("该人员不在本岗位管辖范围内。 The person lies outside your scope.")
    if organisation_id is not None and not visible(actor, Organisation).filter(pk=organisation_id).exists():
        raise NotAllowed("该机构不在本岗位可见范围内。 The organisation lies outside your sight.")
    named = list(AwardHolder.objects.filter(STANDS, award=award).values_list("kind", "role"))
    for fault in holder_faults(award.batch.call.holder_form, [*named, (kind, role)]):
        raise ValidationError(HOLDER_FAULTS[fault])
    holder = AwardHolder(
        award=award,
        kind=kind,
        organisation_id=organisation_id,
        person_id=person_id,
        team_name=team_name.strip(),
        role=role,
        **origin(),
    )
    _clean(holder)
    holder.save(force_insert=True)
    current_deed().note(f"登记持有者（{HolderKind(kind).label}）", subject=award)
    return holder


@verb(Right.EDIT_CALLS, room=ROOM)
def void_holder(*, actor: Actor, holder_id: UUID, reason: str) -> AwardHolder:
    """Strike out a holder who never held the award.

    Raises:
        NotAllowed: the award lies outside the scope.
        ValidationError: no reason.
    """
    holder = AwardHolder.objects.filter(STANDS, pk=holder_id).first()
    if holder is None:
        raise NotAllowed(OUTSIDE)
    award = writable_award(actor, holder.award_id)
    _void(holder, reason)
    current_deed().note("作废持有者", subject=award)
    return holder


def _require_first(status: str) -> None:
    if not may_follow(None, status):
        raise ValidationError({"status": CANNOT_FOLLOW})


def _titles(title: str, batch: Batch) -> dict[str, str]:
    normal = normal_title(title)
    return {"title": normal, "public_title": public_title(normal, batch.call.holder_form)}


def _clean(record: Any) -> None:
    """Validate; foreign keys were checked against the scope already, and their rows may lie out of sight."""
    record.clean_fields(exclude=["organisation", "person", "award", "batch"])
    record.validate_constraints()


def _void(record: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "请填写作废原因。 Give a reason."})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])


def _sees_person(actor: Actor, person_id: UUID) -> bool:
    return visible(actor, Person).filter(pk=person_id).exists()
