"""The selections of a reference year, run by the verbs that officers use: applied for, recommended, reviewed, decided,
told, awarded; whatever it is that they are held for.

Each deed is done on its day of the business clock, by the officer of the organisation whose turn it is. What is done
follows from where the cases stand, so that a run that was cut off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any
from uuid import UUID
from zlib import crc32

from jineng.cases.kinds import PanelState
from jineng.cases.models import Case, Intake, Panel, Procedure, Quota, ReviewTask
from jineng.cases.procedures import Read, read
from jineng.cases.verbs import (
    Draft,
    Opinion,
    act_on_cases,
    allot_quotas,
    assign_reviewers,
    begin_cases,
    close_panel,
    decide_panel,
    form_panel,
    publish_panel,
    recommend_cases,
    save_answers,
    save_reviews,
    seat_experts,
)
from jineng.cases.verbs.acting import MOST_AT_ONCE
from jineng.engines.casework import Role
from jineng.engines.casework.rubric import load_rubric
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.reference.matters import Matter
from jineng.reference.people import Person
from jineng.reference.season import UNKNOWN, Season
from jineng.reference.selections import Afterwards, Application, answered
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import PersonRow

GOOD, POOR = (78, 97), (45, 60)
"""Marks in hundredths of what a criterion gives: of those that are selected, and of the others."""
WORDS = "评审意见（示例）"
BASIS = "按申报数量和往年完成情况（示例）"


@dataclass(frozen=True)
class Item:
    """A case and the application of the specification that it is."""

    case: Case
    application: Application
    serial: int

    @property
    def wins(self) -> bool:
        """Whether it is to be granted."""
        return self.application.wins


class Running:
    """One selection on its way."""

    def __init__(self, season: Season, matter: Matter, applications: Sequence[Application]) -> None:
        self.season, self.matter, self.applications = season, matter, applications
        with acting(season.province):
            published = Procedure.objects.filter(STANDS, code=matter.procedure, state="published")
            self.procedure = published.order_by("version")[0]
        self.deciders = matter.deciders
        self.office = season.officer(self.deciders[0])
        self.places = {(season.ids[each.by], each.title): place for place, each in enumerate(applications)}

    def run(self) -> None:
        """Everything from the first day of applications to the last deed."""
        for step in self.steps():
            step()

    def steps(self) -> Iterator[Callable[[], None]]:
        """The steps in their order; whoever is still to be appointed is so first, outside the clock of the year."""
        for organisation in {*self.deciders, *(applicant for applicant, _ in self.places)}:
            self.season.officer(organisation)
        if self.read.review:
            self.season.enter_experts()
        yield from (self._take, self._apply, self._recommend, self._check, self._review, self._decide, self._confirm)
        yield from (partial(self._go_on, each) for each in self.matter.afterwards)

    @property
    def read(self) -> Read:
        """The form and flow."""
        return read(self.procedure)

    @cached_property
    def intake(self) -> Intake:
        """The intake, open by now."""
        with acting(self.season.province):
            return Intake.objects.select_related("procedure").get(STANDS, subject_id=self.matter.subject_id)

    def _take(self) -> None:
        with acting(self.season.province):
            if Intake.objects.filter(STANDS, subject_id=self.matter.subject_id).exists():
                return
        with self._on("opens"):
            self.matter.take(self.office, self.procedure.pk)

    def _apply(self) -> None:
        with acting(self.season.province):
            begun = set(Case.objects.filter(STANDS, intake=self.intake).values_list("applicant_id", "title"))
        drafts: dict[UUID, list[Draft]] = {}
        people = []
        for (applicant, title), place in self.places.items():
            if (applicant, title) in begun:
                continue
            named = [self.season.person(serial) for serial in self.applications[place].people]
            people += [PersonRow(each.name, each.number, applicant, synthetic=True) for each in named]
            drafts.setdefault(applicant, []).append(Draft(title, self._answers(place, applicant, named)))
        with self._on("apply"):
            if people:  # known to be synthetic before a form names them
                ensure_people(actor=self.season.province, rows=people)
            for applicant, rows in drafts.items():
                for some in _lots(rows):
                    begin_cases(
                        actor=self.season.officer(applicant), intake_id=self.intake.pk, drafts=some, action="submit"
                    )

    def _answers(self, place: int, applicant: UUID, named: Sequence[Person]) -> dict[str, Any]:
        leader, *members = named or [UNKNOWN]
        words = {
            "leader": leader.name,
            "leader_number": leader.number,
            "credit_code": self.season.credit_code(applicant),
            "serial": f"{place + 1}",
            **self.applications[place].words,
        }
        rows = [{"member": member.name, "member_number": member.number} for member in members]
        return answered(self.matter.answers, place, words, rows)

    def _recommend(self) -> None:
        waiting = self._at("recommend")
        party = next(party.key for party in self.read.flow.parties if party.role is Role.RECOMMENDER)
        by_office = _by(waiting, lambda item: UUID(item.case.parties[party][0]))
        for organisation in by_office:
            self.season.officer(organisation)
        self.season.offices |= {*by_office, *self.deciders}
        chosen = {key: [item for item in items if not self._declined(item)] for key, items in by_office.items()}
        with self._on("recommend"):
            self._allot(chosen)
            for organisation, items in chosen.items():
                ranks = {item.case.pk: rank for rank, item in enumerate(items, 1) if item.case.rank != rank}
                if ranks:
                    recommend_cases(actor=self.season.officer(organisation), ranks=ranks)
            self._do([item for items in chosen.values() for item in items], "recommend")
            self._do([item for item in waiting if self._declined(item)], "decline")

    def _allot(self, chosen: Mapping[UUID, Collection[Item]]) -> None:
        with acting(self.season.province):
            known = Quota.objects.filter(STANDS, intake=self.intake).exists()
        numbers = {organisation: len(items) for organisation, items in chosen.items() if items}
        if numbers and not known:
            allot_quotas(actor=self.office, intake_id=self.intake.pk, numbers=numbers, basis=BASIS)

    def _check(self) -> None:
        waiting = self._at("check")
        rejected = [item for item in waiting if self._rejected(item)]
        with self._on("check"):
            self._do([item for item in waiting if item not in rejected], "pass")
            self._do(rejected, "reject")

    def _review(self) -> None:
        waiting = self._at("review")
        if waiting and self.read.review:
            self._convene(waiting)
        with self._on("review"):
            self._do([item for item in waiting if item.wins], "propose")
            self._do([item for item in waiting if not item.wins], "drop")

    def _convene(self, waiting: list[Item]) -> None:
        """Let a panel mark and rank what waits, from wherever it stands."""
        with acting(self.season.province):
            panel = Panel.objects.filter(STANDS, intake=self.intake).first()
        with self._on("assign"):
            if panel is None:
                number = sum(item.wins for item in waiting)
                due_on = self.matter.day("review") - timedelta(days=1)
                panel = form_panel(actor=self.office, intake_id=self.intake.pk, due_on=due_on, number=number, reserve=0)
            if panel.state == PanelState.FORMING:
                seat_experts(actor=self.office, panel_id=panel.pk, expert_ids=list(self.season.experts))
                assign_reviewers(actor=self.office, panel_id=panel.pk)
                with acting(self.season.province):
                    panel.refresh_from_db(fields=["state"])
            if panel.state == PanelState.REVIEWING:
                for expert in self.season.experts.values():
                    self._mark(panel, expert, {item.case.pk: item for item in waiting})
        with self._on("review"):
            for state, verb in (
                (PanelState.REVIEWING, close_panel),
                (PanelState.CLOSED, decide_panel),
                (PanelState.DECIDED, publish_panel),
            ):
                with acting(self.season.province):
                    panel.refresh_from_db(fields=["state"])
                if panel.state == state:
                    verb(actor=self.office, panel_id=panel.pk)

    def _mark(self, panel: Panel, expert: Actor, items: Mapping[UUID, Item]) -> None:
        with acting(expert):
            own = ReviewTask.objects.filter(STANDS, panel=panel, account=expert.account_id, handed_in_at=None)
            tasks = list(own.values_list("pk", "case_id"))
        criteria = load_rubric(panel.parameters["rubric"]).criteria
        given = {}
        for task, case in tasks:
            low, high = GOOD if items[case].wins else POOR
            drawn = crc32(f"{items[case].application.title} {expert.account_id}".encode())
            marks = {
                each.key: str(int(each.maximum) * (low + (drawn >> at) % (high - low)) // 100)
                for at, each in enumerate(criteria)
            }
            given[task] = Opinion(marks, WORDS)
        for some in _lots(given):
            save_reviews(actor=expert, given={task: given[task] for task in some}, hand_in=True)

    def _decide(self) -> None:
        waiting = self._at("decide")
        with self._on("decide"):
            self._do([item for item in waiting if not item.wins], "reject", by=self.deciders[0])
            for decider in self.deciders:
                signed = f'"{decider}"'
                self._do(
                    [item for item in waiting if item.wins and signed not in str(item.case.state.get("signed", ""))],
                    "approve",
                    by=decider,
                )

    def _confirm(self) -> None:
        waiting = self._at("notice")
        with self._on("ended"):
            self._do(waiting, "confirm")

    def _go_on(self, what: Afterwards) -> None:
        waiting = self._at(what.stage)
        with clock_at(self.matter.day("ended") + timedelta(days=what.days)):
            for item in waiting if what.answers else ():
                save_answers(
                    actor=self.season.officer(item.case.applicant_id),
                    case_id=item.case.pk,
                    raw=answered(what.answers, item.serial, {}),
                )
            self._do(waiting, what.action)

    def _do(self, items: Iterable[Item], action: str, by: UUID | None = None) -> None:
        """One action for these, by whoever acts at their stage, in bulk."""
        reason = self.season.selections.reasons.get("refuse" if by and action == "reject" else action, "")
        flow = self.read.flow

        def whose(item: Item) -> UUID:
            return by or UUID(item.case.parties[flow.by_key[item.case.stage].actor][0])

        by_office = _by(items, whose)
        with acting(self.season.province):
            keys = [item.case.pk for some in by_office.values() for item in some]
            steps = dict(Case.objects.filter(pk__in=keys).values_list("pk", "steps"))
        for organisation, some in by_office.items():
            for lot in _lots(item.case.pk for item in some):
                seen = {key: steps[key] for key in lot}
                act_on_cases(actor=self.season.officer(organisation), seen=seen, action=action, reason=reason)

    def _at(self, stage: str) -> list[Item]:
        """What stands at a stage, in the order of the specification."""
        with acting(self.season.province):
            found = Case.objects.filter(STANDS, intake=self.intake, stage=stage, outcome="").defer("answers")
            cases = {self.places[case.applicant_id, case.title]: case for case in found}
        return [Item(case, self.applications[place], place) for place, case in sorted(cases.items())]

    def _declined(self, item: Item) -> bool:
        return not item.wins and item.serial % 3 == 0

    def _rejected(self, item: Item) -> bool:
        return not item.wins and item.serial % 3 == 1 and "reject" in self.read.flow.by_key["check"].by_key

    @contextmanager
    def _on(self, step: str) -> Iterator[None]:
        with clock_at(self.matter.day(step)):
            yield


def _by(items: Iterable[Item], key: Callable[[Item], UUID]) -> dict[UUID, list[Item]]:
    found: dict[UUID, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _lots(things: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as one deed takes."""
    left = iter(things)
    while some := list(islice(left, MOST_AT_ONCE)):
        yield some
