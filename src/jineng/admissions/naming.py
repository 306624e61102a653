"""How a round's offers are named: by a group, and within it by a major. Pure.

An applicant, and whoever enters a list for one, knows an offer by these two alone: the plans are seen by their schools.
"""

from __future__ import annotations

from typing import NamedTuple

GROUP, MAJOR = 40, 80
"""The most characters of either."""


class Named(NamedTuple):
    """What a group and a major are made of: codes of the institution, the group of majors, programme, joint college."""

    organisation: str
    grouped: str
    programme: str
    joint: str


def major_key(programme: str, joint: str) -> str:
    """A programme as it is named within its group."""
    return "-".join(part for part in (programme, joint) if part)[:MAJOR]


def group_key(organisation: str, grouped: str, major: str) -> str:
    """The group of an institution that a plan belongs to; without one, the major is a group of its own."""
    return f"{organisation}-{grouped or major}"[:GROUP]


def parts_of(group: str, major: str) -> Named:
    """The reverse of both."""
    programme, _, joint = major.partition("-")
    dashes = (at for at, letter in enumerate(group) if letter == "-")
    alone = next((group[:at] for at in dashes if group_key(group[:at], "", major) == group), None)
    if alone is not None:
        return Named(alone, "", programme, joint)
    organisation, _, grouped = group.rpartition("-")
    return Named(organisation, grouped, programme, joint)
