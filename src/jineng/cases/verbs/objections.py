"""Objections to what is under public notice, and their answers."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.models import Objection
from jineng.cases.verbs.reach import NOT_A_PARTY, ROOM, case_in_sight, read_of
from jineng.engines.casework import StageKind
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible


@verb(Right.ACT_ON_CASES, room=ROOM)
def raise_objection(*, actor: Actor, case_id: UUID, raised_by: str, text: str) -> Objection:
    """Enter an objection to a case under public notice, as its office or an officer who sees the case.

    Raises:
        NotAllowed: the case lies out of sight.
        ValidationError: it is not under public notice, or name or text is missing.
    """
    case = case_in_sight(actor, case_id)
    stage = read_of(case).flow.by_key.get(case.stage)
    if stage is None or stage.kind is not StageKind.NOTICE:
        raise ValidationError("只有公示期内可以提出异议。 Objections are raised while the case is under notice.")
    missing = {
        name: "请填写。 This is needed."
        for name, value in (("raised_by", raised_by), ("text", text))
        if not value.strip()
    }
    if missing:
        raise ValidationError(missing)
    found = Objection.objects.create(
        case=case, raised_on=clock.today(), raised_by=raised_by.strip(), text=text.strip(), **origin()
    )
    current_deed().note(f"登记异议 {case.number}", subject=case)
    return found


@verb(Right.ACT_ON_CASES, room=ROOM)
def answer_objection(*, actor: Actor, objection_id: UUID, answer: str, is_upheld: bool) -> Objection:
    """Answer an objection, as the office that runs the intake: upheld or not, with reasons.

    Raises:
        NotAllowed: another office runs the intake, or the objection lies out of sight.
        ValidationError: it was answered before, or the answer is empty.
    """
    found = visible(actor, Objection).filter(STANDS, pk=objection_id).first()
    if found is None:
        raise NotAllowed(NOT_A_PARTY)
    case = case_in_sight(actor, found.case_id)
    if case.intake.office_id != actor.organisation_id:
        raise NotAllowed(NOT_A_PARTY)
    if found.answered_on is not None:
        raise ValidationError("该异议已经答复。 It was answered before.")
    if not answer.strip():
        raise ValidationError({"answer": "请填写答复。 Give the answer."})
    found.answered_on, found.answer, found.is_upheld = clock.today(), answer.strip(), is_upheld
    found.save(update_fields=["answered_on", "answer", "is_upheld"])
    current_deed().note(f"答复异议 {case.number}", subject=case, upheld=is_upheld)
    return found
