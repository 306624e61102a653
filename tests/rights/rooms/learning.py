"""The learning in the matrix of rights: classes and learners follow the organiser, courses and fields are open."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.learning.models import Course, CourseOffering, Enrolment, FieldState
from jineng.learning.verbs import add_course, add_sessions, complete_class, enrol, mark_attendance, open_class
from jineng.registry.models import Organisation, Person
from tests.learning.classrooms import catalogue, course, paper

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")
MANY = 48
START, END, MET = date(2021, 6, 1), date(2021, 7, 10), date(2021, 6, 10)
PAGES = """
classes                     GET     +    +    +    +    +    .     -                200
class                       GET     +    +    +    +    +    .     class            200  200   -     404
open_class                  GET     +    +    +    +    .    .     -                200
open_class                  POST    +    +    +    +    .    .     school           302  302   -     422
correct_class               GET     +    +    +    +    .    .     class            200  200   -     404
correct_class               POST    +    +    +    +    .    .     class            302  302   -     404
cancel_class                GET     +    +    +    +    .    .     class            200  200   -     404
cancel_class                POST    +    +    +    +    .    .     class            302  302   -     404
void_class                  GET     +    +    +    +    .    .     class            200  200   -     404
void_class                  POST    +    +    +    +    .    .     class            302  302   -     404
enrol                       GET     +    +    +    +    .    .     class            200  200   -     404
enrol                       POST    +    +    +    +    .    .     class            302  302   -     404
add_sessions                GET     +    +    +    +    .    .     class            200  200   -     404
add_sessions                POST    +    +    +    +    .    .     class            302  302   -     404
complete_class              GET     +    +    +    +    .    .     class            200  200   -     404
complete_class              POST    +    +    +    +    .    .     class            302  302   -     404
completion_list             GET     +    +    +    +    +    .     completed_class  200  200   -     404
completion_names            POST    +    +    +    +    .    .     completed_class  200  200   -     404
mark_attendance             GET     +    +    +    +    .    .     class_session    200  200   -     404
mark_attendance             POST    +    +    +    +    .    .     class_session    302  302   -     404
void_session                GET     +    +    +    +    .    .     bare_session     200  200   -     404
void_session                POST    +    +    +    +    .    .     bare_session     302  302   -     404
enrolment                   GET     +    +    +    +    +    .     enrolment        200  200   -     404
leave_class                 GET     +    +    +    +    .    .     enrolment        200  200   -     404
leave_class                 POST    +    +    +    +    .    .     enrolment        302  302   -     404
correct_enrolment           GET     +    +    +    +    .    .     enrolment        200  200   -     404
correct_enrolment           POST    +    +    +    +    .    .     enrolment        302  302   -     404
void_enrolment              GET     +    +    +    +    .    .     enrolment        200  200   -     404
void_enrolment              POST    +    +    +    +    .    .     enrolment        302  302   -     404
organiser_classes           GET     +    +    +    +    +    .     school           200  200   -     404
courses                     GET     +    +    +    +    +    .     -                200
course                      GET     +    +    +    +    +    .     own_course       200  200   -     200
add_course                  GET     +    +    +    +    .    .     -                200
add_course                  POST    +    +    +    +    .    .     school           302  302   -     422
correct_course              GET     +    +    +    +    .    .     own_course       200  200   -     403
correct_course              POST    +    +    +    +    .    .     own_course       302  302   -     403
void_course                 GET     +    +    +    +    .    .     own_course       200  200   -     403
void_course                 POST    +    +    +    +    .    .     own_course       302  302   -     403
learning_fields             GET     +    +    +    +    +    .     -                200
declare_field               GET     +    .    .    .    .    .     -                200
declare_field               POST    +    .    .    .    .    .     -                302
open_university             GET     +    +    +    +    +    .     -                200
"""
API = """
/api/v1/courses                              GET  +  +  +  +  +  .  -                200
/api/v1/classes                              GET  +  +  +  +  +  .  -                200
/api/v1/classes                              POST +  +  +  +  .  .  school           201  201   -     422
/api/v1/classes/{class_id}                   GET  +  +  +  +  +  .  class            200  200   -     404
/api/v1/classes/{class_id}/enrolments        GET  +  +  +  +  +  .  class            200  200   -     404
/api/v1/classes/{class_id}/enrolments        POST +  +  +  +  .  .  class            201  201   -     404
/api/v1/classes/{class_id}/clashes           GET  +  +  +  +  +  .  class            200  200   -     404
/api/v1/classes/{class_id}/completion        POST +  +  +  +  .  .  class            200  200   -     404
/api/v1/enrolments/{enrolment_id}/leaving    POST +  +  +  +  .  .  enrolment        200  200   -     404
"""
CLASS = {"code": "NEW-1", "department": "education", "mode": "place", "hours": "40"}
DATES = {"starts_on": "2021-06-20", "ends_on": "2021-07-10"}
SOMEBODY = {"name": "新学员", "document": "resident_id", "number": paper(900)}


def _code(stage: Stage, name: str) -> str:
    return stage.world[name].code


def _seat(stage: Stage, name: str) -> str:
    return str(stage.objects["enrolment"][name])


PAGE_FORMS: dict[str, Make] = {
    "open_class": lambda stage, who, name: {
        "organiser": _code(stage, name),
        "course_owner": "620000-JY",
        "course": "PX-NY01",
        **CLASS,
        **DATES,
    },
    "correct_class": lambda stage, who, name: {
        "department": "civil_affairs",
        "mode": "place",
        "hours": "48",
        "starts_on": "2021-06-01",
        "ends_on": "2021-07-10",
        "reason": "改由民政出资",
    },
    "cancel_class": lambda stage, who, name: {"cancelled_on": "2021-06-20", "reason": "人数不足"},
    "void_class": lambda stage, who, name: {"reason": "未开设"},
    "enrol": lambda stage, who, name: dict(SOMEBODY),
    "add_sessions": lambda stage, who, name: {"first": "2021-06-24", "starts": "09:00", "ends": "11:00"},
    "complete_class": lambda stage, who, name: {
        "completed_on": "2021-07-10",
        "list_number": "1",
        "completed": _seat(stage, name),
    },
    "completion_names": lambda stage, who, name: {},
    "mark_attendance": lambda stage, who, name: {f"seat-{_seat(stage, name)}": "late"},
    "void_session": lambda stage, who, name: {"reason": "没有上课"},
    "leave_class": lambda stage, who, name: {"left_on": "2021-06-15"},
    "correct_enrolment": lambda stage, who, name: {
        "state": "enrolled",
        "applied_on": "2021-06-01",
        "enrolled_on": "2021-06-03",
        "reason": "日期有误",
    },
    "void_enrolment": lambda stage, who, name: {"reason": "误录"},
    "add_course": lambda stage, who, name: {
        "owner": _code(stage, name),
        "code": "NEW-C",
        "name": "新课程",
        "kind": "training",
        "field_code": "NY01",
    },
    "correct_course": lambda stage, who, name: {
        "name": "改名的课程",
        "kind": "training",
        "field_code": "NY01",
        "reason": "名称有误",
    },
    "void_course": lambda stage, who, name: {"reason": "误录"},
    "declare_field": lambda stage, who, name: {"code": "XX09", "since": "2021-06-01", "name": "新领域"},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/classes": lambda stage, who, name: {
        "organiser_code": _code(stage, name),
        "course_owner": "620000-JY",
        "course_code": "PX-NY01",
        **CLASS,
        "hours": 40,
        **DATES,
    },
    "/api/v1/classes/{class_id}/enrolments": lambda stage, who, name: dict(SOMEBODY),
    "/api/v1/classes/{class_id}/completion": lambda stage, who, name: {
        "completed_on": "2021-07-10",
        "list_number": "1",
        "completed": [_seat(stage, name)],
    },
    "/api/v1/enrolments/{enrolment_id}/leaving": lambda stage, who, name: {"left_on": "2021-06-15"},
}
LISTS = {
    "classes": "province_officer",
    "courses": "province_officer",
    "learning_fields": "province_officer",
    "open_university": "province_officer",
}
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """A course, a running class with sessions, marks and somebody in it, and a completed class, at every school."""
    catalogue(stage.world)
    kinds = ("class", "completed_class", "class_session", "bare_session", "enrolment", "own_course")
    stage.objects |= {kind: {} for kind in kinds}
    for place, name in enumerate(SCHOOLS):
        _at_school(stage, place, name)


def _at_school(stage: Stage, place: int, name: str) -> None:
    world = stage.world
    chief, school = world.actor("province_officer"), world[name]
    opened: dict[str, Any] = {"department": "education", "hours": 40, "starts_on": START, "ends_on": END}

    def hold(code: str) -> CourseOffering:
        return open_class(actor=chief, organiser_id=school.pk, course=course(world), code=code, **opened)

    def sign_up(held: CourseOffering) -> Enrolment:
        return enrol(actor=chief, offering_id=held.pk, name=f"学员{place}", number=paper(800 + place))

    running, over = hold("R-1"), hold("R-2")
    seat, done = sign_up(running), sign_up(over)
    complete_class(actor=chief, offering_id=over.pk, completed_on=END, list_number="1", completed=[done.pk])
    days = {"actor": chief, "offering_id": running.pk, "ends": time(11)}
    (met,) = add_sessions(**days, days=[MET], starts=time(9))
    (bare,) = add_sessions(**days, days=[date(2021, 6, 11)], starts=time(9))
    with clock_at(date(2021, 6, 15)):
        mark_attendance(actor=chief, session_id=met.pk, marks={seat.pk: "present"})
    own = add_course(
        actor=chief, owner_id=school.pk, code=f"OWN-{place}", name="本校课程", kind="training", field_code="NY01"
    )
    for kind, made in {
        "class": running,
        "completed_class": over,
        "class_session": met,
        "bare_session": bare,
        "enrolment": seat,
        "own_course": own,
    }.items():
        stage.objects[kind][name] = made.pk


def fill(stage: Stage) -> None:
    """Forty-eight more of what the lists show: fields, courses, classes with somebody in them."""
    bodies = list(Organisation.objects.filter(name__startswith="批量").order_by("code")[:MANY])
    with acting(stage.world.actor("province_officer")):
        person = Person.objects.filter(enrolments__isnull=False).first()
    FieldState.objects.bulk_create(
        FieldState(code=f"PL{number:02}", since=START, name="批量领域") for number in range(MANY)
    )
    courses = Course.objects.bulk_create(
        Course(owner=body, code="PL", name=f"批量课程{number}", kind="open_university", field_code="NY01")
        for number, body in enumerate(bodies)
    )
    held = CourseOffering.objects.bulk_create(
        CourseOffering(
            course=courses[number],
            organiser=body,
            code="PL",
            department="education",
            hours=1,
            starts_on=START,
            ends_on=END,
        )
        for number, body in enumerate(bodies)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            offering=item,
            organiser=item.organiser,
            person=person,
            state="enrolled",
            applied_on=START,
            enrolled_on=START,
        )
        for item in held
    )
