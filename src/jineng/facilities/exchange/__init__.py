"""The room's sheets of the yearly return."""

from jineng.facilities.exchange.building import BookingsLanding, ParksLanding, PhasesLanding, ReportsLanding
from jineng.facilities.exchange.sharing import FacilitiesLanding, HoursLanding, MembersLanding, RelocationsLanding
from jineng.kernel.returns import Landing, register

ORDER = 320
LANDINGS: tuple[Landing, ...] = (
    ParksLanding(),
    PhasesLanding(),
    BookingsLanding(),
    ReportsLanding(),
    FacilitiesLanding(),
    MembersLanding(),
    HoursLanding(),
    RelocationsLanding(),
)


def register_sheets() -> None:
    """Add the room's sheets to the return, in the order in which they land."""
    for position, landing in enumerate(LANDINGS):
        register(ORDER + position, landing)
