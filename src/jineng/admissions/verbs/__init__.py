"""The only writers of this room."""

from jineng.admissions.verbs.admissions import (
    confirm_admission,
    end_admission,
    read_names,
    record_admission,
    register_applicant,
    void_admission,
)
from jineng.admissions.verbs.closing import close_round
from jineng.admissions.verbs.dossiers import (
    decide_refusal,
    propose_admission,
    propose_all,
    propose_refusal,
    read_file,
    send_files,
)
from jineng.admissions.verbs.entering import (
    answer_admission,
    draft_preferences,
    issue_ticket,
    issue_tickets,
    submit_preferences,
)
from jineng.admissions.verbs.exemptions import grant_exemption, waive_exemption
from jineng.admissions.verbs.openings import extend_round, open_round
from jineng.admissions.verbs.plans import accept_plan, correct_plan, file_plan, void_plan, withdraw_plan
from jineng.admissions.verbs.publishing import publish_run
from jineng.admissions.verbs.runs import freeze_run, settle_run, start_run
from jineng.admissions.verbs.schemes import copy_season, declare_scheme, file_score_rule
from jineng.admissions.verbs.seasons import add_round, cancel_round, declare_exempt, lift_cap, open_season, set_cap

__all__ = [
    "accept_plan",
    "add_round",
    "answer_admission",
    "cancel_round",
    "close_round",
    "confirm_admission",
    "copy_season",
    "correct_plan",
    "decide_refusal",
    "declare_exempt",
    "declare_scheme",
    "draft_preferences",
    "end_admission",
    "extend_round",
    "file_plan",
    "file_score_rule",
    "freeze_run",
    "grant_exemption",
    "issue_ticket",
    "issue_tickets",
    "lift_cap",
    "open_round",
    "open_season",
    "propose_admission",
    "propose_all",
    "propose_refusal",
    "publish_run",
    "read_file",
    "read_names",
    "record_admission",
    "register_applicant",
    "send_files",
    "set_cap",
    "settle_run",
    "start_run",
    "submit_preferences",
    "void_admission",
    "void_plan",
    "waive_exemption",
    "withdraw_plan",
]
