"""Enter a session's results: twice, by two accounts, neither of which sees the other's sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.kinds import Attendance
from jineng.credentials.marking import Entry
from jineng.credentials.models import AssessmentComponent, AssessmentSession, Candidate, EntrySheet, Mark
from jineng.credentials.verbs.reach import ROOM, own_session
from jineng.credentials.verbs.sessions import USUAL, add_parts
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

Cell = tuple[UUID, int]
"""A candidate, and the order of a component."""
BOTH_TAKEN = "两次录入已由另外两个账号承担。 Two other accounts enter this session's results."
HANDED_IN = "本账号的录入单已提交，不能再改。 Your sheet is handed in."
BY_RETURN = "本场成绩由表册填报，不再录入。 The results of this session came by a return."


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def enter_marks(
    *,
    actor: Actor,
    session_id: UUID,
    marks: Mapping[Cell, Entry],
    cleared: Collection[Cell] = (),
    hand_in: bool = False,
) -> EntrySheet:
    """Write on the actor's own sheet, which is begun if there is none; with ``hand_in`` it is closed for good.

    When the second sheet is handed in, both may be compared.

    Raises:
        NotAllowed: the session lies outside the actor's scope, or two other accounts enter its results.
        ValidationError: the sheet is handed in, a cell does not exist or its score is too high, or a cell is missing.
    """
    session = own_session(actor, session_id)
    sheet = _own_sheet(actor, session)
    seats = _candidates(session)
    parts = {part.order: part for part in AssessmentComponent.objects.filter(STANDS, session=session)}
    for (candidate, order), entry in marks.items():
        if candidate not in seats or order not in parts:
            raise ValidationError("没有此考生或考核项目。 There is no such candidate or part.")
        if entry.score is not None and not 0 <= entry.score <= parts[order].full_marks:
            raise ValidationError(
                f"{seats[candidate]} 号成绩超出满分。 The score of seat {seats[candidate]} is too high."
            )
    _write(sheet, marks, cleared, parts)
    if hand_in:
        _hand_in(session, sheet, seats, parts)
    current_deed().note(
        f"{sheet}{'提交' if hand_in else '保存'}", subject=session, slot=sheet.slot, marks=len(marks), handed_in=hand_in
    )
    return sheet


def _own_sheet(actor: Actor, session: AssessmentSession) -> EntrySheet:
    """The actor's sheet; a new one where a slot is free."""
    if actor.account_id is None:
        raise NotAllowed(BOTH_TAKEN)
    sheets = list(EntrySheet.objects.filter(session=session))
    own = next((sheet for sheet in sheets if sheet.account_id == actor.account_id), None)
    if own is not None:
        if own.handed_in_at is not None:
            raise ValidationError(HANDED_IN)
        return own
    if len(sheets) > 1:
        raise NotAllowed(BOTH_TAKEN)
    if not sheets and not AssessmentComponent.objects.filter(STANDS, session=session).exists():
        add_parts(session, USUAL)
    slot = 2 if any(sheet.slot == 1 for sheet in sheets) else 1
    return EntrySheet.objects.create(session=session, slot=slot, account_id=actor.account_id, label=actor.label[:200])


def _candidates(session: AssessmentSession) -> dict[UUID, int]:
    """Seats of the session's candidates.

    Raises:
        ValidationError: there is nobody, or their results came by a return.
    """
    rows = Candidate.objects.filter(STANDS, session=session).values_list("id", "seat", "attendance")
    if not rows:
        raise ValidationError("本场还没有考生。 The session has no candidates yet.")
    if any(attendance != Attendance.REGISTERED or seat is None for _, seat, attendance in rows):
        raise ValidationError(BY_RETURN)
    return {candidate: seat for candidate, seat, _ in rows if seat is not None}


def _write(
    sheet: EntrySheet,
    marks: Mapping[Cell, Entry],
    cleared: Collection[Cell],
    parts: Mapping[int, AssessmentComponent],
) -> None:
    for candidate, order in cleared:
        Mark.objects.filter(sheet=sheet, candidate_id=candidate, component__order=order).delete()
    Mark.objects.bulk_create(
        [
            Mark(sheet=sheet, candidate_id=candidate, component=parts[order], score=entry.score, absent=entry.absent)
            for (candidate, order), entry in marks.items()
        ],
        update_conflicts=True,
        unique_fields=["sheet", "candidate", "component"],
        update_fields=["score", "absent"],
    )


def _hand_in(
    session: AssessmentSession,
    sheet: EntrySheet,
    seats: Mapping[UUID, int],
    parts: Mapping[int, AssessmentComponent],
) -> None:
    told = set(Mark.objects.filter(sheet=sheet).values_list("candidate_id", "component__order"))
    missing = sorted({seat for candidate, seat in seats.items() for order in parts if (candidate, order) not in told})
    if missing:
        listed = "、".join(map(str, missing[:20]))
        raise ValidationError(f"还有座位未录完：{listed}。 Seats without all marks: {listed}.")
    sheet.handed_in_at = clock.now()
    sheet.save(update_fields=["handed_in_at"])
    if EntrySheet.objects.filter(session=session, handed_in_at__isnull=False).count() > 1:
        session.compared_at = clock.now()
        session.save(update_fields=["compared_at"])
