"""The room's lines in the page shell, and the door to its records."""

from jineng.calls.counting import RECORD_TYPE
from jineng.calls.rules import normal_title
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav, add_section

add_section("calls", 40, "遴选", "Selections")
add_nav(
    NavItem("calls", 40, "遴选", "Calls", "calls", Right.VIEW_CALLS),
    NavItem("calls", 41, "立项", "Awards", "awards", Right.VIEW_CALLS),
)
AWARDS = NaturalKey(
    "awards",
    {
        "call_code": "batch__call__code",
        "batch_number": "batch__number",
        "title": "title",
        "org_code": "organisation__code",
    },
    {"title": normal_title},
)
open_records(RECORD_TYPE, RecordDoor("calls.Award", "award", "立项", AWARDS))
