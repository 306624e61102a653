"""Compare the two sheets of a session, resolve where they differ, and settle the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.marking import Entry, differences, verdict
from jineng.credentials.models import (
    AssessmentComponent,
    AssessmentSession,
    Candidate,
    ComponentResult,
    EntrySheet,
    Mark,
)
from jineng.credentials.verbs.entering import Cell
from jineng.credentials.verbs.reach import NO_REASON, ROOM, own_session
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, origin, verb

THIRD = "两次录入有差异，须由未参与录入的第三人处理。 A difference is resolved by somebody who entered neither sheet."
NOT_YET = "两次录入尚未都提交。 Both sheets are not handed in yet."


@dataclass(frozen=True)
class Resolution:
    """What holds where two sheets differ, and why."""

    entry: Entry
    reason: str


@dataclass(frozen=True)
class Compared:
    """Both sheets of a session, and where they differ."""

    first: Mapping[Cell, Entry]
    second: Mapping[Cell, Entry]

    @property
    def differing(self) -> list[Cell]:
        """Cells in which the sheets differ."""
        return differences(self.first, self.second)


def compared(session: AssessmentSession) -> Compared:
    """The two sheets; empty ones while they are sealed."""
    sheets: dict[int, dict[Cell, Entry]] = {1: {}, 2: {}}
    if session.compared_at is not None:
        marks = Mark.objects.filter(sheet__session=session, candidate__voided_at__isnull=True)
        for slot, candidate, order, score in marks.order_by("candidate__seat", "component__order").values_list(
            "sheet__slot", "candidate_id", "component__order", "score"
        ):
            sheets[slot][candidate, order] = Entry(score)
    return Compared(sheets[1], sheets[2])


def entered_by(actor: Actor, session_id: UUID) -> bool:
    """Whether the actor's account made one of the session's two sheets."""
    return EntrySheet.objects.filter(session=session_id, account=actor.account_id).exists()


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def settle_results(
    *, actor: Actor, session_id: UUID, resolutions: Mapping[Cell, Resolution] | None = None
) -> AssessmentSession:
    """Settle the results of a session: what both sheets say, and ``resolutions`` where they differ.

    Where they differ, whoever settles must have entered neither sheet, and answer for the host or the body of the
    session: an officer of the same office or of one above it. Where they agree everywhere, any of these may settle.

    Raises:
        NotAllowed: the session lies outside the actor's scope, or the actor entered one of the differing sheets.
        ValidationError: the sheets are not both in, the results are settled, or a difference is left.
    """
    session = own_session(actor, session_id)
    resolutions = resolutions or {}
    if session.compared_at is None:
        raise ValidationError(NOT_YET)
    if session.settled_at is not None:
        raise ValidationError("成绩已确认。 The results are settled already.")
    settler = actor.account_id
    if settler is None:
        raise NotAllowed(THIRD)
    both = compared(session)
    differing = both.differing
    _check(actor, session, differing, resolutions)
    parts = {part.order: part for part in AssessmentComponent.objects.filter(STANDS, session=session)}
    held = {**both.first, **{cell: resolution.entry for cell, resolution in resolutions.items()}}
    reasons = {cell: resolution.reason.strip() for cell, resolution in resolutions.items()}
    _check_scores(held, parts)
    ComponentResult.objects.bulk_create(
        ComponentResult(
            candidate_id=candidate,
            component=parts[order],
            score=entry.score,
            absent=entry.absent,
            passed=entry.score is not None and entry.score >= parts[order].pass_marks,
            settled_by_id=settler,
            reason=reasons.get((candidate, order), ""),
            **origin(),
        )
        for (candidate, order), entry in held.items()
    )
    _tell_candidates(session, held, parts)
    session.settled_at = clock.now()
    session.save(update_fields=["settled_at"])
    current_deed().note(f"确认成绩，处理差异 {len(differing)} 处", subject=session, differences=len(differing))
    return session


def _check(
    actor: Actor, session: AssessmentSession, differing: list[Cell], resolutions: Mapping[Cell, Resolution]
) -> None:
    if differing and entered_by(actor, session.pk):
        raise NotAllowed(THIRD)
    if any(not resolution.reason.strip() for resolution in resolutions.values()):
        raise ValidationError({"reason": NO_REASON})
    if set(resolutions) - set(differing):
        raise ValidationError("只能处理两次录入不同的成绩。 Only what differs is resolved.")
    left = len(set(differing) - set(resolutions))
    if left:
        raise ValidationError(f"还有 {left} 处差异未处理。 {left} differences are left.")


def _check_scores(held: Mapping[Cell, Entry], parts: Mapping[int, AssessmentComponent]) -> None:
    for (_, order), entry in held.items():
        if entry.score is not None and not 0 <= entry.score <= parts[order].full_marks:
            raise ValidationError("成绩超出满分。 A score is too high.")


def _tell_candidates(
    session: AssessmentSession, held: Mapping[Cell, Entry], parts: Mapping[int, AssessmentComponent]
) -> None:
    candidates = list(Candidate.objects.filter(STANDS, session=session))
    for candidate in candidates:
        found = verdict([(part.pass_marks, held[candidate.pk, order]) for order, part in sorted(parts.items())])
        candidate.attendance, candidate.outcome, candidate.score = found.attendance, found.outcome, found.score
    update_many(candidates, ["attendance", "outcome", "score"])
