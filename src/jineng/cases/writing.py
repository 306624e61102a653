"""Rows written at once, however many there are: cases and their states, ranks, tasks of reviewers, what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from jineng.cases.models import Case, Panel
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


STATES = """
UPDATE cases_case AS c SET state = s.state, stage = s.stage, outcome = s.outcome, steps = s.steps,
  entered_on = s.entered_on, due_on = s.due_on, remind_on = s.remind_on
FROM jsonb_to_recordset(%s::jsonb) AS s(id uuid, state jsonb, stage text, outcome text, steps integer,
  entered_on date, due_on date, remind_on date)
WHERE c.id = s.id
"""
RANKS = """
UPDATE cases_case AS c SET rank = s.rank, is_exempt = s.is_exempt, recommender_id = s.recommender
FROM jsonb_to_recordset(%s::jsonb) AS s(id uuid, rank integer, is_exempt boolean, recommender uuid)
WHERE c.id = s.id
"""


def create_cases(cases: Sequence[Case]) -> None:
    """Write new cases and let each know the running number that the database gave it, in their order."""
    if not cases:
        return
    Case.objects.bulk_create(cases)
    numbers = dict(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", "serial"))
    for case in cases:
        case.serial = numbers[case.pk]


def keep_states(cases: Iterable[Case]) -> None:
    """Write where these cases stand: the columns that follow from the engine's state."""
    rows = [
        {
            "id": case.pk, "state": case.state, "stage": case.stage, "outcome": case.outcome, "steps": case.steps,
            "entered_on": case.entered_on, "due_on": case.due_on, "remind_on": case.remind_on,
        }
        for case in cases
    ]  # fmt: skip
    _write(STATES, rows)


def keep_ranks(cases: Iterable[Case]) -> None:
    """Write the ranks of these cases and who recommends them.

    Raises:
        IntegrityError: a rank is taken, or the quota is used up.
    """
    rows = [
        {"id": case.pk, "rank": case.rank, "is_exempt": case.is_exempt, "recommender": case.recommender_id}
        for case in cases
    ]
    _write(RANKS, rows)


def _write(statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(rows, default=str, ensure_ascii=False)])


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
