"""How a line comes into a ledger: behind the last one of its account, sealed by the school, never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.credentials.crediting import statement_of
from jineng.credentials.models import CreditPosting
from jineng.engines.seals import seal
from jineng.kernel import clock
from jineng.kernel.keys import signer
from jineng.kernel.records import Origin
from jineng.kernel.verbs import current_deed


@dataclass(frozen=True)
class Line:
    """What a line is to say; everything by id, since not all of it need lie in sight of whoever posts it."""

    account: UUID
    school: UUID
    rule: UUID
    achievement: UUID
    credits: Decimal
    reverses: UUID | None = None
    reason: str = ""
    transfers: UUID | None = None
    transferred_to: UUID | None = None


def hold_certificate(achievement_id: UUID) -> None:
    """Keep the certificate of an achievement, if it is one, from being revoked until the transaction ends.

    Called before :func:`hold_account`: a revocation locks the certificate first and the account after it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_hold_certificate(%s)", [achievement_id])


def hold_account(person_id: UUID) -> UUID:
    """The learner's account, opened with its first line, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_have_account(%s, %s)", [person_id, clock.today()])
        found: UUID = cursor.fetchone()[0]
    return found


def post_line(line: Line) -> CreditPosting:
    """Add a line to an account that is held, as of today, sealed with the school's key."""
    last, previous = _last(line.account)
    deed, today = current_deed(), clock.today()
    moved = {"transfers": line.transfers, "transferred_to": line.transferred_to}
    told = statement_of(
        str(line.account),
        last + 1,
        str(line.school),
        line.credits,
        previous=previous,
        rule=str(line.rule),
        achievement=str(line.achievement),
        posted_on=today.isoformat(),
        reverses=str(line.reverses) if line.reverses else "",
        **{name: str(value) for name, value in moved.items() if value},
    )
    return CreditPosting.objects.create(
        account_id=line.account,
        number=last + 1,
        school_id=line.school,
        rule_id=line.rule,
        achievement_id=line.achievement,
        credits=line.credits,
        posted_on=today,
        reverses_id=line.reverses,
        transfers_id=line.transfers,
        reason=line.reason,
        case_id=deed.origin_id if deed.origin_kind == Origin.CASE else None,
        statement=dict(seal(told, signer(line.school), clock.now())),
    )


def _last(account: UUID) -> tuple[int, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, statement FROM credentials_last_posting(%s)", [account])
        row = cursor.fetchone()
    return (row[0], json.loads(row[1]) if isinstance(row[1], str) else row[1]) if row else (0, None)
