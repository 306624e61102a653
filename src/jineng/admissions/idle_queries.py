"""Which offerings nobody was admitted to of late: the early warning before they have to be applied for anew."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from jineng.admissions.models import Admission, Plan, Season
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.majors.models import MajorOffering
from jineng.majors.queries import offerings_of
from jineng.registry.kinds import HIGHER_VOCATIONAL_KINDS

ENDS_AFTER = 3
"""Years in a row without an intake after which an offering has to be applied for anew (see ``renew-offering``)."""


def years_of_admission(day: date) -> list[int]:
    """The last years up to ``day`` that have a season, the latest first; no more than are asked for."""
    years = Season.objects.filter(STANDS, year__lte=day.year).order_by("-year").values_list("year", flat=True)
    return list(years.distinct()[:ENDS_AFTER])


def idle_offerings(actor: Actor, day: date) -> QuerySet[MajorOffering]:
    """Offerings of colleges in sight that run on ``day`` and have had no intake for a year or two.

    Each with the year of the last intake, or of its opening (``last_year``), and the years since (``idle_years``), as
    the fact ``years_without_intake`` counts them.
    """
    years = years_of_admission(day)
    rows = offerings_of(actor, on=day).filter(organisation__kind__in=HIGHER_VOCATIONAL_KINDS)
    if not years:
        return rows.none()
    taken = Admission.objects.filter(STANDS, plan=OuterRef("pk"), admitted_on__isnull=False)
    plans = Plan.objects.filter(Exists(taken), organisation=OuterRef("organisation_id"), major=OuterRef("major_id"))
    # Told by year, so that the database looks through the plans once, not once for each offering.
    rows = rows.filter(~Exists(plans.filter(season__year__gte=years[0])))
    opened = Q(opened_on__lt=date(years[0], 1, 1))
    if len(years) == ENDS_AFTER:
        # Since the year before the last but one, an offering that is idle has been so for three years.
        of_late, opened = plans.filter(season__year__gte=years[2]), opened & Q(opened_on__gte=date(years[2], 1, 1))
        rows = rows.filter(Exists(of_late) | (opened & ~Exists(plans)))
    else:
        rows = rows.filter(Exists(plans) | opened)
    last = plans.order_by("-season__year").values("season__year")[:1]
    rows = rows.annotate(last_year=Coalesce(Subquery(last), ExtractYear("opened_on"), output_field=IntegerField()))
    idle = Case(When(last_year__gte=years[1], then=Value(1)), default=Value(2)) if len(years) > 1 else Value(1)
    return rows.annotate(idle_years=idle)
