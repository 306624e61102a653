"""A small review in the small world: three teams, four experts, an anonymous panel of the province."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jineng.cases.models import Case, Expert, Intake, Panel, ReviewTask
from jineng.cases.verbs import (
    act_on_case,
    assign_reviewers,
    begin_case,
    close_panel,
    enter_expert,
    form_panel,
    save_answers,
    save_review,
    seat_experts,
)
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS
from jineng.registry.acting import actor_of
from jineng.registry.kinds import Role
from jineng.registry.verbs import give_post, open_account
from tests.cases.small_call import intake
from tests.factories import LONG_AGO, World

TEXT = Path(__file__).with_name("reviewed.yaml").read_text(encoding="utf-8")
DUE = date(2021, 9, 30)
WHERE = {"forester": "forestry", "professor": "university", "teacher": "city_school", "engineer": "firm"}
"""Experts by account, and where they work."""
NUMBERS = {"forester": "620502198001010019", "professor": "620102197001010018", "teacher": "620102199001010037"}
APPLICANTS = {"化工团队": "college_officer", "农牧团队": "school_officer", "示教团队": "school_officer"}


@dataclass
class Reviewing:
    """What was made, by name."""

    world: World
    intake: Intake
    cases: dict[str, Case] = field(default_factory=dict)
    experts: dict[str, Expert] = field(default_factory=dict)
    panel: Panel | None = None

    def actor(self, name: str) -> Actor:
        """An expert's actor, or anybody's."""
        found = actor_of(self.world.accounts[name])
        assert found is not None
        return found

    @property
    def office(self) -> Actor:
        """The office that runs the intake."""
        return self.world.actor("province_officer")

    def tasks(self, name: str) -> list[ReviewTask]:
        """An expert's tasks, as they see them."""
        with acting(self.actor(name)):
            mine = ReviewTask.objects.filter(STANDS, account=self.world.accounts[name])
            return list(mine.select_related("entry").order_by("entry__number"))


def reviewing(world: World) -> Reviewing:
    """An intake with three teams handed in, and four experts in the province's pool, of whom three are identified."""
    made = Reviewing(world, intake(world, text=TEXT))
    for title, who in APPLICANTS.items():
        made.cases[title] = applied(world, made.intake, title, who)
    chief = world.actor("administrator")
    for name, where in WHERE.items():
        world.accounts[name] = open_account(actor=chief, username=name, display_name=f"{name}某")
        give_post(
            actor=chief,
            account=world.accounts[name],
            organisation_id=world[where].pk,
            role=Role.REVIEWER,
            title="专家",
            since=LONG_AGO,
        )
        number = NUMBERS.get(name, "")
        made.experts[name] = enter_expert(
            actor=made.office,
            username=name,
            organisation_id=world[where].pk,
            expertise={"chemistry": 8} if name != "forester" else {"forestry": 9},
            name=f"{name}某" if number else "",
            number=number,
        )
    return made


def applied(world: World, found: Intake, title: str, who: str, **more: Any) -> Case:
    """A team's application, handed in."""
    actor = world.actor(who)
    case = begin_case(actor=actor, intake_id=found.pk, title=title)
    raw = {"school": f"{title}的学校", "field": "chemistry", "plan": "建设思路若干", **more}
    save_answers(actor=actor, case_id=case.pk, raw=raw)
    act_on_case(actor=actor, case_id=case.pk, action="submit")
    with acting(actor):
        case.refresh_from_db()
    return case


def assigned(made: Reviewing, *names: str, **given: int) -> Panel:
    """The panel with these experts (all without any), its reviewers assigned."""
    panel = form_panel(actor=made.office, intake_id=made.intake.pk, due_on=DUE, **given)
    seat_experts(
        actor=made.office, panel_id=panel.pk, expert_ids=[made.experts[name].pk for name in names or made.experts]
    )
    assign_reviewers(actor=made.office, panel_id=panel.pk)
    with acting(made.office):
        panel.refresh_from_db()
    made.panel = panel
    return panel


def marked(made: Reviewing, marks: dict[str, tuple[int, int]]) -> Panel:
    """All reviews handed in, each with its case's marks, and the panel closed."""
    panel = made.panel or assigned(made)
    by_case = {made.cases[title].pk: pair for title, pair in marks.items()}
    for name in made.experts:
        for task in made.tasks(name):
            plan, team = by_case[task.case_id]
            save_review(
                actor=made.actor(name),
                task_id=task.pk,
                marks={"plan": str(plan), "team": str(team)},
                words="思路清楚",
                hand_in=True,
            )
    return close_panel(actor=made.office, panel_id=panel.pk)
