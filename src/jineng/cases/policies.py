"""Walls of the cases' tables.

Published procedures, intakes and quotas are announced, so whoever acts may read them; a draft is its owner's. A case
is seen by the applicant, by whoever takes part in it, and by the authorities above either; what hangs on a case
follows the case.
"""

from jineng.kernel.walls import Wall, declare, history_wall

INTAKE_OF_OFFICE = "{all} OR intake_id = ANY(ARRAY(SELECT id FROM cases_intake WHERE office_id = ANY({reach})))"
SEEN = (
    "{all} OR applicant_id = ANY({reach}) OR EXISTS (SELECT 1 FROM cases_caseparty AS p"
    " WHERE p.case_id = cases_case.id AND p.organisation_id = ANY({reach}))"
)


def _of_case(table: str, *, add_only: bool = False) -> Wall:
    """What hangs on a case: seen and written with it."""
    own = f"{{all}} OR EXISTS (SELECT 1 FROM cases_case AS own WHERE own.id = {table}.case_id)"
    return Wall(table, see=own, add_only=add_only)


TRACKED = ("procedure", "intake", "intakedecider", "quota", "case", "casefile", "objection")
declare(
    Wall(
        "cases_procedure",
        see="{all} OR owner_id = ANY({reach}) OR ({known} AND state <> 'draft')",
        write="{all} OR owner_id = ANY({reach})",
    ),
    Wall("cases_intake", see="{known}", write="{all} OR office_id = ANY({reach})"),
    Wall("cases_intakedecider", see="{known}", write=INTAKE_OF_OFFICE),
    Wall("cases_quota", see="{known}", write=INTAKE_OF_OFFICE),
    Wall("cases_case", see=SEEN),
    Wall("cases_caseparty", see="{all} OR organisation_id = ANY({reach})", by_triggers_only=True),
    _of_case("cases_caseentry", add_only=True),
    _of_case("cases_casefile"),
    _of_case("cases_objection"),
    *(history_wall(f"cases_{name}") for name in TRACKED),
)
