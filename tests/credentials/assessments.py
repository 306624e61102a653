"""Assessments to test with: a body, a certificate, a session with candidates, in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from jineng.credentials.marking import Entry
from jineng.credentials.models import (
    AssessmentSession,
    AssessmentSite,
    Candidate,
    CertificatePilot,
    CertificateType,
    PilotBatch,
)
from jineng.credentials.verbs import (
    add_room,
    announce_batch,
    apply_for_pilot,
    decide_pilot,
    enter_marks,
    register_candidates,
    schedule_session,
    set_up_site,
    settle_results,
)
from jineng.credentials.verbs.entering import Cell
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Receipt
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
from jineng.registry.models import Division, Organisation
from jineng.registry.verbs import enter_organisation
from jineng.registry.verbs.people import PersonRow
from tests.calls.small_world import report, resident
from tests.factories import LONG_AGO, World

HELD, LISTED = date(2021, 6, 12), date(2019, 4, 15)
CODE = "X01"


def body(world: World, code: str = "BODY-1", authority: str = "province") -> Organisation:
    """An assessment body."""
    province = world.actor("province_officer")
    with acting(province):
        return enter_organisation(
            actor=province,
            since=LONG_AGO,
            change=Change.FOUNDED,
            code=code,
            code_scheme=CodeScheme.OFFICE,
            name=f"示例评价组织{code}",
            kind=OrganisationKind.ASSESSMENT_BODY,
            division=Division.objects.get(code="620102"),
            authority=world[authority],
            is_synthetic=True,
        )


def land(actor: Actor, **sheets: list[dict[str, Any]]) -> Receipt:
    """Land a return that is expected to land."""
    receipt = report(actor, **sheets)
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt


def refusals(actor: Actor, **sheets: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What a return is refused for: cells and codes of error, in the order in which they are read."""
    receipt = report(actor, **sheets)
    assert receipt.state == Receipt.State.REFUSED, receipt.counts
    return [(error["cell"], error["code"]) for error in receipt.errors]


def certificate_type(world: World, code: str = CODE, levels: str = "初级、中级", by: str = "BODY-1") -> CertificateType:
    """A certificate of the catalogue, and its body where it is not there yet."""
    province = world.actor("province_officer")
    with acting(province):
        if not Organisation.objects.filter(code=by).exists():
            body(world, by)
        row = {"certificate_code": code, "name": f"证书{code}", "levels": levels, "body_code": by, "listed_on": LISTED}
        land(province, certificate_types=[row])
        return CertificateType.objects.get(code=code)


def batch(world: World, number: int = 1, on: date = date(2019, 6, 20)) -> PilotBatch:
    """A batch of the pilot."""
    return announce_batch(actor=world.actor("province_officer"), number=number, year=on.year, decided_on=on)


def pilot(
    world: World, of: PilotBatch, who: str, kind: CertificateType, level: str = "elementary", approved: bool = True
) -> CertificatePilot:
    """A pilot of the institution called ``who``, decided on the batch's day."""
    province = world.actor("province_officer")
    with acting(province):
        made = apply_for_pilot(
            actor=province,
            batch_id=of.pk,
            institution_id=world[who].pk,
            certificate_type_id=kind.pk,
            level=level,
            planned=40,
            applied_on=of.decided_on,
        )
        return decide_pilot(actor=province, pilot_id=made.pk, approved=approved, on=of.decided_on, document="9901号")


def session(
    world: World, kind: CertificateType, host: str = "county_school", code: str = "KH-1", **fields: Any
) -> AssessmentSession:
    """A session at ``host``, scheduled by the province unless said otherwise."""
    values = {
        "actor": world.actor("province_officer"),
        "level": "elementary",
        "held_on": HELD,
        "capacity": 30,
        **fields,
    }
    return schedule_session(host_id=world[host].pk, code=code, certificate_type_id=kind.pk, **values)


def people(first: int, count: int, school: Organisation | None = None) -> list[PersonRow]:
    """Synthetic learners."""
    return [
        PersonRow(f"学生{number}", resident(number), school.pk if school else None, synthetic=True)
        for number in range(first, first + count)
    ]


def seated(actor: Actor, of: AssessmentSession, rows: Sequence[PersonRow]) -> list[Candidate]:
    """Candidates of a session, registered in this order."""
    return register_candidates(actor=actor, session_id=of.pk, people=rows)


def sheet(candidates: Sequence[Candidate], *scores: Sequence[int | None]) -> dict[Cell, Entry]:
    """Marks of a sheet: for each candidate the scores of the parts in order, ``None`` for absent."""
    return {
        (candidate.pk, order): Entry(None if score is None else Decimal(score))
        for candidate, row in zip(candidates, scores, strict=True)
        for order, score in enumerate(row, 1)
    }


def entered_twice(of: AssessmentSession, marks: dict[Cell, Entry], *actors: Actor) -> None:
    """Both sheets say the same and are handed in."""
    for actor in actors:
        enter_marks(actor=actor, session_id=of.pk, marks=marks, hand_in=True)


def settled(of: AssessmentSession, candidates: Sequence[Candidate], first: Actor, second: Actor) -> None:
    """Everybody of an odd seat passed both parts, the others failed the second."""
    scores = [(70, 80) if place % 2 == 0 else (90, 30) for place in range(len(candidates))]
    entered_twice(of, sheet(candidates, *scores), first, second)
    settle_results(actor=first, session_id=of.pk)


def site(world: World, *seats: int, of: str = "county_school", code: str = "KD-1") -> AssessmentSite:
    """A site that the organisation called ``of`` runs, with a room for each number of seats."""
    province = world.actor("province_officer")
    with acting(province):
        made = set_up_site(
            actor=province,
            organisation_id=world[of].pk,
            code=code,
            name=f"{world[of].name}考点",
            address="示例路1号",
            approved_on=LISTED,
        )
        for number, count in enumerate(seats, 1):
            add_room(actor=province, site_id=made.pk, name=f"第{number}考场", seats=count)
        return made
