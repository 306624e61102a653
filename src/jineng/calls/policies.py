"""Walls of the calls' tables.

Calls, batches and deciders are announced, so whoever acts may read them. An award is seen by the responsible
organisation's authorities, by its parties, and by the departments that decide its call; what hangs on an award
follows the award.
"""

from jineng.kernel.walls import Wall, declare, history_wall

DECIDED = "ARRAY(SELECT call_id FROM calls_calldecider WHERE voided_at IS NULL AND organisation_id = ANY({reach}))"
DECIDED_BATCHES = "ARRAY(SELECT id FROM calls_batch WHERE call_id = ANY(" + DECIDED + "))"
ANNOUNCED = "{all} OR reporter_id = ANY({reach}) OR id = ANY(" + DECIDED + ")"
RESPONSIBLE = "{all} OR organisation_id = ANY({reach}) OR batch_id = ANY(" + DECIDED_BATCHES + ")"
# A set, not an array: of an array each row would be compared with every element.
PARTY = "id IN (SELECT award_id FROM calls_awardparty WHERE organisation_id = ANY({reach}))"


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
    Wall("calls_award", see=RESPONSIBLE + " OR " + PARTY, write=RESPONSIBLE),
    _of_award("calls_awardstatus"),
    _of_award("calls_awardholder"),
    Wall("calls_awardparty", see="{all} OR organisation_id = ANY({reach})", by_triggers_only=True),
    *(history_wall(f"calls_{name}") for name in TRACKED),
)
