"""The only writers of the cases."""

from jineng.cases.verbs.acting import act_on_case, expire_case, extend_case, recommend_case
from jineng.cases.verbs.cases import attach_file, begin_case, open_file, save_answers
from jineng.cases.verbs.intakes import allot_quotas, open_intake
from jineng.cases.verbs.objections import answer_objection, raise_objection
from jineng.cases.verbs.procedures import draft_procedure, publish_procedure, retire_procedure

__all__ = [
    "act_on_case",
    "allot_quotas",
    "answer_objection",
    "attach_file",
    "begin_case",
    "draft_procedure",
    "expire_case",
    "extend_case",
    "open_file",
    "open_intake",
    "publish_procedure",
    "raise_objection",
    "recommend_case",
    "retire_procedure",
    "save_answers",
]
