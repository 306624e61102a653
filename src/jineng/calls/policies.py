"""Walls of the calls' tables.

Calls, batches and deciders are announced, so whoever acts may read them. An award is seen by the responsible
organisation's authorities, by its parties, and by the departments that decide its call; what hangs on an award
follows the award.
"""

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall

DECIDED = "ARRAY(SELECT call_id FROM calls_calldecider WHERE voided_at IS NULL AND organisation_id = ANY({reach}))"
DECIDED_BATCHES = "ARRAY(SELECT id FROM calls_batch WHERE call_id = ANY(" + DECIDED + "))"
ANNOUNCED = "{all} OR reporter_id = ANY({reach}) OR id = ANY(" + DECIDED + ")"
RESPONSIBLE = "{all} OR organisation_id = ANY({reach}) OR batch_id = ANY(" + DECIDED_BATCHES + ")"
# Asked of each row, so that the planner may choose between one look-up for each of few rows and a hash for many;
# of an array every row would be compared with every element.
IN_REACH = (
    "EXISTS (SELECT 1 FROM registry_reach AS r WHERE r.authority_id = (SELECT jineng_organisation())"
    " AND r.organisation_id = calls_award.organisation_id)"
)
PARTY = (
    "EXISTS (SELECT 1 FROM calls_awardparty AS p WHERE p.award_id = calls_award.id"
    " AND p.organisation_id = ANY({reach}))"
)
SEEN = "{all} OR " + IN_REACH + " OR batch_id = ANY(" + DECIDED_BATCHES + ") OR " + PARTY


def _of_award(table: str) -> Wall:
    """What hangs on an award: seen with it, written by those who may write the award itself."""
    own = f"EXISTS (SELECT 1 FROM calls_award AS own WHERE own.id = {table}.award_id"
    return Wall(
        table,
        see="{all} OR " + own + ")",
        write="{all} OR "
        + own
        + " AND (own.organisation_id = ANY({reach}) OR own.batch_id = ANY("
        + DECIDED_BATCHES
        + ")))",
    )


TRACKED = ("call", "calldecider", "batch", "award", "awardstatus", "awardholder")
declare(
    Wall("calls_call", see="{known}", write=ANNOUNCED),
    Wall(
        "calls_calldecider",
        see="{known}",
        write="{all} OR call_id = ANY(ARRAY(SELECT id FROM calls_call WHERE reporter_id = ANY({reach})))",
    ),
    Wall(
        "calls_batch",
        see="{known}",
        write="{all} OR call_id = ANY(" + DECIDED + ") "
        "OR call_id = ANY(ARRAY(SELECT id FROM calls_call WHERE reporter_id = ANY({reach})))",
    ),
    Wall("calls_award", see=SEEN, write=RESPONSIBLE),
    _of_award("calls_awardstatus"),
    _of_award("calls_awardholder"),
    Wall("calls_awardparty", see="{all} OR organisation_id = ANY({reach})", by_triggers_only=True),
    *(history_wall(f"calls_{name}") for name in TRACKED),
)
keep_tally("calls_award")
