"""Walls of the governance's tables.

A policy is everybody's to read once issued; its issuers and who reported it may change it. A task is seen by its giver
and by those who hold a share of it, a share by its giver and its receiver, and both sides' authorities. Leading groups
and events are seen from below, press coverage too; the state of a county follows its education department.

Functions of the second migration answer which policies and events are open: two tables whose walls asked each other
would turn in a circle.
"""

from jineng.kernel.walls import Wall, declare, history_wall
from jineng.registry.policies import ABOVE

SIGNED = (
    "ARRAY(SELECT policy_id FROM governance_policyissuer WHERE voided_at IS NULL AND organisation_id = ANY({reach}))"
)
OWN_POLICY = "organisation_id = ANY({reach}) OR reporter_id = ANY({reach})"
HELD_TASKS = "ARRAY(SELECT task_id FROM governance_assignment WHERE receiver_id = ANY({reach}))"
OPEN_POLICIES = "ARRAY(SELECT governance_open_policies())"
OPEN_OCCASIONS = "ARRAY(SELECT governance_open_occasions())"
HOSTED = "ARRAY(SELECT governance_hosted_occasions())"
JOINED = "ARRAY(SELECT occasion_id FROM governance_occasionparticipant WHERE organisation_id = ANY({reach}))"
REPORTED = "ARRAY(SELECT governance_own_policies())"
SHARE = "EXISTS (SELECT 1 FROM governance_assignment AS own WHERE own.id = {table}.assignment_id"


def _of_share(table: str, and_also: str = "") -> str:
    return "{all} OR " + SHARE.replace("{table}", table) + and_also + ")"


def _of_group(and_also: str = "") -> str:
    return (
        "{all} OR EXISTS (SELECT 1 FROM governance_leadinggroup AS own WHERE own.id = governance_groupmember.group_id"
        + and_also
        + ")"
    )


TRACKED = (
    "policy",
    "policyissuer",
    "leadinggroup",
    "groupmember",
    "task",
    "assignment",
    "taskstep",
    "pressitem",
    "occasion",
    "occasionparticipant",
    "exhibitionitem",
    "countyfact",
    "pooleddepartment",
)
declare(
    Wall(
        "governance_policy",
        see="{all} OR (issued_on IS NOT NULL AND {known}) OR " + OWN_POLICY + " OR id = ANY(" + SIGNED + ")",
        write="{all} OR " + OWN_POLICY + " OR id = ANY(" + SIGNED + ")",
    ),
    Wall(
        "governance_policyissuer",
        see="{all} OR " + OWN_POLICY + " OR policy_id = ANY(" + OPEN_POLICIES + ")",
        write="{all} OR reporter_id = ANY({reach}) OR policy_id = ANY(" + REPORTED + ")",
    ),
    Wall(
        "governance_leadinggroup",
        see="{all} OR organisation_id = ANY({reach}) OR organisation_id = ANY(" + ABOVE + ")",
        write="{all} OR organisation_id = ANY({reach})",
    ),
    Wall("governance_groupmember", see=_of_group(), write=_of_group(" AND own.organisation_id = ANY({reach})")),
    Wall(
        "governance_task",
        see="{all} OR giver_id = ANY({reach}) OR id = ANY(" + HELD_TASKS + ")",
        write="{all} OR giver_id = ANY({reach})",
    ),
    Wall(
        "governance_assignment",
        see="{all} OR giver_id = ANY({reach}) OR receiver_id = ANY({reach})",
        write="{all} OR giver_id = ANY({reach})",
    ),
    Wall(
        "governance_taskstep",
        see=_of_share("governance_taskstep"),
        write=_of_share(
            "governance_taskstep",
            " AND CASE WHEN governance_taskstep.kind IN ('sent_back', 'accepted') THEN own.giver_id = ANY({reach}) "
            "ELSE own.receiver_id = ANY({reach}) END",
        ),
    ),
    Wall("governance_assignmentprogress", see=_of_share("governance_assignmentprogress"), by_triggers_only=True),
    Wall(
        "governance_pressitem",
        see="{all} OR organisation_id = ANY({reach}) OR organisation_id = ANY(" + ABOVE + ")",
        write="{all} OR organisation_id = ANY({reach})",
    ),
    Wall(
        "governance_occasion",
        see="{all} OR host_id = ANY({reach}) OR host_id = ANY(" + ABOVE + ") OR id = ANY(" + JOINED + ")",
        write="{all} OR host_id = ANY({reach})",
    ),
    Wall(
        "governance_occasionparticipant",
        see="{all} OR organisation_id = ANY({reach}) OR occasion_id = ANY(" + OPEN_OCCASIONS + ")",
        write="{all} OR occasion_id = ANY(" + HOSTED + ")",
    ),
    Wall(
        "governance_exhibitionitem",
        see="{all} OR organisation_id = ANY({reach}) OR occasion_id = ANY(" + OPEN_OCCASIONS + ")",
        write="{all} OR organisation_id = ANY({reach}) OR occasion_id = ANY(" + HOSTED + ")",
    ),
    Wall("governance_countyfact", see="{all} OR office_id = ANY({reach})"),
    Wall("governance_pooleddepartment", see="{known}", write="{all}"),
    *(history_wall(f"governance_{name}") for name in TRACKED),
)
