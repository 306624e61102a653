"""Who is told what of a case: that it is their turn, that it was sent back, how it ended."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from jineng.cases.models import Case
from jineng.engines.casework import OUTCOMES, Audience, Flow, Outcome, Role, State, Step, told
from jineng.kernel.notices import Office, kind_of_notice, notify

TURN = kind_of_notice("cases.turn", "待办理 To be dealt with")
ENDED = kind_of_notice("cases.ended", "办理结果 How it ended")


def tell_of_step(case: Case, flow: Flow, step: Step, by: UUID) -> None:
    """After a step: those whose turn it is now, and, once it has ended, the applicant.

    Whoever took the step is not told what they did themselves. An applicant reads the stage in the applicant's words.
    """
    if not step.entry.to or step.entry.number == 1:
        return
    link = reverse("case", args=[case.pk])
    if step.state.ended:
        words = OUTCOMES[Outcome(step.state.outcome)]
        notify(
            kind=ENDED,
            to=[Office(case.applicant_id)],
            subject=f"{case.number} {case.title}：{words.zh}",
            body=step.entry.reason if step.entry.by.party != "system" else "",
            link=link,
            about=case,
        )
        return
    stage = flow.by_key[step.state.stage]
    waiting = [UUID(one) for one in case.parties.get(stage.actor, ()) if UUID(one) != by]
    if waiting:
        notify(
            kind=TURN,
            to=[Office(one) for one in waiting],
            subject=f"{case.number} {case.title}：{_called(flow, step.state, stage.actor)}",
            body=step.entry.reason if step.entry.sent_back else "",
            link=link,
            about=case,
        )


def _called(flow: Flow, state: State, party: str) -> str:
    """The stage as the party reads it."""
    is_applicant = flow.parties_by_key[party].role is Role.APPLICANT
    return told(flow, state, Audience.APPLICANT if is_applicant else Audience.STAFF).zh
