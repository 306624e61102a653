"""What others may ask of this room; everything within the actor's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jineng.admissions.models import Admission, Cap, ExemptCategory, Plan, Round, Season
from jineng.admissions.rules import CapState
from jineng.engines.measures import Period, drill
from jineng.engines.measures.compute import Number
from jineng.kernel.actors import Actor
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.registry.scope import reach, visible

HOLDS_A_SEAT = Q(voided_at__isnull=True, confirmed_on__isnull=False, ended_on__isnull=True)


def seasons_of(actor: Actor) -> QuerySet[Season]:
    """Seasons that stand, the latest first."""
    return visible(actor, Season).filter(STANDS).order_by("-year", "code")


def rounds_of(actor: Actor, season: Season) -> list[Round]:
    """The rounds of a season in order, supplementary ones behind theirs, cancelled ones too."""
    return list(visible(actor, Round).filter(STANDS, season=season).order_by("ordinal", "supplement"))


def exempt_of(actor: Actor, season: Season) -> list[ExemptCategory]:
    """The exempt categories that a season declares."""
    return list(visible(actor, ExemptCategory).filter(STANDS, season=season).order_by("code"))


def caps_of(actor: Actor, season: Season) -> list[Cap]:
    """Caps on the plans of a season that the actor sees: those of everybody and of institutions in scope."""
    caps = visible(actor, Cap).filter(STANDS, season=season).select_related("organisation")
    return list(caps.order_by("kind", "code", "issued_on"))


def plans_of(actor: Actor, *, standing: bool = True) -> QuerySet[Plan]:
    """Plans in the actor's scope with institution and season, and ``held``: how many seats are taken now."""
    plans = visible(actor, Plan).select_related("organisation", "season")
    taken = Admission.objects.filter(HOLDS_A_SEAT, plan=OuterRef("pk")).order_by().values("plan")
    plans = plans.annotate(held=Coalesce(Subquery(taken.annotate(number=Count("pk")).values("number")), 0))
    return plans.filter(STANDS) if standing else plans


def admissions_of(actor: Actor, *, standing: bool = True) -> QuerySet[Admission]:
    """Admissions in the actor's scope with all that lists show of them."""
    found = visible(actor, Admission).select_related(
        "applicant__person", "applicant__home", "applicant__exempt_category", "plan__season", "organisation", "round"
    )
    return found.filter(STANDS) if standing else found


def levels_held(person_id: UUID, before: date) -> set[str]:
    """The levels that somebody was admitted to and confirmed in seasons that opened before a day, wherever that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT admissions_levels_held(%s, %s)", [person_id, before])
        return {level for (level,) in cursor.fetchall()}


def cap_states(season_id: UUID, organisation_id: UUID) -> list[CapState]:
    """The binding caps of a season as they stand for an institution in the session's reach."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, kind, channels, category, allowed, used, base, limit_percent, floats "
            "FROM admissions_caps_of(ARRAY[%s]::uuid[], ARRAY[%s]::uuid[])",
            [season_id, organisation_id],
        )
        return [
            CapState(code, name, kind, channels, category, allowed, used, base, _percent(percent), floats)
            for code, name, kind, channels, category, allowed, used, base, percent, floats in cursor.fetchall()
        ]


def _percent(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


@dataclass(frozen=True)
class Side:
    """Completion of one year: seats taken, seats planned, their ratio in percent (None without a plan)."""

    taken: Number
    planned: Number

    @property
    def percent(self) -> str:
        """The ratio as printed: cut down to a tenth of a percent, so that 100 is said of what is full only."""
        if not self.planned:
            return "—"
        return f"{int(self.taken * 1000 / self.planned) / 10:g}%"

    @property
    def is_full(self) -> bool:
        """Whether every planned seat is taken."""
        return bool(self.planned) and self.taken >= self.planned


@dataclass(frozen=True)
class Completion:
    """An institution's completion in a year and the year before."""

    organisation_id: UUID
    name: str
    now: Side
    before: Side


@dataclass(frozen=True)
class Completions:
    """Completion by institution, and of all of them together in the year and the year before."""

    rows: list[Completion]
    now: Side
    before: Side


def completion(actor: Actor, year: int) -> Completions:
    """Plan completion by institution in the actor's reach, by the indicator's own definition; remembered."""
    question = ("plan completion", actor.organisation_id, actor.sees_all, year)
    return remembered(question, lambda: _completion(actor, year), lambda found: 2 * len(found.rows))


def _completion(actor: Actor, year: int) -> Completions:
    mine = None if actor.sees_all else {str(pk) for pk in reach(actor)}
    sides: list[dict[str, Side]] = []
    names: dict[str, str] = {}
    for of in (year, year - 1):
        found = drill(live_engine, indicators, sources, "admission_plan_completion", Period.year(of), "organisation")
        parts = [part for part in found.parts if mine is None or part.code in mine]
        sides.append({part.code: Side(part.numerator or 0, part.denominator or 0) for part in parts})
        names = {part.code: part.label for part in parts} | names
    nothing = Side(0, 0)
    rows = [
        Completion(UUID(code), name, sides[0].get(code, nothing), sides[1].get(code, nothing))
        for code, name in names.items()
    ]
    rows.sort(key=lambda row: row.name)
    return Completions(rows, total(row.now for row in rows), total(row.before for row in rows))


def years_with_seasons(actor: Actor) -> list[int]:
    """Years that have a season, the latest first."""
    return sorted(set(visible(actor, Season).filter(STANDS).values_list("year", flat=True)), reverse=True)


def total(rows: Iterable[Side]) -> Side:
    """All sides together."""
    listed = list(rows)
    return Side(sum(row.taken for row in listed), sum(row.planned for row in listed))


def waiting_plans(actor: Actor) -> int:
    """Plans filed and neither accepted nor withdrawn, of seasons that go on."""
    return visible(actor, Plan).filter(STANDS, WAITING).count()


WAITING = Q(accepted_on__isnull=True, withdrawn_on__isnull=True)


def open_on(day: date) -> Q:
    """The condition that a season goes on: begun or to begin, and not closed by ``day``."""
    return Q(closes_on__isnull=True) | Q(closes_on__gte=day)
