"""What the room's verbs share: who may change a record, and what the database refuses, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin, Recorded
from jineng.kernel.verbs import came_through, current_deed
from jineng.majors.rules import Fault
from jineng.partnerships.countries import HOME
from jineng.partnerships.models import Agreement, Body, InternationalProject
from jineng.partnerships.models.partners import partner_key
from jineng.partnerships.rules import MEMBERSHIPS_OVERLAP, SAME_BODY, TAKEN, TERMS_OVERLAP
from jineng.registry.scope import in_reach

ROOM = "partnerships"
OUTSIDE = "此项不存在或不在本岗位管辖范围内。 There is no such record in your scope."
ELSEWHERE = "该机构不在本岗位管辖范围内。 The organisation lies outside your scope."
ALREADY_PARTY = "此单位已是签约方。 It is a party already."
REFUSALS: dict[str, dict[str, str]] = {
    **{name: {"code": str(TAKEN)} for name in ("agreement_once", "body_once", "project_once", "cluster_once")},
    "body_under_one_code": {"name": str(SAME_BODY)},
    "agreement_term_once": {"since": str(TERMS_OVERLAP)},
    "partnerships_agreementterm_overlap": {"since": str(TERMS_OVERLAP)},
    "agreement_party_once": {"name": ALREADY_PARTY},
    "body_member_once": {"joined_on": str(MEMBERSHIPS_OVERLAP)},
    "partnerships_bodymember_overlap": {"joined_on": str(MEMBERSHIPS_OVERLAP)},
}
"""What the database's constraints say, by name."""
Kept = TypeVar("Kept", Agreement, Body, InternationalProject)
AnyRecord = TypeVar("AnyRecord", bound=Recorded)


@dataclass(frozen=True)
class Partner:
    """Somebody named in a form or by the API: an organisation of the registry (its id), or somebody outside."""

    name: str
    organisation_id: UUID | None = None
    country: str = HOME
    province: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a row that names the partner."""
        return {
            "organisation_id": self.organisation_id,
            "name": self.name.strip(),
            "country": self.country,
            "province": self.province,
            "partner_key": partner_key(self.organisation_id, self.name.strip(), self.country),
        }


def require_reach(actor: Actor, organisation_id: UUID) -> None:
    """Let pass who answers for the organisation.

    Raises:
        NotAllowed: it lies outside the scope.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed(ELSEWHERE)


def locked(actor: Actor, model: type[Kept], pk: UUID) -> Kept:
    """The standing record, locked, for an actor whose reach keeps it.

    Raises:
        NotAllowed: there is none.
        ValidationError: it is void.
    """
    found = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None or not in_reach(actor, found.organisation_id):
        raise NotAllowed(OUTSIDE)
    if found.is_void:
        raise ValidationError("此项已作废。 It is void.")
    return found


def save(record: Recorded) -> None:
    """Save; what the database's constraints refuse is told in words.

    Raises:
        ValidationError: a natural key is taken, or stretches overlap.
    """
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in REFUSALS:
            raise
        raise ValidationError(REFUSALS[name]) from error


def strike(record: AnyRecord, reason: str) -> AnyRecord:
    """Mark a record as never having held.

    Raises:
        ValidationError: no reason is given.
    """
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废 {record}：{reason.strip()}", subject=record)
    return record


def through_door(through: str) -> None:
    """Say that the deed came by the API, where it did."""
    if through == Origin.API:
        came_through(through, current_deed().id)


def fault(found: Fault) -> ValidationError:
    """A fault of the rules as the error of its field."""
    return ValidationError({found.field: str(found)})


def standing(actor: Actor, model: type[AnyRecord], pk: UUID) -> AnyRecord:
    """The standing record that hangs on another, as far as the database lets the actor see it, locked.

    Raises:
        NotAllowed: there is none.
    """
    found = model._default_manager.select_for_update(of=("self",)).filter(STANDS, pk=pk).first()
    if found is None:
        raise NotAllowed(OUTSIDE)
    return found
