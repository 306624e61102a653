"""What the engine is told of a case: as whom somebody acts, who has to sign, answers, facts, the calendar."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from jineng.cases.facts import FactsOf, other_sides, vocabulary
from jineng.cases.models import Case, Intake, IntakeDecider
from jineng.cases.procedures import Read
from jineng.engines.casework import Actor as Member
from jineng.engines.casework import Field, FieldKind, Flow, Form, Party, Role, Situation
from jineng.engines.casework.workdays import Beyond, WorkCalendar, add_working_days
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import describe
from jineng.registry.kinds import AUTHORITY_KINDS
from jineng.registry.models import Organisation, Person, Reach
from jineng.registry.scope import visible

CALENDAR = WorkCalendar(beyond=Beyond.WEEKENDS)
"""Announced holidays; of years that are not announced yet, weekends only."""
REFERENCE_KINDS = {FieldKind.MAJOR: "major", FieldKind.AWARD: "award"}


def working_day(day: date, number: int) -> date:
    """The working day so many after (before) a day."""
    return add_working_days(day, number, CALENDAR)


def answers_of(case: Case) -> dict[str, Any]:
    """What was filled in so far."""
    found: dict[str, Any] = json.loads(case.answers)
    return found


def situation_of(
    case: Case, read: Read, actor: Actor | None = None, facts: Mapping[str, Any] | None = None
) -> Situation:
    """What the engine may know of a case now; with ``actor`` references are looked up as far as they see. ``facts`` are
    the case's, where they were found for many."""
    answers = answers_of(case)
    return Situation(
        calendar=working_day,
        form=read.form,
        answers=answers,
        facts=FactsOf(case) if facts is None else facts,
        members={party: tuple(ids) for party, ids in case.parties.items()},
        vocabulary=vocabulary(),
        resolve=_resolver(actor, read.form, answers) if actor else None,
    )


def members_of(case: Case, actor: Actor) -> tuple[Member, ...]:
    """As whom the actor may act: every party of which their own organisation is a member."""
    own = str(actor.organisation_id)
    return tuple(Member(party, own) for party, ids in case.parties.items() if own in ids)


def parties_for(flow: Flow, intake: Intake, applicant_id: UUID) -> dict[str, list[str]]:
    """Who takes part in a case of an applicant: the flow's parties as organisations, in the order of signing."""
    signing = IntakeDecider.objects.filter(STANDS, intake=intake).order_by("order")
    deciders = list(signing.values_list("organisation_id", flat=True))
    above = authorities_above(applicant_id)
    return {
        party.key: [str(each) for each in _members(party, intake, applicant_id, above, deciders)]
        for party in flow.parties
    }


def _members(
    party: Party, intake: Intake, applicant_id: UUID, above: list[tuple[UUID, str]], deciders: list[UUID]
) -> Iterable[UUID]:
    if party.role is Role.APPLICANT:
        return [applicant_id]
    if party.role is Role.RECOMMENDER:
        # Without an authority at the level asked for, the next one above recommends: a provincial college has no city.
        fitting = [identity for identity, level in above if party.level in ("", level)]
        return fitting[:1] or [identity for identity, _ in above[-1:]]
    if party.role is Role.DECIDERS:
        return deciders
    # The other side is known once the applicant has named it.
    return [] if party.role is Role.COUNTERPART else [intake.office_id]


def named_counterparts(flow: Flow, case: Case) -> dict[str, list[str]]:
    """The other sides of an application: for each such party the organisation in the field of its key, or whom a room
    tells by that key."""
    answers, keys = answers_of(case), [party.key for party in flow.parties if party.role is Role.COUNTERPART]
    named = {key: answers.get(key) for key in keys}
    found = {key: [str(kept["id"])] for key, kept in named.items() if isinstance(kept, dict) and "id" in kept}
    for key in keys:
        tell = other_sides().get(key)
        if tell is not None and key not in found:
            told = tell(case)
            found[key] = [str(told)] if told else []
    return found


def authorities_above(organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Authorities that an organisation answers to, the nearest first, each with the level of its division."""
    rows = (
        Reach.objects.filter(organisation=organisation_id, depth__gt=0, authority__kind__in=AUTHORITY_KINDS)
        .order_by("depth")
        .values_list("authority_id", "authority__division__level")
    )
    return [(identity, str(level)) for identity, level in rows]


def every_answer(form: Form, answers: dict[str, Any]) -> Iterator[tuple[Field, Any]]:
    """Every single answer with its field or column."""
    for key, field in form.fields.items():
        kept = answers.get(key)
        if field.kind is FieldKind.TABLE:
            for row in kept if isinstance(kept, list) else ():
                for column in field.columns if isinstance(row, dict) else ():
                    yield from ((column, each) for each in _listed(row.get(column.key)))
        else:
            yield from ((field, each) for each in _listed(kept))


def _listed(kept: Any) -> list[Any]:
    return kept if isinstance(kept, list) else [kept]


def _resolver(actor: Actor, form: Form, answers: dict[str, Any]) -> Callable[[Field, str], str | None]:
    """What tells how a reference is called. Of the people whom ``answers`` name all are looked up at once, since
    whoever asks of one will ask of the others."""

    @cache
    def people() -> dict[str, str]:
        told = (
            kept.get("id")
            for field, kept in every_answer(form, answers)
            if field.kind is FieldKind.PERSON and isinstance(kept, dict)
        )
        keys = {key for each in told if (key := _key(each))}
        found = visible(actor, Person).filter(STANDS, pk__in=keys)
        return {str(person.pk): person.name for person in found}

    def label(field: Field, identity: str) -> str | None:
        key = _key(identity)
        if key is None:
            return None
        if field.kind is FieldKind.ORGANISATION:
            found = visible(actor, Organisation).filter(STANDS, pk=key)
            kinds = field.filter.get("kind", ())
            name = (found.filter(kind__in=kinds) if kinds else found).values_list("name", flat=True).first()
            return str(name) if name else None
        if field.kind is FieldKind.PERSON:
            return people().get(str(key))
        try:
            reference = describe(REFERENCE_KINDS[field.kind], actor, [key]).get(key)
        except LookupError:  # no room offers things of this kind
            return None
        return reference.label if reference else None

    return label


def _key(identity: object) -> UUID | None:
    """The id that a reference is, if it is one."""
    try:
        return UUID(str(identity))
    except ValueError:
        return None
