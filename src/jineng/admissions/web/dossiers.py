"""Pages of the files that a round placed with schools, and of applicants with their tickets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.admissions.kinds import FileState, RunState
from jineng.admissions.models import Applicant, Result
from jineng.admissions.running_queries import (
    admissions_at,
    applicants_of,
    files_of,
    forms_at,
    scores_at,
    ticket_of,
)
from jineng.admissions.verbs import (
    decide_refusal,
    issue_ticket,
    issue_tickets,
    propose_admission,
    propose_all,
    propose_refusal,
    read_file,
    register_applicant,
    waive_exemption,
)
from jineng.admissions.verbs.entering import AT_ONCE
from jineng.admissions.web.acting import act
from jineng.admissions.web.forms import ReasonForm
from jineng.admissions.web.pages import find_season, may_decide
from jineng.admissions.web.round_forms import RegisterForm
from jineng.admissions.web.round_tables import FILE_MARKS, ApplicantFilters, ApplicantTable, FileFilters, FileTable
from jineng.admissions.web.rounds import find_run
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach
from jineng.registry.verbs import read_people
from jineng.registry.web.records import lifelong_fact


@require_GET
@door(Right.VIEW_ADMISSIONS)
def file_list(request: ActorRequest) -> HttpResponse:
    """Files that were sent to the schools within the actor's scope."""
    return list_page(
        request,
        title="档案",
        title_en="Files",
        lead="按投档结果送达学校的考生档案；姓名已遮盖。 Files placed with schools; names masked.",
        rows=lambda: files_of(request.actor).order_by("-recorded_at"),
        table=FileTable,
        filters=FileFilters,
        crumbs=[Crumb("档案")],
        empty="还没有收到档案。 No files yet.",
    )


def find_file(request: ActorRequest, pk: UUID) -> Result:
    """The file within the actor's scope.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(files_of(request.actor), pk=pk)


def _page(pk: UUID) -> str:
    return reverse("admission_file", args=[pk])


@require_GET
@door(Right.VIEW_ADMISSIONS)
def file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One file: who, by which score, what may be done."""
    found = find_file(request, pk)
    one, state = found.applicant, FileState(found.file_state)
    in_hand = found.run.state == RunState.SENT
    edits = request.actor.may(Right.EDIT_ADMISSIONS) and in_hand
    edits = edits and in_reach(request.actor, found.organisation_id)  # type: ignore[arg-type]
    undecided = (FileState.PLACED, FileState.READING)
    return render(
        request,
        "admissions/file.html",
        {
            "title": one.person.masked_name,
            "title_en": "File",
            "crumbs": [Crumb("档案", reverse("admission_files")), Crumb(one.person.masked_name)],
            "file": found,
            "facts": [
                Fact("档案状态 State", found.get_file_state_display(), kind=FILE_MARKS[state], note=found.reason),
                Fact("投档学校 School", found.organisation.name if found.organisation else ""),
                Fact("专业 Programme", found.plan.programme_name if found.plan else ""),
                Fact("轮次 Round", found.run.opening.round.name, url=reverse("admission_run", args=[found.run_id])),
                Fact("志愿 Preference", f"第 {found.wish} 志愿" if found.wish else ""),
                Fact("得分 Score", found.score),
                Fact("考生类别 Category", one.get_category_display()),
                Fact("户籍县区 Home", one.home.name if one.home else ""),
                Fact("建档立卡 Poor household", "是" if one.is_household else ""),
            ],
            "scores": scores_at(request.actor, one),
            "may_read": edits and state == FileState.PLACED,
            "may_propose": edits and state in (*undecided, FileState.REFUSAL),
            "may_refuse": edits and state in (*undecided, FileState.PROPOSED),
            "may_decide": may_decide(request) and in_hand and state == FileState.REFUSAL,
        },
    )


