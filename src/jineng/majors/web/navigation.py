"""The room's lines in the page shell, and the door to its records."""

from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav
from jineng.majors.indicators import RECORD_TYPE

add_nav(
    NavItem("registers", 30, "专业点", "Offerings", "offerings", Right.VIEW_MAJORS),
    NavItem("registers", 31, "专业目录", "Catalogue", "majors", Right.VIEW_MAJORS),
)
OFFERINGS = NaturalKey(
    "offerings",
    {
        "org_code": "organisation__code",
        "major_code": "major__code",
        "duration": "duration_years",
        "opened_on": "opened_on",
    },
)
open_records(RECORD_TYPE, RecordDoor("majors.MajorOffering", "offering", "专业点", OFFERINGS))
