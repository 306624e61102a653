"""Word the sentences of an issue. Whoever owns a passage words it; figures stay slots."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Max

from jineng.briefs.models import Passage, Wording
from jineng.briefs.narrative import NarrativeError, sentence
from jineng.engines.measures import MeasureError
from jineng.engines.measures.checks import parse
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.measures import indicators
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.scope import in_reach

ROOM = "briefs"


@verb(Right.WORD_BRIEFS, room=ROOM)
def reword_sentence(*, actor: Actor, wording_id: UUID, text: str, check: str = "") -> Wording:
    """Word a sentence anew, with its slots and its check.

    Raises:
        NotAllowed: the passage is another office's.
        ValidationError: the issue was released, a slot or the check cannot be read or names an unknown figure, or the
            text writes a number of its own.
    """
    wording = _locked(actor, wording_id)
    _refuse_faults(text, check)
    wording.text, wording.condition = text, check
    wording.worded_by_id, wording.worded_at = actor.account_id, clock.now()
    wording.save()
    _touch(wording.passage)
    current_deed().note(f"改写：{wording}", subject=wording)
    return wording


@verb(Right.WORD_BRIEFS, room=ROOM)
def add_sentence(*, actor: Actor, passage_id: UUID, paragraph: int, text: str, check: str = "") -> Wording:
    """Add a sentence at the end of a paragraph; the next number opens a new paragraph.

    Raises: as :func:`reword_sentence`; also ValidationError where the paragraph lies further on.
    """
    passage = _passage(actor, passage_id)
    _refuse_faults(text, check)
    last = passage.wordings.aggregate(last=Max("paragraph"))["last"] or 0
    if not 1 <= paragraph <= last + 1:
        raise ValidationError({"paragraph": f"应为 1 至 {last + 1}。 Give 1 to {last + 1}."})
    place = (passage.wordings.filter(paragraph=paragraph).aggregate(last=Max("position"))["last"] or 0) + 1
    wording = Wording.objects.create(
        passage=passage,
        paragraph=paragraph,
        position=place,
        text=text,
        condition=check,
        worded_by_id=actor.account_id,
        worded_at=clock.now(),
    )
    _touch(passage)
    current_deed().note(f"加写：{wording}", subject=wording)
    return wording


@verb(Right.WORD_BRIEFS, room=ROOM)
def strike_sentence(*, actor: Actor, wording_id: UUID, struck: bool) -> Wording:
    """Leave a sentence out of the issue, or take it in again."""
    wording = _locked(actor, wording_id)
    wording.struck = struck
    wording.save(update_fields=["struck"])
    _touch(wording.passage)
    current_deed().note(f"{'不刊' if struck else '恢复'}：{wording}", subject=wording)
    return wording


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def entrust_passage(*, actor: Actor, passage_id: UUID, organisation_id: UUID) -> Passage:
    """Say which office words a passage."""
    passage = _passage(actor, passage_id)
    passage.owner_id = organisation_id
    passage.save(update_fields=["owner"])
    current_deed().note(f"交办 {passage}", subject=passage)
    return passage


def _locked(actor: Actor, wording_id: UUID) -> Wording:
    wording = Wording.objects.select_related("passage__issue").filter(pk=wording_id).first()
    if wording is None:
        raise ValidationError("没有这一句。 There is no such sentence.")
    _refuse_strangers(actor, wording.passage)
    return wording


def _passage(actor: Actor, passage_id: UUID) -> Passage:
    passage = Passage.objects.select_related("issue").filter(pk=passage_id).first()
    if passage is None:
        raise ValidationError("没有这一专题。 There is no such passage.")
    _refuse_strangers(actor, passage)
    return passage


def _refuse_strangers(actor: Actor, passage: Passage) -> None:
    if passage.issue.release_id is not None:
        raise ValidationError("此期已发布，不能再改。 This issue was released and stays as it is.")
    if not in_reach(actor, passage.owner_id):
        raise NotAllowed("这一专题由别的单位撰写。 Another office words this passage.")


def _refuse_faults(text: str, check: str) -> None:
    faults: dict[str, str] = {}
    keys: set[str] = set()
    try:
        worded = sentence({"text": text, "check": check})
        keys = {slot.key for slot in worded.slots}
        if any(isinstance(piece, str) and any(sign.isdigit() for sign in piece) for piece in worded.pieces):
            faults["text"] = "数字请用数字位，如 {major_offerings}，不要直接写。 Write figures as slots, not as digits."
    except NarrativeError as error:
        faults["text"] = str(error)
    unknown = sorted(key for key in keys if key not in indicators)
    if unknown:
        faults["text"] = f"没有指标 {'、'.join(unknown)}。 There is no indicator of this key."
    if check:
        try:
            strange = sorted({key for key, _ in parse(check).wanted() if key not in indicators})
        except MeasureError as error:
            faults["check"] = str(error)
        else:
            if strange:
                faults["check"] = f"没有指标 {'、'.join(strange)}。 There is no indicator of this key."
    if faults:
        raise ValidationError(faults)


def _touch(passage: Passage) -> None:
    Passage.objects.filter(pk=passage.pk).update(edition=F("edition") + 1)
