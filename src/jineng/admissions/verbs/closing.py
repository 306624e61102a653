"""A round ends: silence counts as the scheme says, and what nobody took rolls over to the rounds that follow."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.admissions.kinds import Ending, Phase
from jineng.admissions.models import Admission, Opening
from jineng.admissions.rolling import moved
from jineng.admissions.schemes import read_law
from jineng.admissions.verbs.checking import ROOM, need_province, told
from jineng.admissions.verbs.openings import locked_opening
from jineng.admissions.verbs.season_state import change_seats, stand
from jineng.engines.allocation.rounds import Phase as Step
from jineng.engines.allocation.rounds import audit
from jineng.engines.allocation.rounds import close_round as ended
from jineng.engines.allocation.season import NoAnswer
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def close_round(*, actor: Actor, opening_id: UUID) -> Opening:
    """End a round after its answers: who said nothing lapses (or counts as confirmed, where the scheme says so), and
    unfilled seats of this and earlier rounds roll to where the scheme says.

    Raises:
        NotAllowed: anybody but the province, or no such round.
        ValidationError: its result is not published, answers are still taken, or what rolls over breaks a cap on plans.
    """
    need_province(actor)
    opening = locked_opening(opening_id)
    if opening.phase != Phase.ANSWERING or opening.answers_until is None:
        raise ValidationError("本轮尚未公布结果，或已结束。 The round is not published yet, or over already.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    if now < opening.answers_until:
        raise ValidationError("考生确认尚未截止。 Answers are still taken.")
    season = opening.round.season
    law = read_law(opening.scheme.data).of(opening.round.ordinal, opening.round.supplement)
    silent = _end_silence(opening, confirms=law is not None and law.no_answer is NoAnswer.CONFIRMS)
    standing = stand(season, opening.scheme, opening.round, Step.CONFIRMING)
    after = ended(standing.season, standing.progress)
    wrong = audit(standing.season, after)
    if wrong:
        raise ValidationError([f"{fault.zh} {fault.en}" for fault in wrong])
    change_seats(moved(standing.progress.seats, after.seats))
    opening.seats, opening.phase = dict(after.seats), Phase.CLOSED
    opening.save(update_fields=["seats", "phase"])
    rolled = sum(entry.seats for entry in after.log if entry.act == "roll")
    current_deed().note(
        f"结束 {opening.round.name}，转入后续轮次 {rolled} 人", subject=opening, rolled=rolled, **silent
    )
    return opening


def _end_silence(opening: Opening, *, confirms: bool) -> dict[str, int]:
    """Who did not answer: their seat is taken or lapses, today."""
    silent = Admission.objects.select_for_update().filter(
        STANDS, round=opening.round_id, admitted_on__isnull=False, confirmed_on__isnull=True, ended_on__isnull=True
    )
    ids = list(silent.order_by("pk").values_list("pk", flat=True))
    with told():
        if confirms:
            Admission.objects.filter(pk__in=ids).update(confirmed_on=clock.today())
        else:
            Admission.objects.filter(pk__in=ids).update(ended_on=clock.today(), ending=Ending.LAPSED)
    return {"silent": len(ids)}
