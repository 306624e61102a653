"""From cases to what panels work with: what reviewers read, who may not, the problem of assigning, frozen inputs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.cases.facts import FactsOf
from jineng.cases.models import Case, CaseEntry, Decision, Panel, PanelMember, Review, ReviewTask
from jineng.cases.procedures import read
from jineng.cases.situations import answers_of
from jineng.engines.casework import BookFiles, BookLine, BookTable, book
from jineng.engines.casework.cutting import Status
from jineng.engines.casework.panels import Expert as Rated
from jineng.engines.casework.panels import Problem, Submission, problem_of
from jineng.engines.casework.rubric import load_rubric, score
from jineng.engines.seals.merkle import MerkleTree
from jineng.kernel.records import STANDS

PUBLISHED_COLUMNS = ("application", "rank", "score", "status")
Pairs = frozenset[tuple[int, UUID]]
"""Accounts and the cases with which they have a conflict of interest."""


def conflicts_in(intake_id: UUID, accounts: Collection[int]) -> Pairs:
    """Which of these accounts are in conflict with which cases of an intake, whoever asks: told by the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, case_id FROM cases_conflicts_in(%s, %s)", [intake_id, list(accounts)])
        return frozenset(cursor.fetchall())


def topics_of(case: Case) -> frozenset[str]:
    """What a case is about, as its procedure tells expertise by."""
    review = read(case.procedure).review
    kept = answers_of(case).get(review.topics) if review and review.topics else None
    several = kept if isinstance(kept, list) else [kept]
    named = (each.get("code") or each.get("label") if isinstance(each, dict) else each for each in several)
    return frozenset(str(each) for each in named if each)


def _called(panel: Panel) -> dict[str, str]:
    """The topics by what people call them, in either language: whoever enters an expert writes a label."""
    known = read(panel.intake.procedure)
    field = known.form.fields.get(known.review.topics) if known.review else None
    choices = field.choices if field else ()
    return {label: each.value for each in choices for label in (each.label, each.label_en) if label}


def content_of(case: Case, number: int) -> dict[str, Any]:
    """What a reviewer reads of a case. Under blind review neither the title nor names of files are among it."""
    known = read(case.procedure)
    assert known.review is not None
    blind = known.review.blind
    shown, answers = known.review.shown(known.form), answers_of(case)
    printed = book(known.form, answers, FactsOf(case), only=shown)
    files: list[dict[str, Any]] = []
    for key in shown:
        kept = answers.get(key)
        for each in kept if isinstance(kept, list) else [kept]:
            if isinstance(each, dict) and "file" in each:
                label = known.form.fields[key].label
                name = f"{number:03d}-附件{len(files) + 1}.{each['kind']}" if blind else each["name"]
                files.append({"id": each["file"], "label": label, "name": name, "bytes": each["bytes"]})
    return {
        "title": f"{number:03d} 号" if blind else case.title,
        "sections": [
            {
                "name": part.heading.zh,
                "name_en": part.heading.en if part.heading.en != part.heading.zh else "",
                "items": [*filter(None, map(_item, part.items))],
            }
            for part in printed.sections
        ],
        "files": files,
    }


def _item(part: BookLine | BookTable | BookFiles) -> dict[str, Any] | None:
    if isinstance(part, BookLine):
        return {"label": part.label.zh, "paragraphs": [words.zh for words in part.paragraphs]}
    if isinstance(part, BookTable):
        rows = [[cell.zh for cell in row] for row in part.rows]
        return {"label": part.label.zh, "headings": [words.zh for words in part.headings], "rows": rows}
    return None


