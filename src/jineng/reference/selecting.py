"""The selections of a reference year, run by the verbs that officers use: applied for, recommended, reviewed, decided,
told, awarded.

Each deed is done on its day of the business clock, by the officer of the organisation whose turn it is. What is done
follows from where the cases stand, so that a run that was cut off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any
from uuid import UUID
from zlib import crc32

from jineng.calls.models import Batch
from jineng.calls.verbs import take_applications
from jineng.cases.kinds import PanelState
from jineng.cases.models import Case, Expert, Intake, Panel, Procedure, Quota, ReviewTask
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
    enter_expert,
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
from jineng.kernel.notices.verbs import read_all_notices
from jineng.kernel.records import STANDS
from jineng.reference import accounts
from jineng.reference.books import ROOT_CODE, code_of
from jineng.reference.people import Person, person
from jineng.reference.selections import Afterwards, Selection, Selections, answered, is_recognised, leader_of
from jineng.reference.year import Award, Specification
from jineng.registry.models import Organisation
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import PersonRow

GOOD, POOR = (78, 97), (45, 60)
"""Marks in hundredths of what a criterion gives: of those that are selected, and of the others."""
UNKNOWN = Person(0, "示例负责人", "")
WORDS = "评审意见（示例）"
BASIS = "按申报数量和往年完成情况（示例）"


def is_done(selections: Selections) -> bool:
    """Whether every selection of a year has run to its end; asked at each start, and in two queries."""
    with acting(accounts.reporting_officer(ROOT_CODE)):
        wanted = {(each.call, each.batch) for each in selections.by_call.values()}
        batches = Batch.objects.filter(STANDS, call__code__in=selections.by_call).values_list(
            "call__code", "number", "pk"
        )
        intakes = Intake.objects.filter(STANDS, subject_id__in=[pk for *key, pk in batches if tuple(key) in wanted])
        begun = set(Case.objects.filter(STANDS, intake__in=intakes).values_list("intake", "outcome").distinct())
    return len({intake for intake, _ in begun}) == len(wanted) and "" not in {outcome for _, outcome in begun}


class Season:
    """What all selections of a year share: the specification, who acts for which organisation, who reviews (by the ids
    of the experts)."""

    def __init__(self, specification: Specification, selections: Selections) -> None:
        self.specification, self.selections = specification, selections
        self.province = accounts.reporting_officer(ROOT_CODE)
        with acting(self.province):
            rows = Organisation.objects.filter(STANDS).values_list("code", "pk", "credit_code")
            self._codes = {pk: code for code, pk, _ in rows}
            self._credit_codes = {pk: credit for _, pk, credit in rows}
        ids = {code: pk for pk, code in self._codes.items()}
        known = specification.organisations
        self.ids = {key: ids[code] for key, one in known.items() if (code := code_of(one, specification)) in ids}
        self._officers: dict[UUID, Actor] = {}
        self.experts: dict[UUID, Actor] = {}
        self.offices: set[UUID] = set()

    def officer(self, organisation: UUID) -> Actor:
        """Who acts for an organisation; appointed on first use, as of today whatever the business clock says."""
        if organisation not in self._officers:
            self._officers[organisation] = accounts.reporting_officer(self._codes[organisation])
        return self._officers[organisation]

    def read_notices(self) -> None:
        """The offices and experts that worked on cases have read whose turn it was; how their applications ended,
        schools and enterprises still find in their trays."""
        for actor in (*map(self.officer, sorted(self.offices)), *self.experts.values()):
            read_all_notices(actor=actor)

    def credit_code(self, organisation: UUID) -> str:
        """Its credit code."""
        return self._credit_codes[organisation] or self._codes[organisation]

    def person(self, serial: int | None) -> Person:
        """The synthetic person with this serial."""
        return person(serial, self.specification.people) if serial else UNKNOWN

    def enter_experts(self) -> None:
        """Enter the experts, where they are missing."""
        wanted = self.selections.experts
        if self.experts:
            return
        for place, organisation in enumerate(wanted.organisations):
            actor = accounts.reviewer(self._codes[self.ids[organisation]])
            with acting(self.province):
                expert = Expert.objects.filter(STANDS, account=actor.account_id).first()
            if expert is None:
                somebody = self.person(wanted.first_person + place)
                row = PersonRow(somebody.name, somebody.number, self.ids[organisation], synthetic=True)
                ensure_people(actor=self.province, rows=[row])
                expert = enter_expert(
                    actor=self.province,
                    username=accounts.reviewer_name(self._codes[self.ids[organisation]]),
                    organisation_id=self.ids[organisation],
                    expertise={},
                    most=wanted.most,
                    name=somebody.name,
                    number=somebody.number,
                )
            self.experts[expert.pk] = actor


@dataclass(frozen=True)
class Item:
    """A case and the item of the specification that it is."""

    case: Case
    award: Award
    serial: int

    @property
    def wins(self) -> bool:
        """Whether it is to be recognised."""
        return is_recognised(self.award)


class Running:
    """One selection on its way."""

    def __init__(self, season: Season, selection: Selection, awards: list[Award]) -> None:
        self.season, self.selection, self.awards = season, selection, awards
        with acting(season.province):
            self.batch = Batch.objects.get(STANDS, call__code=selection.call, number=selection.batch)
            published = Procedure.objects.filter(STANDS, code=selection.procedure, state="published")
            self.procedure = published.order_by("version")[0]
            deciders = self.batch.call.deciders.filter(STANDS).order_by("order")
            self.deciders = list(deciders.values_list("organisation_id", flat=True))
        self.office = season.officer(self.deciders[0])
        self.places = {(season.ids[award.by], award.title): place for place, award in enumerate(awards)}

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
        yield from (partial(self._go_on, each) for each in self.selection.afterwards)

    @property
    def read(self) -> Read:
        """The form and flow."""
        return read(self.procedure)

    @cached_property
    def intake(self) -> Intake:
        """The intake, open by now."""
        with acting(self.season.province):
            return Intake.objects.select_related("procedure").get(STANDS, subject_id=self.batch.pk)

    def _take(self) -> None:
        with acting(self.season.province):
            if Intake.objects.filter(STANDS, subject_id=self.batch.pk).exists():
                return
        with self._on("opens"):
            take_applications(
                actor=self.office,
                batch_id=self.batch.pk,
                procedure_id=self.procedure.pk,
                opens_on=self._day("opens"),
                closes_on=self._day("closes"),
            )

    def _apply(self) -> None:
        with acting(self.season.province):
            begun = set(Case.objects.filter(STANDS, intake=self.intake).values_list("applicant_id", "title"))
        drafts: dict[UUID, list[Draft]] = {}
        people = []
        for (applicant, title), place in self.places.items():
            if (applicant, title) in begun:
                continue
            leader = self.season.person(leader_of(self.awards[place]))
            if leader.number:
                people.append(PersonRow(leader.name, leader.number, applicant, synthetic=True))
            drafts.setdefault(applicant, []).append(Draft(title, self._answers(place, applicant, leader)))
        with self._on("apply"):
            if people:  # known to be synthetic before a form names them
                ensure_people(actor=self.season.province, rows=people)
            for applicant, rows in drafts.items():
                for some in _lots(rows):
                    begin_cases(
                        actor=self.season.officer(applicant), intake_id=self.intake.pk, drafts=some, action="submit"
                    )

    def _answers(self, place: int, applicant: UUID, leader: Person) -> dict[str, Any]:
        words = {
            "leader": leader.name,
            "leader_number": leader.number,
            "credit_code": self.season.credit_code(applicant),
            "serial": f"{place + 1}",
        }
        return answered(self.selection.answers, place, words)

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
                due_on = self._day("review") - timedelta(days=1)
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
            drawn = crc32(f"{items[case].award.title} {expert.account_id}".encode())
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
        with clock_at(self.selection.ended(self.season.specification)):
            self._do(waiting, "confirm")

    def _go_on(self, what: Afterwards) -> None:
        waiting = self._at(what.stage)
        with clock_at(self.selection.ended(self.season.specification) + timedelta(days=what.days)):
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
        return [Item(case, self.awards[place], place) for place, case in sorted(cases.items())]

    def _declined(self, item: Item) -> bool:
        return not item.wins and item.serial % 3 == 0

    def _rejected(self, item: Item) -> bool:
        return not item.wins and item.serial % 3 == 1 and "reject" in self.read.flow.by_key["check"].by_key

    def _day(self, step: str) -> date:
        return self.season.selections.day(self.selection, step, self.season.specification)

    @contextmanager
    def _on(self, step: str) -> Iterator[None]:
        with clock_at(self._day(step)):
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
