"""The only writers of the calls."""

from jineng.calls.verbs.applications import take_applications
from jineng.calls.verbs.awards import add_holder, correct_award, record_award, void_award, void_holder
from jineng.calls.verbs.calls import add_batch, announce_call
from jineng.calls.verbs.statuses import set_status, void_status

__all__ = [
    "add_batch",
    "add_holder",
    "announce_call",
    "correct_award",
    "record_award",
    "set_status",
    "take_applications",
    "void_award",
    "void_holder",
    "void_status",
]
