"""Apply for pilots, decide them, end them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.models import CertificatePilot, CertificateType, PilotBatch
from jineng.credentials.rules import PilotCase, pilot_faults
from jineng.credentials.verbs.reach import (
    OUTSIDE,
    PROVINCE_ONLY,
    ROOM,
    require_reach,
    require_reporter,
    save_valid,
    strike_out,
)
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.majors.queries import kinds_by_day
from jineng.registry.scope import visible

FIELDS = {"org_code": "institution", "level": "level"}
APPLIED_ALREADY = "该院校在这一批中已申报此证书和等级。 It applied for this certificate at this level in the batch."


@dataclass(frozen=True)
class Entry:
    """A pilot that a case brings: in which batch, whose, of which certificate and level, and the origin of its row."""

    batch: PilotBatch
    institution_id: UUID
    certificate_type: CertificateType
    level: str
    planned: int
    applied_on: date
    origin: dict[str, Any]


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def announce_batch(*, actor: Actor, number: int, year: int, decided_on: date, document: str = "") -> PilotBatch:
    """Announce a batch of the certificate pilot.

    Raises:
        NotAllowed: the actor is not the province.
        ValidationError: there is a batch of that number.
    """
    if not actor.sees_all:
        raise NotAllowed("证书试点批次由省级公布。 Batches are announced by the province.")
    batch: PilotBatch = save_valid(
        PilotBatch(
            number=number,
            year=year,
            decided_on=decided_on,
            document=document.strip(),
            organisation_id=actor.organisation_id,
            **origin(),
        ),
        exclude=("organisation",),
    )
    current_deed().note(f"公布证书试点{batch}", subject=batch)
    return batch


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def apply_for_pilot(
    *,
    actor: Actor,
    batch_id: UUID,
    institution_id: UUID,
    certificate_type_id: UUID,
    level: str,
    planned: int,
    applied_on: date,
) -> CertificatePilot:
    """Apply for a pilot of a certificate at a level.

    Raises:
        NotAllowed: the institution lies outside the actor's scope.
        ValidationError: the institution may not pilot, the certificate has no such level, or it applied before.
    """
    require_reach(actor, institution_id)
    batch = PilotBatch.objects.filter(STANDS, pk=batch_id).first()
    kind = CertificateType.objects.filter(STANDS, pk=certificate_type_id).first()
    if batch is None or kind is None:
        raise ValidationError("没有此批次或证书。 There is no such batch or certificate.")
    what = kinds_by_day([institution_id]).on(institution_id, applied_on)
    _judge(PilotCase(what, level, frozenset(kind.levels), applied_on, None, None, None))
    pilot: CertificatePilot = save_valid(
        CertificatePilot(
            batch=batch,
            institution_id=institution_id,
            certificate_type=kind,
            level=level,
            planned=planned,
            applied_on=applied_on,
            **origin(),
        ),
        exclude=("institution",),
    )
    current_deed().note(f"申报证书试点 {pilot}", subject=pilot)
    return pilot


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def decide_pilot(*, actor: Actor, pilot_id: UUID, approved: bool, on: date, document: str = "") -> CertificatePilot:
    """Approve or refuse a pilot that was applied for.

    Raises:
        NotAllowed: the actor is not the province.
        ValidationError: it is decided already, or withdrawn, or ``on`` lies before the application.
    """
    if not actor.sees_all:
        raise NotAllowed(PROVINCE_ONLY)
    pilot = _standing(actor, pilot_id)
    if pilot.approved_on or pilot.refused_on or pilot.withdrawn_on:
        raise ValidationError("该试点已有结果。 The pilot is decided already.")
    if approved:
        pilot.approved_on = on
    else:
        pilot.refused_on = on
    pilot.document = document.strip()
    _judge(_case(pilot))
    pilot.save(update_fields=["approved_on", "refused_on", "document"])
    current_deed().note(f"{'批准' if approved else '未通过'}证书试点（{on}）", subject=pilot)
    return pilot


def enter_pilots(actor: Actor, entries: Sequence[Entry], on: date) -> list[CertificatePilot]:
    """Write pilots that cases applied for and ``on`` approves, under their batches' documents, in as few queries for
    many as for one; each entry says where its pilot came from.

    Raises:
        NotAllowed: the actor is not the province.
        ValidationError: an institution may not pilot, a certificate has no such level, or one is given twice or
            stands already.
    """
    if not actor.sees_all or not actor.may(Right.EDIT_CREDENTIALS):
        raise NotAllowed(PROVINCE_ONLY)
    kinds = kinds_by_day({entry.institution_id for entry in entries})
    pilots = []
    for entry in entries:
        what = kinds.on(entry.institution_id, entry.applied_on)
        levels = frozenset(entry.certificate_type.levels)
        _judge(PilotCase(what, entry.level, levels, entry.applied_on, on, None, None))
        pilot = CertificatePilot(
            batch=entry.batch,
            institution_id=entry.institution_id,
            certificate_type=entry.certificate_type,
            level=entry.level,
            planned=entry.planned,
            applied_on=entry.applied_on,
            approved_on=on,
            document=entry.batch.document,
            **entry.origin,
        )
        pilot.clean_fields(exclude=["batch", "institution", "certificate_type"])
        pilots.append(pilot)
    keys = {_key(pilot) for pilot in pilots}
    if len(keys) < len(pilots) or keys & known_pilots({pilot.batch_id for pilot in pilots}, {key[1] for key in keys}):
        raise ValidationError(APPLIED_ALREADY)
    return CertificatePilot.objects.bulk_create(pilots)


def known_pilots(batches: Collection[UUID], institutions: Collection[UUID]) -> set[tuple[UUID, UUID, UUID, str]]:
    """What these institutions applied for in these batches: batch, institution, certificate and level."""
    found = CertificatePilot.objects.filter(STANDS, batch__in=batches, institution__in=institutions)
    return set(found.values_list("batch_id", "institution_id", "certificate_type_id", "level"))


def _key(pilot: CertificatePilot) -> tuple[UUID, UUID, UUID, str]:
    return pilot.batch_id, pilot.institution_id, pilot.certificate_type_id, pilot.level


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def withdraw_pilot(*, actor: Actor, pilot_id: UUID, on: date) -> CertificatePilot:
    """End a pilot, or take an application back, from ``on`` on; what it was until then stays.

    Raises:
        NotAllowed: the institution lies outside the actor's scope.
        ValidationError: it is withdrawn or refused already, or ``on`` is too early.
    """
    pilot = _standing(actor, pilot_id)
    if pilot.withdrawn_on is not None:
        raise ValidationError("该试点已退出。 The pilot is withdrawn already.")
    pilot.withdrawn_on = on
    _judge(_case(pilot))
    pilot.save(update_fields=["withdrawn_on"])
    current_deed().note(f"退出证书试点（{on}）", subject=pilot)
    return pilot


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def void_pilot(*, actor: Actor, pilot_id: UUID, reason: str) -> CertificatePilot:
    """Strike out a pilot that was never applied for.

    Raises:
        NotAllowed: the institution lies outside the scope, or another office reported the pilot.
        ValidationError: no reason.
    """
    pilot = _standing(actor, pilot_id)
    require_reporter(actor, pilot)
    strike_out(pilot, reason)
    current_deed().note("作废证书试点", subject=pilot)
    return pilot


def _standing(actor: Actor, pilot_id: UUID) -> CertificatePilot:
    pilot = visible(actor, CertificatePilot).select_for_update(of=("self",)).filter(STANDS, pk=pilot_id).first()
    if pilot is None:
        raise NotAllowed(OUTSIDE)
    require_reach(actor, pilot.institution_id)
    return pilot


def _case(pilot: CertificatePilot) -> PilotCase:
    return PilotCase(
        kinds_by_day([pilot.institution_id]).on(pilot.institution_id, pilot.applied_on),
        pilot.level,
        frozenset(pilot.certificate_type.levels),
        pilot.applied_on,
        pilot.approved_on,
        pilot.refused_on,
        pilot.withdrawn_on,
    )


def _judge(case: PilotCase) -> None:
    """Refuse what the rules refuse, at the field that a form has for it."""
    for fault in pilot_faults(case):
        raise ValidationError({FIELDS.get(fault.field, "on"): str(fault)})
