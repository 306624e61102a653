"""Give tasks to those below, and take them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.governance.models import Assignment, Task
from jineng.governance.notices import tell_receivers
from jineng.governance.verbs.reach import changeable, note_door
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Reach

ROOM = "governance"
Shares = Mapping[UUID, Decimal]
"""How much of a task each organisation gets."""


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def give_task(
    *,
    actor: Actor,
    title: str,
    shares: Shares,
    due_on: date,
    number: str = "",
    description: str = "",
    unit: str = "项",
    policy_id: UUID | None = None,
    through: str = Origin.PAGE,
) -> Task:
    """Give a task from the actor's own organisation to organisations below it, each with its share.

    Without ``number`` the giver's next one of the year is taken.

    Raises:
        NotAllowed: a receiver does not answer to the giver.
        ValidationError: nobody receives it, a share is not above zero, the deadline has passed, the number is taken.
    """
    note_door(through)
    task = Task(
        giver_id=actor.organisation_id,
        number=number.strip() or next_number(actor.organisation_id),
        title=title.strip(),
        description=description.strip(),
        unit=unit.strip() or "项",
        policy_id=policy_id,
        given_on=clock.today(),
        due_on=due_on,
        **origin(),
    )
    hand_out(actor, task, shares)
    current_deed().note(f"下达任务 {task.title}", subject=task, receivers=len(shares))
    return task


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def withdraw_task(*, actor: Actor, task_id: UUID) -> Task:
    """Take a task back as of today: nobody owes it any more, and it counts in no progress.

    Raises:
        NotAllowed: the task is not the actor's own organisation's.
        ValidationError: it was withdrawn before.
    """
    task = changeable(actor, Task, task_id)
    if task.giver_id != actor.organisation_id:
        raise NotAllowed("只有下达单位可以收回任务。 Only its giver takes a task back.")
    if task.withdrawn_on is not None:
        raise ValidationError("该任务已收回。 It was withdrawn already.")
    task.withdrawn_on = clock.today()
    task.save(update_fields=["withdrawn_on"])
    current_deed().note(f"收回任务 {task.title}", subject=task)
    return task


def hand_out(actor: Actor, task: Task, shares: Shares) -> list[Assignment]:
    """Save a new task with its shares, and tell who receives one; for the verbs that give and that split.

    Raises:
        NotAllowed: a receiver does not answer to the giver.
        ValidationError: nobody receives it, a share is not above zero, the deadline has passed, the number is taken.
    """
    if not shares:
        raise ValidationError("请至少给一个单位份额。 Give somebody a share.")
    if any(share <= 0 for share in shares.values()):
        raise ValidationError("份额应大于零。 A share lies above zero.")
    if task.due_on < task.given_on:
        raise ValidationError({"due_on": "完成期限不能早于今天。 The deadline has passed."})
    below = set(
        Reach.objects.filter(authority_id=task.giver_id, depth__gt=0, organisation_id__in=shares).values_list(
            "organisation_id", flat=True
        )
    )
    if set(shares) - below:
        raise NotAllowed("承办单位须是本单位的下属单位。 Receivers must answer to your organisation.")
    task.full_clean()
    task.save(force_insert=True)
    made = Assignment.objects.bulk_create(
        Assignment(task=task, giver_id=task.giver_id, receiver_id=receiver, share=share, due_on=task.due_on, **origin())
        for receiver, share in shares.items()
    )
    tell_receivers(task, made)
    return made


def next_number(giver_id: UUID) -> str:
    """The giver's next number of the year, such as 2021-003."""
    year = clock.today().year
    taken = set(Task.objects.filter(giver_id=giver_id, number__startswith=f"{year}-").values_list("number", flat=True))
    return next(number for place in range(1, len(taken) + 2) if (number := f"{year}-{place:03d}") not in taken)
