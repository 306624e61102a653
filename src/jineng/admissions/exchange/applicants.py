"""考生报名: one row per applicant, registered at the office that hands the list in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from uuid import UUID

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.keys import SeasonFacts, resolve_homes, resolve_seasons
from jineng.admissions.exchange.registering import Registration, exemptions, register_applicants
from jineng.admissions.models import Applicant, Scheme
from jineng.admissions.queries import levels_held
from jineng.admissions.schemes import Admits, read_law
from jineng.admissions.wishes import record_faults, registration_faults
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall, Landing, Outcome
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible

REMEDY = ("请按招生办法核对报考条件。", "Check the registration against the season's scheme.")
COLUMN_OF = {"category": "category", "home": "home_code"}


class ApplicantLanding(Landing):
    """Registers a list of applicants, by the rules of :func:`jineng.admissions.verbs.register_applicant`."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.EDIT_ADMISSIONS
    sheet: ClassVar[Sheet] = sheets.APPLICANTS

    def land(self, table: Table, hall: Hall) -> None:
        """Hold the rows against the schemes, then register whom they name; who is exempt stays so."""
        seasons = resolve_seasons(hall, table)
        homes = resolve_homes(hall, table)
        admits = _admits(seasons)
        self._check(table, hall, seasons, homes, admits)
        here = hall.actor.organisation_id
        people = resolve_people(hall, table, [here] * len(table))
        self._check_records(table, hall, seasons, people, admits)
        named = {
            index: (season, people[index])
            for index in hall.good(table)
            if (season := seasons[index]) is not None and people[index] is not None
        }
        spared = exemptions((season.id, person) for season, person in named.values() if person is not None)
        column = table.columns
        rows = {
            index: Registration(
                season.id,
                person,
                column["category"][index],
                homes[index],
                bool(column["is_household"][index]),
                spared.get((season.id, person)),
                here,
            )
            for index, (season, person) in named.items()
            if person is not None
        }
        register_applicants(hall, table, rows)
        outcome = hall.outcomes.setdefault(self.sheet.name, Outcome())
        outcome.add(Outcome(added=len(rows) - len(spared), unchanged=len(spared) - outcome.corrected))

    @staticmethod
    def _check(
        table: Table,
        hall: Hall,
        seasons: Sequence[SeasonFacts | None],
        homes: Sequence[str | None],
        admits: dict[UUID, Admits],
    ) -> None:
        for index, (season, home) in enumerate(zip(seasons, homes, strict=True)):
            category = table.columns["category"][index]
            if season is None or category is None:
                continue
            for field, wrong in registration_faults(admits[season.id], category=category, home=home):
                hall.refuse(table, index, COLUMN_OF[field], ErrorCode.CONFLICT, wrong.zh, wrong.en, *REMEDY)

    @staticmethod
    def _check_records(
        table: Table,
        hall: Hall,
        seasons: Sequence[SeasonFacts | None],
        people: Sequence[UUID | None],
        admits: dict[UUID, Admits],
    ) -> None:
        """The record of school that a scheme asks for; the province registers on the paper."""
        if hall.actor.sees_all or not any(each.after for each in admits.values()):
            return
        for index, (season, person) in enumerate(zip(seasons, people, strict=True)):
            if season is None or person is None:
                continue
            held = levels_held(person, season.opens_on)
            for field, wrong in record_faults(admits[season.id], table.columns["category"][index], held):
                hall.refuse(table, index, COLUMN_OF[field], ErrorCode.CONFLICT, wrong.zh, wrong.en, *REMEDY)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Applicants of the seasons of ``year`` in the actor's scope, with names and numbers."""
        found = list(
            visible(actor, Applicant)
            .filter(STANDS, season__year=year)
            .order_by("season__code", "recorded_at", "id")
            .values_list("person_id", "season__code", "category", "home_id", "is_household")
        )
        people = identities_of(actor, {row[0] for row in found})
        for person, season, category, home, household in found:
            who = people.get(person)
            if who is not None:
                yield (season, who.name, who.number, who.is_synthetic or None, category, home, household or None)


def _admits(seasons: Sequence[SeasonFacts | None]) -> dict[UUID, Admits]:
    """Whom each season admits, by its newest scheme; anybody where none is declared."""
    ids = {season.id for season in seasons if season is not None}
    newest = Scheme.objects.filter(STANDS, season__in=ids).order_by("version")
    return dict.fromkeys(ids, Admits()) | {each.season_id: read_law(each.data).admits for each in newest}
