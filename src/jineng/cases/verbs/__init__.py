"""The only writers of the cases."""

from jineng.cases.verbs.acting import (
    SomeRefused,
    act_on_case,
    act_on_cases,
    expire_case,
    expire_some,
    extend_case,
    remind_of_case,
)
from jineng.cases.verbs.cases import Draft, attach_file, begin_case, begin_cases, open_file, save_answers
from jineng.cases.verbs.experts import dismiss_expert, enter_expert
from jineng.cases.verbs.intakes import allot_quotas, open_intake
from jineng.cases.verbs.objections import answer_objection, raise_objection
from jineng.cases.verbs.panels import (
    agree_marks,
    assign_reviewers,
    close_panel,
    decide_panel,
    form_panel,
    publish_panel,
    replay_decision,
    seat_experts,
)
from jineng.cases.verbs.procedures import draft_procedure, publish_procedure, retire_procedure
from jineng.cases.verbs.recommending import recommend_case, recommend_cases
from jineng.cases.verbs.reviews import Opinion, open_review_file, recuse, save_review, save_reviews
from jineng.cases.verbs.rounds import open_round, urge_round

__all__ = [
    "Draft",
    "Opinion",
    "SomeRefused",
    "act_on_case",
    "act_on_cases",
    "agree_marks",
    "allot_quotas",
    "answer_objection",
    "assign_reviewers",
    "attach_file",
    "begin_case",
    "begin_cases",
    "close_panel",
    "decide_panel",
    "dismiss_expert",
    "draft_procedure",
    "enter_expert",
    "expire_case",
    "expire_some",
    "extend_case",
    "form_panel",
    "open_file",
    "open_intake",
    "open_review_file",
    "open_round",
    "publish_panel",
    "publish_procedure",
    "raise_objection",
    "recommend_case",
    "recommend_cases",
    "recuse",
    "remind_of_case",
    "replay_decision",
    "retire_procedure",
    "save_answers",
    "save_review",
    "save_reviews",
    "seat_experts",
    "urge_round",
]
