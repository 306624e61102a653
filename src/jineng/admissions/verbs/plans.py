"""Plans: filed by the institution under the caps, accepted by the province, corrected, withdrawn, voided."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.admissions.kinds import Channel, Pool
from jineng.admissions.models import Plan, Season
from jineng.admissions.programmes import bare_programme, programmes
from jineng.admissions.queries import cap_states
from jineng.admissions.rules import CapState, Fault, explain, plan_faults, tightest
from jineng.admissions.verbs.checking import ROOM, need_province, need_reason, obey, through, told
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.models import Division
from jineng.registry.scope import in_reach

OUT_OF_REACH = "该招生计划不存在或不在本岗位管辖范围内。 There is no such plan in your scope."
OTHERS_SHOWN = 8


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def file_plan(
    *,
    actor: Actor,
    season_id: UUID,
    organisation_id: UUID,
    programme: str,
    seats: int,
    name: str = "",
    joint_college: str = "",
    channel: str = Channel.DIRECT,
    pool: str = Pool.ORDINARY,
    county_code: str = "",
    group_code: str = "",
    filed_on: date | None = None,
    document: str = "",
    door: str = Origin.PAGE,
) -> Plan:
    """File a plan for an institution in the actor's scope; the province accepts it later.

    Plans of a season are filed one after the other, so that two institutions cannot take the last seats of a cap both.
    ``programme`` is the catalogue's code; ``name`` is needed for an ordinary bachelor's major only.

    Raises:
        NotAllowed: the institution lies outside the scope, or there is no such season.
        ValidationError: the season is closed, a rule is broken, the plan is filed already, or a cap would be broken:
            which cap, how many seats it leaves, and which plans of the institution use it.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The institution lies outside your scope.")
    season = _locked_season(season_id)
    day = filed_on or clock.today()
    if season.closes_on is not None and season.closes_on < day:
        raise ValidationError({"season": f"该招生季已于 {season.closes_on} 结束。 The season is closed."})
    known = programmes([programme]).get(programme)
    if known is None:
        raise ValidationError({"programme": "专业目录中没有此代码。 No catalogue holds this code."})
    if not (name.strip() or known.name):
        raise ValidationError({"name": "普通本科专业须填专业名称。 An ordinary bachelor's major needs its name."})
    obey(plan_faults(pool=pool, county_code=county_code, filed_on=day, accepted_on=None, withdrawn_on=None))
    if county_code and not Division.objects.filter(code=county_code, level="county").exists():
        raise ValidationError({"county_code": "没有此县区。 There is no such county."})
    through(door)
    plan = Plan(
        season=season,
        organisation_id=organisation_id,
        programme_code=bare_programme(programme),
        programme_name=name.strip() or known.name,
        level=known.level,
        major_id=known.major_id,
        joint_college=joint_college.strip(),
        channel=channel,
        pool=pool,
        county_code=county_code,
        group_code=group_code.strip(),
        seats=seats,
        filed_on=day,
        document=document.strip(),
        **origin(),
    )
    _fit(plan, seats)
    with told():
        plan.save()
    current_deed().note(f"申报计划 {plan} {seats} 人", subject=plan, seats=seats)
    return plan


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def correct_plan(
    *, actor: Actor, plan_id: UUID, reason: str, seats: int | None = None, document: str | None = None
) -> Plan:
    """Change the seats or the document of a plan; what it said before stays in its history.

    An accepted plan is changed by the province only: it is the province's word then.

    Raises:
        NotAllowed: no such plan in scope, or it is accepted and the actor is not the province.
        ValidationError: void or withdrawn, nothing differs, a cap would be broken, more seats are confirmed.
    """
    plan = _locked(actor, plan_id)
    need_reason(reason)
    if plan.accepted_on is not None:
        need_province(actor)
    before = (plan.seats, plan.document)
    after = (
        plan.seats if seats is None else seats,
        plan.document if document is None else document.strip(),
    )
    if before == after:
        raise ValidationError("内容没有变化。 Nothing differs from what is recorded.")
    _fit(plan, after[0] - plan.seats)
    plan.seats, plan.document = after
    with told():
        plan.save(update_fields=["seats", "document"])
    current_deed().note(f"更正计划 {plan}：{reason.strip()}", subject=plan, before=before, after=after)
    return plan


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def accept_plan(*, actor: Actor, plan_id: UUID, accepted_on: date, document: str = "", door: str = Origin.PAGE) -> Plan:
    """Accept a filed plan: from that day on it is part of the year's plan.

    Raises:
        NotAllowed: anybody but the province, or no such plan.
        ValidationError: void, withdrawn or accepted already, or the day lies before its filing.
    """
    need_province(actor)
    plan = _locked(actor, plan_id)
    through(door)
    if plan.accepted_on is not None:
        raise ValidationError("该计划已核准。 The plan is accepted already.")
    obey(_faults(plan, accepted_on, None))
    plan.accepted_on, plan.document = accepted_on, document.strip() or plan.document
    plan.save(update_fields=["accepted_on", "document"])
    current_deed().note(f"核准计划 {plan}", subject=plan)
    return plan


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def withdraw_plan(*, actor: Actor, plan_id: UUID, withdrawn_on: date, reason: str, door: str = Origin.PAGE) -> Plan:
    """Withdraw a plan from a day on; its seats are free for other plans under the same caps.

    Raises:
        NotAllowed: no such plan in scope, or it is accepted and the actor is not the province.
        ValidationError: void or withdrawn already, seats of it are confirmed, or shares of others would grow too big.
    """
    plan = _locked(actor, plan_id)
    need_reason(reason)
    if plan.accepted_on is not None:
        need_province(actor)
    obey(_faults(plan, plan.accepted_on, withdrawn_on))
    through(door)
    plan.withdrawn_on = withdrawn_on
    with told(holders_within_seats="withdrawn_on", plans_within_caps="withdrawn_on"):
        plan.save(update_fields=["withdrawn_on"])
    current_deed().note(f"撤回计划 {plan}：{reason.strip()}", subject=plan)
    return plan


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def void_plan(*, actor: Actor, plan_id: UUID, reason: str) -> Plan:
    """Strike a plan out as never having been filed; it leaves the figures of all years.

    Raises:
        NotAllowed: no such plan in scope, or it is accepted and the actor is not the province.
        ValidationError: void already, no reason, or seats of it are confirmed.
    """
    plan = _locked(actor, plan_id, withdrawn=True)
    if plan.accepted_on is not None:
        need_province(actor)
    plan.voided_at, plan.void_reason = clock.now(), need_reason(reason)
    with told(holders_within_seats="reason", plans_within_caps="reason"):
        plan.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废计划 {plan}：{reason.strip()}", subject=plan)
    return plan


