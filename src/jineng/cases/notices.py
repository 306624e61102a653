"""Who is told what of a case: that it is their turn, that it was sent back, how it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from django.urls import reverse

from jineng.cases.models import Case
from jineng.engines.casework import OUTCOMES, Audience, Flow, Notice, NoticeKind, Outcome, Role, State, Step, told
from jineng.kernel.notices import Message, Office, Told, keep_from, kind_of_notice, notify_all

TURN = kind_of_notice("cases.turn", "待办理 To be dealt with")
ENDED = kind_of_notice("cases.ended", "办理结果 How it ended")
REMINDER = kind_of_notice("cases.reminder", "期限提醒 Reminder")
OVERDUE = kind_of_notice("cases.overdue", "已逾期 Overdue")


def _in_conflict(asked: Collection[Told]) -> set[Told]:
    """Those who have a conflict of interest with the case that they would be told of, unless for the applicant."""
    accounts, cases = sorted({account for _, account, _ in asked}), sorted({UUID(case) for case, *_ in asked})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, case_id, applicant_id FROM cases_barred_among(%s, %s::uuid[])", [accounts, cases]
        )
        found = {(account, f"{case}"): applicant for account, case, applicant in cursor.fetchall()}
    return {told for told in asked if (told[1], told[0]) in found and found[told[1], told[0]] != told[2]}


keep_from("cases.Case", _in_conflict)


def told_of_step(case: Case, flow: Flow, step: Step, by: UUID) -> list[Message]:
    """What is to be told after a step: to those whose turn it is now, and, once it has ended, to the applicant.

    Whoever took the step is not told what they did themselves. An applicant reads the stage in the applicant's words.
    """
    if not step.entry.to or step.entry.number == 1:
        return []
    link = reverse("case", args=[case.pk])
    if step.state.ended:
        words = OUTCOMES[Outcome(step.state.outcome)]
        subject = f"{case.number} {case.title}：{words.zh}"
        body = step.entry.reason if step.entry.by.party != "system" else ""
        return [Message(ENDED, Office(case.applicant_id), subject, case, body, link)]
    stage = flow.by_key[step.state.stage]
    subject = f"{case.number} {case.title}：{_called(flow, step.state, stage.actor)}"
    body = step.entry.reason if step.entry.sent_back else ""
    waiting = [UUID(one) for one in case.parties.get(stage.actor, ()) if UUID(one) != by]
    return [Message(TURN, Office(one), subject, case, body, link) for one in waiting]


def tell_of_deadline(case: Case, told: Iterable[Notice]) -> int:
    """Remind whoever has to act before a deadline, and tell them and those above them once it is over; returns how many
    notices are new."""
    messages = []
    for notice in told:
        late = notice.kind is NoticeKind.OVERDUE
        words = f"已于 {notice.due_on} 到期，请尽快办理" if late else f"将于 {notice.due_on} 到期，请及时办理"
        messages += [
            Message(
                OVERDUE if late else REMINDER,
                Office(UUID(one)),
                f"{case.number} {case.title}：{words}",
                case,
                link=reverse("case", args=[case.pk]),
            )
            for one in case.parties.get(notice.party, ())
        ]
    return notify_all(messages)


def _called(flow: Flow, state: State, party: str) -> str:
    """The stage as the party reads it."""
    is_applicant = flow.parties_by_key[party].role is Role.APPLICANT
    return told(flow, state, Audience.APPLICANT if is_applicant else Audience.STAFF).zh
