"""Editions on the sheet of standards: a row may not undo that one edition took the place of another."""

from __future__ import annotations

from django.db.models import Q

from jineng.credentials.exchange.refusals import conflict
from jineng.credentials.models import SkillStandard
from jineng.credentials.rules import Being
from jineng.engines.exchange import Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall


def editions_in_order(hall: Hall, table: Table) -> None:
    """Refuse rows by which an edition would be in force beside the one that it revises, or before it."""
    rows = {code: index for index, code in enumerate(table.columns["standard_code"]) if code}
    named = Q(code__in=rows) | Q(revises__code__in=rows)
    revisions = SkillStandard.objects.filter(STANDS, named, revises__isnull=False).select_related("revises")
    for later in revisions:
        earlier = later.revises
        if earlier is None:
            continue
        one, other = (
            _told(table, rows.get(earlier.code), earlier.being),
            _told(table, rows.get(later.code), later.being),
        )
        if one is None or other is None or (one.since < other.since and one.until and one.until <= other.since):
            continue
        at = rows.get(earlier.code)
        conflict(
            hall,
            table,
            rows[later.code] if at is None else at,
            "published_on" if at is None else "withdrawn_on",
            f"标准{later.code}修订了{earlier.code}，前者发布时后者须已废止。",
            f"{later.code} revises {earlier.code}, which ends when it is published at the latest.",
            "请核对两个标准的发布日期和废止日期。",
            "Check when both are published and withdrawn.",
        )


def _told(table: Table, index: int | None, known: Being) -> Being | None:
    """When a standard is in force by its row, if it has one; nothing where the row does not say so soundly."""
    if index is None:
        return known
    since = table.columns["published_on"][index]
    return Being(since, table.columns["withdrawn_on"][index]) if since else None
