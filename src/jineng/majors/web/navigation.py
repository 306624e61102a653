"""The room's lines in the page shell, and the door to its records."""

from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav
from jineng.majors.indicators import RECORD_TYPE
from jineng.majors.rules import bare_code

add_nav(
    NavItem("registers", 30, "专业点", "Offerings", "offerings", Right.VIEW_MAJORS),
    NavItem("registers", 31, "专业目录", "Catalogue", "majors", Right.VIEW_MAJORS),
)


def plain_code(code: str) -> str:
    """A major's code without the mark of state control; what is no code stays as it is."""
    try:
        return bare_code(code)[0]
    except ValueError:
        return code


OFFERINGS = NaturalKey(
    "offerings",
    {
        "org_code": "organisation__code",
        "major_code": "major__code",
        "duration": "duration_years",
        "opened_on": "opened_on",
    },
    {"major_code": plain_code},
)
open_records(RECORD_TYPE, RecordDoor("majors.MajorOffering", "offering", "专业点", OFFERINGS))
