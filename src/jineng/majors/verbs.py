"""The only writers of this room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed, origin, verb
from jineng.majors.catalogue import CatalogueRows, read_catalogue
from jineng.majors.models import CatalogueEdition, Category, Major, MajorClass, MajorOffering
from jineng.majors.queries import kinds_by_day, major_facts
from jineng.majors.rules import OVERLAPS, REVOKED_TOO_EARLY, faults
from jineng.registry.scope import in_reach

ROOM = "majors"
FIELDS = {"duration": "duration_years", "major_code": "major"}
"""Where a rule's field has another name on the model."""
CORRECTABLE = ("duration_years", "opened_on", "revoked_on", "document")
OVERLAP_CONSTRAINTS = ("offerings_do_not_overlap", "offering_once")
OUT_OF_REACH = "该专业点不存在或不在本岗位管辖范围内。 There is no such offering in your scope."


@verb(Right.EDIT_CATALOGUE, room=ROOM)
def load_catalogue(*, actor: Actor, edition: int) -> int:
    """Bring the catalogue of ``edition`` into the register; returns how many entries were new or differed.

    Raises:
        LookupError: the program brings no such edition.
    """
    changed = store_catalogue(read_catalogue(edition))
    current_deed().note(f"载入 {edition} 年版专业目录，变动 {changed} 条", edition=edition, changed=changed)
    return changed


def store_catalogue(rows: CatalogueRows, using: str = "default") -> int:
    """Write what differs from ``rows``; for :func:`load_catalogue` and for the installation, which nobody acts in."""
    year = {"edition_id": rows.edition.year}
    return (
        _store(CatalogueEdition, "year", [vars(rows.edition)], using)
        + _store(Category, "id", [vars(row) | year for row in rows.categories], using)
        + _store(MajorClass, "id", [vars(row) for row in rows.classes], using)
        + _store(Major, "id", [vars(row) | year for row in rows.majors], using)
    )


def _store(model: type[models.Model], key: str, rows: list[dict[str, Any]], using: str) -> int:
    names = list(rows[0])
    objects = model._default_manager.using(using)
    known = {row[key]: row for row in objects.filter(**{f"{key}__in": [row[key] for row in rows]}).values(*names)}
    differing = [model(**row) for row in rows if known.get(row[key]) != row]
    objects.bulk_create(
        differing,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name.removesuffix("_id") for name in names if name != key],
    )
    return len(differing)


