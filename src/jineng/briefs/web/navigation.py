"""The briefs' lines in the page shell."""

from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, add_nav

add_nav(
    NavItem("results", 10, "简报", "Briefs", "briefs:index", Right.VIEW_BRIEFS),
    NavItem("results", 20, "指标", "Indicators", "briefs:indicators", Right.VIEW_BRIEFS),
)
