"""Certificate pilots by way of cases: what an institution applied for is approved in its batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact_of_many, origin_of, tell_results
from jineng.cases.models import Case
from jineng.cases.situations import answers_of
from jineng.credentials.models import CertificatePilot, CertificateType, PilotBatch
from jineng.credentials.verbs.pilots import Entry, enter_pilots, known_pilots
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin

PILOTS = "credentials.PilotBatch"
"""What an intake of a batch of the certificate pilot is held for."""


def pilots_asked_for(cases: Sequence[Case]) -> dict[UUID, tuple[PilotBatch, CertificateType]]:
    """By the ids of cases the batch and the certificate that each names, where there are such, the certificate has the
    level that is named, and the institution does not pilot it in that batch yet."""
    told = {case.pk: answers_of(case) for case in cases}
    numbers = {_whole(answers.get("batch")) for answers in told.values()}
    batches = {each.number: each for each in PilotBatch.objects.filter(STANDS, number__in=numbers)}
    codes = {_code(answers) for answers in told.values()}
    kinds = {each.code: each for each in CertificateType.objects.filter(STANDS, code__in=codes)}
    taken = known_pilots({each.pk for each in batches.values()}, {case.applicant_id for case in cases})
    found = {}
    for case in cases:
        answers = told[case.pk]
        batch, kind = batches.get(_whole(answers.get("batch"))), kinds.get(_code(answers))
        level = str(answers.get("level", ""))
        if batch is None or kind is None or level not in kind.levels:
            continue
        if (batch.pk, case.applicant_id, kind.pk, level) not in taken:
            found[case.pk] = batch, kind
    return found


def _code(answers: Mapping[str, object]) -> str:
    return str(answers.get("certificate", "")).strip().upper()


def _whole(value: object) -> int:
    """A number as it was filled in; 0 for none."""
    return int(str(value)) if str(value).isdigit() else 0


def _approve(actor: Actor, cases: Sequence[Case], what: str) -> None:
    """Enter the pilots as applied for when each case began and approved today, in the name of whoever decides."""
    found = pilots_asked_for(cases)
    if what != "approve" or len(found) < len(cases):
        raise ValidationError("没有此批次、证书或等级，或已试点。 There is nothing to approve.")
    entries = []
    for case in cases:
        (batch, kind), answers = found[case.pk], answers_of(case)
        level, planned = answers["level"], _whole(answers["planned"])
        entries.append(Entry(batch, case.applicant_id, kind, level, planned, case.started_on, origin_of(case)))
    enter_pilots(actor, entries, clock.today())


def _possible(cases: Sequence[Case]) -> Mapping[UUID, bool]:
    found = pilots_asked_for(cases)
    return {case.pk: case.pk in found for case in cases}


def _pilots(case: Case) -> list[Result]:
    pilots = CertificatePilot.objects.filter(STANDS, institution=case.applicant_id)
    made = pilots.filter(origin_kind=Origin.CASE, origin_id=case.pk).first()
    return [Result("证书试点 Pilot", str(made), "certificate_pilot", made.pk)] if made else []


offer_fact_of_many("pilot_possible", Term(Type.FLAG, "可试点所报证书", "the certificate may be piloted"), _possible)
offer_effect("pilot", Effect("证书试点", "a certificate pilot", _approve))
tell_results(_pilots, "pilot")
