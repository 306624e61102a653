"""The briefs' lines in the page shell, and what waits for whoever gets them."""

from django.urls import reverse

from jineng.briefs.editing import standing_of
from jineng.briefs.kinds import State
from jineng.briefs.models import Delivery, Issue
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_tasks

UNREAD, TO_SIGN = 20, 40
add_nav(
    NavItem("results", 10, "简报", "Briefs", "briefs:index", Right.VIEW_BRIEFS),
    NavItem("results", 20, "指标", "Indicators", "briefs:indicators", Right.VIEW_BRIEFS),
)


def _unread(actor: Actor) -> list[Task]:
    """Releases that were sent to one's own organisation and not signed for yet."""
    if not actor.may(Right.VIEW_BRIEFS):
        return []
    waiting = Delivery.objects.filter(organisation=actor.organisation_id, read_at=None).select_related("release")
    return [
        Task(
            UNREAD,
            f"{item.release} 待签收",
            f"{item.get_manner_display()}本单位 To sign for",
            reverse("briefs:released", args=[item.release_id]),
            f"{item.release.issued_on:%Y-%m-%d}",
        )
        for item in waiting.order_by("-release__released_at")[:10]
    ]


def _to_sign(actor: Actor) -> list[Task]:
    """Issues that somebody else has checked."""
    if not actor.may(Right.RELEASE_BRIEFS):
        return []
    checked = Issue.objects.filter(release=None, checked_at__isnull=False).exclude(checked_by=actor.account_id)
    return [
        Task(
            TO_SIGN,
            f"{issue} 已核对，待签发",
            f"{issue.checked_by} 核对 To sign",
            reverse("briefs:issue", args=[issue.year]),
        )
        for issue in checked.select_related("checked_by")
        if standing_of(issue).state is State.CHECKED
    ]


add_tasks(_unread)
add_tasks(_to_sign)
