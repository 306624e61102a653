"""Rows of a review written at once, however many there are: tasks of those assigned, what was decided of each case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from psycopg import sql

from jineng.cases.models import Panel
from jineng.kernel import clock
from jineng.kernel.returns.staging import new_ids, stage
from jineng.kernel.verbs import origin

STAGED = sql.Identifier("cases_staged")
TASKS = """
INSERT INTO cases_reviewtask
  (id, recorded_at, origin_kind, origin_id, reporter_id, void_reason,
   panel_id, entry_id, case_id, member_id, account_id)
SELECT s.id, %(now)s, %(origin_kind)s, %(origin_id)s, %(reporter_id)s, '',
   %(panel)s, e.id, e.case_id, m.id, x.account_id
FROM cases_staged AS s JOIN cases_panelentry AS e ON e.id = s.entry_id
JOIN cases_panelmember AS m ON m.id = s.member_id JOIN cases_expert AS x ON x.id = m.expert_id
"""
RESULTS = """
UPDATE cases_panelentry AS e SET rank = s.rank, score = s.score, status = s.status
FROM cases_staged AS s WHERE e.id = s.entry_id
"""


def create_tasks(panel: Panel, pairs: Sequence[tuple[str, str]]) -> int:
    """Give entries (the first ids) to members (the second); returns how many tasks were made."""
    if not pairs:
        return 0
    entries, members = zip(*pairs, strict=True)
    given = {"now": clock.now(), "panel": panel.pk, **origin()}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE cases_staged (id uuid, entry_id uuid, member_id uuid) ON COMMIT DROP")
        stage(cursor, STAGED, ("id", "entry_id", "member_id"), (new_ids(len(pairs)), entries, members))
        cursor.execute("ANALYZE cases_staged")
        cursor.execute(TASKS, given)
        made = cursor.rowcount
        cursor.execute("DROP TABLE cases_staged")
    return int(made)


def keep_results(rows: Iterable[tuple[UUID, int | None, str, str]]) -> int:
    """Write rank, score and status of entries; returns how many there were."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE cases_staged (entry_id uuid, rank integer, score text, status text) ON COMMIT DROP"
        )
        stage(cursor, STAGED, ("entry_id", "rank", "score", "status"), columns)
        cursor.execute("ANALYZE cases_staged")
        cursor.execute(RESULTS)
        made = cursor.rowcount
        cursor.execute("DROP TABLE cases_staged")
    return int(made)
