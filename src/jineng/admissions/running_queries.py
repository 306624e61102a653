"""What pages ask of rounds that are held: schemes, openings, runs, files, applicants; within the actor's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from jineng.admissions.capping import capped, engine_caps
from jineng.admissions.kinds import FileState, RunState
from jineng.admissions.models import (
    Admission,
    Applicant,
    Offer,
    Opening,
    PreferenceForm,
    Result,
    Round,
    Run,
    Scheme,
    Score,
    ScoreRule,
    Season,
    Ticket,
)
from jineng.admissions.offered import with_county
from jineng.admissions.queries import HOLDS_A_SEAT
from jineng.admissions.schemes import Law, engine_rule, read_law
from jineng.engines.allocation.problem import Applicant as Candidate
from jineng.engines.allocation.scoring import points, reaches, score, units
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import visible

STEPS = 10


def scheme_in(actor: Actor, season: Season) -> Scheme | None:
    """The newest scheme of a season."""
    return visible(actor, Scheme).filter(STANDS, season=season).order_by("-version").first()


def openings_in(actor: Actor, season: Season) -> dict[UUID, Opening]:
    """By round its opening."""
    return {each.round_id: each for each in visible(actor, Opening).filter(STANDS, round__season=season)}


def opening_at(actor: Actor, found: Round) -> Opening | None:
    """The opening of a round, if it was opened."""
    rows = visible(actor, Opening).filter(STANDS, round=found)
    return rows.select_related("round__season", "scheme").first()


def offers_at(actor: Actor, opening: Opening) -> QuerySet[Offer]:
    """What a round offers."""
    rows = visible(actor, Offer).filter(STANDS, opening=opening)
    return with_county(rows).order_by("group", "major", "pool", "id")


def forms_count(actor: Actor, opening: Opening) -> tuple[int, int]:
    """How many of the applicants in scope have submitted preferences, and how many have a draft only."""
    rows = visible(actor, PreferenceForm).filter(STANDS, opening=opening)
    found = rows.aggregate(all=Count("pk"), submitted=Count("pk", filter=Q(wishes__isnull=False)))
    return found["submitted"], found["all"] - found["submitted"]


def runs_at(actor: Actor, opening: Opening) -> list[Run]:
    """Runs of a round that the actor sees, the latest first."""
    return list(visible(actor, Run).filter(STANDS, opening=opening).order_by("-number"))


def runs_of(actor: Actor) -> QuerySet[Run]:
    """Runs that the actor sees."""
    return visible(actor, Run).filter(STANDS).select_related("opening__round__season", "opening__scheme")


def files_of(actor: Actor) -> QuerySet[Result]:
    """Files that were sent to schools in the actor's scope."""
    rows = visible(actor, Result).filter(STANDS, plan__isnull=False, run__what_if=False)
    rows = rows.exclude(file_state=FileState.FREE)
    return rows.select_related("applicant__person", "applicant__home", "plan", "organisation", "run__opening__round")


def refusals_to_decide(actor: Actor) -> int:
    """Files that schools propose to refuse, of runs whose files they have in hand."""
    rows = visible(actor, Result).filter(STANDS, file_state=FileState.REFUSAL, run__state=RunState.SENT)
    return rows.count()


def file_counts(actor: Actor, run: Run) -> dict[str, int]:
    """Of a run's files how many are in which state."""
    rows = visible(actor, Result).filter(STANDS, run=run, plan__isnull=False).order_by()
    return dict(rows.values_list("file_state").annotate(number=Count("pk")))


@dataclass(frozen=True)
class PlaceLine:
    """How an offer was filled in a run: seats, who was placed, the lowest score of them."""

    name: str
    seats: int
    placed: int
    lowest: str


