"""Skill-level standards by way of cases: what is filed is published, and ends the edition that it revises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact_of_many, origin_of, tell_results
from jineng.cases.models import Case
from jineng.cases.situations import answers_of
from jineng.credentials.kinds import DeveloperRole
from jineng.credentials.models import SkillStandard
from jineng.credentials.rules import revision_fault
from jineng.credentials.verbs.standards import (
    NO_REVISED,
    REVISED_ALREADY,
    SAME_DEVELOPER,
    TAKEN,
    Entry,
    publish_standards,
)
from jineng.engines.casework import Term, Type
from jineng.kernel.actors import Actor, current_actor
from jineng.kernel.records import STANDS, Origin
from jineng.registry.exchange import resolve_organisations

NO_PARTNER = "没有代码为 {code} 的单位，请核对。 No organisation has the code {code}; check it."


@dataclass(frozen=True)
class Asked:
    """What a case asks to be published, as far as it is filled in; ``partners`` are codes and roles."""

    applicant_id: UUID
    code: str
    revises: str
    published_on: date | None
    partners: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Known:
    """What the register knows of what cases ask for: standards by code, which of them are revised, whom codes name."""

    standards: Mapping[str, SkillStandard]
    revised: frozenset[UUID]
    organisations: Mapping[str, UUID]

    def faults(self, asked: Asked) -> Iterator[str]:
        """What keeps a case from being filed; nothing of what is not filled in yet."""
        if asked.code in self.standards:
            yield TAKEN
        named = [self.organisations.get(code) for code, _ in asked.partners]
        yield from (NO_PARTNER.format(code=code) for code, _ in asked.partners if code not in self.organisations)
        if asked.applicant_id in named or len(set(named)) < len(named):
            yield SAME_DEVELOPER
        if asked.revises:
            yield from self._revision_faults(asked)

    def _revision_faults(self, asked: Asked) -> Iterator[str]:
        earlier = self.standards.get(asked.revises)
        if earlier is None:
            yield NO_REVISED
        elif earlier.pk in self.revised:
            yield REVISED_ALREADY
        elif asked.published_on and (fault := revision_fault(earlier.being, asked.published_on)):
            yield str(fault)


def asked_of(case: Case) -> Asked:
    """What a case asks for."""
    answers = answers_of(case)
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(_text(answers, "published_on"))
    rows = answers.get("partners")
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    partners = tuple((_text(row, "code"), _text(row, "role")) for row in listed if _text(row, "code"))
    return Asked(case.applicant_id, _text(answers, "code"), _text(answers, "revises"), day, partners)


def _text(answers: Mapping[str, Any], key: str) -> str:
    return str(answers.get(key) or "").strip()


def known_of(asked: Sequence[Asked]) -> Known:
    """What the register knows of what these cases name, in as few queries for many as for one."""
    codes = {code for each in asked for code in (each.code, each.revises) if code}
    standards = {each.code: each for each in SkillStandard.objects.filter(STANDS, code__in=codes)}
    revised = SkillStandard.objects.filter(STANDS, revises__in=standards.values())
    actor, named = current_actor(), {code for each in asked for code, _ in each.partners}
    found = resolve_organisations(actor, named) if actor and named else {}
    return Known(
        standards,
        frozenset(revised.values_list("revises_id", flat=True)),
        {code: organisation.id for code, organisation in found.items()},
    )


def _possible(cases: Sequence[Case]) -> Mapping[UUID, bool]:
    asked = {case.pk: asked_of(case) for case in cases}
    known = known_of(list(asked.values()))
    return {case: not any(known.faults(each)) for case, each in asked.items()}


def _publish(actor: Actor, cases: Sequence[Case], what: str) -> None:
    """Publish what was asked for, led by whoever applied, in the name of the office that files it."""
    asked = [asked_of(case) for case in cases]
    known = known_of(asked)
    faults = [fault for each in asked for fault in known.faults(each)]
    if what != "publish" or faults:
        raise ValidationError(faults or "没有可备案的标准。 There is nothing to file.")
    publish_standards(actor, [_entry(case, each, known) for case, each in zip(cases, asked, strict=True)])


def _entry(case: Case, asked: Asked, known: Known) -> Entry:
    answers = answers_of(case)
    partners = [(known.organisations[code], role) for code, role in asked.partners]
    return Entry(
        code=asked.code,
        name=_text(answers, "name"),
        levels=answers["levels"],
        developers=[(case.applicant_id, DeveloperRole.LEAD.value), *partners],
        published_on=date.fromisoformat(answers["published_on"]),
        document=_text(answers, "document"),
        revises_id=known.standards[asked.revises].pk if asked.revises else None,
        origin=origin_of(case),
    )


def _results(case: Case) -> list[Result]:
    made = SkillStandard.objects.filter(STANDS, origin_kind=Origin.CASE, origin_id=case.pk).first()
    return [Result("标准 Standard", str(made), "skill_standard", made.pk)] if made else []


offer_fact_of_many(
    "standard_possible", Term(Type.FLAG, "可备案所报标准", "the standard may be filed as it stands"), _possible
)
offer_effect("skill_standard", Effect("职业技能等级标准", "a skill-level standard", _publish))
tell_results(_results, "skill_standard")
