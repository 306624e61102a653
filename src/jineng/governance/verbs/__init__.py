"""The only writers of the governance."""

from jineng.governance.verbs.counties import end_county_fact, record_county_fact
from jineng.governance.verbs.groups import add_member, dissolve_group, form_group
from jineng.governance.verbs.policies import add_issuer, issue_policy, record_policy, repeal_policy
from jineng.governance.verbs.publicity import add_exhibit, add_participant, record_occasion, record_press
from jineng.governance.verbs.shares import accept_share, receive_share, report_share, send_back_share, split_share
from jineng.governance.verbs.tasks import give_task, withdraw_task
from jineng.governance.verbs.voiding import void_record

__all__ = [
    "accept_share",
    "add_exhibit",
    "add_issuer",
    "add_member",
    "add_participant",
    "dissolve_group",
    "end_county_fact",
    "form_group",
    "give_task",
    "issue_policy",
    "receive_share",
    "record_county_fact",
    "record_occasion",
    "record_policy",
    "record_press",
    "repeal_policy",
    "report_share",
    "send_back_share",
    "split_share",
    "void_record",
    "withdraw_task",
]
