"""What other rooms and pages may ask of the registry; everything within an actor's scope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine, Confirmation, Receipt
from jineng.kernel.prepared import value_of
from jineng.kernel.records import STANDS, Origin, Recorded
from jineng.registry.models import Organisation, OrganisationState
from jineng.registry.scope import visible


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """The organisations that the actor sees, with what lists show of them."""
    return visible(actor, Organisation).filter(STANDS).select_related("division", "authority")


def history_of(actor: Actor, organisation_id: UUID) -> list[OrganisationState]:
    """All states of an organisation, voided ones too, the earliest first."""
    return list(
        visible(actor, OrganisationState)
        .filter(organisation_id=organisation_id)
        .select_related("division", "authority", "related")
        .order_by("since", "recorded_at")
    )


def find_organisations(actor: Actor, text: str, limit: int = 50) -> list[Organisation]:
    """Organisations whose name, former name or code holds ``text``."""
    text = text.strip()
    if not text:
        return []
    # Asked for by itself: beside a search through another table the database reads all organisations, not those seen.
    former = visible(actor, OrganisationState).filter(STANDS, name__icontains=text).order_by()
    formerly = list(former.values_list("organisation", flat=True)[:limit])
    held = Q(name__icontains=text) | Q(code__startswith=text) | Q(pk__in=formerly)
    # First which, then all about them: a common word holds for thousands, and each would be joined before the cut.
    which = list(organisations_of(actor).filter(held).values_list("pk", flat=True)[:limit])
    return list(organisations_of(actor).filter(pk__in=which))


def children_of(actor: Actor, parent_id: UUID | None) -> QuerySet[Any]:
    """Organisations directly under an authority (``None``: the actor's own), with how many stand under each."""
    rows = organisations_of(actor).filter(closed_on__isnull=True)
    rows = rows.filter(authority_id=parent_id) if parent_id else rows.filter(pk=actor.organisation_id)
    under = Organisation.objects.filter(authority=OuterRef("pk"), closed_on__isnull=True).order_by()
    counted = under.values("authority").annotate(n=Count("pk")).values("n")
    return rows.annotate(below=Coalesce(Subquery(counted), 0))


@dataclass(frozen=True)
class Provenance:
    """Where a record came from: the receipt or the deed, and who else reported the same."""

    door: str
    case_id: UUID | None
    receipt: Receipt | None
    deed: AuditLine | None
    confirmed_by: list[str]


def provenance_of(actor: Actor, record: Recorded) -> Provenance:
    """The door through which a record came in, as far as the actor may see it."""
    receipt = deed = case_id = None
    if record.origin_id is None:
        pass
    elif record.origin_kind == Origin.CASE:
        case_id = record.origin_id
    elif record.origin_kind == Origin.RETURN:
        receipt = visible(actor, Receipt).filter(pk=record.origin_id).only("file_name").first()
    else:
        deed = visible(actor, AuditLine).filter(deed=record.origin_id).first()
    reporters = Confirmation.objects.filter(record_id=record.pk).values_list("reporter_id", flat=True)
    names = Organisation.objects.filter(pk__in=list(reporters)).values_list("name", flat=True)
    return Provenance(str(Origin(record.origin_kind).label), case_id, receipt, deed, list(names))


@dataclass(frozen=True)
class Told:
    """One event of a record's history: when, what was done, by whom, and the columns that changed."""

    at: Any
    label: str
    who: str
    changes: dict[str, tuple[Any, Any]]


HIDDEN = {
    "pgh_id",
    "pgh_created_at",
    "pgh_label",
    "pgh_obj_id",
    "pgh_context",
    "id",
    "recorded_at",
    "origin_kind",
    "origin_id",
    "reporter_id",
    "name_hash",
    "number",
    "number_hash",
}


def _superseded(record: Recorded) -> list[dict[str, Any]]:
    """What the record said before each of its changes, the earliest first, with the event's own columns."""
    table = f"{record._meta.db_table}event"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE pgh_obj_id = %s ORDER BY pgh_id', [record.pk])  # noqa: S608
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _standing(record: Recorded) -> dict[str, Any] | None:
    """The record's row as the register has it now; ``None`` where it is gone or out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{record._meta.db_table}" WHERE id = %s', [record.pk])  # noqa: S608
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None


def _shown(version: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in version.items()
        if name not in HIDDEN and not isinstance(value, memoryview | bytes)
    }


def _who_brought(record: Recorded) -> str:
    """Whose deed or return the record first came by; empty where that lies out of sight."""
    if record.origin_id is None:
        return ""
    told = value_of(_BY_RETURN if record.origin_kind == Origin.RETURN else _BY_DEED, str(record.origin_id))
    return (told or b"").decode()


_BY_RETURN = "SELECT actor_label FROM kernel_receipt WHERE id = $1"
_BY_DEED = "SELECT actor_label FROM kernel_auditline WHERE deed = $1"


def told_of(record: Recorded) -> list[Told]:
    """What the database itself noted of a record: how it came in, every correction, voiding, the earliest first."""
    events = _superseded(record)
    told = [Told(record.recorded_at, "insert", _who_brought(record), {})]
    if not events:
        return told
    standing = _standing(record)
    versions = [*events, standing] if standing else events
    for position, event in enumerate(events):
        before = _shown(event)
        after = _shown(versions[position + 1]) if position + 1 < len(versions) else before
        context = json.loads(event["pgh_context"] or "{}")
        changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
        told.append(Told(event["pgh_created_at"], event["pgh_label"], context.get("actor", ""), changes))
    return told


def state_as_known(record: Recorded, moment: Any) -> dict[str, Any] | None:
    """What the register said of a record at ``moment``: recorded time, whatever was corrected since."""
    events = _superseded(record)
    version = next((event for event in events if event["pgh_created_at"] > moment), None) or _standing(record)
    return version if version is not None and version["recorded_at"] <= moment else None


def kind_on(organisation_id: UUID, day: date) -> str | None:
    """The kind that an organisation had on ``day``."""
    return (
        OrganisationState.objects.filter(STANDS, organisation=organisation_id, since__lte=day)
        .order_by("-since", "-recorded_at", "-id")
        .values_list("kind", flat=True)
        .first()
    )
