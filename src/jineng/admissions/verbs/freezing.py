"""The inputs of a run, read from the register in one moment: the engine's problem as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from jineng.admissions.capping import capped, engine_caps
from jineng.admissions.models import Offer, Opening, PreferenceForm, Score, Ticket
from jineng.admissions.schemes import OWN, Law, OwnRule, engine_scheme
from jineng.admissions.verbs.season_state import Standing, stand
from jineng.admissions.wishes import needs_of, tags_of
from jineng.engines.allocation import AllocationError, Fault, load_problem
from jineng.engines.allocation.packing import arrange
from jineng.engines.allocation.rounds import Phase, may_enter_round
from jineng.kernel.records import STANDS

Struck = Sequence[Sequence[str]]


def problem_of(opening: Opening, *, seats: Mapping[str, int], struck: Struck) -> dict[str, Any]:
    """The problem of a round: its offers (``seats`` by plan in their stead where given), who submitted and may enter,
    their scores, and their preferences without what schools refused (``struck``: number and place).

    Raises:
        ValidationError: the scheme does not fit the season.
        AllocationError: the data have faults, all of them.
    """
    season = opening.round.season
    standing = stand(season, opening.scheme, opening.round, Phase.OPEN)
    offers = offers_of(opening)
    scheme, places = offered_as_data(opening, standing, offers, seats)
    forms = PreferenceForm.objects.filter(STANDS, opening=opening, wishes__isnull=False)
    entered = list(forms.select_related("applicant__exempt_category").order_by("applicant"))
    who = [form.applicant_id for form in entered]
    numbers = dict(Ticket.objects.filter(STANDS, applicant__in=who).values_list("applicant_id", "number"))
    scores = scores_of(standing.law, who)
    refused: dict[str, set[str]] = defaultdict(set)
    for whose, place in struck:
        refused[whose].add(place)
    known = {offer.key: offer for offer in offers}
    majors: dict[str, list[str]] = defaultdict(list)
    for offer in offers:
        if offer.major not in majors[offer.group]:
            majors[offer.group].append(offer.major)
    applicants = []
    for form in entered:
        one = form.applicant
        tags = tags_of(
            category=one.category,
            home=one.home_id,
            household=one.is_household,
            exempt=one.exempt_category.code if one.exempt_category else None,
        )
        number = numbers.get(one.pk)
        if number is None or one.is_void:
            continue
        if may_enter_round(standing.season, standing.progress, str(one.pk), tags) is not None:
            continue
        wishes: list[Mapping[str, Any]] = list(form.wishes or ())
        for place in sorted(refused[number]):
            if place in known:
                wishes = without(wishes, known[place].group, known[place].major, sorted(majors[known[place].group]))
        applicants.append(
            {
                "id": number,
                **scores.get(one.pk, {}),
                "preferences": wishes,
                "tags": sorted(tags),
                "category": one.category,
            }
        )
    data = {"scheme": scheme, "places": places, "applicants": applicants, "seed": opening.seed}
    return load_problem(data).to_data()


def offers_of(opening: Opening) -> list[Offer]:
    """What an opening offers, in the order of keys, with what judges it."""
    rows = Offer.objects.filter(STANDS, opening=opening).select_related("rule", "organisation", "plan")
    return list(rows.order_by("key"))


def offered_as_data(
    opening: Opening, standing: Standing, offers: Sequence[Offer], seats: Mapping[str, int]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The engine's scheme and places of what is offered, as plain data."""
    season = opening.round.season
    rules = {offer.rule_id: _rule(offer) for offer in offers if offer.rule is not None}
    judged = {offer.pk: rules[offer.rule_id].key if offer.rule_id in rules else OWN for offer in offers}
    scheme = engine_scheme(
        standing.law,
        standing.of,
        code=f"{season.code}/{standing.of.key}",
        version=opening.scheme.version,
        name=f"{season.name} {opening.round.name}",
        rules=list(rules.values()),
        caps=engine_caps(standing.of, [capped(offer, judged[offer.pk]) for offer in offers]),
    )
    places = [
        {
            "key": offer.key,
            "organisation": offer.organisation.code,
            "group": offer.group,
            "major": offer.major,
            "pool": offer.pool,
            "seats": seats.get(str(offer.plan_id), offer.seats),
            "rule": judged[offer.pk],
            "ties": judged[offer.pk],
            "needs": needs_of(offer.pool, offer.county_code, season.kind),
        }
        for offer in offers
    ]
    return scheme, places


def offer_faults(opening: Opening, standing: Standing) -> Sequence[Fault]:
    """What keeps an opening from being run whoever applies: all that the engine faults in its scheme and places."""
    scheme, places = offered_as_data(opening, standing, offers_of(opening), {})
    try:
        problem = load_problem({"scheme": scheme, "places": places, "applicants": [], "seed": opening.seed})
        arrange(problem.places, problem.scheme.caps)
    except AllocationError as error:
        return error.faults
    return ()


def _rule(offer: Offer) -> OwnRule:
    rule = offer.rule
    assert rule is not None
    key = f"{offer.organisation.code}-{rule.channel}-{rule.version}"
    return OwnRule(key, f"{offer.organisation.name}计分办法第{rule.version}版"[:120], rule.formula, rule.ties)


def without(
    wishes: Iterable[Mapping[str, Any]], group: str, major: str, offered: Sequence[str]
) -> list[Mapping[str, Any]]:
    """The wishes without one major of a group; where any other would do, the others are named. A wish of which nothing
    is left stays as struck, so that the others keep their numbers."""
    kept: list[Mapping[str, Any]] = []
    for wish in wishes:
        if wish["group"] != group:
            kept.append(wish)
            continue
        rest = [each for each in offered if each not in wish["majors"]] if wish["any_major"] else []
        named = [each for each in (*wish["majors"], *rest) if each != major]
        kept.append({"group": group, "majors": named, "any_major": False, "struck": not named})
    return kept


def scores_of(law: Law, applicants: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """By applicant their points by component of the law: subjects together, single ones where the law names them."""
    parts = {part.key: part for part in law.components}
    found: dict[UUID, dict[str, Any]] = defaultdict(lambda: {"scores": {}, "bonuses": {}})
    rows = Score.objects.filter(STANDS, applicant__in=applicants).order_by("applicant", "component", "subject")
    for who, component, subject, points in rows.values_list("applicant_id", "component", "subject", "points"):
        for key in (component, f"{component}/{subject}"):
            if key not in parts:
                continue
            if parts[key].combine is not None:
                found[who]["bonuses"].setdefault(key, []).append(points)
            else:
                found[who]["scores"][key] = found[who]["scores"].get(key, Decimal(0)) + points
    return dict(found)
