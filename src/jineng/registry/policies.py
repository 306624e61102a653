"""Walls of the registry's tables.

Directory facts (divisions, organisations that are authorities, one's own ancestors) are open to whoever acts;
everything else follows the reach of the acting organisation.
"""

from jineng.kernel.walls import Wall, declare, history_wall

ABOVE = "ARRAY(SELECT authority_id FROM registry_reach WHERE organisation_id = (SELECT jineng_organisation()))"
PERSON = (
    "{all} OR person_id = ANY(ARRAY(SELECT person_id FROM registry_employment WHERE organisation_id = ANY({reach})))"
)
POST = "{all} OR organisation_id = ANY({reach}) OR account_id = jineng_account()"


WALLS = (
    Wall("registry_division", see="{known}"),
    Wall(
        "registry_organisation",
        see="{all} OR id = ANY({reach}) OR authority_id = ANY({reach}) OR id = ANY(" + ABOVE + ") "
        "OR (kind IN ('education_department', 'government_department') AND {known})",
        write="{all} OR id = ANY({reach}) OR authority_id = ANY({reach})",
    ),
    Wall(
        "registry_organisationstate",
        see="{all} OR organisation_id = ANY({reach}) OR organisation_id = ANY(" + ABOVE + ") "
        "OR (kind IN ('education_department', 'government_department') AND {known})",
        write="{all} OR organisation_id = ANY({reach})",
    ),
    Wall("registry_reach", see="{known} OR jineng_account() IS NOT NULL", by_triggers_only=True),
    Wall(
        "registry_person",
        see="{all} OR id = ANY(ARRAY(SELECT person_id FROM registry_employment WHERE organisation_id = ANY({reach})))",
        write="{known}",
    ),
    Wall("registry_persondocument", see=PERSON, write="{known}"),
    Wall(
        "registry_personmerge",
        see="{all} OR kept_id = ANY(ARRAY(SELECT person_id FROM registry_employment "
        "WHERE organisation_id = ANY({reach})))",
        write="{known}",
    ),
    Wall("registry_employment", see="{all} OR organisation_id = ANY({reach})"),
    Wall(
        "registry_kinship",
        see="{all} OR one_id = ANY(ARRAY(SELECT person_id FROM registry_employment "
        "WHERE organisation_id = ANY({reach})))",
        write="{known}",
    ),
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
