"""Form a panel, find its reviewers, close it, agree in the meeting, decide, publish."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse

from jineng.cases.kinds import PanelState
from jineng.cases.models import (
    Case,
    Decision,
    DecisionDocument,
    Intake,
    Panel,
    PanelEntry,
    PanelMember,
    ReviewTask,
)
from jineng.cases.panelling import conflicts_in, content_of, inputs_of, next_problem, published_part, topics_of
from jineng.cases.procedures import read
from jineng.cases.review_queries import calling
from jineng.cases.verbs.intakes import NOT_THE_OFFICE
from jineng.cases.verbs.reach import ROOM, refusals
from jineng.cases.writing import create_tasks, keep_results
from jineng.engines.casework import DefinitionError
from jineng.engines.casework.assigning import assign
from jineng.engines.casework.replaying import Check, check, decide
from jineng.engines.casework.rubric import load_rubric, score
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.notices import Holder, kind_of_notice, notify
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach, visible

TO_REVIEW = kind_of_notice("cases.to_review", "请评审 Please review")
CONFLICT = "本批次有您应回避的事项，请由他人办理。 You have a conflict of interest here: let somebody else do it."
FROZEN_AT_ONCE = 1000
WRONG_STATE = "评审组现在不处于该阶段。 The panel is not at this point now."


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def form_panel(
    *, actor: Actor, intake_id: UUID, due_on: date, number: int | None = None, reserve: int | None = None
) -> Panel:
    """Form the panel of an intake by the review that its procedure tells; the rule is frozen with its parameters.

    ``number`` and ``reserve`` take the place of what the procedure's cut says: a number that is given holds instead of
    its number and of its share.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: the procedure knows no review, there is a panel already, or the day is over.
    """
    intake = Intake.objects.filter(STANDS, pk=intake_id).select_related("procedure").first()
    if intake is None or not in_reach(actor, intake.office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    _require_free(actor, intake.pk)
    review = read(intake.procedure).review
    if review is None:
        raise ValidationError("该规程没有评审部分。 The procedure tells of no review.")
    if due_on < clock.today():
        raise ValidationError({"due_on": "评审期限已过。 The day is over."})
    cut = {**review.ranking.get("cut", {})}
    if number is not None:
        cut = {**{key: value for key, value in cut.items() if key != "share"}, "number": number}
    if reserve is not None:
        cut["reserve"] = reserve
    panel = Panel(
        intake=intake,
        stage=review.stage,
        rule=review.rule,
        parameters=review.parameters(cut),
        each=review.each,
        together=review.together,
        is_blind=review.blind,
        due_on=due_on,
        **origin(),
    )
    panel.validate_constraints()
    panel.save(force_insert=True)
    current_deed().note(f"组建评审组 {intake}", subject=panel)
    return panel


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def seat_experts(*, actor: Actor, panel_id: UUID, expert_ids: Collection[UUID]) -> int:
    """Call experts onto a panel; returns how many were new. They are numbered by lot when they are assigned.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: the panel no longer reviews, or somebody is no expert in the actor's sight.
    """
    panel = _locked(actor, panel_id, PanelState.FORMING, PanelState.REVIEWING)
    _require_free(actor, panel.intake_id)
    wanted = set(expert_ids)
    known = set(calling(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        raise ValidationError("有人不在可见的专家库中。 Somebody is no expert in your sight.")
    new = known - set(PanelMember.objects.filter(STANDS, panel=panel).values_list("expert_id", flat=True))
    PanelMember.objects.bulk_create(PanelMember(panel=panel, expert_id=pk, **origin()) for pk in sorted(new))
    current_deed().note("聘请评审专家", subject=panel, experts=len(new))
    return len(new)


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def assign_reviewers(*, actor: Actor, panel_id: UUID) -> int:
    """Give every case of the stage its reviewers, the best there are, with the proof kept; returns how many tasks
    are new.

    The first time what reviewers read is frozen and numbered by lot. Done again it fills the places of those who
    recused themselves, were dismissed, or have come to be in conflict since.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: no cases wait, or no assignment keeps all conditions.
    """
    panel = _locked(actor, panel_id, PanelState.FORMING, PanelState.REVIEWING)
    _require_free(actor, panel.intake_id)
    _number(panel)
    members = list(PanelMember.objects.filter(STANDS, panel=panel).select_related("expert"))
    if panel.state == PanelState.FORMING:
        _freeze(actor, panel)
    barred = conflicts_in(panel.intake_id, [member.expert.account_id for member in members])
    _withdraw(panel, barred)
    _withdraw_dismissed(panel, members)
    seats = {str(member.pk): member.expert.account_id for member in members}
    proofs, told, tasks = list(panel.assignment.get("rounds", ())), set(), 0
    while (problem := next_problem(panel, members, barred)) is not None:
        with refusals():
            found = assign(problem)
        proofs.append(
            {"each": problem.each, "expertise": found.proof.expertise, "bound": found.proof.bound,
             "is_optimal": found.proof.is_optimal, "prices": list(found.prices)}
        )  # fmt: skip
        pairs = [(entry, member) for entry, team in found.by_application().items() for member in team]
        tasks += create_tasks(panel, pairs)
        told |= {seats[member] for _, member in pairs}
    panel.state, panel.assignment = PanelState.REVIEWING, {"rounds": proofs}
    panel.save(update_fields=["state", "assignment"])
    notify(
        kind=TO_REVIEW,
        to=[Holder(account) for account in sorted(told)],
        subject=f"{panel.intake}：请于 {panel.due_on} 前完成评审",
        link=reverse("my_reviews"),
        about=panel,
    )
    current_deed().note("分配评审", subject=panel, tasks=tasks, reviewers=len(told))
    return tasks


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def close_panel(*, actor: Actor, panel_id: UUID) -> Panel:
    """End the individual reviews and open the marks to the meeting.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: somebody has not handed in and the day is not over.
    """
    panel = _locked(actor, panel_id, PanelState.REVIEWING)
    _require_free(actor, panel.intake_id)
    waiting = ReviewTask.objects.filter(STANDS, panel=panel, handed_in_at__isnull=True).count()
    if waiting and clock.today() <= panel.due_on:
        raise ValidationError(
            f"还有 {waiting} 份评审未提交，期限 {panel.due_on} 未过。 {waiting} reviews are not handed in yet."
        )
    panel.state = PanelState.CLOSED
    panel.save(update_fields=["state"])
    current_deed().note("结束个人评审", subject=panel, missing=waiting)
    return panel


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def agree_marks(*, actor: Actor, entry_id: UUID, marks: Mapping[str, str], why: str) -> PanelEntry:
    """Write down what the meeting agreed upon for a case: every reviewer's marks count as these. The reviewers' own
    stay beside them.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: the panel is not in its meeting, a mark is wrong, or there is no reason.
    """
    entry = visible(actor, PanelEntry).filter(STANDS, pk=entry_id).first()
    if entry is None:
        raise NotAllowed(NOT_THE_OFFICE)
    panel = _locked(actor, entry.panel_id, PanelState.CLOSED)
    _require_free(actor, panel.intake_id)
    if not why.strip():
        raise ValidationError({"why": "请填写合议理由。 Give the reason."})
    found = score(load_rubric(panel.parameters["rubric"]), marks)
    if found.faults:
        raise ValidationError({each.field: f"{each.zh} {each.en}" for each in found.faults})
    entry.agreed, entry.agreed_why = list(found.units), why.strip()
    entry.save(update_fields=["agreed", "agreed_why"])
    current_deed().note(f"合议评分 {entry}", subject=entry)
    return entry


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def decide_panel(*, actor: Actor, panel_id: UUID) -> Decision:
    """Rank and cut by the panel's rule, from inputs frozen now; the document stays, byte for byte.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: the panel is not in its meeting, or the rule refuses the inputs.
    """
    panel = _locked(actor, panel_id, PanelState.CLOSED)
    _require_free(actor, panel.intake_id)
    try:
        with refusals():
            found = decide(panel.rule, panel.parameters, inputs_of(panel))
    except DefinitionError as error:
        raise ValidationError([f"{each.zh} {each.en}" for each in error.faults]) from error
    published = published_part(found.statement)
    decision = Decision(panel=panel, digest=found.digest, statement=published, actor_label=actor.label[:200])
    decision.save(force_insert=True)
    DecisionDocument(decision=decision, content=found.to_bytes()).save(force_insert=True)
    rows = {row["application"]: row for row in found.outcome["rows"]}
    entries = panel.entries.filter(STANDS).select_related("case").only("panel", "case__started_on", "case__serial")
    decided = ((entry.pk, rows[entry.case.number]) for entry in entries)
    keep_results((pk, row["rank"], row["score"] or "", row["status"]) for pk, row in decided)
    panel.state = PanelState.DECIDED
    panel.save(update_fields=["state"])
    current_deed().note(f"评审排名 {found.digest[:16]}", subject=panel, digest=found.digest)
    return decision


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def publish_panel(*, actor: Actor, panel_id: UUID) -> Panel:
    """Publish what was decided, with its digest, to whoever uses the platform.

    Raises:
        NotAllowed: another office runs the intake, or the actor is in conflict with one of its cases.
        ValidationError: nothing is decided.
    """
    panel = _locked(actor, panel_id, PanelState.DECIDED)
    _require_free(actor, panel.intake_id)
    panel.state = PanelState.PUBLISHED
    panel.save(update_fields=["state"])
    current_deed().note("公布评审排名", subject=panel)
    return panel


@verb(Right.VIEW_CASES, room=ROOM)
def replay_decision(*, actor: Actor, panel_id: UUID) -> Check:
    """Run a decision's rule again on its frozen inputs and compare to the last byte; that it was done is noted.

    Raises:
        NotAllowed: there is no decision whose inputs the actor may read.
    """
    document = visible(actor, DecisionDocument).filter(pk=panel_id).first()
    if document is None:
        raise NotAllowed(NOT_THE_OFFICE)
    found = check(bytes(document.content))
    current_deed().note(f"重算评审排名：{found.words.zh}"[:500], subject=document, finding=str(found.finding))
    return found


def _locked(actor: Actor, panel_id: UUID, *states: PanelState) -> Panel:
    """The standing panel, locked, in one of these states, of an intake that the actor's reach runs."""
    # Seen before it is locked: the database hides from a lock what the actor may not write.
    seen = Panel.objects.filter(STANDS, pk=panel_id).select_related("intake").first()
    if seen is None or not in_reach(actor, seen.intake.office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    panel = Panel.objects.select_for_update(of=("self",)).select_related("intake__procedure").get(pk=panel_id)
    if panel.state not in states:
        raise ValidationError(WRONG_STATE)
    return panel


def _require_free(actor: Actor, intake_id: UUID) -> None:
    """Nobody handles a review in which they have an interest: not even to count or assign."""
    if actor.account_id is not None and conflicts_in(intake_id, [actor.account_id]):
        raise NotAllowed(CONFLICT)


def _number(panel: Panel) -> None:
    """Give members without a number one, by lot, so that no order tells who it is."""
    fresh = list(PanelMember.objects.filter(STANDS, panel=panel, number__isnull=True))
    taken = PanelMember.objects.filter(panel=panel).exclude(number=None).count()
    secrets.SystemRandom().shuffle(fresh)
    for number, member in enumerate(fresh, taken + 1):
        member.number = number
    update_many(fresh, ["number"])


def _freeze(actor: Actor, panel: Panel) -> None:
    """Number the cases of the stage by lot, and keep what reviewers will read of each."""
    waiting = visible(actor, Case).filter(STANDS, intake=panel.intake_id, stage=panel.stage, outcome="")
    drawn = list(waiting.values_list("pk", flat=True))
    if not drawn:
        raise ValidationError("没有等待评审的事项。 No cases wait for review.")
    secrets.SystemRandom().shuffle(drawn)
    whole = waiting.select_related("intake", "procedure").defer("procedure__content")
    for start in range(0, len(drawn), FROZEN_AT_ONCE):
        some = drawn[start : start + FROZEN_AT_ONCE]
        cases = whole.in_bulk(some)
        PanelEntry.objects.bulk_create(
            PanelEntry(
                panel=panel,
                case_id=pk,
                number=number,
                content=json.dumps(content_of(cases[pk], number), ensure_ascii=False),
                topics=sorted(topics_of(cases[pk])),
                **origin(),
            )
            for number, pk in enumerate(some, start + 1)
        )


def _withdraw_dismissed(panel: Panel, members: Sequence[PanelMember]) -> None:
    """Take back what those have not handed in who were dismissed."""
    gone = [member.pk for member in members if member.expert.dismissed_on is not None]
    if gone:
        left = ReviewTask.objects.filter(STANDS, panel=panel, member__in=gone, handed_in_at__isnull=True)
        left.update(voided_at=clock.now(), void_reason="专家已解聘")


def _withdraw(panel: Panel, barred: Collection[tuple[int, UUID]]) -> None:
    """Take back the tasks of those who have come to be in conflict."""
    live = ReviewTask.objects.filter(STANDS, panel=panel)
    tasks = live.values_list("pk", "account_id", "case_id")
    gone: Sequence[UUID] = [pk for pk, account, case in tasks if (account, case) in barred]
    if gone:
        live.filter(pk__in=gone).update(voided_at=clock.now(), void_reason="应予回避")
