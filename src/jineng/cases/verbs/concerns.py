"""Whom the answers of a case name: people become known by their papers, and what is named is kept for conflicts."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from jineng.cases.models import Case, CaseConcern
from jineng.cases.situations import every_answer
from jineng.engines.casework import FieldKind, Form
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import origin
from jineng.registry.kinds import AUTHORITY_KINDS
from jineng.registry.models import Organisation
from jineng.registry.verbs.people import PersonRow, ensure_people

_PERSON = re.compile(r"(?P<name>.*\D)\s+(?P<number>\d{17}[\dXx])", re.ASCII)


def name_people(actor: Actor, form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers, in which people typed as name and resident ID number are known to the register. Numbers are not kept
    in answers.

    Raises:
        NamesDiffer: a number stands under another name.
    """
    typed = [text for field, text in every_answer(form, answers) if field.kind is FieldKind.PERSON]
    asked = {text: found for text in typed if isinstance(text, str) and (found := _PERSON.fullmatch(text.strip()))}
    if not asked or not actor.may(Right.SUBMIT_RETURNS):
        return answers
    rows = [PersonRow(found["name"].strip(), found["number"].upper()) for found in asked.values()]
    known = dict(zip(asked, ensure_people(actor=actor, rows=rows), strict=True))
    people = {text: {"id": str(known[text]), "label": row.name} for text, row in zip(asked, rows, strict=True)}
    return {key: _put(answers[key], people) for key in answers}


def keep_concerns(case: Case, form: Form, answers: dict[str, Any], *, is_new: bool = False) -> None:
    """Keep whom the case names: people, and organisations other than authorities and parties of the case. Of one that
    ``is_new`` nothing is kept yet."""
    named: dict[FieldKind, set[UUID]] = {FieldKind.ORGANISATION: set(), FieldKind.PERSON: set()}
    for field, kept in every_answer(form, answers):
        if field.kind in named and isinstance(kept, dict) and "id" in kept:
            named[field.kind].add(UUID(kept["id"]))
    if is_new and not any(named.values()):
        return
    organisations = named[FieldKind.ORGANISATION] - {UUID(one) for ids in case.parties.values() for one in ids}
    organisations -= set(
        Organisation.objects.filter(pk__in=organisations, kind__in=AUTHORITY_KINDS).values_list("pk", flat=True)
    )
    wanted: set[tuple[UUID | None, UUID | None]] = {(one, None) for one in organisations}
    wanted |= {(None, one) for one in named[FieldKind.PERSON]}
    known = {(each.organisation_id, each.person_id): each.pk for each in case.concerns.filter(STANDS)}
    gone = [pk for pair, pk in known.items() if pair not in wanted]
    if gone:
        CaseConcern.objects.filter(pk__in=gone).update(voided_at=clock.now(), void_reason="填报内容已修改")
    CaseConcern.objects.bulk_create(
        CaseConcern(case=case, organisation_id=organisation, person_id=person, **origin())
        for organisation, person in wanted - known.keys()
    )


def _put(kept: Any, people: dict[str, Any]) -> Any:
    if isinstance(kept, str):
        return people.get(kept, kept)
    if isinstance(kept, list):
        return [_put(each, people) for each in kept]
    if isinstance(kept, dict):
        return {key: _put(each, people) for key, each in kept.items()}
    return kept
