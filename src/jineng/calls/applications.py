"""What a case of a call comes to: an award, which stands in the register and is counted with all others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse

from jineng.calls.kinds import HolderForm, HolderKind, HolderRole
from jineng.calls.models import Award, AwardHolder, AwardStatus, Batch
from jineng.calls.rules import Event, may_follow, normal_title, status_on
from jineng.cases.facts import Effect, Result, offer_effect, origin_of, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import Reference, ReferenceKind, offer_references
from jineng.registry.scope import visible

SUBJECT = "calls.Batch"
"""What an intake of a call is held for."""
LEADER = "leader"
"""The field of a form that names the person who holds or leads what is applied for."""
MEMBERS, MEMBER = "members", "person"
"""The table of a team's form that names its members beside the leader, and the column in which each stands."""


def award_of(case: Case) -> Award | None:
    """The standing award that a case of a call came to, if it did."""
    return _awards_of([case]).get(case.pk)


def _awards_of(cases: Sequence[Case]) -> dict[UUID, Award]:
    """The standing awards that cases of calls came to, by the cases' ids."""
    keys = {(case.intake.subject_id, case.applicant_id, normal_title(case.title)): case.pk for case in cases}
    found = Award.objects.filter(
        STANDS,
        batch__in={batch for batch, *_ in keys},
        organisation__in={applicant for _, applicant, _ in keys},
        title__in={title for *_, title in keys},
    ).select_related("batch__call")
    known = {(award.batch_id, award.organisation_id, award.title): award for award in found}
    return {case: known[key] for key, case in keys.items() if key in known}


def _bring(actor: Actor, cases: Sequence[Case], status: str) -> None:
    """Make each case's award, or say what it is from today on: first nurtured or built, later recognised."""
    from jineng.calls.verbs.awards import CANNOT_FOLLOW, Entry, enter_awards

    del actor  # whoever may take the step grants the award: the case has checked it
    wanted = {case.intake.subject_id for case in cases if case.intake.subject_type == SUBJECT}
    batches = Batch.objects.filter(STANDS).select_related("call").in_bulk(wanted)
    if any(case.intake.subject_type != SUBJECT or case.intake.subject_id not in batches for case in cases):
        raise ValidationError("该事项不属于任何遴选，不能立项。 The case belongs to no call.")
    awards = _awards_of(cases)
    before = _standing(awards.values())
    if not all(may_follow(before.get(awards[case.pk].pk) if case.pk in awards else None, status) for case in cases):
        raise ValidationError({"status": CANNOT_FOLLOW})
    fresh = [case for case in cases if case.pk not in awards]
    made = enter_awards(
        [Entry(batches[case.intake.subject_id], case.applicant_id, case.title, origin_of(case)) for case in fresh]
    )
    awards |= {case.pk: award for case, award in zip(fresh, made, strict=True)}
    AwardHolder.objects.bulk_create(
        AwardHolder(award=awards[case.pk], **each, **origin_of(case))
        for case in fresh
        for each in _holders(case, batches[case.intake.subject_id].call.holder_form)
    )
    AwardStatus.objects.bulk_create(
        AwardStatus(
            award=awards[case.pk],
            status=status,
            since=clock.today(),
            document=batches[case.intake.subject_id].document,
            **origin_of(case),
        )
        for case in cases
    )


def _standing(awards: Collection[Award]) -> dict[UUID, str | None]:
    """What each of these awards is today."""
    events: dict[UUID, list[Event]] = {}
    for each in AwardStatus.objects.filter(STANDS, award__in=awards):
        events.setdefault(each.award_id, []).append(Event(each.since, each.recorded_at, each.status))
    return {award: status_on(found, clock.today()) for award, found in events.items()}


def _holders(case: Case, form: str) -> Iterator[dict[str, Any]]:
    """Who holds the award of a case: the applicant but for what a person holds alone, whom it names as its leader, a
    team of the case's title with those whom it names as members."""
    if form != HolderForm.PERSON:
        yield {"kind": HolderKind.ORGANISATION, "organisation_id": case.applicant_id, "role": HolderRole.HOLDER}
    if form == HolderForm.TEAM:
        yield {"kind": HolderKind.TEAM, "team_name": normal_title(case.title)[:100], "role": HolderRole.HOLDER}
    answers = answers_of(case)
    leader = _person(answers.get(LEADER))
    if form != HolderForm.ORGANISATION and leader is not None:
        role = HolderRole.HOLDER if form == HolderForm.PERSON else HolderRole.LEADER
        yield {"kind": HolderKind.PERSON, "person_id": leader, "role": role}
    rows = answers.get(MEMBERS)
    named = [_person(row.get(MEMBER)) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    for member in dict.fromkeys(named) if form == HolderForm.TEAM else ():
        if member not in (None, leader):
            yield {"kind": HolderKind.PERSON, "person_id": member, "role": HolderRole.MEMBER}


def _person(kept: Any) -> UUID | None:
    """The person whom an answer names, once the register knows them."""
    return UUID(kept["id"]) if isinstance(kept, dict) and "id" in kept else None


def _results(case: Case) -> list[Result]:
    award = award_of(case) if case.intake.subject_type == SUBJECT else None
    return [Result("立项 Award", award.title, "award", award.pk)] if award else []


def _reference(award: Award) -> Reference:
    return Reference(
        award.pk, award.organisation_id, award.title, reverse("award", args=[award.pk]), award.project_number
    )


def _by_code(actor: Actor, codes: Collection[str]) -> Mapping[str, Reference]:
    """Awards in sight by their project numbers; a number that several awards bear names none of them."""
    found: dict[str, list[Award]] = {}
    for award in visible(actor, Award).filter(STANDS, project_number__in=set(codes) - {""}):
        found.setdefault(award.project_number, []).append(award)
    return {code: _reference(awards[0]) for code, awards in found.items() if len(awards) == 1}


def _by_id(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Reference]:
    return {award.pk: _reference(award) for award in visible(actor, Award).filter(STANDS, pk__in=ids)}


offer_references(ReferenceKind("award", "立项", "award", _by_code, _by_id))
offer_effect("award", Effect("立项", "award", _bring))
tell_results(_results)
bring_procedures(Path(__file__).with_name("data") / "procedures")
