"""What happens to cases by itself: people are reminded, time runs out."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from procrastinate.contrib.django import app

from jineng.cases.verbs import expire_case, expire_some, remind_of_case
from jineng.cases.verbs.acting import SYSTEM_ROLE
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right

AT_ONCE = 200
"""How many cases of an office run out in one transaction."""


def system_actor(office_id: UUID) -> Actor:
    """The program itself, in the name of an office; its lines in the audit trail name no account."""
    return Actor(
        account_id=None,
        post_id=None,
        organisation_id=office_id,
        role=SYSTEM_ROLE,
        rights=frozenset({Right.ACT_ON_CASES}),
        label="系统 System",
    )


def expire_cases() -> int:
    """Let the time of every case run out whose deadline is over; returns how many moved.

    Some of an office's move in one transaction, and where that is refused each in one of its own, so that one that is
    barred holds up few others. Which are late is asked past the walls, because nobody acts yet; each is then seen as
    its office sees it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, office_id FROM cases_late(%s)", [clock.today()])
        late: dict[UUID, list[UUID]] = {}
        for case_id, office in cursor.fetchall():
            late.setdefault(office, []).append(case_id)
    return sum(
        _expire(system_actor(office), ids[at : at + AT_ONCE])
        for office, ids in late.items()
        for at in range(0, len(ids), AT_ONCE)
    )


def _expire(actor: Actor, ids: list[UUID]) -> int:
    try:
        return expire_some(actor=actor, case_ids=ids)
    except ValidationError:
        return sum(expire_case(actor=actor, case_id=case_id) is not None for case_id in ids)


def remind_of_cases() -> int:
    """Tell of every deadline whose day has come; returns how many notices are new. Each case is a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, office_id FROM cases_to_remind(%s)", [clock.today()])
        found = cursor.fetchall()
    return sum(remind_of_case(actor=system_actor(office), case_id=case_id) for case_id, office in found)


@app.periodic(cron="17 * * * *")
@app.task(name="expire_cases", queue="upkeep", queueing_lock="expire_cases")
def expire_cases_job(timestamp: int) -> None:
    """Every hour; done twice it does nothing more."""
    del timestamp
    expire_cases()
    remind_of_cases()
