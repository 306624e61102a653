"""Walls of the registry's tables.

Directory facts (divisions, authorities and assessment bodies, one's own ancestors) are open to whoever acts;
everything else follows the reach of the acting organisation.
"""

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall
from jineng.registry.kinds import DIRECTORY_KINDS

ABOVE = "ARRAY(SELECT authority_id FROM registry_reach WHERE organisation_id = (SELECT jineng_organisation()))"
IN_DIRECTORY = "kind IN (" + ", ".join(f"'{kind.value}'" for kind in DIRECTORY_KINDS) + ")"
POST = "{all} OR organisation_id = ANY({reach}) OR account_id = jineng_account()"


def of_person(table: str, column: str = "person_id") -> str:
    """Seen by the organisations that have to do with the person whom ``column`` of ``table`` names."""
    return (
        "{all} OR EXISTS (SELECT 1 FROM registry_personparty AS party "
        f"WHERE party.person_id = {table}.{column} AND party.organisation_id = ANY({{reach}}))"
    )


WALLS = (
    Wall("registry_division", see="{known}"),
    Wall(
        "registry_organisation",
        see="{all} OR id = ANY({reach}) OR authority_id = ANY({reach}) OR id = ANY(" + ABOVE + ") "
        "OR (" + IN_DIRECTORY + " AND {known})",
        write="{all} OR id = ANY({reach}) OR authority_id = ANY({reach})",
    ),
    Wall(
        "registry_organisationstate",
        see="{all} OR organisation_id = ANY({reach}) OR organisation_id = ANY(" + ABOVE + ") "
        "OR (" + IN_DIRECTORY + " AND {known})",
        write="{all} OR organisation_id = ANY({reach})",
    ),
    Wall("registry_reach", see="{known} OR jineng_account() IS NOT NULL", by_triggers_only=True),
    Wall("registry_person", see=of_person("registry_person", "id"), write="{known}"),
    Wall("registry_persondocument", see=of_person("registry_persondocument"), write="{known}"),
    Wall("registry_personmerge", see=of_person("registry_personmerge", "kept_id"), write="{known}"),
    Wall("registry_personparty", see="{all} OR organisation_id = ANY({reach})", add_only=True),
    Wall("registry_employment", see="{all} OR organisation_id = ANY({reach})"),
    Wall("registry_kinship", see=of_person("registry_kinship", "one_id"), write="{known}"),
    Wall("registry_post", see=POST, write="{all} OR organisation_id = ANY({reach})"),
    Wall(
        "registry_delegation",
        see="{all} OR to_id = jineng_account() OR post_id IN (SELECT id FROM registry_post)",
        write="post_id IN (SELECT id FROM registry_post)",
    ),
)
TRACKED = (
    "organisation",
    "organisationstate",
    "person",
    "persondocument",
    "personmerge",
    "employment",
    "kinship",
    "post",
    "delegation",
)
declare(*WALLS, *(history_wall(f"registry_{name}") for name in TRACKED))
keep_tally("registry_organisation")
