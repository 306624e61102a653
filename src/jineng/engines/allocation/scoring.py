"""Scores as whole numbers: units of the scheme times the rule's denominator, so that equal is equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from jineng.engines.allocation.problem import Applicant, Place, Problem
from jineng.engines.allocation.reading import plain_number
from jineng.engines.allocation.scheme import Combine, Component, Rule, Scheme

Units = Mapping[str, int]


def units(scheme: Scheme, applicant: Applicant) -> dict[str, int]:
    """Every component in units of the scheme; what was not scored is 0."""
    return {component.key: _units(scheme, component, applicant) for component in scheme.components}


def _units(scheme: Scheme, component: Component, applicant: Applicant) -> int:
    if component.combine is None:
        return int(applicant.scores.get(component.key, Decimal(0)) * scheme.scale)
    given = applicant.bonuses.get(component.key, ())
    together = sum(given) if component.combine is Combine.SUM else max(given, default=Decimal(0))
    return int(min(together, component.most) * scheme.scale)


def score(rule: Rule, own: Units) -> int:
    """The score by a rule, in units times the rule's denominator."""
    return sum(own[key] * rule.whole_weight(key) for key in rule.weights)


def points(scheme: Scheme, rule: Rule, number: int) -> str:
    """Such a score in points, as it is told to people: 412.5."""
    shown = Fraction(number, scheme.scale * rule.denominator)
    return plain_number(Decimal(shown.numerator) / Decimal(shown.denominator))


def least_score(scheme: Scheme, rule: Rule) -> int:
    """The least whole score that reaches the rule's threshold."""
    return int(-(-rule.total * scheme.scale * rule.denominator // 1))


def reaches(scheme: Scheme, rule: Rule, own: Units) -> bool:
    """Whether all thresholds of a rule are reached."""
    return score(rule, own) >= least_score(scheme, rule) and all(
        own[key] >= least * scheme.scale for key, least in rule.least.items()
    )


def may_enter(place: Place, applicant: Applicant) -> bool:
    """Whether an applicant has all that a place needs."""
    return place.needs <= applicant.tags


def eliminated(problem: Problem, own: Mapping[str, Units]) -> dict[str, str]:
    """Who is out before places are given, with the elimination that did it; the first where several do."""
    out: dict[str, str] = {}
    for elimination in problem.scheme.eliminations:
        rule = problem.scheme.rule(elimination.rule)
        groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for applicant in problem.applicants:
            if applicant.exempt is None:
                group = applicant.category if elimination.by_category else ""
                groups[group].append((score(rule, own[applicant.id]), applicant.id))
        for scores in groups.values():
            scores.sort()
            count = int(len(scores) * elimination.share / 100)
            if count < len(scores):
                stays = scores[count][0]
                gone = [who for number, who in scores[:count] if number < stays]
            else:
                gone = [who for _, who in scores]
            for who in gone:
                out.setdefault(who, elimination.key)
    return out
