"""What other rooms and pages may ask of the registry; everything within an actor's scope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine, Confirmation, Receipt
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
    former = OrganisationState.objects.filter(STANDS, name__icontains=text).values("organisation")
    return list(
        organisations_of(actor).filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(pk__in=former))[:limit]
    )


def children_of(actor: Actor, parent_id: UUID | None) -> list[Any]:
    """Organisations directly under an authority (``None``: under the actor's own), with how many stand under each."""
    rows = organisations_of(actor).filter(closed_on__isnull=True)
    rows = rows.filter(authority_id=parent_id) if parent_id else rows.filter(pk=actor.organisation_id)
    return list(rows.annotate(below=Count("subordinates", filter=Q(subordinates__closed_on__isnull=True))))


@dataclass(frozen=True)
class Provenance:
    """Where a record came from: the receipt or the deed, and who else reported the same."""

    door: str
    receipt: Receipt | None
    deed: AuditLine | None
    confirmed_by: list[str]


def provenance_of(actor: Actor, record: Recorded) -> Provenance:
    """The door through which a record came in, as far as the actor may see it."""
    receipt = deed = None
    if record.origin_id is None:
        pass
    elif record.origin_kind == Origin.RETURN:
        receipt = visible(actor, Receipt).filter(pk=record.origin_id).first()
    else:
        deed = visible(actor, AuditLine).filter(deed=record.origin_id).first()
    reporters = Confirmation.objects.filter(record_id=record.pk).values_list("reporter_id", flat=True)
    names = Organisation.objects.filter(pk__in=list(reporters)).values_list("name", flat=True)
    return Provenance(str(Origin(record.origin_kind).label), receipt, deed, list(names))


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


def told_of(record: Recorded) -> list[Told]:
    """What the database itself noted of a record: every insert, correction, voiding, the earliest first."""
    table = f"{record._meta.db_table}event"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE pgh_obj_id = %s ORDER BY pgh_id', [record.pk])  # noqa: S608
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    told: list[Told] = []
    before: dict[str, Any] = {}
    for row in rows:
        now = {
            name: value
            for name, value in row.items()
            if name not in HIDDEN and not isinstance(value, memoryview | bytes)
        }
        changes = {
            name: (before.get(name), value) for name, value in now.items() if before and before.get(name) != value
        }
        context = json.loads(row.get("pgh_context") or "{}")
        told.append(Told(row["pgh_created_at"], row["pgh_label"], context.get("actor", ""), changes))
        before = now
    return told


def state_as_known(record: Recorded, moment: Any) -> dict[str, Any] | None:
    """What the register said of a record at ``moment``: recorded time, whatever was corrected since."""
    table = f"{record._meta.db_table}event"
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT * FROM "{table}" WHERE pgh_obj_id = %s AND pgh_created_at <= %s ORDER BY pgh_id DESC LIMIT 1',  # noqa: S608
            [record.pk, moment],
        )
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None


def kind_on(organisation_id: UUID, day: date) -> str | None:
    """The kind that an organisation had on ``day``."""
    return (
        OrganisationState.objects.filter(STANDS, organisation=organisation_id, since__lte=day)
        .order_by("-since", "-recorded_at", "-id")
        .values_list("kind", flat=True)
        .first()
    )
