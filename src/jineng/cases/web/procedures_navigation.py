"""The procedures in the page shell."""

from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav

add_nav(NavItem("registers", 18, "办理规程", "Procedures", "procedures", Right.VIEW_CASES))
