"""State of the room: who teaches where, what each can show, what standards ask, which autonomies were granted."""

from jineng.workforce.models.autonomies import AutonomyGrant
from jineng.workforce.models.evidence import PracticeStay, Qualification, Title
from jineng.workforce.models.standards import CareerBridge, Standard, StandardCondition, StandardLevel
from jineng.workforce.models.teachers import Recognition, Teacher

__all__ = [
    "AutonomyGrant",
    "CareerBridge",
    "PracticeStay",
    "Qualification",
    "Recognition",
    "Standard",
    "StandardCondition",
    "StandardLevel",
    "Teacher",
    "Title",
]
