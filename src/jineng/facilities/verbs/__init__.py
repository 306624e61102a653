"""The only writers of this room."""

from jineng.facilities.verbs.building import book_investment, report_phase, void_booking, void_report
from jineng.facilities.verbs.sharing import (
    open_facility,
    report_hours,
    share_facility,
    stop_sharing,
    void_sharing,
)

__all__ = [
    "book_investment",
    "open_facility",
    "report_hours",
    "report_phase",
    "share_facility",
    "stop_sharing",
    "void_booking",
    "void_report",
    "void_sharing",
]
