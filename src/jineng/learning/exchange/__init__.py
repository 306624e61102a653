"""The room's sheets of the yearly return."""

from jineng.kernel.returns import register
from jineng.learning.exchange.classes import ClassLanding
from jineng.learning.exchange.courses import CourseLanding, FieldLanding
from jineng.learning.exchange.enrolments import EnrolmentLanding
from jineng.learning.exchange.meetings import AttendanceLanding, SessionLanding

ORDER = 370


def register_sheets() -> None:
    """Add the sheets, what others refer to first."""
    landings = (
        FieldLanding(),
        CourseLanding(),
        ClassLanding(),
        EnrolmentLanding(),
        SessionLanding(),
        AttendanceLanding(),
    )
    for place, landing in enumerate(landings):
        register(ORDER + place, landing)


__all__ = ["register_sheets"]
