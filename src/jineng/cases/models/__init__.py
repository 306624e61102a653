"""State of the cases, as the database enforces it."""

from jineng.cases.models.cases import Case, CaseEntry, CaseFile, CaseParty, CaseSight, CaseTally, Objection
from jineng.cases.models.intakes import Intake, IntakeDecider, Quota
from jineng.cases.models.procedures import Procedure
from jineng.cases.models.reviews import (
    CaseConcern,
    Decision,
    DecisionDocument,
    Expert,
    Panel,
    PanelEntry,
    PanelMember,
    Recusal,
    Review,
    ReviewTask,
)

__all__ = [
    "Case",
    "CaseConcern",
    "CaseEntry",
    "CaseFile",
    "CaseParty",
    "CaseSight",
    "CaseTally",
    "Decision",
    "DecisionDocument",
    "Expert",
    "Intake",
    "IntakeDecider",
    "Objection",
    "Panel",
    "PanelEntry",
    "PanelMember",
    "Procedure",
    "Quota",
    "Recusal",
    "Review",
    "ReviewTask",
]
