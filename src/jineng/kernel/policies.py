"""Walls of the kernel's tables.

Accounts carry no wall: sign-in must find them before anybody acts, and they hold no register data.
"""

from jineng.kernel.walls import Wall

WALLS = (
    Wall(
        "kernel_auditline",
        see="{all} OR organisation_id = ANY({reach}) OR account_id = jineng_account()",
        write="{known} AND organisation_id = jineng_organisation()",
        add_only=True,
    ),
    Wall("kernel_receipt", see="{all} OR organisation_id = ANY({reach})"),
    Wall("kernel_confirmation", see="{all} OR reporter_id = ANY({reach})"),
)
OPEN_TABLES = frozenset(
    {
        "kernel_account",
        "kernel_account_groups",
        "kernel_account_user_permissions",
        "kernel_registerversion",
        "kernel_signingkey",
        "kernel_sourcechange",
        "kernel_sourceversion",
    }
)
