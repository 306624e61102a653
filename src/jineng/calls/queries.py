"""What others may ask of the calls. Everything here is scoped to whoever asks."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from jineng.calls.models import Award, AwardStatus
from jineng.calls.rules import RANK
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import visible

PLACE = Case(
    *(When(status=status, then=Value(rank)) for status, rank in RANK.items()),
    default=Value(0),
    output_field=IntegerField(),
)


def with_status_on(awards: QuerySet[Award], day: date) -> QuerySet[Award]:
    """``awards`` with what each is on ``day``: ``status``, ``status_since``, ``status_document``.

    All three are null for an award that has no status by then.
    """
    latest = (
        AwardStatus.objects.filter(STANDS, award=OuterRef("pk"), since__lte=day)
        .annotate(place=PLACE)
        .order_by("-since", "-recorded_at", "-place", "-id")
    )
    return awards.annotate(
        status=Subquery(latest.values("status")[:1]),
        status_since=Subquery(latest.values("since")[:1]),
        status_document=Subquery(latest.values("document")[:1]),
    )


def having_status_on(awards: QuerySet[Award], status: str, day: date) -> QuerySet[Award]:
    """Those of ``awards`` that are ``status`` on ``day``, found set-wise: reached by then, and nothing later."""
    reached = AwardStatus.objects.filter(STANDS, since__lte=day).annotate(place=PLACE)
    later = reached.filter(award=OuterRef("award")).filter(
        Q(since__gt=OuterRef("since"))
        | Q(since=OuterRef("since"), recorded_at__gt=OuterRef("recorded_at"))
        | Q(since=OuterRef("since"), recorded_at=OuterRef("recorded_at"), place__gt=RANK[status])
    )
    return awards.filter(
        pk__in=AwardStatus.objects.filter(STANDS, status=status, since__lte=day).exclude(Exists(later)).values("award")
    )


def awards_of(actor: Actor, *, void: bool = False) -> QuerySet[Award]:
    """Awards that the actor sees: those that stand, or with ``void`` those that were struck out."""
    return visible(actor, Award).filter(voided_at__isnull=not void).select_related("batch__call", "organisation")