@require_POST
@door(Right.EDIT_ADMISSIONS)
def read(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say that the file is being read."""
    find_file(request, pk)
    return act(
        request, lambda: read_file(actor=request.actor, result_id=pk), done="已阅档。 Noted as read.", then=_page(pk)
    )


@require_POST
@door(Right.EDIT_ADMISSIONS)
def propose(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Propose to admit."""
    find_file(request, pk)
    return act(
        request, lambda: propose_admission(actor=request.actor, result_id=pk), done="拟录取。 Proposed.", then=_page(pk)
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def refuse(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Propose to send the file back, with the reason."""
    found = find_file(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: propose_refusal(actor=request.actor, result_id=pk, reason=data["reason"]),
        title="拟退档",
        title_en="Propose a refusal",
        lead="须写明理由，由省级招生部门审定。 The province decides on the reason.",
        done="已提出，待省级审定。 Proposed; the province decides.",
        then=lambda made: _page(pk),
        crumbs=[Crumb("档案", reverse("admission_files")), Crumb(found.applicant.person.masked_name, _page(pk))],
        cancel=_page(pk),
        submit="提出 Propose",
    )


@require_POST
@door(Right.DECIDE_ADMISSIONS)
def decide(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Accept a refusal, or have the file admitted."""
    find_file(request, pk)
    accepts = request.POST.get("accepts") == "yes"
    return act(
        request,
        lambda: decide_refusal(actor=request.actor, result_id=pk, accepts=accepts),
        done="已审定。 Decided.",
        then=_page(pk),
    )


@require_POST
@door(Right.EDIT_ADMISSIONS)
def everything(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Propose to admit all files of a run that wait within the actor's scope."""
    find_run(request, pk)
    return act(
        request,
        lambda: propose_all(actor=request.actor, run_id=pk),
        done="已全部拟录取。 All were proposed.",
        then=reverse("admission_run", args=[pk]),
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def applicant_list(request: ActorRequest) -> HttpResponse:
    """Applicants within the actor's scope."""
    return list_page(
        request,
        title="考生",
        title_en="Applicants",
        lead="管辖范围内报名的考生；姓名已遮盖。 Registered within your scope; names masked.",
        rows=lambda: keys_first(applicants_of(request.actor).order_by("-recorded_at")),
        table=ApplicantTable,
        filters=ApplicantFilters,
        crumbs=[Crumb("考生")],
        template="admissions/applicants.html",
        empty="还没有考生报名。 Nobody is registered yet.",
    )


def find_applicant(request: ActorRequest, pk: UUID) -> Applicant:
    """The applicant within the actor's scope.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(applicants_of(request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def register(request: ActorRequest) -> HttpResponse:
    """Register an applicant; the ticket is issued from their page."""

    def do(data: dict[str, Any]) -> Applicant:
        return register_applicant(
            actor=request.actor,
            season_id=data["season"].pk,
            person_name=data["person_name"],
            resident_id=data["resident_id"],
            category=data["category"],
            organisation_id=data["organisation"].pk if data["organisation"] else None,
            home_code=data["home"].code if data["home"] else "",
            is_household=data["is_household"],
        )

    return deed_page(
        request,
        RegisterForm(request.POST or None, actor=request.actor, initial={"season": request.GET.get("season", "")}),
        do,
        title="考生报名",
        title_en="Register an applicant",
        lead="核对考生类别和户籍县区；报名后在考生页发放报名凭证。 A ticket is issued from the applicant's page.",
        done="已报名，请发放报名凭证。 Registered; issue the ticket next.",
        then=lambda made: reverse("admission_applicant", args=[made.pk]),
        crumbs=[Crumb("考生", reverse("admission_applicants")), Crumb("报名")],
        cancel=reverse("admission_applicants"),
        submit="报名 Register",
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def applicant(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One applicant: registration, ticket number, scores, whether preferences are submitted, what came of it."""
    return _applicant_page(request, find_applicant(request, pk))


@require_POST
@door(Right.EDIT_ADMISSIONS)
def ticket(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Issue a ticket: its code is on this one page and nowhere else."""
    found = find_applicant(request, pk)
    issued = issue_ticket(actor=request.actor, applicant_id=pk, email=request.POST.get("email", ""))
    return _applicant_page(request, found, issued.code)


@require_POST
@door(Right.EDIT_ADMISSIONS)
def tickets(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Issue tickets to those registered within the actor's scope who have none, to be printed from this one page."""
    found = find_season(request, pk)
    issued = issue_tickets(actor=request.actor, season_id=pk)
    applicants = {each.ticket.number: each.ticket.applicant for each in issued}
    people = read_people(actor=request.actor, person_ids=[one.person_id for one in applicants.values()], subject=found)
    return render(
        request,
        "admissions/tickets.html",
        {
            "title": "报名凭证",
            "title_en": "Tickets",
            "crumbs": [
                Crumb("招生季", reverse("seasons")),
                Crumb(found.name, reverse("season", args=[pk])),
                Crumb("报名凭证"),
            ],
            "season": found,
            "tickets": [(people.get(applicants[each.ticket.number].person_id), each) for each in issued],
            "more": len(issued) == AT_ONCE,
        },
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def waive(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give up an exemption at the applicant's wish."""
    found = find_applicant(request, pk)
    page = reverse("admission_applicant", args=[pk])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: waive_exemption(actor=request.actor, applicant_id=pk, reason=data["reason"]),
        title="放弃免试资格",
        title_en="Give up the exemption",
        lead="此后按普通考生参加考试和投档。 From then on the applicant is admitted by examination.",
        done="已放弃。 Given up.",
        then=lambda made: page,
        crumbs=[
            Crumb("考生", reverse("admission_applicants")),
            Crumb(found.person.masked_name, page),
            Crumb("放弃免试资格"),
        ],
        cancel=page,
        submit="放弃 Give up",
    )


def _applicant_page(request: ActorRequest, found: Applicant, code: str = "") -> HttpResponse:
    held = ticket_of(request.actor, found)
    mine = request.actor.may(Right.EDIT_ADMISSIONS) and in_reach(request.actor, found.registered_at_id)
    return render(
        request,
        "admissions/applicant.html",
        {
            "title": found.person.masked_name,
            "title_en": "Applicant",
            "crumbs": [Crumb("考生", reverse("admission_applicants")), Crumb(found.person.masked_name)],
            "applicant": found,
            "facts": [
                lifelong_fact(found.person_id),
                Fact("招生季 Season", found.season.name, url=reverse("season", args=[found.season_id])),
                Fact("考生类别 Category", found.get_category_display()),
                Fact("户籍县区 Home", found.home.name if found.home else ""),
                Fact("建档立卡 Poor household", "是" if found.is_household else ""),
                Fact("免试类别 Exempt", found.exempt_category.name if found.exempt_category else ""),
                Fact("报名单位 Registered at", found.registered_at.name),
                Fact("报名号 Number", held.number if held else "尚未发放", kind="code" if held else ""),
            ],
            "scores": scores_at(request.actor, found),
            "forms": forms_at(request.actor, found),
            "admissions": admissions_at(request.actor, found),
            "held": held,
            "code": code,
            "may_issue": mine,
            "may_waive": may_decide(request) and found.exempt_category_id is not None,
        },
    )
