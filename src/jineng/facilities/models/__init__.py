"""State of the room: parks and their phases, shared facilities and who uses them, who moved in."""

from jineng.facilities.models.building import InvestmentBooking, Park, Phase, PhaseReport
from jineng.facilities.models.sharing import FacilitySight, Relocation, SharedFacility, SharingMember, UseHours

__all__ = [
    "FacilitySight",
    "InvestmentBooking",
    "Park",
    "Phase",
    "PhaseReport",
    "Relocation",
    "SharedFacility",
    "SharingMember",
    "UseHours",
]
