"""Cases: flows and forms as data, the machine that moves a case, what each audience reads, how versions differ."""

from jineng.engines.casework.acting import Offer, act, expire, extend, offers, opened, start
from jineng.engines.casework.answers import Draft, check, draft, frozen_changes, submitted, visible
from jineng.engines.casework.condition import Condition, MissingFact
from jineng.engines.casework.deadlines import Due, Notice, NoticeKind, Situation, due, notices
from jineng.engines.casework.faults import AnswerFault, DefinitionError, Fault, Refused, Words
from jineng.engines.casework.flow import (
    OUTCOMES,
    SYSTEM,
    Action,
    Deadline,
    End,
    Flow,
    Need,
    Outcome,
    Party,
    Role,
    Route,
    Signing,
    Stage,
    StageKind,
    Tells,
)
from jineng.engines.casework.flow_checks import load_flow
from jineng.engines.casework.form import Choice, Field, FieldKind, FileKind, Form, Rule, Section, TextFormat
from jineng.engines.casework.form_checks import load_form
from jineng.engines.casework.grammar import ConditionError
from jineng.engines.casework.machine import THE_SYSTEM, Actor, Deed, Entry, State, Step, replay
from jineng.engines.casework.terms import NO_VOCABULARY, Term, Type, Vocabulary
from jineng.engines.casework.wording import unmet, worded

__all__ = [
    "NO_VOCABULARY",
    "OUTCOMES",
    "SYSTEM",
    "THE_SYSTEM",
    "Action",
    "Actor",
    "AnswerFault",
    "Choice",
    "Condition",
    "ConditionError",
    "Deadline",
    "Deed",
    "DefinitionError",
    "Draft",
    "Due",
    "End",
    "Entry",
    "Fault",
    "Field",
    "FieldKind",
    "FileKind",
    "Flow",
    "Form",
    "MissingFact",
    "Need",
    "Notice",
    "NoticeKind",
    "Offer",
    "Outcome",
    "Party",
    "Refused",
    "Role",
    "Route",
    "Rule",
    "Section",
    "Signing",
    "Situation",
    "Stage",
    "StageKind",
    "State",
    "Step",
    "Tells",
    "Term",
    "TextFormat",
    "Type",
    "Vocabulary",
    "Words",
    "act",
    "check",
    "draft",
    "due",
    "expire",
    "extend",
    "frozen_changes",
    "load_flow",
    "load_form",
    "notices",
    "offers",
    "opened",
    "replay",
    "start",
    "submitted",
    "unmet",
    "visible",
    "worded",
]
