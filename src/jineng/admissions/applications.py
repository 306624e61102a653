"""What cases may ask of admissions, and what they come to: years without an intake; who is spared the examination."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.admissions.models import Admission, Applicant, ExemptCategory, Season
from jineng.admissions.verbs import grant_exemption
from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
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


def applicant_of(case: Case) -> Applicant | None:
    """Whom a case would exempt: the person (``applicant``), as the case's applicant registered them in ``season``."""
    answers = answers_of(case)
    kept = answers.get("applicant")
    if not isinstance(kept, dict) or "id" not in kept:
        return None
    rows = Applicant.objects.filter(STANDS, registered_at=case.applicant_id, person=kept["id"])
    return rows.filter(season__code=str(answers.get("season", "")).strip()).first()


def category_of(case: Case, found: Applicant) -> ExemptCategory | None:
    """The exempt category that a case names, of the applicant's season."""
    code = str(answers_of(case).get("category", "")).strip()
    return ExemptCategory.objects.filter(STANDS, season=found.season_id, code=code).first()


def exemptible(case: Case) -> bool:
    """Whether the case names an applicant who is not exempt yet, and a category of their season."""
    found = applicant_of(case)
    return found is not None and found.exempt_category_id is None and category_of(case, found) is not None


def _grant(actor: Actor, case: Case, what: str) -> None:
    """Grant the exemption asked for, in the name of whoever decides."""
    found = applicant_of(case)
    category = category_of(case, found) if found else None
    if what != "grant" or found is None or category is None:
        raise ValidationError("没有此考生或免试类别。 There is no such applicant or category.")
    grant_exemption(actor=actor, applicant_id=found.pk, category=category.code, document=case.number)


def _granted(case: Case) -> list[Result]:
    found = applicant_of(case) if case.outcome == "granted" and case.procedure.code == EXEMPTION else None
    if found is None or found.exempt_category is None:
        return []
    return [Result("免试资格 Exemption", found.exempt_category.name, "admission_applicant", found.pk)]


EXEMPTION = "grant-exemption"
offer_fact("exemptible", Term(Type.FLAG, "可认定免试资格", "may be exempted"), exemptible)
offer_effect("exemption", Effect("免试资格", "an exemption", one_by_one(_grant)))
tell_results(_granted, "exemption")
offer_fact(
    "years_without_intake",
    Term(Type.NUMBER, "连续未招生年数", "years in a row without an intake"),
    years_without_intake,
)
bring_procedures(Path(__file__).with_name("data") / "procedures")
