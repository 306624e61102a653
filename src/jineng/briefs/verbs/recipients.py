"""Whom an issue goes to."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.briefs.models import Issue, Recipient
from jineng.briefs.verbs.issues import unreleased
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

ROOM = "briefs"


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def add_recipient(
    *, actor: Actor, issue_id: UUID, manner: str, label: str, organisation_id: UUID | None = None, group: str = ""
) -> Recipient:
    """Add a line to an issue's distribution: an organisation, a group, or somebody outside by name alone.

    Raises:
        ValidationError: the line is there, or names both an organisation and a group.
    """
    issue = unreleased(issue_id)
    if organisation_id and group:
        raise ValidationError("机构与范围只能选一项。 Choose an organisation or a group, not both.")
    if issue.recipients.filter(manner=manner, label=label).exists():
        raise ValidationError({"label": "已在其中。 It is there already."})
    last = issue.recipients.filter(manner=manner).aggregate(last=Max("position"))["last"] or 0
    made = Recipient.objects.create(
        issue=issue, manner=manner, position=last + 1, label=label, organisation_id=organisation_id, group=group
    )
    _touch(issue)
    current_deed().note(f"发送对象：{made.get_manner_display()} {label}", subject=issue)
    return made


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def remove_recipient(*, actor: Actor, recipient_id: UUID) -> Issue:
    """Take a line out of an issue's distribution."""
    found = Recipient.objects.filter(pk=recipient_id).first()
    if found is None:
        raise ValidationError("没有这一发送对象。 There is no such recipient.")
    issue = unreleased(found.issue_id)
    current_deed().note(f"去掉发送对象：{found.get_manner_display()} {found.label}", subject=issue)
    found.delete()
    _touch(issue)
    return issue


def _touch(issue: Issue) -> None:
    issue.edition += 1
    issue.save(update_fields=["edition"])
