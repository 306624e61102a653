"""Review as an expert: marks and words, handed in once; step back from what one may not judge; open what is given."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.kinds import PanelState
from jineng.cases.models import Recusal, Review, ReviewTask
from jineng.cases.verbs.panels import WRONG_STATE
from jineng.cases.verbs.reach import OUTSIDE, ROOM
from jineng.engines.casework.rubric import load_rubric, score
from jineng.kernel import clock, files
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.notices import Office, kind_of_notice, notify
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, origin, parts, verb, write_parts
from jineng.registry.scope import visible

RECUSED = kind_of_notice("cases.recused", "专家申请回避 A reviewer recuses themselves")


MOST_AT_ONCE = 500
"""How many reviews one deed may keep."""


@dataclass(frozen=True)
class Opinion:
    """What a reviewer finds: marks as typed, by the rubric's keys, and words."""

    marks: Mapping[str, str]
    words: str = ""


@verb(Right.REVIEW_CASES, room=ROOM)
def save_review(*, actor: Actor, task_id: UUID, marks: Mapping[str, str], words: str, hand_in: bool = False) -> Review:
    """Keep one's marks and words; with ``hand_in`` they are complete and stay, sealed until the panel closes.

    Raises:
        NotAllowed: there is no such task of the actor's, or a conflict of interest.
        ValidationError: it is handed in already or the panel no longer reviews; handed in, a mark is missing or wrong.
    """
    task = _own_task(actor, task_id)
    wrong = _wrong(task, marks, hand_in)
    if wrong:
        raise ValidationError(wrong)
    (review,) = _keep({task: Opinion(marks, words)}, hand_in)
    current_deed().note("提交评审" if hand_in else "保存评审", subject=task)
    return review


@verb(Right.REVIEW_CASES, room=ROOM)
def save_reviews(*, actor: Actor, given: Mapping[UUID, Opinion], hand_in: bool = False) -> int:
    """Keep one's marks and words of many tasks at once, all or none; returns how many there were. Each leaves a line of
    its own in the audit trail.

    Raises:
        NotAllowed: one of these is no task of the actor's, or there is a conflict of interest.
        ValidationError: none is given or too many; one is handed in already or its panel no longer reviews; or of each
            that has a wrong mark, its number and what is wrong.
    """
    if not 0 < len(given) <= MOST_AT_ONCE:
        raise ValidationError(f"请选择1到{MOST_AT_ONCE}件。 Choose 1 to {MOST_AT_ONCE}.")
    tasks = _own_tasks(actor, given)
    opinions = {task: given[task.pk] for task in tasks}
    faults = {task: _wrong(task, each.marks, hand_in) for task, each in opinions.items()}
    told = [f"{task.entry}：{' '.join(wrong.values())}" for task, wrong in faults.items() if wrong]
    if told:
        raise ValidationError(told)
    _keep(opinions, hand_in)
    deeds = parts(len(tasks), verb=save_review.__name__)
    for deed, task in zip(deeds, tasks, strict=True):
        deed.note("提交评审" if hand_in else "保存评审", subject=task)
    write_parts(deeds, room=ROOM)
    current_deed().note(f"批量评审：{len(tasks)} 件", tasks=len(tasks))
    return len(tasks)


@verb(Right.REVIEW_CASES, room=ROOM)
def recuse(*, actor: Actor, task_id: UUID, reason: str) -> Recusal:
    """Step back from a case: from now on one sees nothing of it, and the office finds somebody else.

    Raises:
        NotAllowed: there is no such task of the actor's.
        ValidationError: no reason, or one's review is handed in.
    """
    task = _own_task(actor, task_id)
    if not reason.strip():
        raise ValidationError({"reason": "请填写理由。 Give the reason."})
    # Before the declaration, since afterwards the database shows the task no more.
    task.voided_at, task.void_reason = clock.now(), "专家申请回避"
    task.save(update_fields=["voided_at", "void_reason"])
    notify(
        kind=RECUSED,
        to=Office(task.panel.intake.office_id),
        subject=f"{task.panel.intake}：{task.entry} 号有专家申请回避，请另行分配",
        about=task.panel,
    )
    found = Recusal.objects.create(account_id=task.account_id, case_id=task.case_id, reason=reason.strip(), **origin())
    current_deed().note("申请回避", subject=task.panel)
    return found


@verb(Right.REVIEW_CASES, room=ROOM)
def open_review_file(*, actor: Actor, task_id: UUID, file_id: UUID) -> tuple[str, bytes]:
    """The name, as the reviewer may know it, and the bytes of a file that belongs to a task; reading leaves a line.

    Raises:
        NotAllowed: there is no such file in a task of the actor's.
    """
    task = (
        visible(actor, ReviewTask)
        .filter(STANDS, pk=task_id, account=actor.account_id, member__expert__dismissed_on__isnull=True)
        .select_related("entry")
        .first()
    )
    given = json.loads(task.entry.content)["files"] if task else []
    found = next((each for each in given if each["id"] == str(file_id)), None)
    if task is None or found is None:
        raise NotAllowed(OUTSIDE)
    current_deed().note(f"评审中打开附件：{found['label']}", subject=task)
    return found["name"], files.fetch(file_id)


def _wrong(task: ReviewTask, marks: Mapping[str, str], hand_in: bool) -> dict[str, str]:
    """What is wrong with marks, by the rubric's keys; what is missing is wrong in what is handed in."""
    found = score(load_rubric(task.panel.parameters["rubric"]), marks)
    return {each.field: f"{each.zh} {each.en}" for each in found.faults if hand_in or each.code != "missing"}


def _keep(opinions: Mapping[ReviewTask, Opinion], hand_in: bool) -> list[Review]:
    """Write what was found to be sound."""
    known = {review.task_id: review for review in Review.objects.filter(task__in=opinions)}
    kept = []
    for task, opinion in opinions.items():
        review = known.get(task.pk) or Review(
            task=task, panel=task.panel, case_id=task.case_id, account_id=task.account_id, **origin()
        )
        review.marks = {key: str(mark).strip() for key, mark in opinion.marks.items() if str(mark).strip()}
        review.words = opinion.words.strip()
        kept.append(review)
    Review.objects.bulk_create(review for review in kept if review.task_id not in known)
    update_many([review for review in kept if review.task_id in known], ["marks", "words"])
    if hand_in:
        ReviewTask.objects.filter(pk__in=[task.pk for task in opinions]).update(handed_in_at=clock.now())
    return kept


def _own_task(actor: Actor, task_id: UUID) -> ReviewTask:
    return _own_tasks(actor, [task_id])[0]


def _own_tasks(actor: Actor, ids: Collection[UUID]) -> list[ReviewTask]:
    """The actor's own standing tasks, locked in one order, not handed in, of panels that review."""
    tasks = list(
        visible(actor, ReviewTask)
        .select_for_update(of=("self",))
        .select_related("panel__intake", "entry")
        .defer("entry__content")
        .filter(STANDS, pk__in=ids, account=actor.account_id, member__expert__dismissed_on__isnull=True)
        .order_by("pk")
    )
    if len(tasks) != len(ids):
        raise NotAllowed(OUTSIDE)
    if any(task.handed_in_at is not None for task in tasks):
        raise ValidationError("已经提交，不能再改。 It is handed in and stays as it is.")
    if any(task.panel.state != PanelState.REVIEWING for task in tasks):
        raise ValidationError(WRONG_STATE)
    return tasks
