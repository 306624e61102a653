"""Walls of the cases' tables.

Published procedures, intakes and quotas are announced, so whoever acts may read them; a draft is its owner's. A case
is seen by the applicant, by whoever takes part in it, and by the authorities above either; what hangs on a case
follows the case. Whoever has a conflict of interest with a case (``cases_conflicts``) sees nothing of it, whatever
their office, unless they act for the applicant: neither in their office's tray, nor in mails and lines of the audit
trail. Marks are sealed: until a panel is closed only their reviewer reads them; the whole of a decision is for those
who judge and have no interest in any of its cases, and what it holds for everybody is what was selected.
"""

from jineng.kernel.walls import Wall, declare, history_wall, narrow

INTAKE_OF_OFFICE = "{all} OR intake_id = ANY(ARRAY(SELECT id FROM cases_intake WHERE office_id = ANY({reach})))"
CONFLICTS = "ARRAY(SELECT case_id FROM cases_conflicts((SELECT jineng_account())))"
SEEN = (
    # What the database chooses here by how many rows it expects: to look each one up, or to read one's own sights once.
    "({all} OR EXISTS (SELECT 1 FROM cases_casesight AS s WHERE s.case_id = cases_case.id"
    " AND s.organisation_id = (SELECT jineng_organisation()))"
    # A case that is only being added is in nobody's sight yet.
    " OR applicant_id IN (SELECT organisation_id FROM registry_reach"
    " WHERE authority_id = (SELECT jineng_organisation())))"
    f" AND (applicant_id = (SELECT jineng_organisation()) OR id <> ALL({CONFLICTS}))"
)
BARRED = "SELECT case_id::text FROM cases_barred((SELECT jineng_account()), (SELECT jineng_organisation()))"
BARRED_NOTICES = "SELECT notice_id FROM cases_barred_notices((SELECT jineng_account()), (SELECT jineng_organisation()))"
NO_INTEREST = "<> ALL(ARRAY(SELECT panel_id FROM cases_barred_panels((SELECT jineng_account()))))"
FREE = f"case_id <> ALL({CONFLICTS})"
OFFICE = (
    "panel_id = ANY(ARRAY(SELECT p.id FROM cases_panel AS p JOIN cases_intake AS i ON i.id = p.intake_id"
    " WHERE {all} OR i.office_id = ANY({reach})))"
)
JUDGES = (
    OFFICE + " OR panel_id = ANY(ARRAY(SELECT p.id FROM cases_panel AS p JOIN cases_intakedecider AS d"
    " ON d.intake_id = p.intake_id AND d.voided_at IS NULL WHERE d.organisation_id = ANY({reach})))"
)
MINE = "account_id = (SELECT jineng_account())"
MY_TASKS = f"id = ANY(ARRAY(SELECT entry_id FROM cases_reviewtask WHERE {MINE} AND voided_at IS NULL))"
OPEN = "panel_id = ANY(ARRAY(SELECT id FROM cases_panel WHERE state IN ('closed', 'decided', 'published')))"
PUBLISHED = "panel_id = ANY(ARRAY(SELECT id FROM cases_panel WHERE state = 'published'))"


def _of_case(table: str, *, add_only: bool = False) -> Wall:
    """What hangs on a case: seen and written with it."""
    own = f"EXISTS (SELECT 1 FROM cases_case AS own WHERE own.id = {table}.case_id)"
    return Wall(table, see=own, add_only=add_only)


TRACKED = ("procedure", "intake", "intakedecider", "quota", "case", "casefile", "objection", "expert", "caseconcern",
           "recusal", "panel", "panelmember", "panelentry", "reviewtask", "review")  # fmt: skip
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
    Wall(
        "cases_casesight",
        see="({all} OR organisation_id = (SELECT jineng_organisation()))"
        f" AND (applicant_id = (SELECT jineng_organisation()) OR case_id <> ALL({CONFLICTS}))",
        by_triggers_only=True,
    ),
    # What conflicts of interest keep from somebody would show in the sums: they are asked of ``cases_counted`` alone.
    Wall("cases_casetally", see="FALSE", by_triggers_only=True),
    _of_case("cases_caseentry", add_only=True),
    _of_case("cases_casefile"),
    _of_case("cases_objection"),
    _of_case("cases_caseconcern"),
    Wall(
        "cases_expert",
        see=f"{{all}} OR office_id = ANY({{reach}}) OR {MINE}",
        write="{all} OR office_id = ANY({reach})",
    ),
    Wall(
        "cases_recusal",
        see=f"{{all}} OR {MINE} OR EXISTS (SELECT 1 FROM cases_case AS own WHERE own.id = cases_recusal.case_id)",
        write=f"{{known}} AND {MINE}",
    ),
    Wall("cases_panel", see="{known}", write=INTAKE_OF_OFFICE),
    Wall(
        "cases_panelmember",
        see=f"{OFFICE} OR expert_id = ANY(ARRAY(SELECT id FROM cases_expert WHERE {MINE}))",
        write=OFFICE,
    ),
    Wall("cases_panelentry", see=f"({OFFICE} OR {MY_TASKS}) AND {FREE}", write=f"{OFFICE} AND {FREE}"),
    Wall("cases_reviewtask", see=f"({OFFICE} OR {MINE}) AND {FREE}"),
    Wall("cases_review", see=f"({MINE} OR ({OFFICE} AND {OPEN})) AND {FREE}", write=f"{MINE} AND {FREE}"),
    Wall(
        "cases_decision",
        see=f"(({JUDGES}) AND panel_id {NO_INTEREST}) OR ({PUBLISHED} AND {{known}})",
        write=OFFICE,
        add_only=True,
    ),
    Wall(
        "cases_decisiondocument",
        see=f"({JUDGES.replace('panel_id =', 'decision_id =')}) AND decision_id {NO_INTEREST}",
        write=OFFICE.replace("panel_id =", "decision_id ="),
        add_only=True,
    ),
    *(history_wall(f"cases_{name}") for name in TRACKED),
)
narrow("kernel_notice", f"about_type <> 'cases.Case' OR about_id <> ALL(ARRAY({BARRED}))")
narrow("kernel_mail", f"notice_id IS NULL OR notice_id <> ALL(ARRAY({BARRED_NOTICES}))")
narrow("kernel_auditline", f"subject_type <> 'cases.Case' OR subject_id <> ALL(ARRAY({BARRED}))")
