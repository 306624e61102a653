"""The room's lines in the page shell, and the door to its records."""

from jineng.calls.counting import RECORD_TYPE
from jineng.kernel.measures import RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav, add_section

add_section("calls", 40, "遴选", "Selections")
add_nav(
    NavItem("calls", 40, "遴选", "Calls", "calls", Right.VIEW_CALLS),
    NavItem("calls", 41, "立项", "Awards", "awards", Right.VIEW_CALLS),
)
open_records(RECORD_TYPE, RecordDoor("calls.Award", "award", "立项"))
