"""What cases may ask of admissions: for how many years in a row nobody was admitted to a major."""

from __future__ import annotations

from pathlib import Path

from django.db.models import Max

from jineng.admissions.models import Admission, Season
from jineng.cases.facts import offer_fact
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.majors.applications import major_of, offering_of


def years_without_intake(case: Case) -> int:
    """Years of admission, up to the last that has a season, since anybody was admitted to what the case names; counted
    from the year after the applicant opened it. 0 where it offers no such major."""
    major, offering = major_of(case), offering_of(case)
    if major is None or offering is None:
        return 0
    admitted = Admission.objects.filter(
        STANDS, organisation=case.applicant_id, plan__major=major, admitted_on__isnull=False
    )
    last = admitted.aggregate(last=Max("plan__season__year"))["last"] or offering.opened_on.year
    seasons = Season.objects.filter(STANDS, year__gt=last, year__lte=clock.today().year)
    return seasons.values("year").distinct().count()


offer_fact(
    "years_without_intake",
    Term(Type.NUMBER, "连续未招生年数", "years in a row without an intake"),
    years_without_intake,
)
bring_procedures(Path(__file__).with_name("data") / "procedures")
