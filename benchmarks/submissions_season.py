"""An open round of any size: applicants with a ticket and a draft each, made as in :mod:`benchmarks.results_season`.

The first applicant is registered, given scores, a ticket and a draft by the verbs that people use; the others are
copies, each with scores, a ticket and a list of its own, drawn from what two colleges offer.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.results_season import copy_applicants

MAJORS = 40
"""Of each of the two colleges."""
MOST = 10
"""Preferences of a list."""
DRAFT = """(SELECT jsonb_agg(jsonb_build_object('group', w.group, 'majors', jsonb_build_array(w.major),
  'any_major', false) ORDER BY md5(n.at::text || w.key)) FROM (
    SELECT f.group, f.major, f.key FROM admissions_offer f WHERE f.opening_id = o.opening_id
    ORDER BY md5(n.at::text || f.key) LIMIT jsonb_array_length(o.draft)) w)"""
"""Of each applicant another, as long as the first one's."""


@dataclass
class Round:
    """A round that takes preferences; ``tickets`` are number and code of each applicant."""

    opening: UUID
    office: Any
    tickets: list[tuple[str, str]] = field(default_factory=list)

    def close_at(self, moment: float) -> None:
        """Have it close at a moment (seconds since 1970)."""
        from jineng.admissions.verbs import extend_round

        extend_round(actor=self.office, opening_id=self.opening, closes_at=datetime.fromtimestamp(moment, UTC))


@dataclass(frozen=True)
class Kept:
    """What stands of an applicant's list: as it was submitted, how often, and when."""

    wishes: list[dict[str, Any]]
    version: int
    submitted_at: datetime


def opened(url: str, applicants: int) -> Round:
    """A season with one round that is open, and so many applicants whose lists are drafted; ``url`` is the owner's."""
    from tests.admissions.small_rounds import LAW, rounds
    from tests.admissions.small_season import OPENS
    from tests.factories import build_world

    from jineng.admissions.verbs import declare_scheme, draft_preferences
    from jineng.kernel.actors import acting
    from jineng.majors.kinds import MajorLevel
    from jineng.majors.models import Major

    world = build_world(using="owner")
    with acting(world.actor("province_officer")):
        majors = Major.objects.filter(level=MajorLevel.HIGHER).order_by("code").values_list("code", flat=True)[:MAJORS]
        plans = [
            (f"{where}-{major}", where, 100, {"programme": major})
            for where in ("petrochemical", "forestry")
            for major in majors
        ]
        made = rounds(world, plans)
        law = copy.deepcopy(LAW)
        law["rounds"][0]["most"] = MOST
        declare_scheme(actor=made.province, season_id=made.season.pk, data=law, declared_on=OPENS)
    made.enrol(0, "150", "150")
    opening = made.open()
    mine, names = made.own(0), [name for name, *_ in plans[::8]]
    draft_preferences(actor=mine.actor, own=mine, opening_id=opening.pk, wishes=made.wish(opening, *names))
    found = Round(opening.pk, made.province, [made.codes[0]])
    copy_applicants(url, made.people[0].pk, found.tickets, applicants, DRAFT)
    return found


def standing(url: str) -> tuple[dict[str, Kept], int]:
    """What stands of each applicant who submitted, by number; and how often the audit trail says that somebody did."""
    import psycopg

    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT t.number, f.wishes, f.version, f.submitted_at FROM admissions_preferenceform f"
            " JOIN admissions_ticket t ON t.applicant_id = f.applicant_id WHERE f.wishes IS NOT NULL OR f.version > 0"
        ).fetchall()
        told = connection.execute("SELECT count(*) FROM kernel_auditline WHERE verb = 'submit_preferences'").fetchone()
    assert told is not None
    return {number: Kept(wishes, version, at) for number, wishes, version, at in rows}, told[0]
