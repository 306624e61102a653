"""Pages by which a class is run: sign-up, sessions, attendance, completion; what became of one learner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.learning.kinds import SEATED, EnrolmentState
from jineng.learning.models import ClassSession, Enrolment
from jineng.learning.queries import attendance_of, came_by_learner, learners_of
from jineng.learning.verbs import (
    add_sessions,
    complete_class,
    correct_enrolment,
    enrol,
    mark_attendance,
    void_enrolment,
    void_session,
    withdraw,
)
from jineng.learning.web.deeds import class_crumbs, class_page
from jineng.learning.web.forms import (
    AttendanceForm,
    CompleteForm,
    CorrectEnrolmentForm,
    EnrolForm,
    SessionsForm,
    WithdrawForm,
)
from jineng.learning.web.pages import find_class, find_enrolment, home
from jineng.registry.scope import visible
from jineng.registry.web.forms import ReasonForm

FORM = ("GET", "POST")


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def sign_up(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Sign somebody up; without a free seat they wait."""
    found: Any = find_class(request, pk)
    full = found.capacity is not None and found.taken >= found.capacity
    return deed_page(
        request,
        EnrolForm(request.POST or None, actor=request.actor),
        lambda data: enrol(actor=request.actor, offering_id=pk, **data),
        title=f"报名：{found}",
        title_en="Sign up",
        lead="名额已满，新报名的列入候补。 The class is full: whoever signs up now waits." if full else "",
        done="已登记报名。 Signed up.",
        then=lambda made: f"{class_page(found)}#learners",
        crumbs=class_crumbs(found, "报名"),
        cancel=class_page(found),
        submit="报名 Sign up",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def plan_sessions(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Plan when a class meets."""
    found = find_class(request, pk)
    return deed_page(
        request,
        SessionsForm(request.POST or None, actor=request.actor, initial={"first": found.starts_on}),
        lambda data: add_sessions(actor=request.actor, offering_id=pk, **data),
        title=f"安排课次：{found}",
        title_en="Plan sessions",
        lead="学员若在同一时段另有课，两个班的举办机构都会看到。 "
        "Whoever sits in another class at that hour is flagged to both organisers.",
        done="已安排。 Planned.",
        then=lambda made: f"{class_page(found)}#sessions",
        crumbs=class_crumbs(found, "课次"),
        cancel=class_page(found),
    )


def _session(request: ActorRequest, pk: UUID) -> ClassSession:
    rows = visible(request.actor, ClassSession).select_related("offering__course", "offering__organiser")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def attendance(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Mark who came to a session."""
    met = _session(request, pk)
    held = met.offering
    learners = list(learners_of(request.actor, held.pk).filter(state__in=SEATED))
    form = AttendanceForm(
        request.POST or None, actor=request.actor, learners=learners, known=attendance_of(request.actor, pk)
    )
    return deed_page(
        request,
        form,
        lambda data: mark_attendance(actor=request.actor, session_id=pk, marks=form.marks()),
        title=f"考勤：{held} {met}",
        title_en="Attendance",
        done="考勤已保存。 Attendance saved.",
        then=lambda made: f"{class_page(held)}#sessions",
        crumbs=class_crumbs(held, "考勤"),
        cancel=class_page(held),
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def drop_session(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a session that was never held."""
    met = _session(request, pk)
    held = met.offering
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_session(actor=request.actor, session_id=pk, **data),
        title=f"作废课次：{met}",
        title_en="Void a session",
        done="已作废。 Voided.",
        then=lambda made: f"{class_page(held)}#sessions",
        crumbs=class_crumbs(held, "作废课次"),
        cancel=class_page(held),
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def complete(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Close a class with its completion list."""
    found = find_class(request, pk)
    seats = learners_of(request.actor, pk).filter(state=EnrolmentState.ENROLLED)
    came = came_by_learner(request.actor, pk)
    choices = [(str(seat.pk), f"{seat.person.masked_name}{_rate(came.get(seat.pk))}") for seat in seats]

    def do(data: dict[str, Any]) -> object:
        wanted = [UUID(text) for text in data.pop("completed")]
        return complete_class(actor=request.actor, offering_id=pk, completed=wanted, **data)

    return deed_page(
        request,
        CompleteForm(
            request.POST or None,
            actor=request.actor,
            learners=choices,
            initial={
                "completed_on": min(found.ends_on, clock.today()),
                "list_number": f"{found.code}-1",
                "completed": [pk for pk, _ in choices],
            },
        ),
        do,
        title=f"结班：{found}",
        title_en="Complete a class",
        lead="候补的学员随结班退出。 Whoever still waits leaves with it.",
        done="已结班，名册可打印。 Completed; the list may be printed.",
        then=lambda made: reverse("completion_list", args=[pk]),
        crumbs=class_crumbs(found, "结班"),
        cancel=class_page(found),
        submit="结班 Complete",
    )


def _rate(told: tuple[int, int] | None) -> str:
    return f"　出勤 {told[0]}/{told[1]}" if told else ""


def _seat_page(seat: Enrolment) -> str:
    return reverse("enrolment", args=[seat.pk])


def _seat_crumbs(seat: Enrolment, last: str) -> list[Crumb]:
    held = seat.offering
    return [home(), Crumb(held.code, class_page(held)), Crumb("学员", _seat_page(seat)), Crumb(last)]


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def leave(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record that somebody left; the seat goes to who waits first."""
    found = find_enrolment(request, pk)
    return deed_page(
        request,
        WithdrawForm(request.POST or None, actor=request.actor, initial={"left_on": clock.today()}),
        lambda data: withdraw(actor=request.actor, enrolment_id=pk, **data),
        title=f"退出：{found.offering}",
        title_en="Leave a class",
        lead="空出的名额由候补的第一位入班。 The seat goes to whoever waits first.",
        done="已退出。 Left.",
        then=_seat_page,
        crumbs=_seat_crumbs(found, "退出"),
        cancel=_seat_page(found),
        submit="退出 Leave",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def amend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Correct what an enrolment says."""
    found = find_enrolment(request, pk)
    names = ("state", "applied_on", "enrolled_on", "ended_on", "list_number")
    return deed_page(
        request,
        CorrectEnrolmentForm(
            request.POST or None, actor=request.actor, initial={name: getattr(found, name) for name in names}
        ),
        lambda data: correct_enrolment(actor=request.actor, enrolment_id=pk, **data),
        title=f"更正：{found.offering}",
        title_en="Correct an enrolment",
        lead="更正会改变以往各年的数字，原来的内容留在历史里。 Figures of past years follow; what it said is kept.",
        done="已更正。 Corrected.",
        then=_seat_page,
        crumbs=_seat_crumbs(found, "更正"),
        cancel=_seat_page(found),
        submit="更正 Correct",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out an enrolment that never was."""
    found = find_enrolment(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_enrolment(actor=request.actor, enrolment_id=pk, **data),
        title=f"作废：{found.offering}",
        title_en="Void an enrolment",
        lead="作废表示从未报名，各年的数字都不再含它；中途离开请用退出。 Void means that it never was.",
        done="已作废。 Voided.",
        then=_seat_page,
        crumbs=_seat_crumbs(found, "作废"),
        cancel=_seat_page(found),
        submit="作废 Void",
    )
