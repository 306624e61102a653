"""Pages of a session: the list, one session with its candidates, one candidate, the two entries, the comparison."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.credentials.kinds import Attendance, Stage
from jineng.credentials.marking import Entry
from jineng.credentials.models import AssessmentSession, Candidate, Mark
from jineng.credentials.queries import (
    any_session_of,
    candidates_of,
    chair_of,
    parts_of,
    results_of,
    said_before,
    sealing_of,
    seated_of,
    sessions_of,
    sheets_of,
)
from jineng.credentials.slips import span_of
from jineng.credentials.verbs import enter_marks, settle_results
from jineng.credentials.verbs.entering import Cell
from jineng.credentials.verbs.reach import NOT_YOURS, owns_session
from jineng.credentials.verbs.settling import THIRD, compared, entered_by
from jineng.credentials.verbs.slips import MOST
from jineng.credentials.web.filters import CandidateFilters, SessionFilters
from jineng.credentials.web.forms import MarksForm, ResolveForm, Seat
from jineng.credentials.web.pages import found_or_404, organisation_fact, state_fact
from jineng.credentials.web.tables import (
    ATTENDANCE_MARKS,
    STAGE_MARKS,
    CandidateTable,
    SessionTable,
)
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.identities import Identity
from jineng.registry.queries import told_of
from jineng.registry.verbs.reading import read_people
from jineng.registry.web.records import lifelong_fact, origin_facts, person_fact

SEATS_ON_A_PAGE = 100
FORM = ("GET", "POST")


def home() -> Crumb:
    """The way back to the sessions."""
    return Crumb("证书考核", reverse("assessment_sessions"))


def page_of(session: AssessmentSession) -> str:
    """The address of one session."""
    return reverse("assessment_session", args=[session.pk])


def find_session(request: ActorRequest, pk: UUID) -> AssessmentSession:
    """The session within the actor's sight, void or not.

    Raises:
        Http404: there is none.
    """
    found: AssessmentSession = found_or_404(any_session_of(request.actor), pk)
    return found


def find_own_session(request: ActorRequest, pk: UUID) -> AssessmentSession:
    """The standing session that the actor answers for.

    Raises:
        Http404: there is none in sight.
        NotAllowed: it is seen, and somebody else answers for it.
    """
    found = find_session(request, pk)
    if found.is_void or not owns_session(request.actor, pk):
        raise NotAllowed(NOT_YOURS)
    return found


@require_GET
@door(Right.VIEW_CREDENTIALS)
def session_list(request: ActorRequest) -> HttpResponse:
    """Sessions within the actor's sight, the latest first."""
    return list_page(
        request,
        title="证书考核",
        title_en="Assessment sessions",
        rows=lambda: keys_first(sessions_of(request.actor).order_by("-held_on"), together=not request.actor.sees_all),
        table=SessionTable,
        filters=SessionFilters,
        crumbs=[Crumb("证书考核")],
        template="credentials/sessions.html",
        empty="可见范围内还没有考核。 No sessions in your sight yet.",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def session(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One session: how far its results are, and its candidates in sight."""
    actor, found = request.actor, find_session(request, pk)
    sheets = sheets_of(actor, found)
    mine = next((sheet for sheet in sheets if sheet.account_id == actor.account_id), None)
    owner = actor.may(Right.EDIT_CREDENTIALS) and not found.is_void and owns_session(actor, pk)
    may_enter = found.compared_at is None and (len(sheets) < 2 if mine is None else mine.handed_in_at is None)
    facts = [
        state_fact(found, str(found.stage.label), STAGE_MARKS[found.stage]),
        Fact("场次号 Code", found.code, kind="code"),
        Fact("证书 Certificate", found.certificate_type.name, note=found.get_level_display()),
        organisation_fact("承办院校 Host", getattr(found, "host_name", ""), found.host_id),
        organisation_fact("培训评价组织 Body", getattr(found, "body_name", ""), found.body_id),
        Fact("考核日期 Held on", found.held_on.isoformat()),
        *_when_and_where(found),
        Fact("容量 Capacity", found.capacity),
        *(
            Fact(f"{part.name} Part", f"满分 {part.full_marks.normalize():f}，{part.pass_marks.normalize():f} 分合格")
            for part in parts_of(found)
        ),
        *(
            Fact(
                f"第{sheet.slot}次录入 Entry {sheet.slot}",
                sheet.label,
                note="已提交 Handed in" if sheet.handed_in_at else "录入中 Being entered",
            )
            for sheet in sheets
        ),
        *origin_facts(actor, found),
    ]
    sealed, certificates = sealing_of(actor, found)
    registered = candidates_of(actor).filter(session=found, attendance=Attendance.REGISTERED).exists()
    may_slip = actor.may(Right.VIEW_PERSONAL_DATA) and not found.is_void and registered
    may_slip = may_slip and found.stage == Stage.OPEN and found.begins_at is not None
    untouched = owner and not sheets and found.compared_at is None
    return list_page(
        request,
        title=str(found),
        title_en="Assessment session",
        rows=lambda: seated_of(actor).filter(session=pk),
        table=CandidateTable,
        filters=CandidateFilters,
        crumbs=[home(), Crumb(str(found))],
        template="credentials/session.html",
        empty="还没有可见的考生。 No candidates in your sight yet.",
        context={
            "record": found,
            "facts": facts,
            "sealed": sealed,
            "certificates": certificates,
            "may_seal": owner and sealed < certificates,
            "may_register": untouched,
            "may_move": untouched and found.stage == Stage.OPEN,
            "may_find": untouched and found.stage == Stage.OPEN and found.site_id is not None,
            "slips": [(after + 1, after) for after in range(0, found.capacity, MOST)] if may_slip else [],
            "may_enter": owner and may_enter and registered,
            "may_settle": owner and found.compared_at is not None and found.settled_at is None,
            "may_issue": owner and found.settled_at is not None and found.certified_at is None,
        },
    )


def _when_and_where(found: AssessmentSession) -> list[Fact]:
    place = Fact("地点 Place", found.place)
    if found.site is not None:
        place = Fact(
            "考点 Site", found.site.name, url=reverse("assessment_site", args=[found.site_id]), note=found.site.address
        )
    return [Fact("考核时间 Time", span_of(found)), place]


@require_GET
@door(Right.VIEW_CREDENTIALS)
def candidate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One candidate: whether they came, and the results; the name is masked."""
    return _candidate_page(request, found_or_404(seated_of(request.actor, standing=False), pk), None)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def candidate_person(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with the candidate in full; the reading is written down."""
    found = found_or_404(seated_of(request.actor, standing=False), pk)
    people = read_people(actor=request.actor, person_ids=[found.person_id], subject=found)
    return _candidate_page(request, found, people.get(found.person_id))


def _candidate_page(request: ActorRequest, found: Candidate, person: Identity | None) -> HttpResponse:
    name, actor = person.name if person else found.person.masked_name, request.actor
    owner = actor.may(Right.EDIT_CREDENTIALS) and not found.is_void and owns_session(actor, found.session_id)
    may_read, chair = actor.may(Right.VIEW_PERSONAL_DATA), chair_of(found)
    may_slip = may_read and not found.is_void and found.seat is not None and found.session.begins_at is not None
    facts = [
        state_fact(found, found.get_attendance_display(), ATTENDANCE_MARKS[Attendance(found.attendance)]),
        person_fact("考生 Candidate", found.person, person),
        *([Fact("证件号码 Resident ID", person.number, kind="code")] if person else []),
        lifelong_fact(found.person_id),
        organisation_fact("所在院校 School", getattr(found, "institution_name", ""), found.institution_id),
        Fact("考核 Assessment", str(found.session), url=page_of(found.session)),
        Fact(
            "座位号 Seat",
            found.seat if found.seat is not None else "",
            note=f"{chair.room} {chair.number} 号" if chair else "",
        ),
        Fact("结果 Outcome", found.get_outcome_display() if found.outcome else ""),
        Fact("成绩 Score", f"{found.score.normalize():f}" if found.score is not None else ""),
        *_result_facts(actor, found),
        *origin_facts(actor, found),
    ]
    return render(
        request,
        "credentials/candidate.html",
        {
            "title": name,
            "title_en": "Candidate",
            "crumbs": [home(), Crumb(str(found.session), page_of(found.session)), Crumb(name)],
            "record": found,
            "facts": facts,
            "told": told_of(found),
            "shown": person is not None,
            "may_read": may_read,
            "may_slip": may_slip and found.attendance == Attendance.REGISTERED and found.session.compared_at is None,
            "may_void": owner,
        },
    )


def _result_facts(actor: Actor, found: Candidate) -> list[Fact]:
    """What holds in each part; where it was corrected, what was said before, why, and the case that it came of."""
    results = results_of(actor, found)
    before = said_before(results)
    facts = []
    for result in results:
        by_case = result.origin_kind == Origin.CASE and actor.may(Right.VIEW_CASES)
        note = f"差异处理：{result.reason}" if result.reason else ""
        if result.pk in before:
            note = f"原为 {'、'.join(map(str, before[result.pk]))}，已更正 Corrected：{result.reason}"
        url = reverse("case", args=[result.origin_id]) if by_case else ""
        facts.append(Fact(f"{result.component.name} Part", str(result), note=note, url=url))
    return facts


def _seats(found: AssessmentSession, request: ActorRequest) -> list[Seat]:
    rows = candidates_of(request.actor).filter(session=found, seat__isnull=False).order_by("seat")
    return [Seat(row.pk, row.seat or 0, row.person.masked_name) for row in rows]


def _own_marks(found: AssessmentSession, request: ActorRequest) -> dict[Cell, Entry]:
    """What the actor's own sheet says so far; the other sheet's marks are not asked for, nor would they be given."""
    marks = Mark.objects.filter(sheet__session=found, sheet__account=request.actor.account_id)
    return {
        (candidate, order): Entry(score)
        for candidate, order, score in marks.values_list("candidate_id", "component__order", "score")
    }


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def enter(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Enter results on one's own sheet, a hundred seats to a page; the button says whether it is handed in."""
    found = find_own_session(request, pk)
    sheets = sheets_of(request.actor, found)
    if len(sheets) > 1 and not any(sheet.account_id == request.actor.account_id for sheet in sheets):
        raise NotAllowed("两次录入已由另外两个账号承担。 Two other accounts enter this session's results.")
    seats, parts = _seats(found, request), parts_of(found)
    pages = max(1, -(-len(seats) // SEATS_ON_A_PAGE))
    number = min(max(int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdigit() else 1, 1), pages)
    shown = seats[(number - 1) * SEATS_ON_A_PAGE : number * SEATS_ON_A_PAGE]
    form = MarksForm(
        request.POST or None,
        actor=request.actor,
        seats=shown,
        parts=parts,
        entered=_own_marks(found, request),
    )
    status, hand_in = 200, "hand_in" in request.POST
    if request.method == "POST" and form.is_valid():
        try:
            enter_marks(actor=request.actor, session_id=pk, hand_in=hand_in, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已提交。 Handed in." if hand_in else "已保存。 Saved.")
            more = number < pages and not hand_in
            return redirect(
                f"{request.path}?page={number + 1}" if more else page_of(found) if hand_in else request.path
            )
    if form.errors:
        status = 422
    return render(
        request,
        "credentials/enter.html",
        {
            "title": "录入成绩",
            "title_en": "Enter results",
            "lead": "另一人将独立再录一次；两次都提交之前，谁也看不到对方的录入。 "
            "Somebody else enters the same; neither sees the other's sheet.",
            "crumbs": [home(), Crumb(str(found), page_of(found)), Crumb("录入成绩")],
            "form": form,
            "parts": parts,
            "number": number,
            "pages": pages,
            "cancel": page_of(found),
        },
        status=status,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def settle(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Compare both sheets; resolve what differs, and settle the results."""
    found = find_own_session(request, pk)
    both = compared(found)
    if both.differing and entered_by(request.actor, pk):
        raise NotAllowed(THIRD)
    seats = {seat.candidate_id: seat for seat in _seats(found, request)}
    form = ResolveForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        seats=seats,
        parts=parts_of(found),
        compared=both,
    )
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            settle_results(actor=request.actor, session_id=pk, resolutions=data["resolutions"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "成绩已确认。 The results are settled.")
            return redirect(page_of(found))
    return render(
        request,
        "credentials/settle.html",
        {
            "title": "核对成绩",
            "title_en": "Compare and settle",
            "crumbs": [home(), Crumb(str(found), page_of(found)), Crumb("核对成绩")],
            "form": form,
            "entered": len(both.first),
            "cancel": page_of(found),
        },
        status=422 if form.errors else 200,
    )