def _faults(plan: Plan, accepted_on: date | None, withdrawn_on: date | None) -> list[Fault]:
    return list(
        plan_faults(
            pool=plan.pool,
            county_code=plan.county_code,
            filed_on=plan.filed_on,
            accepted_on=accepted_on,
            withdrawn_on=withdrawn_on,
        )
    )


def _locked_season(season_id: UUID) -> Season:
    """The season, under the lock in which its plans are changed one after the other.

    Raises:
        NotAllowed: there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT admissions_lock_season(%s)", [season_id])
    season = Season.objects.filter(STANDS, pk=season_id).first()
    if season is None:
        raise NotAllowed("没有此招生季。 There is no such season.")
    return season


def _locked(actor: Actor, plan_id: UUID, *, withdrawn: bool = False) -> Plan:
    """The plan under its season's lock and its own, always in this order."""
    season_id = Plan.objects.filter(pk=plan_id).values_list("season_id", flat=True).first()
    if season_id is not None:
        _locked_season(season_id)
    plan = (
        Plan.objects.select_related("major__category", "season").select_for_update(of=("self",)).filter(pk=plan_id)
    ).first()
    if plan is None or not in_reach(actor, plan.organisation_id):
        raise NotAllowed(OUT_OF_REACH)
    if plan.is_void:
        raise ValidationError("该计划已作废。 The plan is void.")
    if plan.withdrawn_on is not None and not withdrawn:
        raise ValidationError("该计划已撤回。 The plan is withdrawn.")
    return plan


def _fit(plan: Plan, more: int) -> None:
    """Refuse ``more`` seats that break a cap, saying what would fit and what uses the cap."""
    if more <= 0:
        return
    category = plan.major.category.number if plan.major is not None else 0
    state = tightest(cap_states(plan.season_id, plan.organisation_id), plan.channel, category)
    if state is None or more <= state.fits:
        return
    raise ValidationError({"seats": explain(state, more, _others(plan, state))})


def _others(plan: Plan, state: CapState) -> list[tuple[str, int]]:
    """Plans of the institution that the cap counts beside this one, the biggest first."""
    plans = Plan.objects.filter(
        STANDS, season=plan.season_id, organisation=plan.organisation_id, withdrawn_on__isnull=True
    )
    rows = plans.exclude(pk=plan.pk).select_related("major__category").order_by("-seats", "programme_code")
    counted = [
        (str(other), other.seats)
        for other in rows
        if state.counts(other.channel, other.major.category.number if other.major is not None else 0)
    ]
    return counted[:OTHERS_SHOWN]
