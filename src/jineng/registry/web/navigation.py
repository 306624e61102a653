"""The registry's lines in the page shell, its tasks, and the doors to its records."""

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import RecordDoor, open_records
from jineng.kernel.models import Receipt
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_tasks, guide_sign_in
from jineng.registry.scope import visible
from jineng.registry.web.sign_in import demo_accounts

add_nav(
    NavItem("today", 10, "待办", "Tasks", "home", Right.USE_WORKSPACE),
    NavItem("today", 20, "填报", "Returns", "returns", Right.VIEW_RETURNS),
    NavItem("today", 12, "通知", "Notices", "notices", Right.USE_WORKSPACE),
    NavItem("registers", 10, "机构", "Organisations", "organisations", Right.VIEW_REGISTRY),
    NavItem("today", 30, "岗位", "Posts", "posts", Right.MANAGE_POSTS),
    NavItem("today", 40, "审计", "Audit", "audit", Right.VIEW_AUDIT),
    NavItem("today", 50, "发件箱", "Outbox", "outbox", Right.MANAGE_MAIL),
)
open_records("organisation_state", RecordDoor("registry.OrganisationState", "organisation_state", "机构沿革"))
URGENT = 50


def _refused_returns(actor: Actor) -> list[Task]:
    """Files of one's own office that were refused and not handed in again since."""
    if not actor.may(Right.SUBMIT_RETURNS):
        return []
    mine = visible(actor, Receipt).filter(organisation_id=actor.organisation_id).order_by("-submitted_at")[:50]
    latest: dict[str, Receipt] = {}
    for receipt in mine:
        latest.setdefault(receipt.file_name, receipt)
    return [
        Task(
            URGENT,
            f"“{receipt.file_name}”未通过，请更正后重新提交",
            f"{receipt.error_count} 处错误 {receipt.error_count} errors",
            f"/returns/{receipt.pk}/",
            f"{receipt.submitted_at.astimezone(clock.CHINA):%Y-%m-%d}",
        )
        for receipt in latest.values()
        if receipt.state == Receipt.State.REFUSED
    ]


add_tasks(_refused_returns)
guide_sign_in(demo_accounts)
