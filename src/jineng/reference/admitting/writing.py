"""The workbooks of a season that is run: registrations, scores, lists of preferences on paper, confirmations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from jineng.kernel.actors import Actor
from jineng.reference.admitting.plan import Registered, RunSeason, Session
from jineng.reference.admitting.points import drawn, shaped
from jineng.reference.handing_in import hand_in_rows
from jineng.reference.people import Person

Row = dict[str, Any]
CULTURE = "culture"


class Offered(NamedTuple):
    """What an applicant may name: the institution's code, the programme's, the seats that lie there."""

    organisation: str
    programme: str
    seats: int


class Lasting(NamedTuple):
    """An admission as the register holds it: whose it is, the cells that name its plan, its day."""

    applicant: Registered
    plan: Mapping[str, Any]
    admitted_on: date


class Writer:
    """Writes a season's workbooks and hands them in; ``people`` are the applicants by serial."""

    def __init__(self, run: RunSeason, people: Mapping[int, Person], homes: Mapping[str, Sequence[str]]) -> None:
        self.run, self.people, self.homes = run, people, homes

    def registrations(self, officer: Actor, office: str) -> None:
        """The list of those whom an office registers; handed in a second time it changes nothing."""
        rows = [
            {
                **self._who(one),
                "category": one.category,
                "home_code": self._home(one),
                "is_household": one.household or None,
            }
            for one in self.run.applicants
            if one.office == office
        ]
        self._hand_in(officer, "考生报名", {"admission_applicants": rows})

    def scores(self, officer: Actor, session: Session, offices: Iterable[str]) -> None:
        """What an examination gave those whom these offices registered."""
        told = set(offices)
        rows = [
            {**self._who(one), "out_of": Decimal(self.run.out_of[component]), "held_on": session.held, **points}
            for one in self.run.applicants
            if one.office in told and one.category == session.category
            for component in session.components
            for points in [self._points(component, one)]
        ]
        if rows:
            self._hand_in(officer, session.name, {"admission_scores": rows})

    def preferences(
        self, officer: Actor, key: tuple[int, int], lists: Iterable[tuple[Registered, Sequence[Offered]]], day: date
    ) -> None:
        """Lists on paper for a round, by its number and the number of its supplement."""
        rows = [
            {
                **self._who(one),
                **_round(key),
                "wish": number,
                "org_code": wish.organisation,
                "programme_code": wish.programme,
                "taken_on": day + timedelta(days=one.serial % 2),
            }
            for one, wishes in lists
            for number, wish in enumerate(wishes, 1)
        ]
        self._hand_in(officer, f"纸质志愿{key[0]}-{key[1]}", {"admission_preferences": rows})

    def confirmations(self, officer: Actor, key: tuple[int, int], admissions: Iterable[Lasting], last: date) -> None:
        """Who took the seat in a round, each on a day of their own until the ``last``."""
        rows = [
            {
                **self._who(each.applicant),
                "category": each.applicant.category,
                "home_code": self._home(each.applicant),
                "is_household": each.applicant.household or None,
                **each.plan,
                **_round(key),
                "placed_on": each.admitted_on,
                "admitted_on": each.admitted_on,
                "confirmed_on": last - timedelta(days=each.applicant.serial % (last - each.admitted_on).days),
            }
            for each in admissions
        ]
        self._hand_in(officer, f"报到确认{key[0]}-{key[1]}", {"admissions": rows})

    def _hand_in(self, officer: Actor, what: str, sheets: Mapping[str, Sequence[Row]]) -> None:
        hand_in_rows(officer, f"{self.run.code}-{what}.xlsx", sheets)

    def _who(self, one: Registered) -> Row:
        person = self.people[one.serial]
        return {
            "season_code": self.run.code,
            "person_name": person.name,
            "resident_id": person.number,
            "is_synthetic": True,
        }

    def _home(self, one: Registered) -> str:
        homes = self.homes[one.office]
        return homes[one.serial % len(homes)]

    def _points(self, component: str, one: Registered) -> Row:
        if component == CULTURE:
            shape, points = shaped(self.run.shapes, one.of_category)
            return {"component": component, "subject": shape.name, "points": Decimal(points)}
        return {"component": component, "points": drawn(one.place, self.run.drawn[component])}


def wishes_of(entering: Sequence[Registered], offered: Sequence[Offered], most: int) -> Iterator[list[Offered]]:
    """What each of those who enter names: as many begin with an offer as it has seats, then those who are more than
    the seats begin anew; what follows lies a third of the way on."""
    seats = [offer for offer in offered for _ in range(offer.seats)]
    for place in range(len(entering)):
        named = (seats[(place + step * (len(seats) // 3 + 1)) % len(seats)] for step in range(most))
        yield list(dict.fromkeys(named))


def _round(key: tuple[int, int]) -> Row:
    return {"round": key[0], "supplement": key[1] or None}
