"""Pages that show: classes, one class, its completion list, an organiser's year, courses, fields, the three tiers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.kernel import clock
from jineng.kernel.crypto import mask_number
from jineng.kernel.doors import door
from jineng.kernel.references import describe
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.learning.exchange.classes import PROJECT
from jineng.learning.kinds import ClassStatus, EnrolmentState
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.learning.queries import (
    clashes_of,
    classes_of,
    courses_of,
    field_names,
    fields_of,
    funded_by,
    history_of,
    learners_of,
    persons_of,
    sessions_of,
    tiers_of,
)
from jineng.learning.rules import free_seats
from jineng.learning.web.filters import ClassFilters, CourseFilters, FieldFilters
from jineng.learning.web.tables import STATE_MARKS, STATUS_MARKS, ClassTable, CourseTable, FieldTable
from jineng.registry.identities import Identity
from jineng.registry.models import Organisation
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs.reading import read_people
from jineng.registry.web.records import lifelong_fact, origin_facts


def home() -> Crumb:
    """The way back to the list of classes."""
    return Crumb("班次", reverse("classes"))


def find_class(request: ActorRequest, pk: UUID) -> CourseOffering:
    """The class within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    found = classes_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_enrolment(request: ActorRequest, pk: UUID) -> Enrolment:
    """The enrolment within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    rows = visible(request.actor, Enrolment).select_related("person", "offering__course", "offering__organiser")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_course(pk: UUID) -> Course:
    """The course, void or not.

    Raises:
        Http404: there is none.
    """
    found = courses_of(standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_LEARNING)
def class_list(request: ActorRequest) -> HttpResponse:
    """Classes within the actor's scope, whichever department pays; void ones only where asked for."""
    return list_page(
        request,
        title="班次",
        title_en="Classes",
        lead="各部门出资的培训、开放教育和国际合作班次都在这一本册子里。 Classes of all departments, in one register.",
        rows=lambda: keys_first(
            classes_of(request.actor, standing=request.GET.get("status") != ClassStatus.VOID),
            together=not request.actor.sees_all,
        ),
        table=ClassTable,
        filters=ClassFilters,
        crumbs=[Crumb("班次")],
        template="learning/classes.html",
        empty="管辖范围内还没有班次。 No classes in your scope yet.",
    )


def _class_facts(request: ActorRequest, found: Any) -> list[Fact]:
    status = ClassStatus(found.status)
    project = describe(PROJECT, request.actor, [found.project_id]).get(found.project_id) if found.project_id else None
    course = found.course
    facts = [
        Fact("课程 Course", course.name, url=reverse("course", args=[course.pk])),
        Fact("班次编号 Number", found.code, kind="code"),
        Fact("举办机构 Organiser", found.organiser.name, url=reverse("organiser_classes", args=[found.organiser_id])),
        Fact("类型 Kind", course.get_kind_display()),
        Fact("领域 Field", f"{course.field_code} {field_names().get(course.field_code, '')}"),
        Fact("经费部门 Department", found.get_department_display()),
        Fact("方式 Mode", found.get_mode_display()),
        Fact("地点 Place", "　".join(filter(None, (found.division.name if found.division else "", found.place)))),
        Fact("学时 Hours", found.hours),
        Fact("报名自 Sign-up from", found.signup_from or ""),
        Fact("班期 From, until", f"{found.starts_on} 至 {found.ends_on}"),
        Fact("结班 Completed on", found.completed_on or ""),
        Fact("状态 State", status.label, kind=STATUS_MARKS[status], note=found.cancel_reason or found.void_reason),
    ]
    if found.project_id:
        label = project.label if project else "（不在管辖范围内）"
        facts.append(Fact("国际合作项目 Project", label, url=project.url if project else ""))
    return [*facts, *origin_facts(request.actor, found)]


