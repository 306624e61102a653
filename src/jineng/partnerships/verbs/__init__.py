"""The only writers of this room."""

from jineng.partnerships.verbs.agreements import (
    add_party,
    end_agreement,
    record_agreement,
    record_term,
    void_agreement,
)
from jineng.partnerships.verbs.bodies import (
    add_member,
    end_body,
    found_body,
    leave_body,
    void_body,
    void_member,
)
from jineng.partnerships.verbs.keeping import Partner
from jineng.partnerships.verbs.projects import end_project, record_project, void_project
from jineng.partnerships.verbs.renewals import answer_renewal

__all__ = [
    "Partner",
    "add_member",
    "add_party",
    "answer_renewal",
    "end_agreement",
    "end_body",
    "end_project",
    "found_body",
    "leave_body",
    "record_agreement",
    "record_project",
    "record_term",
    "void_agreement",
    "void_body",
    "void_member",
    "void_project",
]