def places_of(actor: Actor, run: Run) -> list[PlaceLine]:
    """By offer how it was filled; a what-if's supposed seats in the stead of the real ones."""
    scores: dict[UUID, list[Decimal]] = defaultdict(list)
    taken: dict[UUID, int] = defaultdict(int)
    for plan, own in visible(actor, Result).filter(STANDS, run=run, plan__isnull=False).values_list("plan_id", "score"):
        taken[plan] += 1
        if own:
            scores[plan].append(Decimal(own))
    found = []
    for offer in offers_at(actor, run.opening):
        seats = run.changes.get(str(offer.plan_id), offer.seats)
        own_scores = scores[offer.plan_id]
        lowest = f"{min(own_scores).normalize():f}" if own_scores else "—"
        found.append(PlaceLine(f"{offer.name}（{offer.get_pool_display()}）", seats, taken[offer.plan_id], lowest))
    return found


@dataclass(frozen=True)
class CapUse:
    """How a cap inside a run was used: its limit, how many are admitted under it, the lowest score of them."""

    name: str
    limit: int
    taken: int
    lowest: str


def caps_of(actor: Actor, run: Run) -> list[CapUse]:
    """By cap of the run's round how it was used."""
    opening = run.opening
    of = read_law(opening.scheme.data).of(opening.round.ordinal, opening.round.supplement)
    if of is None or not of.caps:
        return []
    offers = list(offers_at(actor, opening).select_related("organisation", "plan"))
    caps = engine_caps(of, [capped(offer) for offer in offers])
    keys = {offer.plan_id: offer.key for offer in offers}
    scores: dict[str, list[Decimal]] = defaultdict(list)
    rows = visible(actor, Result).filter(STANDS, run=run, plan__isnull=False).order_by()
    for plan, own in rows.values_list("plan_id", "score"):
        scores[keys[plan]].append(Decimal(own or 0))
    found = []
    for cap in caps:
        under = [own for place in cap["places"] for own in scores[place]]
        found.append(CapUse(cap["name"], cap["limit"], len(under), f"{min(under).normalize():f}" if under else "—"))
    return found


def applicants_of(actor: Actor) -> QuerySet[Applicant]:
    """Applicants in the actor's scope."""
    rows = visible(actor, Applicant).filter(STANDS)
    return rows.select_related("person", "season", "home", "registered_at", "exempt_category")


def scores_at(actor: Actor, applicant: Applicant) -> list[Score]:
    """The applicant's scores."""
    return list(visible(actor, Score).filter(STANDS, applicant=applicant).order_by("component", "subject"))


def forms_at(actor: Actor, applicant: Applicant) -> list[PreferenceForm]:
    """By round whether the applicant has submitted preferences; never which."""
    rows = visible(actor, PreferenceForm).filter(STANDS, applicant=applicant).select_related("opening__round")
    return list(rows.defer("draft", "wishes").order_by("opening__round__ordinal", "opening__round__supplement"))


def admissions_at(actor: Actor, applicant: Applicant) -> list[Admission]:
    """What came of the applicant in the actor's scope, in the order in which it came."""
    rows = visible(actor, Admission).filter(STANDS, applicant=applicant)
    return list(rows.select_related("plan", "organisation", "round").order_by("recorded_at", "id"))


def ticket_of(actor: Actor, applicant: Applicant) -> Ticket | None:
    """The applicant's ticket that stands."""
    return visible(actor, Ticket).filter(STANDS, applicant=applicant).first()


def rules_in(actor: Actor, season: Season) -> list[ScoreRule]:
    """Filed rules of a season within the scope, the newest first."""
    rows = visible(actor, ScoreRule).filter(STANDS, season=season).select_related("organisation")
    return list(rows.order_by("organisation__code", "channel", "-version"))


@dataclass(frozen=True)
class Preview:
    """A rule tried on the applicants of an earlier season: how many, how many reach it, and the spread of scores."""

    season: str
    applicants: int
    reaching: int
    highest: str
    median: str
    lowest: str
    spread: Sequence[tuple[str, int]]


def preview_rule(law: Law, formula: Mapping[str, Any], ties: Sequence[str], season: Season) -> Preview | None:
    """What a rule would have made of the scores of the last season of the same kind; None where there are none.

    Scores are asked for without whose they are. Raises AllocationError where the rule has faults.
    """
    earlier = Season.objects.filter(STANDS, kind=season.kind, opens_on__lt=season.opens_on).order_by("-opens_on")
    for before in earlier[:3]:
        people = _scores_of(before.pk, {part.key: part.combine is not None for part in law.components})
        if people:
            return _preview(law, formula, ties, before.name, people)
    return None


