"""Pages that change classes and courses: open, correct, cancel, strike out; fields, courses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.learning.models import Course, CourseOffering
from jineng.learning.verbs import (
    add_course,
    cancel_class,
    correct_class,
    correct_course,
    declare_field,
    open_class,
    void_class,
    void_course,
)
from jineng.learning.web.forms import (
    CancelForm,
    ClassForm,
    CorrectClassForm,
    CorrectCourseForm,
    CourseForm,
    FieldForm,
)
from jineng.learning.web.pages import find_class, find_course, home
from jineng.registry.scope import in_reach
from jineng.registry.web.forms import ReasonForm

FORM = ("GET", "POST")
FACTS = ("department", "mode", "place", "hours", "capacity", "signup_from", "starts_on", "ends_on")


def class_page(held: CourseOffering) -> str:
    """The address of a class."""
    return reverse("class", args=[held.pk])


def class_crumbs(held: CourseOffering, last: str) -> list[Crumb]:
    """The way to a page of a class."""
    return [home(), Crumb(held.code, class_page(held)), Crumb(last)]


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def open_(request: ActorRequest) -> HttpResponse:
    """Hold a class; ``?organiser=``, ``?course_owner=`` and ``?course=`` fill in codes."""
    given = {name: request.GET.get(name, "") for name in ("organiser", "course_owner", "course")}

    def do(data: dict[str, Any]) -> CourseOffering:
        return open_class(actor=request.actor, organiser_id=data.pop("organiser").pk, **data)

    return deed_page(
        request,
        ClassForm(request.POST or None, actor=request.actor, initial=given),
        do,
        title="开设班次",
        title_en="Open a class",
        done="已登记。 Recorded.",
        then=class_page,
        crumbs=[home(), Crumb("开设")],
        cancel=reverse("classes"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def correct(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Correct what is recorded of a class, or change its seats."""
    found = find_class(request, pk)
    return deed_page(
        request,
        CorrectClassForm(
            request.POST or None, actor=request.actor, initial={name: getattr(found, name) for name in FACTS}
        ),
        lambda data: correct_class(actor=request.actor, offering_id=pk, **data),
        title=f"更正：{found}",
        title_en="Correct a class",
        lead="扩大容量时，候补的按先后入班。 More seats go to those who wait, in their order.",
        done="已更正。 Corrected.",
        then=class_page,
        crumbs=class_crumbs(found, "更正"),
        cancel=class_page(found),
        submit="更正 Correct",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def cancel(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Cancel a class from a day on."""
    found = find_class(request, pk)
    return deed_page(
        request,
        CancelForm(request.POST or None, actor=request.actor, initial={"cancelled_on": clock.today()}),
        lambda data: cancel_class(actor=request.actor, offering_id=pk, **data),
        title=f"取消：{found}",
        title_en="Cancel a class",
        lead="取消自所填日期起生效，在读和候补的学员自该日退出。 Everybody in it or waiting leaves that day.",
        done="已取消。 Cancelled.",
        then=class_page,
        crumbs=class_crumbs(found, "取消"),
        cancel=class_page(found),
        submit="取消班次 Cancel the class",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a class that was never held."""
    found = find_class(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_class(actor=request.actor, offering_id=pk, **data),
        title=f"作废：{found}",
        title_en="Void a class",
        lead="作废表示从未开设，其学员不再计入任何数字；停办请用取消。 Void means that it was never held.",
        done="已作废。 Voided.",
        then=class_page,
        crumbs=class_crumbs(found, "作废"),
        cancel=class_page(found),
        submit="作废 Void",
    )


def _course_page(course: Course) -> str:
    return reverse("course", args=[course.pk])


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def add(request: ActorRequest) -> HttpResponse:
    """Put a course into a catalogue."""

    def do(data: dict[str, Any]) -> Course:
        return add_course(actor=request.actor, owner_id=data.pop("owner").pk, **data)

    return deed_page(
        request,
        CourseForm(request.POST or None, actor=request.actor),
        do,
        title="新增课程",
        title_en="Add a course",
        done="已登记。 Recorded.",
        then=_course_page,
        crumbs=[home(), Crumb("课程", reverse("courses")), Crumb("新增")],
        cancel=reverse("courses"),
    )


def _own_course(request: ActorRequest, pk: UUID) -> Course:
    found = find_course(pk)
    if not in_reach(request.actor, found.owner_id):
        raise PermissionDenied("该课程不属于本岗位管辖的机构。 The course belongs to an owner outside your scope.")
    return found


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def amend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Correct a course."""
    found = _own_course(request, pk)
    now = {name: getattr(found, name) for name in ("name", "kind", "field_code", "hours")}
    return deed_page(
        request,
        CorrectCourseForm(request.POST or None, actor=request.actor, initial=now),
        lambda data: correct_course(actor=request.actor, course_id=pk, **data),
        title=f"更正：{found}",
        title_en="Correct a course",
        lead="更正会改变以往各年的数字，原来的内容留在历史里。 Figures of past years follow; what it said is kept.",
        done="已更正。 Corrected.",
        then=_course_page,
        crumbs=[home(), Crumb(found.name, _course_page(found)), Crumb("更正")],
        cancel=_course_page(found),
        submit="更正 Correct",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def drop(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a course."""
    found = _own_course(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_course(actor=request.actor, course_id=pk, **data),
        title=f"作废：{found}",
        title_en="Void a course",
        done="已作废。 Voided.",
        then=_course_page,
        crumbs=[home(), Crumb(found.name, _course_page(found)), Crumb("作废")],
        cancel=_course_page(found),
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_LEARNING)
def declare(request: ActorRequest) -> HttpResponse:
    """Say what a field is from a day on; the province's to do."""
    if not request.actor.sees_all:
        raise PermissionDenied("学习领域由省级维护。 The province keeps the list of fields.")
    return deed_page(
        request,
        FieldForm(request.POST or None, actor=request.actor, initial={"since": clock.today()}),
        lambda data: declare_field(actor=request.actor, **data),
        title="登记学习领域",
        title_en="Declare a field",
        lead="自所填日期起如此，以前的不变。 It holds from that day on.",
        done="已登记。 Recorded.",
        then=lambda made: reverse("learning_fields"),
        crumbs=[home(), Crumb("学习领域", reverse("learning_fields")), Crumb("登记")],
        cancel=reverse("learning_fields"),
    )
