"""Pages that show: seasons, plans, completion by institution, admissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.admissions.kinds import Phase
from jineng.admissions.models import Admission, Season
from jineng.admissions.offered import county_name
from jineng.admissions.queries import (
    admissions_of,
    cap_states,
    caps_of,
    completion,
    exempt_of,
    plans_of,
    rounds_of,
    seasons_of,
    years_with_seasons,
)
from jineng.admissions.rules import written_channels
from jineng.admissions.running_queries import openings_in, scheme_in
from jineng.admissions.verbs import read_names
from jineng.admissions.web.filters import AdmissionFilters, PlanFilters, SeasonFilters
from jineng.admissions.web.tables import (
    MARKS,
    PLAN_MARKS,
    PLAN_STATUS,
    STATUS,
    AdmissionTable,
    PlanTable,
    SeasonTable,
)
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.paging import cut_to_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.web.records import lifelong_fact, origin_facts


def seasons_home() -> Crumb:
    """The way back to the seasons."""
    return Crumb("招生季", reverse("seasons"))


def plans_home() -> Crumb:
    """The way back to the plans."""
    return Crumb("招生计划", reverse("admission_plans"))


def may_decide(request: ActorRequest) -> bool:
    """Whether the actor declares seasons, sets caps and accepts plans."""
    return request.actor.sees_all and request.actor.may(Right.DECIDE_ADMISSIONS)


@require_GET
@door(Right.VIEW_ADMISSIONS)
def season_list(request: ActorRequest) -> HttpResponse:
    """All seasons."""
    return list_page(
        request,
        title="招生季",
        title_en="Seasons of admission",
        lead="一个年度的一类招生，及其轮次、限额和免试类别。 One kind of admission in one year.",
        rows=lambda: seasons_of(request.actor),
        table=SeasonTable,
        filters=SeasonFilters,
        crumbs=[Crumb("招生季")],
        template="admissions/seasons.html",
        context={"may_decide": may_decide(request)},
        empty="还没有公布招生季。 No season is declared yet.",
    )


def find_season(request: ActorRequest, pk: UUID) -> Season:
    """The season.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(seasons_of(request.actor), pk=pk)


