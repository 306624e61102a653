"""A small season that is really run: two colleges, a handful of applicants with tickets, windows by the real clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from jineng.admissions.models import Admission, Applicant, Offer, Opening, Plan, Round, Run, Score, Season
from jineng.admissions.tickets import Own, lookup_of, own
from jineng.admissions.verbs import (
    answer_admission,
    close_round,
    declare_scheme,
    extend_round,
    issue_ticket,
    open_round,
    propose_all,
    publish_run,
    send_files,
    start_run,
    submit_preferences,
)
from jineng.kernel.actors import acting
from jineng.kernel.models import AuditLine
from tests.admissions.small_season import CHEMISTRY, MACHINES, OPENS, accepted, applicant, classified, held_round
from tests.factories import World

LAW: dict[str, Any] = {
    "scale": 10,
    "components": [
        {"key": "culture", "name": "文化素质", "most": 300},
        {"key": "skill", "name": "职业技能", "most": 300},
        {"key": "bonus", "name": "奖励加分", "most": 20, "combine": "best"},
    ],
    "ties": ["skill", "culture"],
    "pools": [
        {"key": "county", "name": "县区定向", "releases_to": "ordinary"},
        {"key": "ordinary", "name": "普通"},
    ],
    "admits": {"home": True},
    "rounds": [
        {
            "round": 1,
            "most": 3,
            "enters": ["general_graduate", "vocational_graduate"],
            "rule": {"weights": {"culture": 1, "skill": 1, "bonus": 1}},
            "rolls_to": [{"round": "1.1"}, {"round": "2"}],
        },
        {"round": 2, "rule": {"weights": {"culture": 1}}},
    ],
}


@dataclass
class Rounds:
    """A season with its rounds, plans and applicants; ``tickets`` are their keyed hashes by number of applicant."""

    world: World
    season: Season
    first: Round
    second: Round
    plans: dict[str, Plan] = field(default_factory=dict)
    people: dict[int, Applicant] = field(default_factory=dict)
    tickets: dict[int, str] = field(default_factory=dict)
    codes: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def province(self) -> Any:
        """The province's officer."""
        return self.world.actor("province_officer")

    def enrol(self, who: int, culture: str, skill: str = "0", where: str = "county_school", **fields: Any) -> Applicant:
        """An applicant with scores and a ticket."""
        made = applicant(self.world, self.season, who, where, **fields)
        with acting(self.province):
            for component, points in (("culture", culture), ("skill", skill)):
                Score.objects.create(applicant=made, component=component, points=Decimal(points), out_of=300)
        issued = issue_ticket(actor=self.province, applicant_id=made.pk)
        self.people[who] = made
        self.codes[who] = (issued.ticket.number, issued.code)
        self.tickets[who] = lookup_of(issued.ticket.number, issued.code)
        return made

    def own(self, who: int) -> Own:
        """What the applicant may know of themselves."""
        found = own(self.tickets[who])
        assert found is not None
        return found

    def wish(self, opening: Opening, *plans: str, majors: bool = True) -> list[dict[str, Any]]:
        """Wishes for these plans, in order."""
        with acting(self.province):
            offers = {offer.plan_id: offer for offer in Offer.objects.filter(opening=opening)}
        return [
            {
                "group": offers[self.plans[name].pk].group,
                "majors": [offers[self.plans[name].pk].major],
                "any_major": False,
            }
            for name in plans
        ]

    def submit(self, opening: Opening, who: int, *plans: str) -> Any:
        """The applicant submits these plans."""
        mine = self.own(who)
        return submit_preferences(actor=mine.actor, own=mine, opening_id=opening.pk, wishes=self.wish(opening, *plans))

    def answer(self, who: int, *, confirms: bool = True) -> None:
        """The applicant takes the seat that they were given last, or gives it up."""
        mine = self.own(who)
        given = next(each for each in mine.data["admissions"] if not each["ending"])
        answer_admission(actor=mine.actor, own=mine, admission_id=given["id"], confirms=confirms)

    def open(self, found: Round | None = None) -> Opening:
        """A round whose window is open now."""
        return open_round(
            actor=self.province,
            round_id=(found or self.first).pk,
            opens_at=ago(minutes=5),
            closes_at=ago(minutes=-60),
        )

    def shut(self, opening: Opening) -> None:
        """The window ends a moment ago."""
        extend_round(actor=self.province, opening_id=opening.pk, closes_at=ago(seconds=1))

    def run(self, opening: Opening) -> Run:
        """The round is run and its files are sent and proposed."""
        run = start_run(actor=self.province, opening_id=opening.pk)
        assert run.errors == []
        send_files(actor=self.province, run_id=run.pk)
        if run.counts.get("admitted"):
            propose_all(actor=self.province, run_id=run.pk)
        return run

    def publish(self, opening: Opening) -> Run:
        """Window shut, run, sent, proposed, published."""
        self.shut(opening)
        return publish_run(actor=self.province, run_id=self.run(opening).pk, answers_until=ago(minutes=-60))

    def end(self, opening: Opening) -> Opening:
        """The time to answer is over, and the round with it."""
        with acting(self.province):
            Opening.objects.filter(pk=opening.pk).update(answers_until=ago(seconds=1))
        return close_round(actor=self.province, opening_id=opening.pk)

    def admitted(self, found: Round | None = None) -> dict[int, str]:
        """Who holds or was given which plan in a round."""
        names = {plan.pk: name for name, plan in self.plans.items()}
        numbers = {one.pk: who for who, one in self.people.items()}
        with acting(self.province):
            rows = Admission.objects.filter(round=found or self.first, ended_on__isnull=True)
            return {numbers[row.applicant_id]: names[row.plan_id] for row in rows}


def ago(**parts: float) -> datetime:
    """A moment before now, or after it with negative parts."""
    return datetime.now(UTC) - timedelta(**parts)


def rounds(world: World, plans: Sequence[tuple[str, str, int, dict[str, Any]]] = ()) -> Rounds:
    """The season: machines and chemistry at the petrochemical college, machines at the forestry college."""
    season = classified(world)
    made = Rounds(world, season, held_round(world, season, 1), held_round(world, season, 2))
    declare_scheme(actor=made.province, season_id=season.pk, data=LAW, declared_on=OPENS)
    for name, where, seats, fields in plans or DEFAULT:
        made.plans[name] = accepted(world, season, where, seats, **fields)
    return made


DEFAULT: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("machines", "petrochemical", 2, {"programme": MACHINES}),
    ("chemistry", "petrochemical", 1, {"programme": CHEMISTRY}),
    ("forest", "forestry", 1, {"programme": MACHINES}),
)


def lines(world: World, verb: str) -> int:
    """How many audit lines a verb has left."""
    with acting(world.actor("province_officer")):
        return AuditLine.objects.filter(verb=verb).count()
