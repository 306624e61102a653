"""Teachers to test with: a standard of two levels, teachers in a line, a return in dicts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from jineng.kernel.actors import acting
from jineng.kernel.models import Receipt
from jineng.workforce.models import Teacher
from jineng.workforce.verbs import (
    enter_teacher,
    record_practice,
    record_qualification,
    record_title,
)
from tests.calls.small_world import report, resident
from tests.factories import World

DAY = date(2021, 6, 1)
STANDARD_ROWS = [
    {
        "code": "2020",
        "name": "示例双师型教师认定办法",
        "document": "甘教师〔2020〕9901号",
        "in_force_from": date(2020, 1, 1),
        "level": level,
        "recogniser": recogniser,
        "valid_years": years,
    }
    for level, recogniser, years in (("elementary", "institution", 5), ("intermediate", "city", None))
]
CONDITION_ROWS = [
    {"code": "2020", "level": level, "item": item, "alternative": alternative, "kind": kind, **more}
    for level, item, alternative, kind, more in (
        ("elementary", 1, 1, "certificate", {}),
        ("elementary", 2, 1, "skill", {"option": "三级（高级工）", "bridged": True}),
        ("elementary", 2, 2, "professional", {}),
        ("elementary", 3, 1, "practice", {"amount": 6, "window_years": 5}),
        ("intermediate", 1, 1, "title", {"option": "中级", "bridged": True}),
        ("intermediate", 2, 1, "practice", {"amount": 12, "window_years": 5}),
        ("intermediate", 3, 1, "earlier", {"option": "初级"}),
    )
]
BRIDGE_ROWS = [
    {
        "grade": "technician",
        "series": "engineer",
        "level": "intermediate",
        "years": 3,
        "since": date(2020, 12, 28),
        "document": "人社部发〔2020〕96号",
    }
]


def declare_standard(world: World) -> Receipt:
    """The province declares the standard of 2020, its conditions and a bridge."""
    return report(
        world.actor("province_officer"),
        dual_standards=STANDARD_ROWS,
        dual_conditions=CONDITION_ROWS,
        career_bridges=BRIDGE_ROWS,
    )


def teacher(world: World, number: int, who: str = "county_school", **fields: Any) -> Teacher:
    """A teacher of the school called ``who``, entered by the province."""
    values: dict[str, Any] = {
        "actor": world.actor("province_officer"),
        "organisation_id": world[who].pk,
        "name": f"师{number}",
        "resident_id": resident(number),
        "kind": "professional",
        "since": date(2018, 9, 1),
        **fields,
    }
    return enter_teacher(**values)


def equip(world: World, teacher_id: UUID, *, months: int = 6, grade: str = "senior", title: str = "") -> None:
    """Give a teacher a certificate, a skill grade, months of practice in 2020 and 2021, perhaps a teacher's title."""
    actor = world.actor("province_officer")
    with acting(actor):
        record_qualification(
            actor=actor, teacher_id=teacher_id, kind="teacher", name="中职教师资格证", issued_on=date(2016, 7, 1)
        )
        if grade:
            record_qualification(
                actor=actor, teacher_id=teacher_id, kind="skill", name="电工", grade=grade, issued_on=date(2017, 7, 1)
            )
        if months:
            record_practice(
                actor=actor,
                teacher_id=teacher_id,
                kind="enterprise",
                place="示例机械厂",
                first_day=date(2020, 3, 1),
                last_day=date(2021, 4, 30),
                days=months * 30,
            )
        if title:
            record_title(
                actor=actor,
                teacher_id=teacher_id,
                series="secondary_teacher",
                level=title,
                awarded_on=date(2019, 12, 1),
            )


def teacher_row(number: int, code: str = "3662010002", **cells: Any) -> dict[str, Any]:
    """A row of the sheet 教师, of the county's school."""
    return {
        "org_code": code,
        "person_name": f"师{number}",
        "resident_id": resident(number),
        "is_synthetic": True,
        "kind": "professional",
        "field": "电气",
        "since": date(2018, 9, 1),
        **cells,
    }
