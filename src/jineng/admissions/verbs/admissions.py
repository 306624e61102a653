"""Applicants and what comes of them: registered, placed, admitted, confirmed, ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.admissions.models import Admission, Applicant, Plan, Round, Scheme, Season
from jineng.admissions.queries import levels_held
from jineng.admissions.rules import Fault, admission_faults, exemption_faults
from jineng.admissions.schemes import Admits, read_law
from jineng.admissions.verbs.checking import ROOM, need_reason, obey, through, told
from jineng.admissions.wishes import Wrong, record_faults, registration_faults
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Division, PersonParty
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import PersonRow

OUT_OF_REACH = "该录取不存在或不在本岗位管辖范围内。 There is no such admission in your scope."


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def register_applicant(
    *,
    actor: Actor,
    season_id: UUID,
    person_name: str,
    resident_id: str,
    category: str,
    organisation_id: UUID | None = None,
    home_code: str = "",
    is_household: bool = False,
    synthetic: bool = False,
) -> Applicant:
    """Register a person as an applicant of a season, at ``organisation_id`` or else at the actor's own.

    Nobody is exempt by registration: :func:`grant_exemption` follows the decision on the evidence.

    Raises:
        NotAllowed: the organisation lies outside the scope.
        ValidationError: registered already, an unknown county, the number under another name, or the season's scheme
            does not admit such an applicant, or asks for a record of school that there is none of.
    """
    place = organisation_id or actor.organisation_id
    if not in_reach(actor, place):
        raise NotAllowed("该单位不在本岗位管辖范围内。 The organisation lies outside your scope.")
    season = Season.objects.filter(STANDS, pk=season_id).first()
    if season is None:
        raise NotAllowed("没有此招生季。 There is no such season.")
    if home_code and not Division.objects.filter(pk=home_code).exists():
        raise ValidationError({"home": "没有此区划。 There is no such division."})
    scheme = Scheme.objects.filter(STANDS, season=season).order_by("-version").first()
    admits = read_law(scheme.data).admits if scheme is not None else Admits()
    _refuse(registration_faults(admits, category=category, home=home_code or None))
    (person,) = ensure_people(actor=actor, rows=[PersonRow(person_name, resident_id, place, synthetic=synthetic)])
    if admits.after and not actor.sees_all:
        # The province registers on the paper whose record lies elsewhere.
        _refuse(record_faults(admits, category, levels_held(person, season.opens_on)))
    applicant = Applicant(
        person_id=person,
        season=season,
        category=category,
        home_id=home_code or None,
        is_household=is_household,
        registered_at_id=place,
        **origin(),
    )
    with told():
        applicant.save()
    current_deed().note(f"{season.name} 登记考生", subject=applicant)
    return applicant


def _refuse(wrong: Iterable[tuple[str, Wrong]]) -> None:
    refused = {field: str(fault) for field, fault in wrong}
    if refused:
        raise ValidationError(refused)


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def record_admission(
    *,
    actor: Actor,
    applicant_id: UUID,
    plan_id: UUID,
    round_id: UUID,
    placed_on: date | None = None,
    admitted_on: date | None = None,
    confirmed_on: date | None = None,
) -> Admission:
    """Record that an applicant was placed at, admitted to, or confirmed for a plan in a round.

    Raises:
        NotAllowed: no such plan in the actor's scope.
        ValidationError: applicant, plan and round are not of one season, days out of order, the plan is full, or the
            applicant holds another seat of the season.
    """
    plan = Plan.objects.filter(STANDS, pk=plan_id, withdrawn_on__isnull=True).select_related("season").first()
    if plan is None or not in_reach(actor, plan.organisation_id):
        raise NotAllowed("没有此招生计划，或不在管辖范围内。 There is no such plan in your scope.")
    applicant = visible(actor, Applicant).filter(STANDS, pk=applicant_id).first()
    of = Round.objects.filter(STANDS, pk=round_id, cancelled_on__isnull=True).first()
    if applicant is None or of is None or {applicant.season_id, of.season_id} != {plan.season_id}:
        raise ValidationError("考生、计划、轮次须属同一招生季。 Applicant, plan and round must be of one season.")
    obey(
        admission_faults(
            placed_on=placed_on, admitted_on=admitted_on, confirmed_on=confirmed_on, ended_on=None, ending=""
        )
    )
    obey(exemption_faults(kind=plan.season.kind, pool=plan.pool, is_exempt=applicant.exempt_category_id is not None))
    admission = Admission(
        applicant=applicant,
        plan=plan,
        round=of,
        organisation_id=plan.organisation_id,
        placed_on=placed_on,
        admitted_on=admitted_on,
        confirmed_on=confirmed_on,
        **origin(),
    )
    with told(holders_within_seats="confirmed_on"):
        admission.save()
    party = PersonParty(person_id=applicant.person_id, organisation_id=plan.organisation_id)
    PersonParty.objects.bulk_create([party], ignore_conflicts=True)
    current_deed().note(f"录取 {plan}", subject=admission)
    return admission


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def confirm_admission(*, actor: Actor, admission_id: UUID, confirmed_on: date, door: str = Origin.PAGE) -> Admission:
    """The applicant takes the seat, from ``confirmed_on`` on.

    Raises:
        NotAllowed: no such admission in the actor's scope.
        ValidationError: void, ended or confirmed already, days out of order, the plan is full, another seat is held.
    """
    admission = _locked(actor, admission_id)
    if admission.confirmed_on is not None:
        raise ValidationError("该录取已确认。 The admission is confirmed already.")
    admission.confirmed_on = confirmed_on
    obey(_faults(admission))
    through(door)
    with told(holders_within_seats="confirmed_on"):
        admission.save(update_fields=["confirmed_on"])
    current_deed().note("确认录取", subject=admission)
    return admission


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def end_admission(
    *, actor: Actor, admission_id: UUID, ended_on: date, ending: str, reason: str = "", door: str = Origin.PAGE
) -> Admission:
    """The applicant declines, the institution withdraws, or the time to confirm runs out; the seat is free again.

    Figures of years before ``ended_on`` stay as they were.

    Raises:
        NotAllowed: no such admission in the actor's scope.
        ValidationError: void or ended already, or the day lies before the step that it ends.
    """
    admission = _locked(actor, admission_id)
    admission.ended_on, admission.ending, admission.reason = ended_on, ending, reason.strip()
    obey(_faults(admission))
    through(door)
    with told():
        admission.save(update_fields=["ended_on", "ending", "reason"])
    current_deed().note(f"终止录取：{admission.get_ending_display()}", subject=admission)
    return admission


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def void_admission(*, actor: Actor, admission_id: UUID, reason: str) -> Admission:
    """Strike an admission out as never having been; it leaves the figures of all years.

    Raises:
        NotAllowed: no such admission in the actor's scope.
        ValidationError: void already, or no reason.
    """
    admission = _locked(actor, admission_id, ended=True)
    admission.voided_at, admission.void_reason = clock.now(), need_reason(reason)
    admission.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废录取：{reason.strip()}", subject=admission)
    return admission


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def read_names(*, actor: Actor, admission_id: UUID) -> tuple[str, str]:
    """Name and document number of an admission's applicant, in full; the reading is written down.

    Raises:
        NotAllowed: no such admission in the actor's scope.
    """
    found = visible(actor, Admission).filter(pk=admission_id).select_related("applicant__person").first()
    if found is None:
        raise NotAllowed(OUT_OF_REACH)
    person = found.applicant.person
    paper = person.documents.filter(STANDS).order_by("recorded_at").first()
    current_deed().note("查阅考生姓名和证件号码", subject=found)
    return person.name, paper.number if paper is not None else ""


def _faults(admission: Admission) -> Iterator[Fault]:
    return admission_faults(
        placed_on=admission.placed_on,
        admitted_on=admission.admitted_on,
        confirmed_on=admission.confirmed_on,
        ended_on=admission.ended_on,
        ending=admission.ending,
    )


def _locked(actor: Actor, admission_id: UUID, *, ended: bool = False) -> Admission:
    found = Admission.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=admission_id).first()
    if found is None or not in_reach(actor, found.organisation_id):
        raise NotAllowed(OUT_OF_REACH)
    if found.is_void:
        raise ValidationError("该录取已作废。 The admission is void.")
    if found.ended_on is not None and not ended:
        raise ValidationError("该录取已终止。 The admission has ended.")
    return found
