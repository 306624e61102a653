"""Walls of the kernel's tables.

Accounts carry no wall: sign-in must find them before anybody acts, and they hold no register data.

Notices go to whoever is told, most often out of the teller's sight; a function of the database takes them in
(``kernel_leave_notices``), and here only who was told writes on them.
"""

from jineng.kernel.walls import Wall

TOLD = "account_id = jineng_account() OR organisation_id = (SELECT jineng_organisation())"
WALLS = (
    Wall(
        "kernel_auditline",
        see="{all} OR organisation_id = ANY({reach}) OR account_id = jineng_account() "
        "OR organisation_id = (SELECT jineng_organisation())",
        write="{known} AND organisation_id = jineng_organisation()",
        add_only=True,
    ),
    Wall("kernel_callcount", see="false", by_triggers_only=True),
    Wall("kernel_rowtally", see="{all}", by_triggers_only=True),
    Wall("kernel_receipt", see="{all} OR organisation_id = ANY({reach})"),
    Wall("kernel_confirmation", see="{all} OR reporter_id = ANY({reach})"),
    Wall("kernel_notice", see="{all} OR " + TOLD, write=TOLD),
    Wall("kernel_mail", see="{all} OR name_of_id = ANY({reach})"),
    Wall("kernel_officeaddress", see="{known}", write="organisation_id = (SELECT jineng_organisation())"),
)
TALLIED = ("kernel_receipt",)
OPEN_TABLES = frozenset(
    {
        "kernel_account",
        "kernel_account_groups",
        "kernel_account_user_permissions",
        "kernel_registerversion",
        "kernel_secondkey",
        "kernel_signingkey",
        "kernel_sourcechange",
        "kernel_sourceversion",
    }
)
