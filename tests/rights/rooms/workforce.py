"""The workforce in the matrix of rights."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jineng.kernel.actors import acting
from jineng.registry.models import Organisation, Person
from jineng.workforce.kinds import Autonomy
from jineng.workforce.models import (
    AutonomyGrant,
    CareerBridge,
    Qualification,
    Recognition,
    Standard,
    StandardCondition,
    StandardLevel,
    Teacher,
    Title,
)
from jineng.workforce.verbs import enter_teacher, record_practice, record_qualification, record_title
from tests.calls.small_world import resident

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Persona, Stage

PAGES = """
# route                     method  prov city cnty schl audt admn  object         own  below above sibling
teachers                    GET     +    +    +    +    +    .     -              200
enter_teacher               GET     +    +    +    +    .    .     -              200
enter_teacher               POST    +    +    +    +    .    .     school         302  302   -     422
teacher                     GET     +    +    +    +    +    .     teacher        200  200   -     404
teacher_names               POST    +    +    +    +    .    .     teacher        200  200   -     404
end_teacher                 GET     +    +    +    +    .    .     teacher        200  200   -     404
end_teacher                 POST    +    +    +    +    .    .     teacher        302  302   -     404
void_teacher                GET     +    +    +    +    .    .     teacher        200  200   -     404
void_teacher                POST    +    +    +    +    .    .     teacher        302  302   -     404
record_qualification        GET     +    +    +    +    .    .     teacher        200  200   -     404
record_qualification        POST    +    +    +    +    .    .     teacher        302  302   -     404
record_title                GET     +    +    +    +    .    .     teacher        200  200   -     404
record_title                POST    +    +    +    +    .    .     teacher        302  302   -     404
record_practice             GET     +    +    +    +    .    .     teacher        200  200   -     404
record_practice             POST    +    +    +    +    .    .     teacher        302  302   -     404
recognise_teacher           GET     +    +    +    +    .    .     teacher        200  200   -     404
recognise_teacher           POST    +    +    +    +    .    .     teacher        302  302   -     404
void_qualification          GET     +    +    +    +    .    .     qualification  200  200   -     404
void_qualification          POST    +    +    +    +    .    .     qualification  302  302   -     404
void_title                  GET     +    +    +    +    .    .     title          200  200   -     404
void_title                  POST    +    +    +    +    .    .     title          302  302   -     404
void_practice               GET     +    +    +    +    .    .     practice       200  200   -     404
void_practice               POST    +    +    +    +    .    .     practice       302  302   -     404
dual_schools                GET     +    +    +    +    +    .     -              200
dual_candidates             GET     +    +    +    +    +    .     school         200  200   -     404
recognitions                GET     +    +    +    +    +    .     -              200
recognition                 GET     +    +    +    +    +    .     recognition    200  200   -     404
withdraw_recognition        GET     +    +    +    +    .    .     recognition    200  200   -     404
withdraw_recognition        POST    +    +    +    +    .    .     recognition    302  302   -     404
void_recognition            GET     +    +    +    +    .    .     recognition    200  200   -     404
void_recognition            POST    +    +    +    +    .    .     recognition    302  302   -     404
dual_standards              GET     +    +    +    +    +    .     -              200
dual_standard               GET     +    +    +    +    +    .     dual_standard  200  -     200   -
autonomies                  GET     +    +    +    +    +    .     -              200
grant_autonomy              GET     +    +    +    +    .    .     -              200
grant_autonomy              POST    +    +    +    +    .    .     school         403  302   -     422
autonomy                    GET     +    +    +    +    +    .     autonomy       200  200   -     404
revoke_autonomy             GET     +    +    +    +    .    .     autonomy       200  200   -     404
revoke_autonomy             POST    +    +    +    +    .    .     autonomy       403  302   -     404
void_autonomy               GET     +    +    +    +    .    .     autonomy       200  200   -     404
void_autonomy               POST    +    +    +    +    .    .     autonomy       403  302   -     404
"""
API = """
/api/v1/teachers                           GET     +    +    +    +    +    .     -             200
/api/v1/teachers/{teacher_id}              GET     +    +    +    +    +    .     teacher       200  200   -     404
/api/v1/teachers/{teacher_id}/standing     GET     +    +    +    +    +    .     teacher       200  200   -     404
/api/v1/teachers/{teacher_id}/qualifications POST  +    +    +    +    .    .     teacher       201  201   -     404
/api/v1/teachers/{teacher_id}/practice     POST    +    +    +    +    .    .     teacher       201  201   -     404
/api/v1/teachers/{teacher_id}/recognitions POST    +    +    +    +    .    .     teacher       201  201   -     404
/api/v1/schools/{organisation_id}/dual-candidates GET + +    +    +    +    .     school        200  200   -     404
/api/v1/recognitions                       GET     +    +    +    +    +    .     -             200
/api/v1/autonomies                         GET     +    +    +    +    +    .     -             200
/api/v1/autonomies                         POST    +    +    +    +    .    .     school        403  201   -     422
/api/v1/autonomies/{grant_id}/revocation   POST    +    +    +    +    .    .     autonomy      403  200   -     404
"""


def _practice(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {"kind": "base", "place": "某厂", "first_day": "2021-05-01", "last_day": "2021-05-20", "days": "15"}


def _recognition(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {"level": "elementary", "recognised_on": "2021-06-10", "document": "某〔2021〕1号"}


def _reason(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {"reason": "没有此事"}


def _certificate(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {"kind": "skill", "name": "钳工", "grade": "middle", "issued_on": "2021-01-01"}


def _revocation(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {"revoked_on": "2021-06-10"}


PAGE_FORMS: dict[str, Make] = {
    "enter_teacher": lambda stage, who, name: {
        "organisation": stage.world[name].code,
        "name": "新教师",
        "resident_id": resident(10_020),
        "kind": "practice",
        "since": "2021-03-01",
    },
    "teacher_names": lambda stage, who, name: {},
    "end_teacher": lambda stage, who, name: {"until": "2021-06-10"},
    "void_teacher": _reason,
    "record_qualification": _certificate,
    "record_title": lambda stage, who, name: {
        "series": "engineer",
        "level": "assistant",
        "awarded_on": "2021-01-01",
    },
    "record_practice": _practice,
    "recognise_teacher": _recognition,
    "void_qualification": _reason,
    "void_title": _reason,
    "void_practice": _reason,
    "withdraw_recognition": lambda stage, who, name: {"until": "2021-06-10"},
    "void_recognition": _reason,
    "grant_autonomy": lambda stage, who, name: {
        "organisation": stage.world[name].code,
        "autonomy": "recruitment",
        "granted_on": "2021-06-10",
    },
    "revoke_autonomy": _revocation,
    "void_autonomy": _reason,
}
API_FORMS: dict[str, Make] = {
    "/api/v1/teachers/{teacher_id}/qualifications": _certificate,
    "/api/v1/teachers/{teacher_id}/practice": _practice,
    "/api/v1/teachers/{teacher_id}/recognitions": _recognition,
    "/api/v1/autonomies": lambda stage, who, name: {
        "organisation_code": stage.world[name].code,
        "autonomy": "recruitment",
        "granted_on": "2021-06-10",
    },
    "/api/v1/autonomies/{grant_id}/revocation": _revocation,
}
LISTS: dict[str, str] = dict.fromkeys(
    ("teachers", "dual_schools", "recognitions", "dual_standards", "autonomies"), "province_officer"
)
ASKED: dict[str, str] = {}
GRANTERS = {
    "petrochemical": "province",
    "city_school": "lanzhou",
    "county_school": "yongdeng",
    "other_school": "qinzhou",
}
"""Schools, and the authority that granted each its autonomy."""
MANY = 48
FIRST_NUMBER = 10_000
LONG_AGO = date(2017, 9, 1)


def _standard(code: str, since: date, until: date | None) -> Standard:
    made = Standard.objects.create(
        code=code, name="双师型认定办法", document="甘〔2020〕1号", in_force_from=since, in_force_until=until
    )
    level = StandardLevel.objects.create(standard=made, level="elementary", recogniser="institution", valid_years=5)
    StandardCondition.objects.create(of_level=level, item=1, kind="certificate")
    return made


def furnish(stage: Stage) -> None:
    """A standard, and in each school a teacher who meets it, one who was recognised, and an autonomy."""
    actor = stage.world.actor("province_officer")
    kinds = ("teacher", "qualification", "title", "practice", "recognition", "autonomy", "dual_standard")
    stage.objects |= {kind: {} for kind in kinds}
    with acting(actor):
        standard = _standard("2020", date(2020, 1, 1), None)
        CareerBridge.objects.create(
            grade="technician", series="engineer", level="intermediate", since=date(2020, 12, 28), document="某号"
        )
        stage.objects["dual_standard"]["province"] = standard.pk
        for number, name in enumerate(GRANTERS):
            _furnish_school(stage, name, standard, FIRST_NUMBER + 2 * number)


def _furnish_school(stage: Stage, name: str, standard: Standard, number: int) -> None:
    actor, school = stage.world.actor("province_officer"), stage.world[name]
    teachers = [
        enter_teacher(
            actor=actor,
            organisation_id=school.pk,
            name=f"师{number + place}",
            resident_id=resident(number + place),
            kind="professional",
            since=LONG_AGO,
        )
        for place in range(2)
    ]
    one = {"actor": actor, "teacher_id": teachers[0].pk}
    stage.objects["teacher"][name] = teachers[0].pk
    stage.objects["qualification"][name] = record_qualification(
        **one, kind="teacher", name="教师资格证", issued_on=LONG_AGO
    ).pk
    stage.objects["title"][name] = record_title(
        **one, series="secondary_teacher", level="assistant", awarded_on=LONG_AGO
    ).pk
    stage.objects["practice"][name] = record_practice(
        **one, kind="enterprise", place="某厂", first_day=date(2020, 1, 1), last_day=date(2020, 2, 1), days=30
    ).pk
    stage.objects["recognition"][name] = Recognition.objects.create(
        person=teachers[1].person,
        organisation=school,
        standard=standard,
        level="elementary",
        recognised_by=school,
        recognised_on=date(2021, 1, 1),
    ).pk
    stage.objects["autonomy"][name] = AutonomyGrant.objects.create(
        organisation=school,
        autonomy=Autonomy.PAY_APPRAISAL,
        granted_by=stage.world[GRANTERS[name]],
        granted_on=date(2021, 1, 1),
    ).pk


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    schools = list(Organisation.objects.filter(code__startswith="9962").order_by("code")[:MANY])
    people = Person.objects.bulk_create(Person(name=f"批量{number}") for number in range(len(schools)))
    pairs = list(zip(people, schools, strict=True))
    standard = Standard.objects.get(code="2020")
    Teacher.objects.bulk_create(
        Teacher(person=person, organisation=school, kind="general", since=LONG_AGO) for person, school in pairs
    )
    Qualification.objects.bulk_create(
        Qualification(person=person, kind="teacher", name="教师资格证", issued_on=LONG_AGO) for person in people
    )
    Title.objects.bulk_create(
        Title(person=person, series="other", level="clerk", awarded_on=LONG_AGO) for person in people
    )
    Recognition.objects.bulk_create(
        Recognition(
            person=person,
            organisation=school,
            standard=standard,
            level="elementary",
            recognised_by=school,
            recognised_on=date(2021, 1, 1),
        )
        for person, school in pairs
    )
    AutonomyGrant.objects.bulk_create(
        AutonomyGrant(
            organisation=school, autonomy=Autonomy.POSTS, granted_by=stage.world.root, granted_on=date(2021, 1, 1)
        )
        for school in schools
    )
    Standard.objects.bulk_create(
        Standard(
            code=f"批量{number}",
            name="旧办法",
            document="某号",
            in_force_from=date(2010, 1, 1) + timedelta(days=number),
            in_force_until=date(2011, 1, 1),
        )
        for number in range(MANY)
    )
