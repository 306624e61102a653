"""Begin a case, fill it in, give its files. What was typed is kept, sound or not, until the case moves on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import FactsOf
from jineng.cases.kinds import ROUND, ProcedureState
from jineng.cases.models import Case, CaseFile, Intake
from jineng.cases.procedures import read
from jineng.cases.situations import answers_of, every_answer, members_of, parties_for, situation_of
from jineng.cases.verbs.acting import Wanted, act_on_case, moved
from jineng.cases.verbs.concerns import keep_concerns, name_people
from jineng.cases.verbs.reach import (
    NOT_A_PARTY,
    OUTSIDE,
    ROOM,
    Move,
    case_in_sight,
    facts_of,
    keep_steps,
    read_of,
    refusals,
)
from jineng.engines.casework import Actor as Member
from jineng.engines.casework import FieldKind, Form, Role, State, draft, frozen_changes, inspect_file, opened, start
from jineng.engines.casework.answers import Resolve
from jineng.kernel import clock, files
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import Deed, came_through, current_deed, origin, parts, verb, write_parts
from jineng.registry.scope import visible

NO_TITLE = "请填写名称。 Give it a title."
SAME_TITLE = "本单位在该批次已有同名事项。 Your organisation has one of this title."
MOST_BEGUN = 500
"""How many cases one deed may begin."""
NOT_YET = "尚未开始受理。 Applications are not open yet."
OVER = "受理已经截止。 Applications are closed."


@dataclass(frozen=True)
class Draft:
    """A case to be begun: its title, and answers by the keys of their fields, as typed."""

    title: str
    answers: Mapping[str, Any]


@verb(Right.ACT_ON_CASES, room=ROOM)
def begin_case(*, actor: Actor, intake_id: UUID, title: str) -> Case:
    """Begin a case of one's own organisation in an intake. It is a draft until its first action.

    Raises:
        ValidationError: the intake does not take cases today, or the title is missing or taken by another of one's own.
    """
    intake = _taking(intake_id)
    name = title.strip()
    if not name:
        raise ValidationError({"title": NO_TITLE})
    if _own_titles(actor, intake, [name]):
        raise ValidationError({"title": SAME_TITLE})
    case = started(
        intake, actor.organisation_id, name, parties_for(read(intake.procedure).flow, intake, actor.organisation_id)
    )
    came_through(Origin.CASE, case.pk)
    keep_steps([first_step(case, current_deed())], actor)
    current_deed().note(f"开始填报 {intake.name}", subject=case)
    return case


@verb(Right.ACT_ON_CASES, room=ROOM)
def begin_cases(*, actor: Actor, intake_id: UUID, drafts: Sequence[Draft], action: str = "") -> list[Case]:
    """Begin many cases of one's own organisation in an intake, each with what is known of it already; all or none.

    They are drafts until their first action, like those that :func:`begin_case` begins and :func:`save_answers` fills
    in; with ``action`` each takes it at once. Each leaves lines of its own in the audit trail.

    Raises:
        ValidationError: the intake does not take cases today; or of each draft that is refused, in which place it
            stands and why: its title is missing or taken, an answer has no place at the first stage or refers to what
            the actor does not see, or the flow refuses the action.
    """
    intake = _taking(intake_id)
    if not 0 < len(drafts) <= MOST_BEGUN:
        raise ValidationError(f"一次可填报1到{MOST_BEGUN}项。 Give 1 to {MOST_BEGUN} at once.")
    known, own = read(intake.procedure), actor.organisation_id
    names = [each.title.strip() for each in drafts]
    taken, parties = _own_titles(actor, intake, names), parties_for(known.flow, intake, own)
    cases, faults = [], Faults()
    for name, each in zip(names, drafts, strict=True):
        with faults.next():
            if not name:
                raise ValidationError({"title": NO_TITLE})
            if name in taken:
                raise ValidationError({"title": SAME_TITLE})
            taken.add(name)
            case = started(intake, own, name, parties)
            case.state = first_step(case, current_deed()).step.state.to_data()
            cases.append(case)
            _put(actor, case, each.answers)
    faults.tell()
    deeds = parts(len(cases), verb=begin_case.__name__)
    keep_steps([first_step(case, deed) for case, deed in zip(cases, deeds, strict=True)], actor)
    for case, deed in zip(cases, deeds, strict=True):
        keep_concerns(case, known.form, answers_of(case), is_new=True)
        deed.note(f"开始填报 {intake.name}", subject=case)
    acted = _act_at_once(actor, cases, action) if action else []
    write_parts([*deeds, *acted], room=ROOM)
    current_deed().note(f"批量填报 {intake.name}：{len(cases)} 项", subject=intake, cases=len(cases), action=action)
    return cases


def _act_at_once(actor: Actor, cases: Sequence[Case], action: str) -> list[Deed]:
    """Let cases that were begun just now take their first action; returns the deeds, whose lines are to be written."""
    deeds, facts = parts(len(cases), verb=act_on_case.__name__), facts_of(cases)
    moves, faults = [], Faults()
    for case, deed in zip(cases, deeds, strict=True):
        with faults.next():
            moves.append(moved(actor, case, action, Wanted(), deed, facts[case.pk]))
    faults.tell()
    keep_steps(moves, actor)
    return deeds


class Faults:
    """What is wrong with things that are looked at one after the other."""

    def __init__(self) -> None:
        self._place = 0
        self._told: list[str] = []

    @contextmanager
    def next(self) -> Iterator[None]:
        """Within the block the next thing is looked at; a refusal is noted with its place instead of ending all."""
        self._place += 1
        try:
            yield
        except ValidationError as error:
            self._told.append(f"第{self._place}项 Item {self._place}：{' '.join(error.messages)}")

    def tell(self) -> None:
        """Raise what was noted, if anything was."""
        if self._told:
            raise ValidationError(self._told)


def started(intake: Intake, applicant_id: UUID, title: str, parties: dict[str, list[str]]) -> Case:
    """A case of an applicant that is still to take its first step, for a verb that has checked who may begin it."""
    identity = uuid.uuid4()
    return Case(
        id=identity,
        intake=intake,
        procedure=intake.procedure,
        applicant_id=applicant_id,
        title=title,
        parties=parties,
        answers="{}",
        **origin() | {"origin_kind": Origin.CASE, "origin_id": identity},
    )


def first_step(case: Case, deed: Deed) -> Move:
    """What brings a case to its first stage."""
    flow = read_of(case).flow
    applicants = [party.key for party in flow.parties if party.role is Role.APPLICANT]
    return Move(case, start(flow, clock.now(), Member(applicants[0], str(case.applicant_id))), deed, FactsOf(case))


def _taking(intake_id: UUID) -> Intake:
    """The intake, if it takes cases today."""
    intake = Intake.objects.filter(STANDS, pk=intake_id).select_related("procedure").first()
    if intake is None or intake.procedure.state == ProcedureState.DRAFT or intake.subject_type == ROUND:
        raise ValidationError("没有这个受理批次。 There is no such intake.")
    day = clock.today()
    if day < intake.opens_on:
        raise ValidationError(f"{NOT_YET} {intake.opens_on}")
    if day > intake.closes_on:
        raise ValidationError(f"{OVER} {intake.closes_on}")
    return intake


def _own_titles(actor: Actor, intake: Intake, titles: Sequence[str]) -> set[str]:
    """Which of these titles cases of one's own organisation bear in an intake."""
    own = Case.objects.filter(STANDS, intake=intake, applicant=actor.organisation_id, title__in=titles)
    return set(own.exclude(outcome="withdrawn").values_list("title", flat=True))


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
    after = _put(actor, case, raw)
    case.save(update_fields=["answers"])
    keep_concerns(case, found.form, after)
    current_deed().note("保存填报内容", subject=case, fields=len(raw))
    return case


def _put(actor: Actor, case: Case, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Put what was typed among a case's answers, not saved yet; returns them all."""
    found, before = read_of(case), answers_of(case)
    typed = name_people(actor, found.form, draft(found.form, raw).values)
    after = {key: value for key, value in before.items() if key not in raw} | typed
    case.answers = json.dumps(after, ensure_ascii=False, sort_keys=True)
    _require_known(found.form, before, typed, situation_of(case, found, actor).resolve)
    faults = frozen_changes(
        found.form, before, after, opened(found.flow, found.form, State.from_data(case.state).stage)
    )
    if faults:
        raise ValidationError([f"{each.zh} {each.en}" for each in faults])
    return after


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
