"""The narrative of an issue: seeded from the file, worded by officers since, frozen beside a release."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Sum

from jineng.briefs.kinds import Manner
from jineng.briefs.models import Issue, Passage
from jineng.briefs.narrative import Narrative, narrative_of, read_narrative, read_tree

SEED = Path(__file__).with_name("data") / "narrative-gansu.yaml"
FROZEN = "narrative.json"


def seed_tree() -> dict[str, Any]:
    """What the file says from which an issue starts, as plain values."""
    return read_tree(SEED)


def seed() -> Narrative:
    """The narrative of the file, in which a year is told as long as no issue of it was opened."""
    return read_narrative(SEED)


def issue_in_the_making(year: int) -> Issue | None:
    """The year's issue that was opened and not released yet."""
    return Issue.objects.filter(year=year, release__isnull=True).first()


def edition_of(issue: Issue) -> int:
    """How often the issue's wording has changed, counted from its opening."""
    return issue.edition + (issue.passages.aggregate(total=Sum("edition"))["total"] or 0)


def tree_of(issue: Issue) -> dict[str, Any]:
    """An issue's narrative as plain values; three queries. Struck sentences are not in it."""
    passages = list(issue.passages.prefetch_related("wordings", "pictures"))
    distribution: dict[str, Any] = {manner: [] for manner in Manner.values}
    for recipient in issue.recipients.all():
        distribution[recipient.manner].append(recipient.label)
    return {
        "masthead": issue.masthead,
        "title": issue.title,
        "issuer": issue.issuer,
        "claims": issue.claims,
        "distribution": distribution | {"printed_by": issue.printed_by},
        "parts": [
            {"heading": inside[0].part_heading, "topics": [_topic(passage) for passage in inside]}
            for inside in _by_part(passages)
        ],
    }


def narrative_in_force(year: int) -> tuple[Narrative, int]:
    """How the year's draft is worded, and the number of its issue."""
    making = issue_in_the_making(year)
    return (narrative_of_issue(making), making.number) if making else (seed(), 1)


def narrative_of_issue(issue: Issue) -> Narrative:
    """An issue's narrative."""
    return narrative_of(tree_of(issue), str(issue))


def freeze(tree: dict[str, Any], folder: Path) -> None:
    """Keep a narrative beside a release, so that its page stays as it was worded."""
    (folder / FROZEN).write_text(
        json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def frozen(folder: Path) -> Narrative:
    """The narrative kept in a release's folder."""
    return narrative_of(json.loads((folder / FROZEN).read_text(encoding="utf-8")), folder.name)


def _by_part(passages: Iterable[Passage]) -> list[list[Passage]]:
    parts: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        parts[passage.part].append(passage)
    return [parts[number] for number in sorted(parts)]


def _topic(passage: Passage) -> dict[str, Any]:
    paragraphs: dict[int, list[dict[str, str]]] = defaultdict(list)
    for wording in passage.wordings.all():
        if not wording.struck:
            paragraphs[wording.paragraph].append(
                {"text": wording.text, "check": wording.condition, "ref": str(wording.pk)}
            )
    return {
        "heading": passage.heading,
        "paragraphs": [paragraphs[number] for number in sorted(paragraphs)],
        "illustrations": [picture.declared for picture in passage.pictures.all()],
    }
