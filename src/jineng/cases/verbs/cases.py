"""Begin a case, fill it in, give its files. What was typed is kept, sound or not, until the case moves on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.kinds import ROUND, ProcedureState
from jineng.cases.models import Case, CaseFile, Intake
from jineng.cases.procedures import read
from jineng.cases.situations import answers_of, members_of, parties_for, situation_of
from jineng.cases.verbs.concerns import every_answer, keep_concerns, name_people
from jineng.cases.verbs.reach import NOT_A_PARTY, OUTSIDE, ROOM, case_in_sight, keep_step, read_of, refusals
from jineng.engines.casework import Actor as Member
from jineng.engines.casework import FieldKind, Form, Role, State, draft, frozen_changes, inspect_file, opened, start
from jineng.engines.casework.answers import Resolve
from jineng.kernel import clock, files
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed, origin, verb
from jineng.registry.scope import visible

NOT_YET = "尚未开始受理。 Applications are not open yet."
OVER = "受理已经截止。 Applications are closed."


@verb(Right.ACT_ON_CASES, room=ROOM)
def begin_case(*, actor: Actor, intake_id: UUID, title: str) -> Case:
    """Begin a case of one's own organisation in an intake. It is a draft until its first action.

    Raises:
        ValidationError: the intake does not take cases today, or the title is missing or taken by another of one's own.
    """
    intake = Intake.objects.filter(STANDS, pk=intake_id).select_related("procedure").first()
    if intake is None or intake.procedure.state == ProcedureState.DRAFT or intake.subject_type == ROUND:
        raise ValidationError("没有这个受理批次。 There is no such intake.")
    day = clock.today()
    if day < intake.opens_on:
        raise ValidationError(f"{NOT_YET} {intake.opens_on}")
    if day > intake.closes_on:
        raise ValidationError(f"{OVER} {intake.closes_on}")
    name = title.strip()
    if not name:
        raise ValidationError({"title": "请填写名称。 Give it a title."})
    own = Case.objects.filter(STANDS, intake=intake, applicant=actor.organisation_id, title=name)
    if own.exclude(outcome="withdrawn").exists():
        raise ValidationError({"title": "本单位在该批次已有同名事项。 Your organisation has one of this title."})
    current_deed().note(f"开始填报 {intake.name}")
    case = start_case(actor, intake, actor.organisation_id, name)
    current_deed().note(f"开始填报 {intake.name}", subject=case)
    return case


def start_case(actor: Actor, intake: Intake, applicant_id: UUID, title: str) -> Case:
    """A case of an applicant at its first stage, for a verb that has checked who may begin it."""
    found = read(intake.procedure)
    identity = uuid.uuid4()
    came_through(Origin.CASE, identity)
    case = Case(
        id=identity,
        intake=intake,
        procedure=intake.procedure,
        applicant_id=applicant_id,
        title=title,
        parties=parties_for(found.flow, intake, applicant_id),
        answers="{}",
        **origin(),
    )
    applicants = [party.key for party in found.flow.parties if party.role is Role.APPLICANT]
    step = start(found.flow, clock.now(), Member(applicants[0], str(applicant_id)))
    keep_step(case, found, step, actor)
    case.refresh_from_db(fields=["serial"])
    return case


@verb(Right.ACT_ON_CASES, room=ROOM)
def save_answers(*, actor: Actor, case_id: UUID, raw: Mapping[str, Any], seen: int | None = None) -> Case:
    """Keep what was typed into the fields that are open at the case's stage; other fields stay as they are.

    Nothing is checked for handing in, so that a draft may be left half done. ``seen`` is the number of steps that the
    page showed.

    Raises:
        NotAllowed: it is not one's own organisation's turn.
        ValidationError: the case has moved on since, a field is not open now, an answer refers to what the actor does
            not see, or to a file that was not given for this field.
    """
    case = case_in_sight(actor, case_id)
    found = read_of(case)
    if seen is not None and seen != case.steps:
        raise ValidationError("事项已有新的进展，请刷新页面后再填。 The case has moved on: reload the page.")
    _require_turn(case, actor)
    before = answers_of(case)
    typed = name_people(actor, found.form, draft(found.form, raw).values)
    _require_known(found.form, before, typed, situation_of(case, found, actor).resolve)
    after = {key: value for key, value in before.items() if key not in raw} | typed
    faults = frozen_changes(found.form, before, after, opened(found.flow, found.form, case.stage))
    if faults:
        raise ValidationError([f"{each.zh} {each.en}" for each in faults])
    case.answers = json.dumps(after, ensure_ascii=False, sort_keys=True)
    case.save(update_fields=["answers"])
    keep_concerns(case, found.form, after)
    current_deed().note("保存填报内容", subject=case, fields=len(raw))
    return case


@verb(Right.ACT_ON_CASES, room=ROOM)
def attach_file(*, actor: Actor, case_id: UUID, field: str, name: str, content: bytes) -> CaseFile:
    """Give a file for a field that is open now; it takes the place of an earlier one where the field holds one only.

    Raises:
        NotAllowed: it is not one's own organisation's turn.
        ValidationError: there is no such field, it is not open, or the file's kind, size or content is not accepted.
    """
    case = case_in_sight(actor, case_id)
    found = read_of(case)
    _require_turn(case, actor)
    asked = found.form.fields.get(field)
    if asked is None or asked.kind is not FieldKind.FILE or field not in opened(found.flow, found.form, case.stage):
        raise ValidationError({field: "此处不能上传文件。 No file can be given here."})
    with refusals():
        inspected = inspect_file(content, name, asked.accepted, asked.most_bytes)
    kept = CaseFile(
        case=case,
        field=field,
        name=name[:200],
        kind=str(inspected.kind),
        size=inspected.bytes,
        digest=inspected.digest,
        **origin(),
    )
    kept.save(force_insert=True)
    files.keep(kept.pk, content)
    before = answers_of(case)
    before[field] = [*before.get(field, []), kept.described()] if asked.many else kept.described()
    case.answers = json.dumps(before, ensure_ascii=False, sort_keys=True)
    case.save(update_fields=["answers"])
    current_deed().note("上传附件", subject=case, field=field)
    return kept


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def open_file(*, actor: Actor, file_id: UUID) -> tuple[str, bytes]:
    """The name and the bytes of a file given with a case in sight; its reading leaves a line.

    Raises:
        NotAllowed: there is no such file in the actor's sight.
    """
    found = visible(actor, CaseFile).filter(STANDS, pk=file_id).first()
    if found is None:
        raise NotAllowed(OUTSIDE)
    current_deed().note(f"打开附件：{found.field}", subject=found)
    return found.name, files.fetch(found.pk)


def _require_known(form: Form, before: Mapping[str, Any], typed: Mapping[str, Any], resolve: Resolve | None) -> None:
    """References and files are what stood there before or what the actor may name: an id alone opens nothing."""
    kept = [(field.key, told) for field, told in every_answer(form, dict(before))]
    for field, told in every_answer(form, dict(typed)):
        if not isinstance(told, dict) or (field.key, told) in kept:
            continue
        if field.kind is FieldKind.FILE:
            raise ValidationError({field.key: "附件请用上传的方式提供。 Give files by uploading them."})
        if "id" in told and (resolve is None or resolve(field, str(told["id"])) is None):
            raise ValidationError({field.key: f"没有这一{field.label}。 There is no such thing in your sight."})


def _require_turn(case: Case, actor: Actor) -> None:
    """Let pass whose organisation acts at the case's stage."""
    stage = read_of(case).flow.by_key.get(State.from_data(case.state).stage)
    if stage is None:
        raise ValidationError("事项已经办结。 The case has ended.")
    if not any(member.party == stage.actor for member in members_of(case, actor)):
        raise NotAllowed(NOT_A_PARTY)
