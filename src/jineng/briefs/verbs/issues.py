"""Open an issue, set its front, check it, sign it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.briefs.editing import content_digest, failing_claims, live_brief, standing_of
from jineng.briefs.kinds import Manner
from jineng.briefs.models import Issue, Passage, Picture, Recipient, Wording
from jineng.briefs.rules import hindrance_to_signing
from jineng.briefs.wording import edition_of, seed_tree, tree_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Organisation

ROOM = "briefs"
FIRST_YEAR = 2015


def year_fault(year: int) -> str | None:
    """Why a year has no brief, if it has none."""
    if FIRST_YEAR <= year <= clock.today().year:
        return None
    return f"没有{year}年度的数据。 There is no data of the year {year}."


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def open_issue(*, actor: Actor, year: int) -> Issue:
    """Open the year's next issue, worded as its last one, or as the seed where it is the first.

    Raises:
        ValidationError: the year has no data, or an issue of it is open already.
    """
    fault = year_fault(year)
    if fault:
        raise ValidationError(fault)
    if Issue.objects.filter(year=year, release__isnull=True).exists():
        raise ValidationError(f"{year}年度已有一期在编。 An issue of {year} is open already.")
    before = Issue.objects.filter(year=year).order_by("-number").first()
    tree, owners = _start(before)
    number = (Issue.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    distribution = tree.get("distribution", {})
    issue = Issue.objects.create(
        year=year,
        number=number,
        masthead=tree["masthead"],
        title=tree["title"],
        issuer=tree["issuer"],
        printed_by=distribution.get("printed_by", tree["issuer"]),
        claims=tree.get("claims", []),
    )
    _write_passages(issue, tree, owners, actor.organisation_id)
    if before is None:
        _seed_recipients(issue, distribution)
    else:
        Recipient.objects.bulk_create(
            Recipient(
                issue=issue,
                manner=item.manner,
                position=item.position,
                label=item.label,
                organisation_id=item.organisation_id,
                group=item.group,
            )
            for item in before.recipients.all()
        )
    current_deed().note(f"开编 {issue}", subject=issue)
    return issue


def _start(before: Issue | None) -> tuple[dict[str, Any], dict[tuple[int, int], UUID]]:
    """What an issue starts from, and who words which passage; an organisation's code in the seed names an owner."""
    if before is not None:
        owners = {(passage.part, passage.position): passage.owner_id for passage in before.passages.all()}
        return tree_of(before), owners
    tree = seed_tree()
    named = {
        (part, position): topic["owner"]
        for part, entry in enumerate(tree["parts"], 1)
        for position, topic in enumerate(entry["topics"], 1)
        if "owner" in topic
    }
    ids = dict(Organisation.objects.filter(name__in=set(named.values())).values_list("name", "pk"))
    return tree, {place: ids[name] for place, name in named.items() if name in ids}


def _write_passages(
    issue: Issue, tree: dict[str, Any], owners: dict[tuple[int, int], UUID], default_owner: UUID
) -> None:
    passages, wordings, pictures = [], [], []
    for part, entry in enumerate(tree["parts"], 1):
        for position, topic in enumerate(entry["topics"], 1):
            passage = Passage(
                issue=issue,
                part=part,
                part_heading=entry["heading"],
                position=position,
                heading=topic.get("heading", ""),
                owner_id=owners.get((part, position), default_owner),
            )
            passages.append(passage)
            for paragraph, sentences in enumerate(topic.get("paragraphs", ()), 1):
                for place, item in enumerate(sentences, 1):
                    given = {"text": item} if isinstance(item, str) else item
                    wordings.append(
                        Wording(
                            passage=passage,
                            paragraph=paragraph,
                            position=place,
                            text=given["text"],
                            condition=given.get("check", ""),
                        )
                    )
            pictures += [
                Picture(passage=passage, position=place, declared=declared)
                for place, declared in enumerate(topic.get("illustrations", ()), 1)
            ]
    Passage.objects.bulk_create(passages)
    Wording.objects.bulk_create(wordings)
    Picture.objects.bulk_create(pictures)


def _seed_recipients(issue: Issue, distribution: dict[str, Any]) -> None:
    """Lines of the seed: a name, or a name with the group that it stands for; names that the register knows are its."""
    lines = [
        (manner, position, line if isinstance(line, dict) else {"label": line})
        for manner in Manner.values
        for position, line in enumerate(distribution.get(manner, ()), 1)
    ]
    names = {line["label"] for _, _, line in lines}
    known = dict(Organisation.objects.filter(name__in=names, voided_at=None).values_list("name", "pk"))
    Recipient.objects.bulk_create(
        Recipient(
            issue=issue,
            manner=manner,
            position=position,
            label=line["label"],
            group=line.get("group", ""),
            organisation_id=None if line.get("group") else known.get(line["label"]),
        )
        for manner, position, line in lines
    )


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def set_front(*, actor: Actor, issue_id: UUID, masthead: str, title: str, issuer: str, printed_by: str) -> Issue:
    """Set what stands at the head and the foot of an issue; ``{year}`` in the title is the brief's year."""
    issue = unreleased(issue_id)
    issue.masthead, issue.title, issue.issuer, issue.printed_by = masthead, title, issuer, printed_by
    issue.edition += 1
    issue.save()
    current_deed().note(f"改刊头 {issue}", subject=issue)
    return issue


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def check_issue(*, actor: Actor, issue_id: UUID, explanation: str = "") -> Issue:
    """Say that the issue was checked as it reads now.

    Raises:
        ValidationError: a consistency claim fails and no ``explanation`` is given.
    """
    issue = unreleased(issue_id)
    failing = failing_claims(issue)
    if failing and not explanation.strip():
        told = "；".join(f"{claim.label}（{claim.shown}）" for claim in failing)
        raise ValidationError(f"核对未通过：{told}。请更正，或写明原因。 These claims fail: correct, or explain.")
    issue.checked_by_id, issue.checked_at = actor.account_id, clock.now()
    issue.checked_edition = edition_of(issue)
    issue.checked_digest = content_digest(live_brief(issue))
    issue.explanation = explanation.strip() if failing else ""
    issue.signed_by_id, issue.signed_at, issue.signed_edition = None, None, 0
    issue.save()
    current_deed().note(f"核对 {issue}", subject=issue, digest=issue.checked_digest, failing=len(failing))
    return issue


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def sign_issue(*, actor: Actor, issue_id: UUID) -> Issue:
    """Sign an issue off, by somebody other than whoever checked it.

    Raises:
        ValidationError: it was not checked as it reads now, or by the same person, or figures have moved since.
    """
    issue = unreleased(issue_id)
    hindrance = hindrance_to_signing(
        standing_of(issue),
        issue.checked_by_id,
        actor.account_id or 0,
        issue.checked_digest,
        content_digest(live_brief(issue)),
    )
    if hindrance:
        raise ValidationError(str(hindrance))
    issue.signed_by_id, issue.signed_at, issue.signed_edition = actor.account_id, clock.now(), edition_of(issue)
    issue.save()
    current_deed().note(f"签发 {issue}", subject=issue)
    return issue


def unreleased(issue_id: UUID) -> Issue:
    """The issue, locked, as long as it is in the making.

    Raises:
        ValidationError: it was released; its wording stays as it is.
    """
    issue = Issue.objects.select_for_update(of=("self",)).get(pk=issue_id)
    if issue.release_id is not None:
        raise ValidationError("此期已发布，不能再改。 This issue was released and stays as it is.")
    return issue