@verb(Right.EDIT_MAJORS, room=ROOM)
def open_offering(
    *,
    actor: Actor,
    organisation_id: UUID,
    major: Major,
    duration_years: Decimal,
    opened_on: date,
    document: str = "",
    through: str = Origin.PAGE,
) -> MajorOffering:
    """Record that an organisation in the actor's scope offers ``major`` with this duration from ``opened_on`` on.

    ``through`` is the door it comes in by, where no other verb stands around this one: a page or the API.

    Raises:
        NotAllowed: the organisation lies outside the scope.
        ValidationError: a rule is broken, or the course is in being already on some of these days.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")
    if through == Origin.API:
        came_through(through, current_deed().id)
    offering = MajorOffering(
        organisation_id=organisation_id,
        major=major,
        duration_years=duration_years,
        opened_on=opened_on,
        document=document.strip(),
        **origin(),
    )
    _check(offering)
    _save(offering)
    current_deed().note(f"开设 {offering}，自 {opened_on}", subject=offering)
    return offering


@verb(Right.EDIT_MAJORS, room=ROOM)
def revoke_offering(*, actor: Actor, offering_id: UUID, revoked_on: date, document: str = "") -> MajorOffering:
    """End an offering: from ``revoked_on`` on it is no longer in being; up to that day everything stays as it was.

    ``document`` replaces the offering's own only where it had none; the deed always notes it.

    Raises:
        NotAllowed: no such offering in the actor's scope.
        ValidationError: it is void or revoked already, or the day does not lie after its opening.
    """
    offering = _locked(actor, offering_id)
    if offering.revoked_on is not None:
        raise ValidationError(
            f"该专业点已自 {offering.revoked_on} 起撤销；日期有误请用“更正”。 It is revoked already; correct the date."
        )
    if revoked_on <= offering.opened_on:
        raise ValidationError({"revoked_on": str(REVOKED_TOO_EARLY)})
    offering.revoked_on = revoked_on
    offering.document = offering.document or document.strip()
    _save(offering)
    current_deed().note(f"撤销 {offering}，自 {revoked_on}", subject=offering, document=document.strip())
    return offering


@verb(Right.EDIT_MAJORS, room=ROOM)
def correct_offering(*, actor: Actor, offering_id: UUID, reason: str, **facts: Any) -> MajorOffering:
    """Correct what was recorded wrongly; what it said before stays in its history.

    ``facts`` are any of ``duration_years``, ``opened_on``, ``revoked_on`` (None: not revoked) and ``document``.
    A wrong organisation or major is voided and opened anew.

    Raises:
        NotAllowed: no such offering in the actor's scope.
        TypeError: a fact that cannot be corrected.
        ValidationError: void, no reason, nothing differs, a rule is broken, or courses would overlap.
    """
    if unknown := set(facts) - set(CORRECTABLE):
        raise TypeError(f"cannot correct {sorted(unknown)}")
    offering = _locked(actor, offering_id)
    _need_reason(reason)
    before = {name: getattr(offering, name) for name in facts}
    changed = {name: value for name, value in facts.items() if value != before[name]}
    if not changed:
        raise ValidationError("内容没有变化。 Nothing differs from what is recorded.")
    for name, value in changed.items():
        setattr(offering, name, value)
    _check(offering)
    _save(offering)
    current_deed().note(
        f"更正 {offering}：{reason.strip()}",
        subject=offering,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(value) for name, value in changed.items()},
    )
    return offering


@verb(Right.EDIT_MAJORS, room=ROOM)
def void_offering(*, actor: Actor, offering_id: UUID, reason: str) -> MajorOffering:
    """Strike an offering out as never having held; it leaves all figures of all years.

    Raises:
        NotAllowed: no such offering in the actor's scope.
        ValidationError: it is void already, or no reason is given.
    """
    offering = _locked(actor, offering_id)
    _need_reason(reason)
    offering.voided_at, offering.void_reason = clock.now(), reason.strip()
    offering.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废 {offering}：{reason.strip()}", subject=offering)
    return offering


def _locked(actor: Actor, offering_id: UUID) -> MajorOffering:
    offering = (
        MajorOffering.objects.select_related("organisation", "major")
        .select_for_update(of=("self",))
        .filter(pk=offering_id)
        .first()
    )
    if offering is None or not in_reach(actor, offering.organisation_id):
        raise NotAllowed(OUT_OF_REACH)
    if offering.is_void:
        raise ValidationError("该专业点已作废。 The offering is void.")
    return offering


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})


def _check(offering: MajorOffering) -> None:
    kind = kinds_by_day([offering.organisation_id]).on(offering.organisation_id, offering.opened_on)
    found: dict[str, list[str]] = {}
    for fault in faults(
        major_facts(offering.major),
        kind=kind,
        duration_years=offering.duration_years,
        opened_on=offering.opened_on,
        revoked_on=offering.revoked_on,
        document=offering.document,
    ):
        found.setdefault(FIELDS.get(fault.field, fault.field), []).append(str(fault))
    if found:
        raise ValidationError(found)


def _save(offering: MajorOffering) -> None:
    """Save; whether courses overlap is the database's to say, so that two officers at once cannot both pass."""
    try:
        with transaction.atomic():
            offering.save()
    except IntegrityError as error:
        if not _is_overlap(error):
            raise
        raise ValidationError({"opened_on": str(OVERLAPS)}) from error


def _is_overlap(error: IntegrityError) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") in OVERLAP_CONSTRAINTS


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
