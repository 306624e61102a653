"""Offerings by way of cases: majors may be named in forms, and what is filed or approved is opened or revoked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.references import Reference, ReferenceKind, offer_references
from jineng.majors.models import Major, MajorOffering
from jineng.majors.queries import being_on
from jineng.majors.rules import bare_code
from jineng.majors.verbs import open_offering, revoke_offering

NO_SUCH = "申报单位没有开设该修业年限的此专业。 The applicant does not offer this major with this duration."


def major_of(case: Case) -> Major | None:
    """The major that a case is about, where its form asks for one (``major``) and it is filled in."""
    kept = answers_of(case).get("major")
    return Major.objects.filter(pk=kept["id"]).first() if isinstance(kept, dict) and "id" in kept else None


def offering_of(case: Case) -> MajorOffering | None:
    """The offering of the applicant that a case is about, in being today."""
    answers, major = answers_of(case), major_of(case)
    if major is None or not answers.get("duration"):
        return None
    offerings = MajorOffering.objects.filter(STANDS, being_on(clock.today()), organisation=case.applicant_id)
    return offerings.filter(major=major, duration_years=Decimal(answers["duration"])).first()


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Open what was applied for, or revoke it from the day asked for, else today; in the name of whoever decides."""
    answers, major = answers_of(case), major_of(case)
    if what == "open" and major is not None:
        open_offering(
            actor=actor,
            organisation_id=case.applicant_id,
            major=major,
            duration_years=Decimal(answers["duration"]),
            opened_on=date.fromisoformat(answers["opened_on"]),
            document=case.number,
        )
        return
    offering = offering_of(case)
    if what != "revoke" or offering is None:
        raise ValidationError(NO_SUCH)
    revoke_offering(
        actor=actor,
        offering_id=offering.pk,
        revoked_on=date.fromisoformat(answers["revoked_on"]) if answers.get("revoked_on") else clock.today(),
        document=case.number,
    )


def _results(case: Case) -> list[Result]:
    offered = MajorOffering.objects.filter(STANDS, organisation=case.applicant_id)
    opened = offered.filter(origin_kind=Origin.CASE, origin_id=case.pk).select_related("major")
    return [Result("专业点 Offering", str(each.major), "offering", each.pk) for each in opened]


def _reference(major: Major) -> Reference:
    page = f"{reverse('majors')}?q={major.code}"
    return Reference(major.pk, None, f"{major.full_code} {major.name}", page, major.full_code)


def _by_code(actor: Actor, codes: Collection[str]) -> Mapping[str, Reference]:
    """Majors of the editions in force today, by their codes with or without the mark of state control."""
    del actor
    wanted: dict[str, str] = {}
    for code in codes:
        with suppress(ValueError):
            wanted[bare_code(code)[0]] = code
    majors = Major.objects.filter(code__in=wanted).select_related("edition")
    return {wanted[major.code]: _reference(major) for major in majors if _is_in_force(major)}


def _by_id(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Reference]:
    del actor
    return {major.pk: _reference(major) for major in Major.objects.filter(pk__in=ids)}


def _is_in_force(major: Major) -> bool:
    today, edition = clock.today(), major.edition
    return edition.in_force_from <= today and (edition.in_force_until is None or edition.in_force_until > today)


offer_references(ReferenceKind("major", "专业", "major", _by_code, _by_id))
offer_fact(
    "state_controlled",
    Term(Type.FLAG, "国控专业", "state-controlled"),
    lambda case: bool((major := major_of(case)) and major.state_controlled),
)
offer_fact(
    "offered",
    Term(Type.FLAG, "申报单位已开设", "offered by the applicant"),
    lambda case: offering_of(case) is not None,
)
offer_effect("offering", Effect("专业点", "offering", one_by_one(_bring)))
tell_results(_results, "offering")
bring_procedures(Path(__file__).with_name("data") / "procedures")
