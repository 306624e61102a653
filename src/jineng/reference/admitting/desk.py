"""Who works on a season of admission that is run, and how they know each other: officers, applicants, workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from jineng.admissions.models import Season as AdmissionSeason
from jineng.admissions.schemes import read_law
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS
from jineng.reference.admitting.plan import Registered, RunSeason
from jineng.reference.admitting.writing import Writer
from jineng.reference.people import Person, person
from jineng.reference.places import Places
from jineng.reference.season import Season
from jineng.registry.identities import identities_of


class Desk:
    """What all steps of a season share: its row of the register, its law, who acts for whom, who applies."""

    def __init__(self, season: Season, run: RunSeason) -> None:
        self.season, self.run, self.province = season, run, season.province
        self.law = read_law(run.law)
        with acting(self.province):
            self.row = AdmissionSeason.objects.get(STANDS, code=run.code)

    @cached_property
    def people(self) -> dict[int, Person]:
        """Who registers, by serial."""
        return {one.serial: person(one.serial, self.season.specification.people) for one in self.run.applicants}

    @cached_property
    def by_number(self) -> dict[str, Registered]:
        """Who registers, by the number of their document."""
        return {self.people[one.serial].number: one for one in self.run.applicants}

    @cached_property
    def writer(self) -> Writer:
        """Who writes the season's workbooks."""
        return Writer(self.run, self.people, _homes(self.season, self.run))

    @cached_property
    def offices(self) -> dict[str, Actor]:
        """Who acts for the offices that register."""
        return self._officers(self.run.registered)

    @cached_property
    def colleges(self) -> dict[str, Actor]:
        """Who acts for the colleges that plan."""
        return self._officers(plan.organisation for plan in self.run.plans)

    def _officers(self, keys: Iterable[str]) -> dict[str, Actor]:
        return {key: self.season.officer(self.season.ids[key]) for key in dict.fromkeys(keys)}

    def applicants(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Registered, tuple[Any, ...]]]:
        """The applicants of rows that begin with a person's id, each with the rest of the row."""
        found = list(rows)
        known = identities_of(self.province, {row[0] for row in found})
        for who, *rest in found:
            yield self.by_number[known[who].number], tuple(rest)


def _homes(season: Season, run: RunSeason) -> dict[str, list[str]]:
    """By office the counties of those whom it registers: those of its city, or the city where it has none."""
    known = season.specification.organisations
    offices = Places(season.specification).city_offices
    counties = [each.governs for each in known.values() if each.level == "county" and each.governs]
    found = {}
    for city, office in offices.items():
        own = sorted({each for each in counties if each.isdigit() and each[:4] == city[:4]})
        found[office] = own or [city]
    return {office: found[office] for office in run.registered}
