"""A season of admission of a reference year on its way: set up, registered for, scored, held in rounds, closed.

Each deed is done on its day of the business clock, by the officer whose turn it is. What is done follows from where
the season stands, so that a run that was cut off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from jineng.admissions.kinds import Phase
from jineng.admissions.models import Admission, Opening, Plan, Round, Scheme
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.reference.admitting.desk import Desk
from jineng.reference.admitting.holding import Holding, end, key_of
from jineng.reference.admitting.plan import LATER, RunSeason
from jineng.reference.admitting.setting_up import SettingUp
from jineng.reference.season import Season

Step = tuple[str, Callable[[], None]]


class Admitting:
    """A season on its way."""

    def __init__(self, season: Season, run: RunSeason) -> None:
        self.desk = Desk(season, run)
        with acting(self.desk.province):
            rounds = Round.objects.filter(STANDS, season=self.desk.row, cancelled_on=None)
            self.rounds = list(rounds.order_by("ordinal", "supplement"))

    def is_done(self) -> bool:
        """Whether the season is at its end, or came by returns, as into a register that was filled before the
        specification told how it is run; asked at each start, and in a few queries."""
        with acting(self.desk.province):
            plans, schemes = (model.objects.filter(STANDS, season=self.desk.row) for model in (Plan, Scheme))
            if plans.exists() and not schemes.exists():
                return True
            closed = Opening.objects.filter(STANDS, round__season=self.desk.row, phase=Phase.CLOSED)
            return closed.count() == len(self.rounds) and not self._leaving()

    def steps(self) -> list[Step]:
        """Everything from the scheme to those who leave the year after, by name; whoever is still to be appointed is so
        first, outside the clock of the year."""
        self.desk.season.offices.update(self.desk.season.ids[key] for key in (*self.desk.offices, *self.desk.colleges))
        setting_up = SettingUp(self.desk)
        before: list[Step] = [
            ("招生办法", setting_up.declare),
            ("招生计划", setting_up.file_plans),
            ("计分规则", setting_up.file_rules),
            ("考生报名", setting_up.register),
            ("报名凭证", setting_up.hand_out),
        ]
        held = [(found.opens_on, (found.name, Holding(self.desk, found).hold)) for found in self.rounds]
        held += [(each.reported, (each.name, partial(setting_up.report, each))) for each in self.desk.run.sessions]
        in_order = sorted(held, key=lambda pair: pair[0])
        return [*before, *(step for _, step in in_order), ("放弃入学", self._leave)]

    def _leave(self) -> None:
        """Who gives the seat up after the year has ended."""
        with acting(self.desk.province):
            leaving = self._leaving()
        for admission, where, day in leaving:
            officer = self.desk.season.officer(where)
            with clock_at(day):
                end(officer, admission, day, LATER, "")

    def _leaving(self) -> list[tuple[UUID, UUID, date]]:
        """Seats that are still to be given up after the year has ended: the admission, the college, the day."""
        names = ("applicant__person", "pk", "organisation", "round__ordinal", "round__supplement")
        held = Admission.objects.filter(STANDS, plan__season=self.desk.row, ended_on=None).order_by("pk")
        found = [
            (admission, where, fate.on)
            for one, (admission, where, *key) in self.desk.applicants(held.values_list(*names))
            for fate in [self.desk.run.fate(one.serial, key_of(*key))]
            if fate.name == LATER and fate.on is not None
        ]
        return sorted(found, key=lambda each: each[0])
