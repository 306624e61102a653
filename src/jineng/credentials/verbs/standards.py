"""Publish standards, edition by edition, and end them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.kinds import DeveloperRole
from jineng.credentials.models import SkillStandard, StandardDeveloper
from jineng.credentials.rules import Fault, in_order, revision_fault
from jineng.credentials.verbs.reach import OUTSIDE, ROOM, require_reach, require_reporter, strike_out
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import reach

UNKNOWN = "没有此标准，或已作废。 There is no such standard."
TAKEN = "标准代码已被使用，请核对；修订版须另用代码。 The code is taken; check it, a revision has a code of its own."
NO_REVISED = "没有所修订的标准，请核对其代码。 There is no standard that it could revise; check its code."
REVISED_ALREADY = "该标准已被修订，请修订其最新版。 It is revised already; revise its latest edition."
SAME_DEVELOPER = "同一开发单位只填一次。 Name each developer once."
REVISED_STAYS = "该标准已被“{code}”修订，请先作废修订版。 Strike out the edition that revises it first."


@dataclass(frozen=True)
class Entry:
    """A standard to be published: what it says, who developed it, which it revises, and the origin of its row."""

    code: str
    name: str
    levels: Sequence[str]
    developers: Sequence[tuple[UUID, str]]
    published_on: date
    document: str
    revises_id: UUID | None
    origin: Mapping[str, Any]


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
    revises_id: UUID | None = None,
) -> SkillStandard:
    """Record a standard and who developed it: pairs of organisation and role.

    One that revises another takes its place: the earlier edition ends on the day on which this one is published.

    Raises:
        NotAllowed: a developer lies outside the actor's scope, or another office reported what it revises.
        ValidationError: no developer or level is named, the code is taken, or what it revises is not there, withdrawn,
            revised already or not earlier.
    """
    for organisation_id, _ in developers:
        require_reach(actor, organisation_id)
    entry = Entry(code, name, levels, developers, published_on, document, revises_id, origin())
    (standard,) = publish_standards(actor, [entry])
    current_deed().note(f"登记标准 {standard.name}", subject=standard, developers=len(developers))
    return standard


def publish_standards(actor: Actor, entries: Sequence[Entry]) -> list[SkillStandard]:
    """Publish standards that cases ask for, in as few queries for many as for one. Whoever led the work lies in the
    actor's scope; participants may lie elsewhere, as on the sheet of developers.

    Raises:
        NotAllowed: a lead lies outside the actor's scope, or another office reported what is revised.
        ValidationError: as for :func:`publish_standard`, or two entries have one code or revise one standard.
    """
    actor.require(Right.EDIT_CREDENTIALS)
    _require_leads(actor, entries)
    revised = _revised(actor, [entry.revises_id for entry in entries if entry.revises_id])
    standards = [_standard(entry, revised) for entry in entries]
    codes = [standard.code for standard in standards]
    if len(set(codes)) < len(codes) or SkillStandard.objects.filter(STANDS, code__in=codes).exists():
        raise ValidationError({"code": TAKEN})
    SkillStandard.objects.bulk_update(revised.values(), ["withdrawn_on"])
    made = SkillStandard.objects.bulk_create(standards)
    StandardDeveloper.objects.bulk_create(
        _developer(standard, organisation_id, role, entry)
        for standard, entry in zip(made, entries, strict=True)
        for organisation_id, role in entry.developers
    )
    return made


def _require_leads(actor: Actor, entries: Sequence[Entry]) -> None:
    mine = None if actor.sees_all else set(reach(actor))
    for entry in entries:
        if not entry.developers:
            raise ValidationError({"developers": "请至少填写一个开发单位。 Name at least one developer."})
        if len({organisation_id for organisation_id, _ in entry.developers}) < len(entry.developers):
            raise ValidationError({"developers": SAME_DEVELOPER})
        leads = {organisation_id for organisation_id, role in entry.developers if role == DeveloperRole.LEAD}
        if mine is not None and leads - mine:
            raise NotAllowed(OUTSIDE)


def _revised(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, SkillStandard]:
    """The standards with these ids, locked, that an edition of the actor's may take the place of."""
    if not ids:
        return {}
    known = SkillStandard.objects.filter(STANDS, pk__in=ids)
    told = known.in_bulk()
    if set(ids) - told.keys():
        raise ValidationError({"revises": NO_REVISED})
    for each in told.values():
        require_reporter(actor, each)
    # Locked only now: the wall hides from a lock what the actor may not write.
    locked = known.select_for_update().order_by("pk").in_bulk()
    if len(set(ids)) < len(ids) or SkillStandard.objects.filter(STANDS, revises__in=ids).exists():
        raise ValidationError({"revises": REVISED_ALREADY})
    return locked


def _standard(entry: Entry, revised: Mapping[UUID, SkillStandard]) -> SkillStandard:
    """The standard that an entry says, not saved; what it revises ends as it begins."""
    earlier = revised[entry.revises_id] if entry.revises_id else None
    if earlier is not None:
        if fault := revision_fault(earlier.being, entry.published_on):
            raise at_field(fault)
        earlier.withdrawn_on = entry.published_on
    standard = SkillStandard(
        code=entry.code.strip(),
        name=entry.name.strip(),
        levels=in_order(entry.levels),
        published_on=entry.published_on,
        document=entry.document.strip(),
        revises=earlier,
        edition=earlier.edition + 1 if earlier else 1,
        **entry.origin,
    )
    standard.clean_fields(exclude=["revises"])
    return standard


def _developer(standard: SkillStandard, organisation_id: UUID, role: str, entry: Entry) -> StandardDeveloper:
    developer = StandardDeveloper(standard=standard, organisation_id=organisation_id, role=role, **entry.origin)
    developer.clean_fields(exclude=["standard", "organisation"])
    return developer


def at_field(fault: Fault) -> ValidationError:
    """A fault as an error at its field."""
    return ValidationError({fault.field: str(fault)})


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
    """Strike out a standard that never was. What it revised stands on, as if it had not been revised.

    Raises:
        NotAllowed: another office reported it, or what it revised.
        ValidationError: no reason, or a standing edition revises it.
    """
    standard = _standing(actor, standard_id)
    later = SkillStandard.objects.filter(STANDS, revises=standard).first()
    if later is not None:
        raise ValidationError(REVISED_STAYS.format(code=later.code))
    strike_out(standard, reason)
    if standard.revises_id is not None:
        earlier = _standing(actor, standard.revises_id)
        if earlier.withdrawn_on == standard.published_on:
            earlier.withdrawn_on = None
            earlier.save(update_fields=["withdrawn_on"])
    current_deed().note("作废标准", subject=standard)
    return standard


def _standing(actor: Actor, standard_id: UUID) -> SkillStandard:
    standard = SkillStandard.objects.select_for_update().filter(STANDS, pk=standard_id).first()
    if standard is None:
        raise NotAllowed(UNKNOWN)
    require_reporter(actor, standard)
    return standard
