"""The tray of notices of whoever acts: what the account was told, and what the office was told in the actor's role."""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.models import Notice

UNREAD = Q(read_at__isnull=True)
NOBODY = 0
LIMIT = 99
"""The bell counts no further."""


def tray(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices, with ``is_read`` beside each; unread and latest first."""
    mine = Q(account=actor.account_id or NOBODY) | Q(organisation_id=actor.organisation_id, role=actor.role)
    read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return Notice.objects.filter(mine).annotate(is_read=read).order_by("is_read", "-created_at", "id")


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read, up to one more than :data:`LIMIT`; one query, written out because every
    page asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM kernel_notice WHERE read_at IS NULL AND (account_id = %s"
            " OR organisation_id = %s AND role = %s) LIMIT %s) AS unread",
            [actor.account_id or NOBODY, actor.organisation_id, actor.role, LIMIT + 1],
        )
        return int(cursor.fetchone()[0])
