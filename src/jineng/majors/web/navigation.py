"""The room's place in the navigation."""

from __future__ import annotations

from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav


def fill() -> None:
    """Add the room's pages to the navigation; called once, when the app is ready."""
    add_nav(
        NavItem("registers", 30, "专业点", "Offerings", "majors:offerings", Right.VIEW_MAJORS),
        NavItem("registers", 31, "专业目录", "Catalogue", "majors:majors", Right.VIEW_MAJORS),
    )
