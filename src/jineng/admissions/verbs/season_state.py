"""How a season stands, read from the register for the engine: its rounds, the seats they have, who holds one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Case, F, PositiveIntegerField, QuerySet, Value, When

from jineng.admissions.models import Admission, Opening, Plan, Round, Scheme, Season
from jineng.admissions.rolling import PlanOf, RoundOf, held, progress_at, season_of
from jineng.admissions.schemes import Law, RoundLaw, read_law
from jineng.admissions.verbs.checking import told
from jineng.engines.allocation import AllocationError
from jineng.engines.allocation.rounds import Held, Phase, Progress
from jineng.engines.allocation.season import Season as EngineSeason
from jineng.kernel import clock
from jineng.kernel.records import STANDS


def key_of(found: Round) -> str:
    """A round as the engine's season names it: 1, or 1.2 for the second supplementary one."""
    return f"{found.ordinal}.{found.supplement}" if found.supplement else f"{found.ordinal}"


@dataclass(frozen=True)
class Standing:
    """A season at one of its rounds, as the engine knows it; ``numbers`` is nothing but for applicants with tickets."""

    law: Law
    of: RoundLaw
    season: EngineSeason
    progress: Progress


def stand(season: Season, scheme: Scheme, at: Round, phase: Phase) -> Standing:
    """The season at a round.

    Raises:
        ValidationError: the scheme says nothing of the round, or does not fit the season's rounds.
    """
    law = read_law(scheme.data)
    of = law.of(at.ordinal, at.supplement)
    if of is None:
        raise ValidationError(f"招生办法没有规定“{at.name}”。 The scheme says nothing of this round.")
    rounds = [
        RoundOf(key_of(each), each.name, each.channel, its)
        for each in Round.objects.filter(STANDS, season=season, cancelled_on__isnull=True)
        if (its := law.of(each.ordinal, each.supplement))
    ]
    try:
        engine = season_of(season.code, rounds, plans_of_season(season))
    except AllocationError as error:
        raise ValidationError([f"{fault.zh} {fault.en}" for fault in error.faults]) from error
    progress = progress_at(engine, key_of(at), phase, seats_after_last(season), holders(season))
    return Standing(law, of, engine, progress)


def plans_of_season(season: Season) -> list[PlanOf]:
    """Accepted plans, in one order."""
    plans = Plan.objects.filter(STANDS, season=season, accepted_on__isnull=False, withdrawn_on__isnull=True)
    return [
        PlanOf(plan.pk, f"{plan.organisation_id}/{plan.programme_code}/{plan.joint_college}"[:80], *rest)
        for plan in plans.order_by("organisation", "programme_code", "pool", "pk")
        for rest in [(plan.channel, plan.pool, plan.seats)]
    ]


def seats_after_last(season: Season) -> Mapping[str, int] | None:
    """The seats as the last closed round left them; None before the first."""
    return _closed(season).values_list("seats", flat=True).first()


def keep_seats(season: Season, seats: Mapping[str, int]) -> None:
    """Write down how seats lie after they rolled to a round that is opened; before the first closed one none roll."""
    last = _closed(season).first()
    if last is not None and last.seats != dict(seats):
        last.seats = dict(seats)
        last.save(update_fields=["seats"])


def change_seats(change: Mapping[UUID, int]) -> None:
    """Give plans more or fewer seats, all in one statement so that caps see both sides of a move; a plan that gave all
    of its seats away is withdrawn.

    Raises:
        ValidationError: a cap on plans would be broken.
    """
    moved = {plan: number for plan, number in change.items() if number}
    if not moved:
        return
    left = dict(Plan.objects.select_for_update().filter(pk__in=moved).order_by("pk").values_list("pk", "seats"))
    day = clock.today()
    seats = [
        When(pk=plan, then=Value(left[plan] + number) if left[plan] + number > 0 else F("seats"))
        for plan, number in moved.items()
    ]
    gone = [When(pk=plan, then=Value(day)) for plan, number in moved.items() if left[plan] + number <= 0]
    fields: dict[str, Any] = {"seats": Case(*seats, default=F("seats"), output_field=PositiveIntegerField())}
    if gone:
        fields["withdrawn_on"] = Case(*gone, default=F("withdrawn_on"))
    with told():
        Plan.objects.filter(pk__in=moved).update(**fields)


def _closed(season: Season) -> QuerySet[Opening]:
    return Opening.objects.filter(STANDS, round__season=season, seats__isnull=False).order_by("-recorded_at")


def holders(season: Season) -> dict[str, Held]:
    """By applicant's id what became of their last admission."""
    rows = (
        Admission.objects.filter(STANDS, plan__season=season)
        .order_by("recorded_at", "id")
        .values_list("applicant_id", "plan_id", "round__ordinal", "round__supplement", "confirmed_on", "ending")
    )
    return {
        str(who): held(f"{ordinal}.{supplement}" if supplement else f"{ordinal}", plan, confirmed=bool(on), ending=end)
        for who, plan, ordinal, supplement, on, end in rows
    }
