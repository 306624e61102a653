"""The only writers of this room."""

from jineng.admissions.verbs.admissions import (
    confirm_admission,
    end_admission,
    read_names,
    record_admission,
    register_applicant,
    void_admission,
)
from jineng.admissions.verbs.plans import accept_plan, correct_plan, file_plan, void_plan, withdraw_plan
from jineng.admissions.verbs.seasons import add_round, cancel_round, declare_exempt, lift_cap, open_season, set_cap

__all__ = [
    "accept_plan",
    "add_round",
    "cancel_round",
    "confirm_admission",
    "correct_plan",
    "declare_exempt",
    "end_admission",
    "file_plan",
    "lift_cap",
    "open_season",
    "read_names",
    "record_admission",
    "register_applicant",
    "set_cap",
    "void_admission",
    "void_plan",
    "withdraw_plan",
]
