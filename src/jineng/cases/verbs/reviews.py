"""Review as an expert: marks and words, handed in once; step back from what one may not judge; open what is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible

RECUSED = kind_of_notice("cases.recused", "专家申请回避 A reviewer recuses themselves")


@verb(Right.REVIEW_CASES, room=ROOM)
def save_review(*, actor: Actor, task_id: UUID, marks: Mapping[str, str], words: str, hand_in: bool = False) -> Review:
    """Keep one's marks and words; with ``hand_in`` they are complete and stay, sealed until the panel closes.

    Raises:
        NotAllowed: there is no such task of the actor's, or a conflict of interest.
        ValidationError: it is handed in already or the panel no longer reviews; handed in, a mark is missing or wrong.
    """
    task = _own_task(actor, task_id)
    found = score(load_rubric(task.panel.parameters["rubric"]), marks)
    wrong = [each for each in found.faults if hand_in or each.code != "missing"]
    if wrong:
        raise ValidationError({each.field: f"{each.zh} {each.en}" for each in wrong})
    kept = {key: str(mark).strip() for key, mark in marks.items() if str(mark).strip()}
    review = Review.objects.filter(task=task).first()
    if review is None:
        review = Review(task=task, panel=task.panel, case_id=task.case_id, account_id=task.account_id, **origin())
    review.marks, review.words = kept, words.strip()
    review.save()
    if hand_in:
        task.handed_in_at = clock.now()
        task.save(update_fields=["handed_in_at"])
    current_deed().note("提交评审" if hand_in else "保存评审", subject=task)
    return review


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


def _own_task(actor: Actor, task_id: UUID) -> ReviewTask:
    """The actor's own standing task, locked, not handed in, of a panel that reviews."""
    task = (
        visible(actor, ReviewTask)
        .select_for_update(of=("self",))
        .select_related("panel__intake", "entry")
        .filter(STANDS, pk=task_id, account=actor.account_id, member__expert__dismissed_on__isnull=True)
        .first()
    )
    if task is None:
        raise NotAllowed(OUTSIDE)
    if task.handed_in_at is not None:
        raise ValidationError("已经提交，不能再改。 It is handed in and stays as it is.")
    if task.panel.state != PanelState.REVIEWING:
        raise ValidationError(WRONG_STATE)
    return task
