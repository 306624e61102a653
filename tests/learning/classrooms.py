"""Classes and learners to test with: a class in a line, a row of a sheet in a dict."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stdnum.cn.ric import calc_check_digit

from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.kernel.references import Reference, ReferenceKind, offer_references, reference_kind
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.learning.verbs import add_course, declare_field, enrol, open_class
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind, Role
from jineng.registry.models import Division
from jineng.registry.verbs import enter_organisation
from tests.factories import LONG_AGO, World, _appoint

FIELDS = (
    ("NY01", "种植技术", True, ""),
    ("JX01", "焊接", False, ""),
    ("WH01", "中华传统文化", False, "culture"),
    ("ZY01", "中医药知识", False, "chinese_medicine"),
)
COURSES = {
    "PX-NY01": ("province", "种植技术培训", "training", "NY01"),
    "PX-JX01": ("province", "焊工培训", "training", "JX01"),
    "PX-WH01": ("province", "中华传统文化", "training", "WH01"),
    "PX-ZY01": ("province", "中医药知识", "training", "ZY01"),
    "XL-JX01": ("province", "数控技术", "degree", "JX01"),
    "KF-01": ("province", "行政管理", "open_university", "JX01"),
    "WK-01": ("province", "安全用电", "micro_course", "JX01"),
}
START, END = date(2021, 5, 10), date(2021, 5, 21)
DAY = date(2021, 5, 12)
CENTRE, OTHER_CENTRE = "1262012100", "1262050200"


def paper(number: int) -> str:
    """A resident ID number that is valid in form and nobody's, another for each number."""
    born = date(1961, 1, 1) + timedelta(days=number)
    stem = f"620102{born:%Y%m%d}996"
    return stem + str(calc_check_digit(f"{stem}0"))


def furnish(world: World) -> None:
    """Centres with their officers, fields and courses."""
    chief = world.actor("province_officer")
    with acting(chief):
        for name, code, where, division in (
            ("centre", CENTRE, "yongdeng", "620121"),
            ("other_centre", OTHER_CENTRE, "qinzhou", "620502"),
        ):
            world.organisations[name] = enter_organisation(
                actor=chief,
                since=LONG_AGO,
                change=Change.FOUNDED,
                code=code,
                code_scheme=CodeScheme.OFFICE,
                name=f"示例{name}职教中心",
                kind=OrganisationKind.COUNTY_CENTRE,
                division=Division.objects.get(code=division),
                authority=world[where],
                is_synthetic=True,
            )
    _appoint(world, "centre_officer", "centre", Role.OFFICER)
    _appoint(world, "other_centre_officer", "other_centre", Role.OFFICER)
    catalogue(world)


def catalogue(world: World) -> None:
    """The list of fields and the province's courses."""
    chief = world.actor("province_officer")
    for code, name, rural, theme in FIELDS:
        declare_field(actor=chief, code=code, since=LONG_AGO, name=name, is_rural=rural, theme=theme)
    for code, (owner, name, kind, field) in COURSES.items():
        add_course(actor=chief, owner_id=world[owner].pk, code=code, name=name, kind=kind, field_code=field, hours=40)


def course(world: World, code: str = "PX-NY01") -> Course:
    """A course of the province."""
    with acting(world.actor("province_officer")):
        return Course.objects.get(STANDS, code=code)


def held(world: World, where: str = "centre", code: str = "2021-01", what: str = "PX-NY01", **fields: Any) -> Any:
    """A class, opened by the province's officer unless said otherwise."""
    by = fields.pop("by", "province_officer")
    values: dict[str, Any] = {"department": "agriculture", "hours": 40, "starts_on": START, "ends_on": END, **fields}
    return open_class(
        actor=world.actor(by), organiser_id=world[where].pk, course=course(world, what), code=code, **values
    )


def seat(world: World, of: CourseOffering, number: int, on: date = DAY, by: str = "province_officer") -> Enrolment:
    """Somebody signs up on a day."""
    with clock_at(on):
        return enrol(actor=world.actor(by), offering_id=of.pk, name=f"学员{number}", number=paper(number))


def class_row(code: str = "2021-01", org: str = CENTRE, **cells: Any) -> dict[str, Any]:
    """A row of the sheet 班次, right unless said otherwise."""
    return {
        "org_code": org,
        "class_code": code,
        "course_owner": "620000-JY",
        "course_code": "PX-NY01",
        "department": "agriculture",
        "mode": "place",
        "hours": 40,
        "capacity": 30,
        "starts_on": START,
        "ends_on": END,
        **cells,
    }


def learner_row(number: int, code: str = "2021-01", org: str = CENTRE, **cells: Any) -> dict[str, Any]:
    """A row of the sheet 学员: somebody who finished the class, unless said otherwise."""
    return {
        "org_code": org,
        "class_code": code,
        "person_name": f"学员{number}",
        "resident_id": paper(number),
        "is_synthetic": True,
        "state": "completed",
        "applied_on": date(2021, 5, 1),
        "enrolled_on": date(2021, 5, 8),
        "ended_on": END,
        "list_number": "2021-01-1",
        **cells,
    }


class Projects:
    """International projects of a test: offered under their kind while it lasts."""

    def __init__(self, *references: Reference) -> None:
        self.references = references

    def __enter__(self) -> Projects:
        try:
            self.before: ReferenceKind | None = reference_kind("international_project")
        except LookupError:
            self.before = None
        offer_references(
            ReferenceKind(
                "international_project",
                "国际合作项目",
                "international project",
                lambda actor, codes: {item.code: item for item in self.references if item.code in codes},
                lambda actor, ids: {item.id: item for item in self.references if item.id in ids},
            )
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.before is not None:
            offer_references(self.before)
