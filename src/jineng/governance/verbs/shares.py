"""What becomes of a share of a task: received, split, reported, sent back, accepted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max

from jineng.governance.kinds import StepKind, TaskState
from jineng.governance.models import Assignment, Task, TaskStep
from jineng.governance.notices import tell_giver, tell_receiver
from jineng.governance.rules import BY_GIVER, may_follow, share_fault
from jineng.governance.verbs.reach import OUTSIDE, note_door
from jineng.governance.verbs.tasks import Shares, hand_out, next_number
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible

ROOM = "governance"
STATES = dict(TaskState.choices)
STEPS = dict(StepKind.choices)


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def receive_share(*, actor: Actor, assignment_id: UUID) -> TaskStep:
    """Say that one's own organisation has taken up its share.

    Raises:
        NotAllowed: the share is not the actor's own organisation's.
        ValidationError: it was taken up before, or its task was withdrawn.
    """
    return _step(actor, _share(actor, assignment_id, StepKind.RECEIVED), StepKind.RECEIVED)


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def split_share(*, actor: Actor, assignment_id: UUID, shares: Shares, due_on: date, through: str = Origin.PAGE) -> Task:
    """Split one's own share among organisations below: a task of one's own, whose progress makes that of the share.

    May be done again for what is left.

    Raises:
        NotAllowed: the share is not the actor's own organisation's, or a receiver does not answer to it.
        ValidationError: the shares exceed what is left, or the deadline lies after the share's own.
    """
    assignment = _share(actor, assignment_id, StepKind.SPLIT)
    note_door(through)
    given = Assignment.objects.filter(
        STANDS,
        task__parent=assignment.task_id,
        giver=assignment.receiver_id,
        task__voided_at__isnull=True,
        task__withdrawn_on__isnull=True,
    ).values_list("share", flat=True)
    excess = share_fault(assignment.share, given, list(shares.values()))
    if excess is not None:
        raise ValidationError(
            f"各份之和比可分的多 {excess.normalize():f}{assignment.task.unit}。 The shares exceed what is left."
        )
    if due_on > assignment.due_on:
        raise ValidationError({"due_on": f"不能晚于 {assignment.due_on}。 It cannot lie after your own deadline."})
    above = assignment.task
    task = Task(
        giver_id=assignment.receiver_id,
        number=next_number(assignment.receiver_id),
        title=above.title,
        description=above.description,
        unit=above.unit,
        policy_id=above.policy_id,
        parent_id=above.pk,
        given_on=clock.today(),
        due_on=due_on,
        **origin(),
    )
    hand_out(actor, task, shares)
    _step(actor, assignment, StepKind.SPLIT)
    current_deed().note(f"分解任务 {task.title}", subject=task, receivers=len(shares))
    return task


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def report_share(
    *,
    actor: Actor,
    assignment_id: UUID,
    value: Decimal | None = None,
    text: str = "",
    through: str = Origin.PAGE,
) -> TaskStep:
    """Report how much of one's own share is done; of a share that was split, its parts say it and no value is given.

    Raises:
        NotAllowed: the share is not the actor's own organisation's.
        ValidationError: no value or one beyond the share, a value beside parts, or the share cannot be reported now.
    """
    assignment = _share(actor, assignment_id, StepKind.REPORTED)
    note_door(through)
    split = Task.objects.filter(STANDS, parent=assignment.task_id, giver=assignment.receiver_id)
    if split.filter(withdrawn_on__isnull=True).exists():
        if value is not None:
            raise ValidationError({"value": "已分解的任务按各承办单位汇总，不必填。 Its parts say how much is done."})
    elif value is None:
        raise ValidationError({"value": "请填写完成数。 Say how much is done."})
    elif not 0 <= value <= assignment.share:
        share = f"{assignment.share.normalize():f}"
        raise ValidationError({"value": f"应在 0 至 {share} 之间。 It lies between 0 and {share}."})
    tell_giver(assignment)
    return _step(actor, assignment, StepKind.REPORTED, text, value)


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def send_back_share(*, actor: Actor, assignment_id: UUID, reason: str, through: str = Origin.PAGE) -> TaskStep:
    """Send a report back; it counts no more until it is made anew.

    Raises:
        NotAllowed: the actor's organisation did not give the task.
        ValidationError: no reason, or nothing was reported.
    """
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    assignment = _share(actor, assignment_id, StepKind.SENT_BACK)
    note_door(through)
    tell_receiver(assignment, StepKind.SENT_BACK, reason)
    return _step(actor, assignment, StepKind.SENT_BACK, reason)


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def accept_share(*, actor: Actor, assignment_id: UUID, text: str = "", through: str = Origin.PAGE) -> TaskStep:
    """Accept a report; the share is done.

    Raises:
        NotAllowed: the actor's organisation did not give the task.
        ValidationError: nothing was reported, or not everything is done.
    """
    assignment = _share(actor, assignment_id, StepKind.ACCEPTED)
    note_door(through)
    done = assignment.progress.done
    if done < assignment.share:
        raise ValidationError(
            f"只完成 {done.normalize():f}/{assignment.share.normalize():f}，请退回或收回重派。 "
            "Not everything is done: send it back."
        )
    tell_receiver(assignment, StepKind.ACCEPTED, text)
    return _step(actor, assignment, StepKind.ACCEPTED, text)


def _share(actor: Actor, assignment_id: UUID, kind: str) -> Assignment:
    """The share on which ``kind`` is to follow, for the side that takes such steps; others wait until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(assignment_id)])
    assignment = visible(actor, Assignment).filter(STANDS, pk=assignment_id).select_related("task", "progress").first()
    if assignment is None:
        raise NotAllowed(OUTSIDE)
    side = assignment.giver_id if kind in BY_GIVER else assignment.receiver_id
    if side != actor.organisation_id:
        who = "下达单位" if kind in BY_GIVER else "承办单位"
        who_en = "giver" if kind in BY_GIVER else "receiver"
        raise NotAllowed(f"只有{who}可以{STEPS[kind]}。 Only the {who_en} may do this.")
    if assignment.task.withdrawn_on is not None or assignment.task.is_void:
        raise ValidationError("该任务已收回。 The task was withdrawn.")
    state = assignment.progress.state
    if not may_follow(state, kind):
        raise ValidationError(f"{STATES[state]}的任务不能{STEPS[kind]}。 This cannot follow the state it is in.")
    return assignment


def _step(actor: Actor, assignment: Assignment, kind: str, text: str = "", value: Decimal | None = None) -> TaskStep:
    last = TaskStep.objects.filter(STANDS, assignment=assignment).aggregate(last=Max("sequence"))["last"] or 0
    step = TaskStep.objects.create(
        assignment=assignment,
        sequence=last + 1,
        kind=kind,
        happened_on=clock.today(),
        value=value,
        text=text.strip(),
        **origin(),
    )
    current_deed().note(f"{STEPS[kind]}：{assignment.task.title}", subject=assignment, step=step.sequence)
    return step
