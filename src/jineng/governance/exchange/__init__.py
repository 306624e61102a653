"""The governance's sheets of the return: policies, groups, tasks, coverage, events, the state of counties."""

from jineng.governance.exchange.counties import CountyLanding, PooledLanding
from jineng.governance.exchange.groups import GroupLanding, MemberLanding
from jineng.governance.exchange.policies import PolicyLanding, SigningLanding
from jineng.governance.exchange.publicity import ExhibitLanding, OccasionLanding, ParticipantLanding, PressLanding
from jineng.governance.exchange.tasks import AssignmentLanding, StepLanding, TaskLanding
from jineng.kernel.returns import register

ORDER = 340
LANDINGS = (
    PolicyLanding(),
    SigningLanding(),
    GroupLanding(),
    MemberLanding(),
    TaskLanding(),
    AssignmentLanding(),
    StepLanding(),
    PressLanding(),
    OccasionLanding(),
    ParticipantLanding(),
    ExhibitLanding(),
    PooledLanding(),
    CountyLanding(),
)
"""In the order in which they land."""


def register_sheets() -> None:
    """Add the room's sheets to the return: one place among the rooms, this order among themselves."""
    for landing in LANDINGS:
        register(ORDER, landing)
