"""Walls of the room: courses and fields are open to whoever acts, classes and their learners follow the organiser."""

from __future__ import annotations

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall

ORGANISED = "{all} OR organiser_id = ANY({reach})"


def _of_offering(table: str) -> str:
    return (
        "{all} OR EXISTS (SELECT 1 FROM learning_courseoffering AS held "
        f"WHERE held.id = {table}.offering_id AND held.organiser_id = ANY({{reach}}))"
    )


WALLS = (
    Wall("learning_fieldstate", see="{known}", write="{all}"),
    Wall("learning_course", see="{known}", write="{all} OR owner_id = ANY({reach})"),
    Wall("learning_courseoffering", see=ORGANISED),
    Wall("learning_enrolment", see=ORGANISED),
    Wall("learning_classsession", see=_of_offering("learning_classsession")),
    Wall(
        "learning_attendance",
        see="{all} OR EXISTS (SELECT 1 FROM learning_enrolment AS held "
        "WHERE held.id = learning_attendance.enrolment_id AND held.organiser_id = ANY({reach}))",
    ),
)
declare(*WALLS, *(history_wall(wall.table) for wall in WALLS))
keep_tally("learning_courseoffering")
