"""Organisations' own columns say what their latest standing states say."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection


def refresh_many(ids: Sequence[UUID]) -> None:
    """Make organisations' own columns say what their latest standing states say, in one statement."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE registry_organisation AS o SET name = s.name, kind = s.kind, division_id = s.division_code,
              authority_id = s.authority_id, closed_on = CASE WHEN s.closed THEN s.since END
            FROM (SELECT DISTINCT ON (organisation_id) * FROM registry_organisationstate
                  WHERE voided_at IS NULL AND organisation_id = ANY(%s)
                  ORDER BY organisation_id, since DESC, recorded_at DESC, id DESC) AS s
            WHERE o.id = s.organisation_id AND (o.name, o.kind, o.division_id, o.authority_id, o.closed_on)
              IS DISTINCT FROM (s.name, s.kind, s.division_code, s.authority_id, CASE WHEN s.closed THEN s.since END)
            """,
            [list(ids)],
        )
