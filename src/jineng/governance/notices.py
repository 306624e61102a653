"""What the room tells: a task to those who are to do it, a step to the side that takes the next."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jineng.governance.kinds import StepKind
from jineng.governance.models import Assignment, Task
from jineng.kernel.notices import Message, Office, kind_of_notice, notify, notify_all

TASK_GIVEN = kind_of_notice("governance.task_given", "任务下达 Task given")
TASK_REPORTED = kind_of_notice("governance.task_reported", "任务上报 Task reported")
TASK_JUDGED = kind_of_notice("governance.task_judged", "任务审核 Task judged")
JUDGED = {
    StepKind.SENT_BACK: ("已退回 sent back", "退回原因 Why"),
    StepKind.ACCEPTED: ("已通过 accepted", "意见 Remark"),
}


def tell_receivers(task: Task, assignments: Iterable[Assignment]) -> int:
    """A task was given: to each receiver, leading to its own share."""
    return notify_all(
        Message(
            TASK_GIVEN,
            Office(share.receiver_id),
            f"新任务：{task.title}",
            share,
            f"完成期限 {share.due_on}，份额 {share.share.normalize():f}{task.unit}。\n"
            f"Due {share.due_on}, your share is {share.share.normalize():f}.",
            reverse("share", args=[share.pk]),
            task.giver_id,
        )
        for share in assignments
    )


def tell_giver(share: Assignment) -> int:
    """A share was reported: to whoever is to judge it."""
    return notify(
        kind=TASK_REPORTED,
        to=Office(share.giver_id),
        subject=f"待审：{share.task.title}",
        about=share,
        body="承办单位已上报，请审核。\nIt was reported: accept it or send it back.",
        link=reverse("share", args=[share.pk]),
        name_of=share.receiver_id,
    )


def tell_receiver(share: Assignment, kind: str, text: str) -> int:
    """A report was judged: to whoever made it, with what was said."""
    verdict, label = JUDGED[StepKind(kind)]
    return notify(
        kind=TASK_JUDGED,
        to=Office(share.receiver_id),
        subject=f"{share.task.title}：{verdict}",
        about=share,
        body=f"{label}：{text.strip()}" if text.strip() else "",
        link=reverse("share", args=[share.pk]),
        name_of=share.giver_id,
    )
