"""What the room tells: credits that were taken back, to the school that had granted them."""

from __future__ import annotations

from django.urls import reverse

from jineng.credentials.models import CreditPosting
from jineng.kernel.notices import Office, kind_of_notice, notify

CREDITS_TAKEN_BACK = kind_of_notice("credentials.credits_taken_back", "学分收回 Credits taken back")


def tell_taken_back(line: CreditPosting) -> int:
    """A certificate does not stand any more: to the school whose credits were taken back for it."""
    return notify(
        kind=CREDITS_TAKEN_BACK,
        to=Office(line.school_id),
        subject=f"学分收回 {line.credits:+}",
        about=line,
        body=f"{line.reason}\n已另记一笔冲销，原记录不变。\nA line of its own takes the credits back; none is changed.",
        link=reverse("credit_account", args=[line.account_id]),
        name_of=line.school_id,
    )
