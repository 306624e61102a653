"""The room's sheets of the return."""

from __future__ import annotations

from jineng.kernel.returns import Landing, register
from jineng.workforce.exchange.autonomies import AutonomyLanding
from jineng.workforce.exchange.evidence import PracticeLanding, QualificationLanding, TitleLanding
from jineng.workforce.exchange.recognitions import RecognitionLanding
from jineng.workforce.exchange.standards import BridgeLanding, ConditionLanding, StandardLanding
from jineng.workforce.exchange.teachers import TeacherLanding

ORDER = 330


def register_sheets() -> None:
    """Add the room's sheets: what is asked, who teaches, what each can show, who was recognised, what was granted."""
    landings: tuple[Landing, ...] = (
        StandardLanding(),
        ConditionLanding(),
        BridgeLanding(),
        TeacherLanding(),
        QualificationLanding(),
        TitleLanding(),
        PracticeLanding(),
        RecognitionLanding(),
        AutonomyLanding(),
    )
    for place, landing in enumerate(landings):
        register(ORDER + place, landing)
