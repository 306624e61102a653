"""Whole selections to test with: a call, its intake, applications moved in bulk from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from jineng.calls.models import Award, Call
from jineng.calls.series import Series
from jineng.calls.verbs import take_applications
from jineng.cases.jobs import expire_cases
from jineng.cases.models import Case, Intake, ReviewTask
from jineng.cases.verbs import (
    Draft,
    Opinion,
    act_on_cases,
    allot_quotas,
    assign_reviewers,
    begin_case,
    begin_cases,
    close_panel,
    decide_panel,
    enter_expert,
    form_panel,
    publish_panel,
    recommend_cases,
    save_answers,
    save_reviews,
    seat_experts,
)
from jineng.cases.verbs.acting import MOST_AT_ONCE
from jineng.engines.measures import Period, records, value
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.records import STANDS
from jineng.registry.kinds import Role
from tests.calls.small_world import batch, call
from tests.cases.shipped import published
from tests.factories import World, _appoint

OPENS, BEGUN, CLOSES, REVIEWED, OVER = (date(2021, 9, day) for day in (1, 6, 30, 15, 29))
"""When applications open, when they are handed in, when they close, until when experts mark, after the notice."""
EXPERTS = {"forester": "forestry", "professor": "university", "engineer": "firm"}


def officer(world: World, where: str) -> Actor:
    """The officer of an organisation, appointed where there is none yet."""
    name = f"officer of {where}"
    if name not in world.accounts:
        _appoint(world, name, where, Role.OFFICER)
    return world.actor(name)


@dataclass
class Selection:
    """An intake and its cases by title; bulk deeds go through the verbs that officers use."""

    world: World
    intake: Intake
    cases: dict[str, UUID] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        """The office that runs the intake and decides alone."""
        return self.world.actor("province_officer")

    def apply(self, where: str, title: str, answers: Mapping[str, Any]) -> UUID:
        """An application with its answers, not handed in."""
        actor = officer(self.world, where)
        case = begin_case(actor=actor, intake_id=self.intake.pk, title=title)
        save_answers(actor=actor, case_id=case.pk, raw=dict(answers))
        self.cases[title] = case.pk
        return case.pk

    def apply_all(self, where: str, drafts: Mapping[str, Mapping[str, Any]]) -> None:
        """Applications of one organisation by title, each with its answers, in bulk."""
        for some in _lots(drafts):
            actor, wanted = officer(self.world, where), [Draft(title, drafts[title]) for title in some]
            made = begin_cases(actor=actor, intake_id=self.intake.pk, drafts=wanted)
            self.cases |= {case.title: case.pk for case in made}

    def allot(self, **numbers: int) -> None:
        """Quotas by the names of organisations."""
        ids = {self.world[name].pk: number for name, number in numbers.items()}
        allot_quotas(actor=self.office, intake_id=self.intake.pk, numbers=ids, basis="按在校生规模")

    def rank(self, actor: Actor, titles: Sequence[str]) -> None:
        """Rank these, the first of them first."""
        recommend_cases(actor=actor, ranks={self.cases[title]: rank for rank, title in enumerate(titles, 1)})

    def do(self, actor: Actor, action: str, titles: Iterable[str] | None = None, reason: str = "") -> None:
        """One action for these cases, for all without any, in bulk."""
        wanted = [self.cases[title] for title in (self.cases if titles is None else titles)]
        with acting(actor):
            steps = dict(Case.objects.filter(pk__in=wanted).values_list("pk", "steps"))
        for some in _lots(wanted):
            seen = {key: steps[key] for key in some}
            assert act_on_cases(actor=actor, seen=seen, action=action, reason=reason) == len(seen)

    def stage(self, title: str) -> str:
        """Where a case stands: the key of its stage or end."""
        with acting(self.office):
            return Case.objects.get(pk=self.cases[title]).stage

    def review(self, marks: Mapping[str, Mapping[str, str]], number: int) -> dict[str, str]:
        """Three experts mark all cases that wait, as ``marks`` says by title; what the ranking makes of each."""
        panel = form_panel(actor=self.office, intake_id=self.intake.pk, due_on=REVIEWED, number=number, reserve=0)
        experts = {name: self._expert(name, where) for name, where in EXPERTS.items()}
        seat_experts(actor=self.office, panel_id=panel.pk, expert_ids=list(experts.values()))
        assign_reviewers(actor=self.office, panel_id=panel.pk)
        titles = {key: title for title, key in self.cases.items()}
        for name in experts:
            actor = self.world.actor(name)
            with acting(actor):
                tasks = list(ReviewTask.objects.filter(STANDS, panel=panel, account=self.world.accounts[name]))
            given = {task.pk: Opinion(marks[titles[task.case_id]], "如评分") for task in tasks}
            for some in _lots(given):
                save_reviews(actor=actor, given={key: given[key] for key in some}, hand_in=True)
        close_panel(actor=self.office, panel_id=panel.pk)
        decide_panel(actor=self.office, panel_id=panel.pk)
        publish_panel(actor=self.office, panel_id=panel.pk)
        with acting(self.office):
            return dict(panel.entries.filter(STANDS).values_list("case__title", "status"))

    def notice_runs_out(self) -> int:
        """The days of the public notice are over, and the program itself goes on."""
        with clock_at(OVER):
            return expire_cases()

    def awards(self) -> dict[str, Award]:
        """Awards by title; each came of one of the cases."""
        with acting(self.office):
            found = {award.title: award for award in Award.objects.filter(STANDS, batch=self.intake.subject_id)}
        assert {(award.origin_kind, award.origin_id) for award in found.values()} == {
            ("case", self.cases[title]) for title in found
        }
        return found

    def _expert(self, name: str, where: str) -> UUID:
        if name not in self.world.accounts:
            _appoint(self.world, name, where, Role.REVIEWER)
        return enter_expert(
            actor=self.office, username=name, organisation_id=self.world[where].pk, expertise={}, most=5000
        ).pk


def _lots(things: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as one deed takes."""
    listed = list(things)
    return (listed[at : at + MOST_AT_ONCE] for at in range(0, len(listed), MOST_AT_ONCE))


def selection(world: World, series: Series, code: str, number: int = 1) -> Selection:
    """A batch of a call takes applications by a procedure that comes with the program."""
    office = world.actor("province_officer")
    with acting(office):
        of = Call.objects.filter(STANDS, code=series.code).first() or call(
            world, series.code, name=series.name, level=series.level, holder_form=series.holder_form
        )
        made = batch(world, of, number, BEGUN)
        intake = take_applications(
            actor=office,
            batch_id=made.pk,
            procedure_id=published(world, code).pk,
            opens_on=OPENS,
            closes_on=CLOSES,
        )
    return Selection(world, intake)


def counted(key: str, year: int = 2021) -> tuple[int, set[UUID]]:
    """A figure, and the records that stand behind it."""
    period = Period.year(year)
    found = value(live_engine, indicators, sources, key, period).value
    rows = records(live_engine, indicators, sources, key, period, limit=None).rows
    assert isinstance(found, int)
    return found, {row["record_id"] for row in rows}
