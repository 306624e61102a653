"""Walls of the room's tables; ``scope.py`` says the same for the program.

What hangs on an agreement or a body asks whether that is seen: its own wall answers. Who is party or member is told by
tables that triggers keep, so that no wall asks itself.
"""

from __future__ import annotations

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall

OWN = "organisation_id = ANY({reach})"
PARTY = "ARRAY(SELECT agreement_id FROM partnerships_agreementsight WHERE organisation_id = ANY({reach}))"
MEMBER = "ARRAY(SELECT body_id FROM partnerships_bodysight WHERE organisation_id = ANY({reach}))"
SEEN_AGREEMENT = OWN + " OR id = ANY(" + PARTY + ")"
AGREEMENTS = "ARRAY(SELECT id FROM partnerships_agreement WHERE " + SEEN_AGREEMENT + ")"
# Said of the parent anew although its own wall says it: these conditions are answered by indexes, and walls' are not.
SEEN_BODY = OWN + " OR id = ANY(" + MEMBER + ") OR agreement_id = ANY(" + AGREEMENTS + ")"
SEEN = {"agreement": SEEN_AGREEMENT, "body": SEEN_BODY}
COORDINATED = "ARRAY(SELECT id FROM partnerships_cluster WHERE organisation_id = ANY({reach}))"
TRACKED = (
    "agreement",
    "agreementterm",
    "agreementparty",
    "renewalanswer",
    "body",
    "bodymember",
    "cluster",
    "clustermember",
    "internationalproject",
)


def _hangs(name: str, parent: str, writers: str = "") -> Wall:
    """What hangs on ``parent``: seen where that is seen, written by its keeper, or by ``writers`` as well."""
    table, own = f"partnerships_{name}", f"SELECT 1 FROM partnerships_{parent} AS own"
    seen = f"{parent}_id IN (SELECT id FROM partnerships_{parent} WHERE {SEEN[parent]})"
    kept = f"EXISTS ({own} WHERE own.id = {table}.{parent}_id AND own.organisation_id = ANY({{reach}}))"
    return Wall(table, see="{all} OR " + seen, write="{all} OR " + kept + (f" OR {writers}" if writers else ""))


ANSWERING = (
    "EXISTS (SELECT 1 FROM partnerships_agreementparty AS party JOIN partnerships_agreement AS own "
    "ON own.id = party.agreement_id WHERE party.id = partnerships_renewalanswer.party_id AND "
    "(party.organisation_id = ANY({reach}) OR party.organisation_id IS NULL AND own.organisation_id = ANY({reach})))"
)


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    declare(
        Wall(
            "partnerships_agreement",
            see="{all} OR " + SEEN_AGREEMENT,
            write="{all} OR " + OWN,
        ),
        # The last party's answer records the follow-up term, whoever keeps the agreement.
        _hangs("agreementterm", "agreement", "agreement_id = ANY(" + PARTY + ")"),
        _hangs("agreementparty", "agreement"),
        Wall(
            "partnerships_renewalanswer",
            see="{all} OR EXISTS (SELECT 1 FROM partnerships_agreementterm AS own "
            "WHERE own.id = partnerships_renewalanswer.term_id)",
            write="{all} OR " + ANSWERING,
        ),
        Wall(
            "partnerships_body",
            see="{all} OR " + SEEN_BODY,
            write="{all} OR " + OWN,
        ),
        _hangs("bodymember", "body"),
        Wall("partnerships_internationalproject", see="{all} OR " + OWN),
        Wall("partnerships_cluster", see="{known}", write="{all} OR " + OWN),
        Wall(
            "partnerships_clustermember",
            see="{all} OR " + OWN + " OR cluster_id = ANY(" + COORDINATED + ")",
            write="{all} OR cluster_id = ANY(" + COORDINATED + ")",
        ),
        Wall("partnerships_agreementsight", see="{all} OR " + OWN, by_triggers_only=True),
        Wall("partnerships_bodysight", see="{all} OR " + OWN, by_triggers_only=True),
        *(history_wall(f"partnerships_{name}") for name in TRACKED),
    )


keep_tally("partnerships_agreement", "partnerships_body")