@require_GET
@door(Right.VIEW_LEARNING)
def one_class(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One class: what it is, who is in it, when it meets, who sits in two classes at one hour."""
    found: Any = find_class(request, pk)
    learners = list(learners_of(request.actor, pk))
    sessions = list(sessions_of(request.actor, pk))
    clashes = clashes_of(request.actor, found.starts_on, found.ends_on, pk) if sessions else []
    names = {seat.pk: seat.person.masked_name for seat in learners}
    may_change = request.actor.may(Right.EDIT_LEARNING) and not found.is_void
    return render(
        request,
        "learning/class.html",
        {
            "title": f"{found.course.name}（{found.code}）",
            "crumbs": [home(), Crumb(found.code)],
            "offering": found,
            "facts": _class_facts(request, found),
            "free": free_seats(found.taken, found.capacity),
            "learners": [(seat, STATE_MARKS[EnrolmentState(seat.state)]) for seat in learners],
            "sessions": sessions,
            "clashes": [(clash, names.get(clash.enrolment_id, "")) for clash in clashes],
            "told": history_of(found),
            "may_change": may_change,
            "going": may_change and not found.cancelled_on and not found.completed_on,
            "today": clock.today(),
        },
    )


def _list_page(request: ActorRequest, found: Any, people: dict[UUID, Identity]) -> HttpResponse:
    seats = [seat for seat in learners_of(request.actor, found.pk) if seat.state == EnrolmentState.COMPLETED]
    rows = [
        {
            "name": people[seat.person_id].name if seat.person_id in people else seat.person.masked_name,
            "number": mask_number(people[seat.person_id].number) if seat.person_id in people else "",
            "ended_on": seat.ended_on,
            "list_number": seat.list_number,
        }
        for seat in seats
    ]
    return render(
        request,
        "learning/completion_list.html",
        {
            "title": "结业名册",
            "title_en": "Completion list",
            "crumbs": [home(), Crumb(found.code, reverse("class", args=[found.pk])), Crumb("结业名册")],
            "offering": found,
            "rows": rows,
            "revealed": bool(people),
            "may_read": request.actor.may(Right.VIEW_PERSONAL_DATA),
        },
    )


@require_GET
@door(Right.VIEW_LEARNING)
def completion_list(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The completion list of a class, names masked; made to be printed."""
    return _list_page(request, find_class(request, pk), {})


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def completion_names(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The completion list with full names; the reading is recorded."""
    found = find_class(request, pk)
    seats = learners_of(request.actor, pk).filter(state=EnrolmentState.COMPLETED)
    people = read_people(actor=request.actor, person_ids=set(seats.values_list("person_id", flat=True)), subject=found)
    return _list_page(request, found, people)


@require_GET
@door(Right.VIEW_LEARNING)
def enrolment(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One person in one class: what became of it, and what the database noted."""
    found = find_enrolment(request, pk)
    held = found.offering
    state = EnrolmentState(found.state)
    facts = [
        Fact("学员 Learner", found.person.masked_name),
        lifelong_fact(found.person_id),
        Fact("班次 Class", str(held), url=reverse("class", args=[held.pk])),
        Fact("举办机构 Organiser", held.organiser.name),
        Fact(
            "状态 State",
            "已作废" if found.is_void else state.label,
            kind="red" if found.is_void else STATE_MARKS[state],
        ),
        Fact("报名日期 Applied on", found.applied_on),
        Fact("入班日期 Enrolled on", found.enrolled_on or ""),
        Fact("结束日期 Ended on", found.ended_on or ""),
        Fact("结业名册号 Completion list", found.list_number),
    ]
    if found.is_void:
        facts.append(Fact("已作废 Void", found.void_reason, kind="red"))
    return render(
        request,
        "learning/enrolment.html",
        {
            "title": f"{found.person.masked_name} · {held.course.name}",
            "crumbs": [home(), Crumb(held.code, reverse("class", args=[held.pk])), Crumb("学员")],
            "enrolment": found,
            "facts": facts,
            "told": history_of(found),
            "may_change": request.actor.may(Right.EDIT_LEARNING) and not found.is_void and not held.is_void,
        },
    )


@require_GET
@door(Right.VIEW_LEARNING)
def organiser(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What one organiser did in a year (``?year=``) with each department's money: person-times beside persons."""
    body = visible(request.actor, Organisation).filter(pk=pk).first()
    if body is None or not in_reach(request.actor, pk):
        raise Http404
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 1900 <= int(asked) <= 2200 else clock.today().year
    times, persons = persons_of(request.actor, pk, year)
    return render(
        request,
        "learning/organiser.html",
        {
            "title": body.name,
            "title_en": "Classes by department",
            "crumbs": [home(), Crumb(body.name)],
            "organisation": body,
            "year": year,
            "funded": funded_by(request.actor, pk, year),
            "times": times,
            "persons": persons,
            "may_open": request.actor.may(Right.EDIT_LEARNING),
        },
    )


@require_GET
@door(Right.VIEW_LEARNING)
def course_list(request: ActorRequest) -> HttpResponse:
    """Courses of all owners."""
    return list_page(
        request,
        title="课程",
        title_en="Courses",
        rows=lambda: courses_of(standing="status" not in request.GET),
        table=CourseTable,
        filters=CourseFilters,
        crumbs=[home(), Crumb("课程")],
        template="learning/courses.html",
        empty="还没有课程。 No courses yet.",
    )


@require_GET
@door(Right.VIEW_LEARNING)
def course(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One course."""
    found: Any = find_course(pk)
    facts = [
        Fact("课程 Course", found.name),
        Fact("代码 Code", found.code, kind="code"),
        Fact("所属机构 Owner", found.owner_name),
        Fact("类型 Kind", found.get_kind_display()),
        Fact("领域 Field", f"{found.field_code} {field_names().get(found.field_code, '')}"),
        Fact("学时 Hours", found.hours or ""),
    ]
    if found.is_void:
        facts.append(Fact("状态 State", "已作废", kind="red", note=found.void_reason))
    return render(
        request,
        "learning/course.html",
        {
            "title": found.name,
            "crumbs": [home(), Crumb("课程", reverse("courses")), Crumb(found.code)],
            "course": found,
            "facts": facts,
            "told": history_of(found),
            "may_change": request.actor.may(Right.EDIT_LEARNING)
            and not found.is_void
            and in_reach(request.actor, found.owner_id),
        },
    )


@require_GET
@door(Right.VIEW_LEARNING)
def field_list(request: ActorRequest) -> HttpResponse:
    """The dated list of fields."""
    return list_page(
        request,
        title="学习领域",
        title_en="Fields",
        lead="班次按开班之日的领域归类；领域有变化时另起一行。 A class counts by its field on its first day.",
        rows=lambda: fields_of(),
        table=FieldTable,
        filters=FieldFilters,
        crumbs=[home(), Crumb("学习领域")],
        template="learning/fields.html",
        context={"may_declare": request.actor.may(Right.EDIT_LEARNING) and request.actor.sees_all},
    )


@require_GET
@door(Right.VIEW_LEARNING)
def open_university(request: ActorRequest) -> HttpResponse:
    """The three tiers of the open university, as far as they lie in sight."""
    return render(
        request,
        "learning/open_university.html",
        {
            "title": "开放大学三级办学",
            "title_en": "The open university's three tiers",
            "crumbs": [home(), Crumb("开放大学")],
            "tiers": [(tier.label, places) for tier, places in tiers_of(request.actor).items()],
        },
    )