def next_problem(panel: Panel, members: Sequence[PanelMember], barred: Pairs) -> Problem | None:
    """The problem whose assignment fills places of the entries that lack most reviewers; ``None`` once none lacks any.

    At first that is one problem for all entries. Whoever had an entry once does not get it again.
    """
    # With its panel, which each entry would ask the database for else.
    entries = list(panel.entries.filter(STANDS).only("panel", "case", "topics"))
    had: defaultdict[UUID, set[UUID]] = defaultdict(set)
    live: defaultdict[UUID, list[UUID]] = defaultdict(list)
    tasks = ReviewTask.objects.filter(panel=panel).values_list("entry_id", "member_id", "voided_at")
    for entry_id, member_id, voided_at in tasks:
        had[entry_id].add(member_id)
        if voided_at is None:
            live[entry_id].append(member_id)
    seats = {member.pk: member.expert for member in members if member.expert.dismissed_on is None}
    missing: defaultdict[int, list[Any]] = defaultdict(list)
    for entry in entries:
        if len(live[entry.pk]) < panel.each:
            missing[panel.each - len(live[entry.pk])].append(entry)
    if not missing:
        return None
    each, wanting = max(missing.items())
    loads = Counter(member for team in live.values() for member in team)
    whose = {member.pk: member.expert.organisation_id for member in members}
    by_case = {entry.case_id: str(entry.pk) for entry in wanting}
    by_account = {expert.account_id: str(member) for member, expert in seats.items()}
    pairs = {
        (by_case[case], by_account[account]) for account, case in barred if case in by_case and account in by_account
    }
    for entry in wanting:
        if not had[entry.pk]:
            continue
        there = Counter(whose[member] for member in live[entry.pk])
        full = {member for member in seats if there[whose[member]] >= panel.together}
        pairs |= {(str(entry.pk), str(member)) for member in full | (had[entry.pk] & seats.keys())}
    called = _called(panel)
    rated = [
        Rated(
            str(member),
            str(expert.organisation_id),
            {called.get(topic, topic): level for topic, level in expert.expertise.items()},
            most=max(expert.most - loads[member], 0),
            held=loads[member],
        )
        for member, expert in seats.items()
    ]
    submissions = [Submission(str(entry.pk), frozenset(entry.topics)) for entry in wanting]
    return problem_of(submissions, rated, pairs, each=each, together=panel.together)


def inputs_of(panel: Panel) -> dict[str, Any]:
    """What the rule ranks: applications by their case numbers, reviews by the members' numbers, conflicts as of now.

    Where the meeting agreed upon marks, all reviews of that application carry them.
    """
    rubric = load_rubric(panel.parameters["rubric"])
    known = panel.entries.filter(STANDS).select_related("case")
    needed = "panel", "agreed", "case__started_on", "case__serial", "case__recommender_id", "case__is_exempt"
    entries = {entry.pk: entry for entry in known.only(*needed)}
    numbers = {entry.case_id: entry.case.number for entry in entries.values()}
    submitted = _submitted(panel)
    reviews = (
        Review.objects.filter(panel=panel, task__voided_at__isnull=True, task__handed_in_at__isnull=False)
        .order_by("task__entry__number", "task__member__number")
        .values_list("task__entry_id", "task__member__number", "marks")
    )
    columns: dict[str, Any] = {"application": [], "reviewer": [], "marks": {key: [] for key in rubric.by_key}}
    for entry_id, member_number, marks in reviews:
        entry = entries[entry_id]
        units = entry.agreed or score(rubric, marks).units
        columns["application"].append(numbers[entry.case_id])
        columns["reviewer"].append(_named(member_number))
        for key, unit in zip(rubric.by_key, units, strict=True):
            columns["marks"][key].append(unit)
    members = PanelMember.objects.filter(panel=panel).select_related("expert")
    seats = {member.expert.account_id: _named(member.number) for member in members}
    barred = conflicts_in(panel.intake_id, seats)
    return {
        "applications": [
            {
                "id": numbers[entry.case_id],
                "unit": str(entry.case.recommender_id or ""),
                "exempt": entry.case.is_exempt,
                "submitted": submitted.get(entry.case_id, ""),
            }
            for entry in entries.values()
        ],
        "reviews": columns,
        "conflicts": [[numbers[case], seats[account]] for account, case in barred if case in numbers],
    }


def published_part(statement: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may read of a decision's statement: how it was decided, and of the list those selected, with the
    Merkle root over them. Scores and places of the others stand in the document alone, for those who judge."""
    rows = [
        {key: row[key] for key in PUBLISHED_COLUMNS}
        for row in statement["outcome"]["rows"]
        if row["status"] == Status.SELECTED
    ]
    return {**statement, "outcome": {"rows": rows, "root": MerkleTree.of_rows(rows).root.hex()}}


def inclusion_of(decision: Decision, place: int) -> dict[str, Any]:
    """The published row at a place, from 1, with the proof that it lies under the root of its list.

    Raises:
        IndexError: the list has no such place.
    """
    rows = decision.statement["outcome"]["rows"]
    tree = MerkleTree.of_rows(rows)
    proof = tree.prove(place - 1)
    return {"decision": decision.digest, "root": tree.root.hex(), "row": rows[place - 1], "proof": proof.to_json()}


def _named(number: int | None) -> str:
    return f"R{number or 0:03d}"


def _submitted(panel: Panel) -> dict[UUID, str]:
    """When each case of a panel left its applicant's hands first, in universal time."""
    asked = panel.entries.filter(STANDS).values("case")
    first = CaseEntry.objects.filter(case__in=asked, number=2).values_list("case_id", "at")
    return {case_id: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z" for case_id, at in first}
