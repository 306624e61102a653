"""The tray of notices of whoever acts: what the account was told, and what the office was told in the actor's role."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.models import Notice
from jineng.kernel.prepared import value_of

UNREAD = Q(read_at__isnull=True)
NOBODY = 0
LIMIT = 99
"""The bell counts no further."""
_UNREAD = (  # every page asks
    "SELECT count(*) FROM (SELECT FROM kernel_notice WHERE read_at IS NULL"  # noqa: S608 a number of our own
    f" AND (account_id = $1 OR organisation_id = $2 AND role = $3) LIMIT {LIMIT + 1}) AS unread"
)


def tray(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices, with ``is_read`` beside each; unread and latest first."""
    mine = Q(account=actor.account_id or NOBODY) | Q(organisation_id=actor.organisation_id, role=actor.role)
    read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return Notice.objects.filter(mine).annotate(is_read=read).order_by("is_read", "-created_at", "id")


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read, up to one more than :data:`LIMIT`; one query."""
    told = value_of(_UNREAD, str(actor.account_id or NOBODY), str(actor.organisation_id), actor.role)
    return int(told or 0)
