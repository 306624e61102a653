"""State of the cases, as the database enforces it."""

from jineng.cases.models.cases import Case, CaseEntry, CaseFile, CaseParty, Objection
from jineng.cases.models.intakes import Intake, IntakeDecider, Quota
from jineng.cases.models.procedures import Procedure

__all__ = [
    "Case",
    "CaseEntry",
    "CaseFile",
    "CaseParty",
    "Intake",
    "IntakeDecider",
    "Objection",
    "Procedure",
    "Quota",
]
