"""An issue brought to its release, as two officers of the province do it."""

from __future__ import annotations

from typing import Any

from jineng.briefs.models import Issue, Release
from jineng.briefs.verbs import check_issue, open_issue, release_brief, sign_issue
from jineng.kernel.actors import Actor, acting


def signed_issue(officer: Actor, signer: Actor, year: int) -> Issue:
    """The year's issue in the making, opened where there is none, checked by one and signed by the other."""
    with acting(officer):
        issue = Issue.objects.filter(year=year, release__isnull=True).first()
    issue = issue or open_issue(actor=officer, year=year)
    check_issue(actor=officer, issue_id=issue.pk, explanation="试验")
    return sign_issue(actor=signer, issue_id=issue.pk)


def release_issue(officer: Actor, signer: Actor, year: int, **more: Any) -> Release:
    """A release of the year, made the whole way."""
    signed_issue(officer, signer, year)
    return release_brief(actor=officer, year=year, **more)
