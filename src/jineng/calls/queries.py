"""What others may ask of the calls. Everything here is scoped to whoever asks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from jineng.calls.models import Award, AwardHolder, AwardStatus, Batch, Call, CallDecider
from jineng.calls.rules import RANK
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.registry.models import Organisation
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


def showing_status_on(awards: QuerySet[Award], day: date) -> QuerySet[Award]:
    """``awards`` with ``reached``: a list of the one status that each has on ``day``, empty where it has none.

    The statuses come by one query per portion of rows, so that a page asks for those of its own rows only.
    """
    latest = (
        AwardStatus.objects.filter(STANDS, since__lte=day)
        .annotate(place=PLACE)
        .order_by("award_id", "-since", "-recorded_at", "-place", "-id")
        .distinct("award_id")
    )
    return awards.prefetch_related(Prefetch("statuses", latest, to_attr="reached"))


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


def awards_of(actor: Actor, *, standing: bool = True) -> QuerySet[Award]:
    """Awards that the actor sees, with what lists show of them; those struck out only where asked for.

    ``organisation_name`` is empty where a party may not see the responsible organisation itself: a join would
    lose the award.
    """
    name = Organisation.objects.filter(pk=OuterRef("organisation_id")).values("name")[:1]
    awards = (
        visible(actor, Award)
        .select_related("batch__call")
        .annotate(organisation_name=Coalesce(Subquery(name), Value("")))
    )
    return awards.filter(STANDS) if standing else awards


def calls_of(actor: Actor) -> QuerySet[Call]:
    """Standing calls with their deciders (``signing``) and how many batches they have (``batch_count``)."""
    signing = CallDecider.objects.filter(STANDS).select_related("organisation").order_by("order")
    batches = Batch.objects.filter(STANDS, call=OuterRef("pk")).order_by().values("call")
    return (
        visible(actor, Call)
        .filter(STANDS)
        .prefetch_related(Prefetch("deciders", signing, to_attr="signing"))
        .annotate(batch_count=Coalesce(Subquery(batches.annotate(n=Count("pk")).values("n")), 0))
    )


def counted_calls_of(actor: Actor) -> QuerySet[Call]:
    """:func:`calls_of` with how many standing awards of each the actor sees (``award_count``).

    All awards are counted in one pass: walls make a count of one call's awards nearly as dear as that of all. What
    was counted is remembered for as long as neither awards nor who sees them change.
    """
    tally = remembered(("awards by call", actor.organisation_id, actor.sees_all), lambda: _tally(actor), len)
    own = Func(Value(tally, JSONField()), Cast("pk", TextField()), template="(%(expressions)s)", arg_joiner=" ->> ")
    return calls_of(actor).annotate(award_count=Coalesce(Cast(own, IntegerField()), 0))


def _tally(actor: Actor) -> dict[str, int]:
    """How many standing awards of each call the actor sees, by the call's id."""
    awards = visible(actor, Award).filter(STANDS, batch__voided_at__isnull=True).order_by()
    counted = awards.values("batch_id").annotate(n=Count("pk")).values_list("batch_id", "n")
    calls = dict(Batch.objects.values_list("pk", "call_id"))
    told: Counter[str] = Counter()
    for batch_id, number in counted:
        told[str(calls[batch_id])] += number
    return dict(told)


def batches_of(actor: Actor, call: Call, day: date) -> list[dict[str, Any]]:
    """Standing batches of ``call``, each with how many of the awards in the actor's sight are what on ``day``.

    Items have ``batch`` and ``counts``, the numbers by status; ``""`` stands for awards without one by then.
    """
    awards: Any = visible(actor, Award).filter(STANDS, batch__call=call)
    numbers: dict[UUID, Counter[str]] = {}
    told: Any = with_status_on(awards, day)
    for batch_id, status in told.order_by().values_list("batch_id", "status").iterator(5000):
        numbers.setdefault(batch_id, Counter())[status or ""] += 1
    return [
        {"batch": batch, "counts": dict(numbers.get(batch.pk, {}))}
        for batch in Batch.objects.filter(STANDS, call=call).order_by("number")
    ]


def holders_of(actor: Actor, award: Award) -> list[AwardHolder]:
    """Standing holders of an award in the actor's sight; a person out of sight is ``None``."""
    return list(
        visible(actor, AwardHolder)
        .filter(STANDS, award=award)
        .select_related("organisation", "person")
        .order_by("kind", "role", "id")
    )


def timeline_of(actor: Actor, award: Award) -> list[AwardStatus]:
    """All statuses of an award, struck-out ones too, the earliest first."""
    return list(visible(actor, AwardStatus).filter(award=award).order_by("since", "recorded_at", "id"))
