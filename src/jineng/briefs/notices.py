"""What the briefs tell: that an issue was released, to every organisation that it was sent to."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jineng.briefs.models import Delivery, Release
from jineng.kernel.notices import Office, kind_of_notice, notify

BRIEF_SENT = kind_of_notice("briefs.sent", "简报送达 Brief sent")


def tell_recipients(release: Release, deliveries: Iterable[Delivery]) -> int:
    """A release was sent out: to whom, each of whom signs for it."""
    return notify(
        kind=BRIEF_SENT,
        to=[Office(delivery.organisation_id) for delivery in deliveries],
        subject=f"{release} 待签收",
        about=release,
        body="新一期简报已送达，请阅读并签收。\nA new issue of the brief has come: read it and sign for it.",
        link=reverse("briefs:released", args=[release.pk]),
    )
