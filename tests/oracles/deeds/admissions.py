"""What perturbs the admissions."""

from __future__ import annotations

from datetime import date

from jineng.admissions import verbs as admissions
from jineng.admissions.models import Admission, Plan, Round, Season
from jineng.kernel.actors import Actor
from tests.oracles.deeds.entering import deed
from tests.reference_year import ReferenceYear

RARE, COMMON = "sports-modelling", "veteran"


def season(code: str) -> Season:
    """A standing season."""
    return Season.objects.get(voided_at=None, code=code)


def seat(**where: object) -> Admission:
    """The first seat that is held and lies where it is told."""
    held = Admission.objects.filter(voided_at=None, confirmed_on__isnull=False, ended_on=None, **where)
    found = held.order_by("organisation__code", "plan__programme_code", "applicant", "id").first()
    assert found is not None
    return found


def exempt(category: str) -> Admission:
    """The first seat of 2021 that an applicant of an exempt category holds."""
    return seat(plan__season__code="2021-upgrade", applicant__exempt_category__code=category)


def spring() -> Admission:
    """A seat of the expansion of 2021 that was confirmed in January 2022."""
    return seat(plan__season__code="2021-expansion", confirmed_on__gte=date(2022, 1, 1))


def decline(actor: Actor, of: Admission, on: date) -> None:
    """Give a seat up."""
    admissions.end_admission(actor=actor, admission_id=of.pk, ended_on=on, ending="declined")


def add(actor: Actor, code: str, ordinal: int, supplement: int = 0) -> None:
    """Add a round that begins in November 2021."""
    admissions.add_round(
        actor=actor,
        season_id=season(code).pk,
        ordinal=ordinal,
        supplement=supplement,
        name="增加的一轮",
        opens_on=date(2021, 11, 5),
    )


@deed
def add_a_round_to_a_season(year: ReferenceYear, actor: Actor) -> None:
    add(actor, "2021-classified", 7)


@deed
def cancel_an_added_round(year: ReferenceYear, actor: Actor) -> None:
    add(actor, "2021-classified", 7)
    seventh = Round.objects.get(voided_at=None, season=season("2021-classified"), ordinal=7)
    admissions.cancel_round(actor=actor, round_id=seventh.pk, cancelled_on=date(2021, 11, 20))


@deed
def add_a_supplementary_round(year: ReferenceYear, actor: Actor) -> None:
    add(actor, "2021-classified", 5, 2)


@deed
def add_a_round_to_the_expansion(year: ReferenceYear, actor: Actor) -> None:
    add(actor, "2021-expansion", 9)


@deed
def decline_the_only_exempt_of_a_category(year: ReferenceYear, actor: Actor) -> None:
    decline(actor, exempt(RARE), date(2021, 12, 1))


@deed
def decline_the_only_exempt_next_year(year: ReferenceYear, actor: Actor) -> None:
    decline(actor, exempt(RARE), date(2022, 2, 1))


@deed
def void_the_only_exempt_of_a_category(year: ReferenceYear, actor: Actor) -> None:
    admissions.void_admission(actor=actor, admission_id=exempt(RARE).pk, reason="误报")


@deed
def decline_an_exempt_of_a_common_category(year: ReferenceYear, actor: Actor) -> None:
    decline(actor, exempt(COMMON), date(2021, 12, 1))


@deed
def decline_an_upgrade_seat(year: ReferenceYear, actor: Actor) -> None:
    decline(actor, seat(plan__season__code="2021-upgrade", plan__pool="ordinary"), date(2021, 12, 1))


@deed
def decline_an_expansion_seat_next_year(year: ReferenceYear, actor: Actor) -> None:
    of = seat(plan__season__code="2021-expansion", confirmed_on__lt=date(2022, 1, 1))
    decline(actor, of, date(2022, 3, 1))


@deed
def decline_a_spring_seat(year: ReferenceYear, actor: Actor) -> None:
    decline(actor, spring(), date(2022, 2, 20))


@deed
def void_a_spring_seat(year: ReferenceYear, actor: Actor) -> None:
    admissions.void_admission(actor=actor, admission_id=spring().pk, reason="误报")


@deed
def file_a_plan_that_waits(year: ReferenceYear, actor: Actor) -> None:
    like = Plan.objects.filter(voided_at=None, season__code="2021-secondary").order_by("organisation__code").first()
    assert like is not None
    admissions.file_plan(
        actor=actor,
        season_id=like.season_id,
        organisation_id=like.organisation_id,
        programme=like.programme_code,
        pool="reserve",
        seats=20,
        filed_on=date(2021, 6, 1),
    )
