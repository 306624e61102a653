"""Walls of the room: teachers and grants follow the institution, evidence follows whoever has the teacher."""

from __future__ import annotations

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall

TAUGHT = (
    "{{all}} OR EXISTS (SELECT 1 FROM workforce_teacher AS post WHERE post.person_id = {table}.person_id "
    "AND post.voided_at IS NULL AND post.organisation_id = ANY({{reach}}))"
)
EVIDENCE = ("workforce_qualification", "workforce_title", "workforce_practicestay")
DECLARED = (
    "workforce_standard",
    "workforce_standardlevel",
    "workforce_standardcondition",
    "workforce_careerbridge",
)
RECOGNITION, TEACHER, AUTONOMY = "workforce_recognition", "workforce_teacher", "workforce_autonomygrant"
RECOGNISING = "{all} OR organisation_id = ANY({reach}) OR recognised_by_id = ANY({reach})"
GRANTING = "{all} OR organisation_id = ANY({reach}) OR granted_by_id = ANY({reach})"


def _taught(table: str) -> str:
    """Rows about a person who teaches at a school in the session's scope."""
    return TAUGHT.format(table=table)


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    declare(
        Wall(TEACHER, see="{all} OR organisation_id = ANY({reach})"),
        *(Wall(table, see=_taught(table)) for table in EVIDENCE),
        Wall(RECOGNITION, see=f"{RECOGNISING} OR {_taught(RECOGNITION)}", write=RECOGNISING),
        Wall(AUTONOMY, see=GRANTING),
        *(Wall(table, see="{known}", write="{all}") for table in DECLARED),
        *(history_wall(table) for table in (TEACHER, *EVIDENCE, RECOGNITION, AUTONOMY, *DECLARED)),
    )


keep_tally("workforce_teacher")
