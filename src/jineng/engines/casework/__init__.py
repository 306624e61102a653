"""Cases: flows and forms as data, the machine that moves a case, what each audience reads, how versions differ."""

from jineng.engines.casework.acting import Offer, act, expire, extend, offers, opened, start
from jineng.engines.casework.answers import Draft, check, draft, frozen_changes, submitted, visible
from jineng.engines.casework.condition import Condition, MissingFact
from jineng.engines.casework.deadlines import Due, Notice, NoticeKind, Situation, due, notices
from jineng.engines.casework.difference import Change, ChangeKind, compare
from jineng.engines.casework.faults import AnswerFault, DefinitionError, Fault, Refused, Words
from jineng.engines.casework.files import Inspected, inspect_file
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
from jineng.engines.casework.labels import ATTRIBUTES, FIELD_KINDS, NEEDS, ROLES, SIGNINGS, STAGE_KINDS
from jineng.engines.casework.machine import THE_SYSTEM, Actor, Deed, Entry, State, Step, replay
from jineng.engines.casework.migrating import Migration, migrate, migration
from jineng.engines.casework.telling import Audience, Told, timeline, told
from jineng.engines.casework.terms import NO_VOCABULARY, Term, Type, Vocabulary
from jineng.engines.casework.wording import unmet, worded

__all__ = [
    "ATTRIBUTES",
    "FIELD_KINDS",
    "NEEDS",
    "NO_VOCABULARY",
    "OUTCOMES",
    "ROLES",
    "SIGNINGS",
    "STAGE_KINDS",
    "SYSTEM",
    "THE_SYSTEM",
    "Action",
    "Actor",
    "AnswerFault",
    "Audience",
    "Change",
    "ChangeKind",
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
    "Inspected",
    "Migration",
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
    "Told",
    "Type",
    "Vocabulary",
    "Words",
    "act",
    "check",
    "compare",
    "draft",
    "due",
    "expire",
    "extend",
    "frozen_changes",
    "inspect_file",
    "load_flow",
    "load_form",
    "migrate",
    "migration",
    "notices",
    "offers",
    "opened",
    "replay",
    "start",
    "submitted",
    "timeline",
    "told",
    "unmet",
    "visible",
    "worded",
]
