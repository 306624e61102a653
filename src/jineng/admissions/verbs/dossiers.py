"""Files of a round with the schools: sent, read, proposed for admission or for refusal, decided by the province."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from jineng.admissions.kinds import FileState, RunState
from jineng.admissions.models import Result, Run
from jineng.admissions.verbs.checking import ROOM, need_province, need_reason
from jineng.admissions.verbs.runs import locked_run
from jineng.engines.allocation import State
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.notices import Office, kind_of_notice, notify
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import PersonParty
from jineng.registry.scope import in_reach

PLACED = kind_of_notice("admissions.files_placed", "收到投档 Files placed")
OUT_OF_REACH = "没有此档案，或不在管辖范围内。 There is no such file in your scope."
WAITING = (FileState.PLACED, FileState.READING)


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def send_files(*, actor: Actor, run_id: UUID) -> Run:
    """Send the files of a settled run to the schools where they were placed; each school is told.

    Raises:
        NotAllowed: anybody but the province, or no such run.
        ValidationError: a what-if run, not settled, or sent already.
    """
    need_province(actor)
    run = locked_run(run_id)
    if run.what_if or run.state != RunState.SETTLED:
        raise ValidationError("只有已算出的正式运行可以投档。 Only a settled, formal run is sent to schools.")
    placed = Result.objects.filter(STANDS, run=run, outcome__in=(State.ADMITTED, State.EXEMPT))
    placed.filter(file_state=FileState.FREE).update(file_state=FileState.PLACED)
    # Whoever is sent a file may see whose it is.
    PersonParty.objects.bulk_create(
        (
            PersonParty(person_id=person, organisation_id=where)
            for person, where in placed.order_by("pk").values_list("applicant__person", "organisation")
        ),
        ignore_conflicts=True,
        batch_size=2000,
    )
    run.state = RunState.SENT
    run.save(update_fields=["state"])
    for office, number in placed.order_by().values_list("organisation").annotate(number=Count("pk")):
        notify(
            kind=PLACED,
            to=Office(office),
            subject=f"{run.opening.round.name}：收到 {number} 份档案，请阅档并提出录取意见",
            body=f"{number} files were placed with your school. Read them and propose.",
            about=run,
            link="/admissions/files/",
        )
    current_deed().note(f"{run.opening.round.name} 投档", subject=run)
    return run


def _locked(actor: Actor, result_ids: Sequence[UUID]) -> list[Result]:
    found = list(
        Result.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(STANDS, pk__in=result_ids)
        .order_by("pk")
    )
    for each in found:
        if each.organisation_id is None or not in_reach(actor, each.organisation_id):
            raise NotAllowed(OUT_OF_REACH)
        if each.run.state != RunState.SENT or each.run.what_if:
            raise ValidationError("该轮档案已不在处理中。 The files of this run are not in hand any more.")
    if len(found) != len(set(result_ids)):
        raise NotAllowed(OUT_OF_REACH)
    return found


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def read_file(*, actor: Actor, result_id: UUID) -> Result:
    """Say that a placed file is being read.

    Raises:
        NotAllowed: no such file within the actor's scope.
        ValidationError: it is read already, or not in hand any more.
    """
    (found,) = _locked(actor, [result_id])
    if found.file_state != FileState.PLACED:
        raise ValidationError("该档案已阅。 The file was read already.")
    found.file_state = FileState.READING
    found.save(update_fields=["file_state"])
    current_deed().note("阅档", subject=found)
    return found


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def propose_admission(*, actor: Actor, result_id: UUID) -> Result:
    """Propose to admit; also instead of a refusal that the province has not decided yet.

    Raises:
        NotAllowed: no such file within the actor's scope.
        ValidationError: it is proposed already, or not in hand any more.
    """
    (found,) = _locked(actor, [result_id])
    if found.file_state not in (*WAITING, FileState.REFUSAL):
        raise ValidationError("该档案已有意见。 The file has been decided on.")
    found.file_state, found.reason = FileState.PROPOSED, ""
    found.save(update_fields=["file_state", "reason"])
    current_deed().note("拟录取", subject=found)
    return found


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def propose_all(*, actor: Actor, run_id: UUID, organisation_id: UUID | None = None) -> int:
    """Propose to admit all whose files wait, in one school or in all of the actor's scope; returns how many.

    Raises:
        NotAllowed: no such run, or the school lies outside the scope.
        ValidationError: the files are not in hand.
    """
    if organisation_id is not None and not in_reach(actor, organisation_id):
        raise NotAllowed(OUT_OF_REACH)
    waiting = _waiting(run_id, organisation_id)
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        raise ValidationError("没有待处理的档案。 No files wait.")
    done = Result.objects.filter(pk__in=ids, file_state__in=WAITING).update(file_state=FileState.PROPOSED)
    current_deed().note(f"拟录取 {done} 人", files=done)
    return done


def _waiting(run_id: UUID, organisation_id: UUID | None) -> QuerySet[Result]:
    rows = Result.objects.select_for_update(of=("self",)).filter(
        STANDS, run=run_id, run__state=RunState.SENT, file_state__in=WAITING
    )
    return (rows.filter(organisation=organisation_id) if organisation_id else rows).order_by("pk")


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def propose_refusal(*, actor: Actor, result_id: UUID, reason: str) -> Result:
    """Propose to send a file back, with the reason; the province decides.

    Raises:
        NotAllowed: no such file within the actor's scope.
        ValidationError: no reason, or it has been decided on.
    """
    (found,) = _locked(actor, [result_id])
    if found.file_state not in (*WAITING, FileState.PROPOSED):
        raise ValidationError("该档案已有意见。 The file has been decided on.")
    found.file_state, found.reason = FileState.REFUSAL, need_reason(reason)
    found.save(update_fields=["file_state", "reason"])
    current_deed().note(f"拟退档：{found.reason}", subject=found)
    return found


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def decide_refusal(*, actor: Actor, result_id: UUID, accepts: bool) -> Result:
    """The province accepts a refusal, and the round is run again without it; or it does not, and the file is admitted.

    Raises:
        NotAllowed: anybody but the province, or no such file.
        ValidationError: no refusal is proposed.
    """
    need_province(actor)
    (found,) = _locked(actor, [result_id])
    if found.file_state != FileState.REFUSAL:
        raise ValidationError("没有待审的退档意见。 No refusal waits to be decided.")
    found.file_state = FileState.REFUSED if accepts else FileState.PROPOSED
    found.save(update_fields=["file_state"])
    current_deed().note("同意退档" if accepts else "不同意退档，应予录取", subject=found)
    return found