@require_GET
@door(Right.VIEW_ADMISSIONS)
def season(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One season: rounds, caps with what they leave to one's own institution, exempt categories."""
    found = find_season(request, pk)
    openings = openings_in(request.actor, found)
    own = {state.code: state for state in cap_states(found.pk, request.actor.organisation_id)}
    return render(
        request,
        "admissions/season.html",
        {
            "title": found.name,
            "title_en": "Season",
            "crumbs": [seasons_home(), Crumb(found.name)],
            "season": found,
            "facts": [
                Fact("类别 Kind", found.get_kind_display()),
                Fact("年度 Year", str(found.year)),
                Fact("开始 Opens", found.opens_on),
                Fact("结束 Closes", found.closes_on or ""),
                Fact("文号 Document", found.document),
                Fact("代码 Code", found.code, kind="code"),
            ],
            "rounds": [(each, openings.get(each.pk)) for each in rounds_of(request.actor, found)],
            "published": {pk for pk, each in openings.items() if each.phase in (Phase.ANSWERING, Phase.CLOSED)},
            "caps": [
                {"cap": cap, "channels": written_channels(cap.channels), "state": own.get(cap.code)}
                for cap in caps_of(request.actor, found)
            ],
            "exempt": exempt_of(request.actor, found),
            "may_decide": may_decide(request),
            "may_file": request.actor.may(Right.EDIT_ADMISSIONS),
            "run_here": scheme_in(request.actor, found) is not None,
        },
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def plan_list(request: ActorRequest) -> HttpResponse:
    """Plans within the actor's scope; void ones only where asked for."""
    return list_page(
        request,
        title="招生计划",
        title_en="Plans of admission",
        lead="一行是一个机构一个专业、一种途径、一种性质的计划。 Seats by programme, way in and pool.",
        rows=lambda: plans_of(request.actor, standing="status" not in request.GET).order_by("-recorded_at"),
        table=PlanTable,
        filters=PlanFilters,
        crumbs=[Crumb("招生计划")],
        template="admissions/plans.html",
        empty="管辖范围内还没有招生计划。 No plans in your scope yet.",
    )


def find_plan(request: ActorRequest, pk: UUID) -> Any:
    """The plan within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(plans_of(request.actor, standing=False), pk=pk)


@require_GET
@door(Right.VIEW_ADMISSIONS)
def plan(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One plan: what it is, how full, what the caps leave, what it said before."""
    found = find_plan(request, pk)
    facts = [
        Fact("状态 State", PLAN_STATUS[found.status], kind=PLAN_MARKS[found.status], note=found.void_reason),
        Fact(
            "招生机构 Institution", found.organisation.name, url=reverse("organisation", args=[found.organisation_id])
        ),
        Fact("招生季 Season", found.season.name, url=reverse("season", args=[found.season_id])),
        Fact("专业 Programme", found.programme_name),
        Fact("专业代码 Code", found.programme_code, kind="code"),
        Fact("层次 Level", found.get_level_display()),
        Fact("途径 Way in", found.get_channel_display()),
        Fact("性质 Pool", found.get_pool_display(), note=county_name(found.county_code)),
        Fact("合作学院 Joint college", found.joint_college),
        Fact("计划数 Seats", found.seats),
        Fact("已确认 Taken", found.held, url=f"{reverse('admissions')}?plan={found.pk}"),
        Fact("申报 Filed", found.filed_on),
        Fact("核准 Accepted", found.accepted_on or ""),
        Fact("撤回 Withdrawn", found.withdrawn_on or ""),
        Fact("文号 Document", found.document),
        *origin_facts(request.actor, found),
    ]
    decides, lives = may_decide(request), found.status in ("filed", "accepted")
    may_change = request.actor.may(Right.EDIT_ADMISSIONS) and (found.accepted_on is None or decides)
    return render(
        request,
        "admissions/plan.html",
        {
            "title": f"{found.organisation.name} · {found.programme_name}",
            "title_en": "Plan",
            "crumbs": [plans_home(), Crumb(found.programme_name)],
            "plan": found,
            "facts": facts,
            "states": cap_states(found.season_id, found.organisation_id),
            "told": told_of(found),
            "may_accept": decides and found.status == "filed",
            "may_change": may_change and lives,
            "may_void": may_change and found.status != "void",
        },
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def completion_page(request: ActorRequest) -> HttpResponse:
    """Plan completion by institution, ``?year=`` (the latest with a season, unless said) and the year before."""
    years = years_with_seasons(request.actor)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else next(iter(years), clock.today().year)
    found = completion(request.actor, year)
    shown, pages = cut_to_page(found.rows, request)
    return render(
        request,
        "admissions/completion.html",
        {
            "title": "计划完成情况",
            "title_en": "Completion of plans",
            "lead": "已核准的中职、高职计划与期内确认的录取；口径同简报指标。 By the definition of the brief's figure.",
            "crumbs": [plans_home(), Crumb("计划完成情况")],
            "year": year,
            "years": years,
            "rows": shown,
            "pages": pages,
            "now": found.now,
            "before": found.before,
        },
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def admission_list(request: ActorRequest) -> HttpResponse:
    """Admissions within the actor's scope, names masked; with ``?plan=`` of one plan."""
    plan_id = _identity(request.GET.get("plan", ""))

    def rows() -> QuerySet[Admission]:
        found = admissions_of(request.actor, standing="status" not in request.GET).order_by("-recorded_at")
        return keys_first(
            found.filter(plan=plan_id) if plan_id is not None else found, together=not request.actor.sees_all
        )

    return list_page(
        request,
        title="录取",
        title_en="Admissions",
        lead="一行是一名考生在一轮中到一项计划的结果；姓名已遮盖。 One line per applicant and plan; masked.",
        rows=rows,
        table=AdmissionTable,
        filters=AdmissionFilters,
        crumbs=[Crumb("录取")],
        empty="管辖范围内还没有录取。 No admissions in your scope yet.",
    )


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def find_admission(request: ActorRequest, pk: UUID) -> Admission:
    """The admission within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    found = admissions_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_ADMISSIONS)
def admission(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One admission: whose, at which plan, what came of it; the name masked."""
    return _admission_page(request, find_admission(request, pk), None)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def names(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with the applicant's name and number; the reading is written down."""
    found = find_admission(request, pk)
    return _admission_page(request, found, read_names(actor=request.actor, admission_id=pk))


def _admission_page(request: ActorRequest, found: Admission, readable: tuple[str, str] | None) -> HttpResponse:
    actor, applicant, of = request.actor, found.applicant, found.plan
    name = readable[0] if readable else applicant.person.masked_name
    facts = [
        Fact("状态 State", STATUS[found.status], kind=MARKS.get(found.status, "warn"), note=found.void_reason),
        Fact("考生 Applicant", name, note=readable[1] if readable else ""),
        lifelong_fact(applicant.person_id),
        Fact("考生类别 Category", applicant.get_category_display()),
        Fact("户籍县区 Home", applicant.home.name if applicant.home else ""),
        Fact("建档立卡 Poor household", "是" if applicant.is_household else ""),
        Fact("免试类别 Exempt", applicant.exempt_category.name if applicant.exempt_category else ""),
        Fact("招生机构 Institution", found.organisation.name),
        Fact("专业 Programme", of.programme_name, url=reverse("admission_plan", args=[of.pk])),
        Fact("招生季 Season", of.season.name, url=reverse("season", args=[of.season_id])),
        Fact("轮次 Round", found.round.name),
        Fact("投档 Placed", found.placed_on or ""),
        Fact("录取 Admitted", found.admitted_on or ""),
        Fact("确认 Confirmed", found.confirmed_on or ""),
        Fact("终止 Ended", found.ended_on or "", note=found.reason),
        *origin_facts(actor, found),
    ]
    changes = actor.may(Right.EDIT_ADMISSIONS) and not found.is_void
    return render(
        request,
        "admissions/admission.html",
        {
            "title": f"{found.organisation.name} · {of.programme_name}",
            "title_en": "Admission",
            "crumbs": [Crumb("录取", reverse("admissions")), Crumb(name)],
            "admission": found,
            "facts": facts,
            "told": told_of(found),
            "may_confirm": changes and found.status in ("placed", "admitted"),
            "may_end": changes and found.ended_on is None,
            "may_void": changes,
            "may_read_names": actor.may(Right.VIEW_PERSONAL_DATA) and readable is None,
        },
    )