def _scores_of(season_id: UUID, known: Mapping[str, bool]) -> list[Candidate]:
    people: dict[int, tuple[dict[str, Decimal], dict[str, tuple[Decimal, ...]]]] = defaultdict(lambda: ({}, {}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, component, subject, points FROM admissions_scores_of(%s)", [season_id])
        for person, component, subject, number in cursor.fetchall():
            own, bonuses = people[person]
            for key in (component, f"{component}/{subject}"):
                if known.get(key):
                    bonuses[key] = (*bonuses.get(key, ()), number)
                elif key in known:
                    own[key] = own.get(key, Decimal(0)) + number
    return [Candidate(str(person), own, bonuses) for person, (own, bonuses) in sorted(people.items())]


def _preview(
    law: Law, formula: Mapping[str, Any], ties: Sequence[str], name: str, people: Sequence[Candidate]
) -> Preview:
    scheme, rule = engine_rule(law, formula, ties)
    own = [units(scheme, one) for one in people]
    numbers = sorted((score(rule, each) for each in own), reverse=True)
    low, high = numbers[-1], numbers[0]
    width = max((high - low) // STEPS + 1, 1)
    counts: dict[int, int] = defaultdict(int)
    for number in numbers:
        counts[(number - low) // width] += 1
    spread = [
        (f"{points(scheme, rule, low + at * width)} — {points(scheme, rule, low + (at + 1) * width - 1)}", counts[at])
        for at in range((high - low) // width, -1, -1)
    ]
    return Preview(
        name,
        len(people),
        sum(reaches(scheme, rule, each) for each in own),
        points(scheme, rule, high),
        points(scheme, rule, numbers[len(numbers) // 2]),
        points(scheme, rule, low),
        spread,
    )


@dataclass
class Tally:
    """Of a county, category or school: registered, admitted, confirmed."""

    name: str
    registered: int = 0
    admitted: int = 0
    confirmed: int = 0


def statistics(actor: Actor, season: Season) -> dict[str, list[Tally]]:
    """Applicants in scope and what came of them, by home county, by category, and admissions by school."""
    people = visible(actor, Applicant).filter(STANDS, season=season).order_by()
    seats = visible(actor, Admission).filter(STANDS, plan__season=season).order_by()
    labels = dict(Applicant._meta.get_field("category").flatchoices)
    counties = _tallies(people.values_list("home__name"), seats.values_list("applicant__home__name"))
    categories = _tallies(people.values_list("category"), seats.values_list("applicant__category"))
    for each in categories:
        each.name = str(labels.get(each.name, each.name))
    schools = _tallies((), seats.values_list("organisation__name"))
    return {"counties": counties, "categories": categories, "schools": schools}


def _tallies(people: Any, seats: Any) -> list[Tally]:
    found: dict[str, Tally] = {}

    def of(name: str | None) -> Tally:
        return found.setdefault(name or "—", Tally(name or "—"))

    for name, number in people.annotate(number=Count("pk")) if people != () else ():
        of(name).registered = number
    held = Count("pk", filter=HOLDS_A_SEAT)
    given = Count("pk", filter=Q(admitted_on__isnull=False) | Q(confirmed_on__isnull=False))
    for name, admitted, confirmed in seats.annotate(given=given, held=held):
        one = of(name)
        one.admitted, one.confirmed = admitted, confirmed
    return sorted(found.values(), key=lambda each: (-each.admitted, -each.registered, each.name))


def offered_seats(openings: Iterable[Opening]) -> dict[UUID, int]:
    """By opening how many seats it offers."""
    rows = Offer.objects.filter(STANDS, opening__in=list(openings)).order_by()
    return dict(rows.values_list("opening").annotate(seats=Sum("seats")))


def read_scheme(found: Scheme) -> Law:
    """The law of a scheme."""
    return read_law(found.data)
