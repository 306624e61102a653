"""Credits of a certificate that does not stand any more are taken back by lines of their own, the school is told."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.credentials.models import CreditPosting
from jineng.credentials.notices import tell_taken_back
from jineng.credentials.verbs.ledger import Line, hold_account, post_line
from jineng.credentials.verbs.reach import ROOM
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

REASON_LENGTH = 300


class Due(NamedTuple):
    """An open line whose certificate was revoked or struck out, as the database tells it past the walls."""

    posting: UUID
    school: UUID
    rule: UUID
    achievement: UUID
    person: UUID
    credits: Decimal
    number: str
    revoked_on: date | None
    why: str

    @property
    def reason(self) -> str:
        """What the line says: which certificate, since when it does not stand, and why."""
        since = f"于 {self.revoked_on} 撤销 revoked" if self.revoked_on else "作废 struck out"
        return f"证书 {self.number} {since}：{self.why}"[:REASON_LENGTH]


def system_of(school_id: UUID) -> Actor:
    """The program itself in a school's name; its lines in the audit trail name no account."""
    rights = frozenset({Right.EDIT_CREDENTIALS})
    return Actor(None, None, school_id, role="system", rights=rights, label="系统 System")


def take_back_due(numbers: Collection[str] | None = None) -> int:
    """Take back what was granted for certificates that do not stand today; returns how many lines were added.

    Of the certificates with these numbers, or of all. Done twice it does nothing more. Each line is a deed of the
    program in its school's name, because whoever revokes a certificate need not answer for the school.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT posting, school, rule, achievement, person, credits, number, revoked_on, why "
            "FROM credentials_to_take_back(%s, %s)",
            [clock.today(), None if numbers is None else list(numbers)],
        )
        found = [Due(*row) for row in cursor.fetchall()]
    added = 0
    for due in found:
        with suppress(ValidationError):  # somebody reversed it meanwhile; that holds up no other
            take_back_credits(actor=system_of(due.school), due=due)
            added += 1
    return added


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def take_back_credits(*, actor: Actor, due: Due) -> CreditPosting:
    """Add the line that takes another one back, and tell the school; the achievement counts nowhere from now on.

    Raises:
        NotAllowed: the actor is not the program in the school's name.
        ValidationError: the line was reversed meanwhile.
    """
    if actor != system_of(due.school):
        raise NotAllowed
    account = hold_account(due.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_achievement_used(%s)", [due.achievement])
        if not cursor.fetchone()[0]:
            raise ValidationError("该记录已冲销。 It is reversed already.")
    line = Line(account, due.school, due.rule, due.achievement, -due.credits, due.posting, due.reason)
    made = post_line(line)
    current_deed().note(f"收回学分 {due.credits}（证书 {due.number}）", subject=made)
    tell_taken_back(made)
    return made
