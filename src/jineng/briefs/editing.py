"""How an issue in the making reads now: its brief over the live registers, its claims, its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from jineng.briefs.composition import Brief, years_back
from jineng.briefs.desk import live_desk
from jineng.briefs.models import Issue
from jineng.briefs.queries import brief_of
from jineng.briefs.rules import Standing
from jineng.briefs.wording import edition_of
from jineng.engines.documents.tree import Cell, Chart, Figure, TileMap
from jineng.engines.measures.checks import parse


@dataclass(frozen=True)
class ClaimOutcome:
    """What became of a consistency claim: its words, its numbers, whether it holds; ``built`` where all figures are."""

    label: str
    shown: str
    ok: bool
    built: bool = True


def standing_of(issue: Issue) -> Standing:
    """What decides how far the issue is."""
    return Standing(edition_of(issue), issue.checked_edition, issue.signed_edition, issue.release_id is not None)


def live_brief(issue: Issue) -> Brief:
    """The issue's brief as the registers have it at this moment."""
    return brief_of(live_desk(), issue.year, f"/briefs/{issue.year}/?figure=", tail="#figure")


def claims_of(issue: Issue) -> list[ClaimOutcome]:
    """Every consistency claim of the issue, computed now in one query."""
    desk = live_desk()
    claims = [(entry["label"], parse(entry["check"])) for entry in issue.claims]
    wanted = dict.fromkeys(pair for _, check in claims for pair in check.wanted())
    known = [pair for pair in wanted if pair[0] in desk.reader.catalogue]
    values = desk.measure(tuple((key, years_back(issue.year, back)) for key, back in known))
    outcomes = []
    for label, check in claims:
        if not set(check.wanted()) <= set(known):
            outcomes.append(ClaimOutcome(label, "尚无指标", ok=False, built=False))
            continue
        verdict = check.check(lambda key, back: values[key, years_back(issue.year, back)].value)
        outcomes.append(ClaimOutcome(label, verdict.shown, verdict.ok))
    return outcomes


def failing_claims(issue: Issue) -> list[ClaimOutcome]:
    """The claims that were computed and do not hold."""
    return [outcome for outcome in claims_of(issue) if outcome.built and not outcome.ok]


def content_digest(brief: Brief) -> str:
    """SHA-256 of all that a brief says: its sentences with what became of them, its figures, its pictures' data.

    Links, dates and the looks of it are left out, so the draft and the release made of it have the same one.
    """
    figures = [[key, period.label, str(measured.value)] for (key, period), measured in brief.values.items()]
    told = {
        "title": brief.document.title,
        "sentences": [[item.sentence.source, item.sentence.check, item.state] for item in brief.said],
        "figures": sorted(figures),
        "pictures": [
            [block.caption, [[_words(cell) for cell in row] for row in block.table.rows]]
            if isinstance(block, Chart)
            else [block.caption, sorted(block.values.items())]
            for block in brief.document.blocks
            if isinstance(block, Chart | TileMap)
        ],
        "distribution": brief.document.distribution.lines,
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _words(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return "".join(piece.phrase if isinstance(piece, Figure) else piece.text for piece in cell)
