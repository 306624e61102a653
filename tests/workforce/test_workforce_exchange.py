"""The room's sheets: what lands, what is refused at which cell, what merges, and that what goes out comes in again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.kernel.actors import acting
from jineng.kernel.models import Confirmation, Receipt
from jineng.kernel.returns.landing import landings
from jineng.registry.models import Person
from jineng.workforce.models import (
    AutonomyGrant,
    CareerBridge,
    PracticeStay,
    Qualification,
    Recognition,
    Standard,
    StandardCondition,
    StandardLevel,
    Teacher,
    Title,
)
from tests.calls.small_world import report, resident
from tests.factories import World
from tests.workforce.small_school import BRIDGE_ROWS, CONDITION_ROWS, STANDARD_ROWS, teacher_row

LATER = {**STANDARD_ROWS[0], "code": "2022", "in_force_from": date(2022, 10, 1)}
COUNTY, CITY, OTHER, COLLEGE = "3662010002", "3662010001", "3662050001", "4162010001"


def skill(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "resident_id": resident(number),
        "kind": "skill",
        "name": "电工",
        "grade": "senior",
        "issued_on": date(2017, 7, 1),
        **cells,
    }


def title(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "resident_id": resident(number),
        "series": "secondary_teacher",
        "level": "assistant",
        "awarded_on": date(2019, 12, 1),
        **cells,
    }


def stay(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "resident_id": resident(number),
        "kind": "enterprise",
        "place": "示例机械厂",
        "first_day": date(2020, 3, 1),
        "last_day": date(2020, 8, 31),
        "days": 150,
        **cells,
    }


def recognition(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "org_code": COUNTY,
        "resident_id": resident(number),
        "standard": "2020",
        "level": "elementary",
        "recogniser_code": COUNTY,
        "recognised_on": date(2020, 12, 1),
        "until": date(2025, 12, 1),
        "document": "永职教〔2020〕9901号",
        **cells,
    }


def grant(code: str = COLLEGE, **cells: Any) -> dict[str, Any]:
    return {
        "org_code": code,
        "autonomy": "pay_distribution",
        "granter_code": "620000-JY",
        "granted_on": date(2020, 5, 1),
        "document": "甘教人〔2020〕9901号",
        **cells,
    }


def faults(receipt: Receipt) -> list[tuple[str, str, str]]:
    """Cell, code and Chinese message of each error."""
    assert receipt.state == "refused", receipt.state
    return [(error["cell"], error["code"], error["message"]) for error in receipt.errors]


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        "teachers": [teacher_row(1), teacher_row(2, until=date(2021, 3, 1)), teacher_row(3, COLLEGE)],
        "teacher_qualifications": [
            skill(1),
            skill(2, person_name="师2", kind="teacher", name="中职教师资格证", grade=None, issuer="某局"),
        ],
        "teacher_titles": [title(1), title(3, series="higher_teacher", level="senior", document="x〔2019〕1号")],
        "practice_stays": [stay(1), stay(2, content="装配")],
        "dual_recognitions": [recognition(1)],
        "autonomies": [grant(), grant(autonomy="pay_talent", revoked_on=date(2021, 2, 1))],
    }


def test_a_return_brings_the_whole_room_in(school: World) -> None:
    receipt = report(school.actor("province_officer"), **everything())
    assert receipt.state == "landed", receipt.errors
    with acting(school.actor("province_officer")):
        assert [
            model._default_manager.count()
            for model in (Standard, StandardLevel, StandardCondition, CareerBridge, Teacher, Qualification, Title)
        ] == [1, 2, 7, 1, 3, 2, 2]
        assert [PracticeStay.objects.count(), Recognition.objects.count(), AutonomyGrant.objects.count()] == [2, 1, 2]
        found = Recognition.objects.get()
        assert (found.standard.code, found.recognised_by.code) == ("2020", COUNTY)
        assert Person.objects.filter(is_synthetic=True).count() == 3
        condition = StandardCondition.objects.get(of_level__level="intermediate", item=3)
        assert (condition.kind, condition.option) == ("earlier", "elementary")
    assert report(school.actor("province_officer"), **everything()).counts["teachers"] == {
        "added": 0,
        "corrected": 0,
        "unchanged": 3,
        "confirmed": 0,
    }


def test_what_goes_out_comes_in_again_unchanged(school: World) -> None:
    actor = school.actor("province_officer")
    report(actor, **everything())
    with acting(actor):
        out = {
            name: [
                dict(zip([column.name for column in landing.sheet.columns], row, strict=True))
                for row in landing.export(actor, 2021)
            ]
            for name, landing in landings().items()
            if landing.room == "workforce"
        }
    assert {name: len(rows) for name, rows in out.items()} == {
        "dual_standards": 2,
        "dual_conditions": 7,
        "career_bridges": 1,
        "teachers": 3,
        "teacher_qualifications": 2,
        "teacher_titles": 2,
        "practice_stays": 2,
        "dual_recognitions": 1,
        "autonomies": 2,
    }
    again = report(actor, **out)
    assert again.state == "landed", again.errors
    assert all(counts["added"] == counts["corrected"] == 0 for counts in again.counts.values()), again.counts
    auditor = school.actor("auditor")
    with acting(auditor):
        personal = {"teachers", "teacher_qualifications", "teacher_titles", "practice_stays", "dual_recognitions"}
        for name, landing in landings().items():
            if name in personal:
                assert list(landing.export(auditor, 2021)) == []
        assert len(list(landings()["autonomies"].export(auditor, 2019))) == 0


@pytest.mark.parametrize(
    ("sheet", "row", "cell", "words"),
    [
        ("teachers", teacher_row(9, OTHER), "A3", "不在本单位管辖范围内"),
        ("teachers", teacher_row(9, until=date(2018, 9, 1)), "H3", "结束日期应晚于起始日期"),
        ("teachers", teacher_row(1, since=date(2019, 9, 1)), "G3", "时间重叠"),
        ("teachers", teacher_row(1, person_name="别人", since=date(2019, 9, 1)), "B3", "已登记在另一姓名下"),
        ("teachers", teacher_row(1, voided=True), "J3", "须写明原因"),
        ("teacher_qualifications", skill(9), "A3", "不是管辖范围内学校的教师"),
        ("teacher_qualifications", skill(1, person_name="别人"), "B3", "姓名与该证件号码登记的姓名不一致"),
        ("teacher_qualifications", skill(1, grade=None), "E3", "须填等级"),
        ("teacher_qualifications", skill(1, kind="professional"), "E3", "只有技能等级证书有等级"),
        ("teacher_qualifications", skill(1, until=date(2017, 7, 1)), "H3", "结束日期应晚于起始日期"),
        ("teacher_titles", title(1, until=date(2018, 1, 1)), "F3", "结束日期应晚于起始日期"),
        ("practice_stays", stay(1, last_day=date(2020, 2, 1)), "F3", "结束日期早于起始日期"),
        ("practice_stays", stay(1, days=999), "G3", "累计天数多于"),
        ("dual_recognitions", recognition(1, standard="1999"), "D3", "没有此标准版本和等级"),
        ("dual_recognitions", recognition(1, recognised_on=date(2019, 12, 31)), "G3", "不在施行期内"),
        ("dual_recognitions", recognition(1, level="intermediate"), "F3", "无权认定此等级"),
        ("dual_recognitions", recognition(1, recogniser_code="YD-JY", level="intermediate"), "F3", "无权认定"),
        ("dual_recognitions", recognition(1, until=date(2020, 12, 1)), "H3", "结束日期应晚于起始日期"),
        ("autonomies", grant(COUNTY, granter_code="NIX"), "C3", "没有此机构"),
        ("autonomies", grant(COUNTY, revoked_on=date(2020, 5, 1)), "E3", "结束日期应晚于起始日期"),
        ("dual_standards", STANDARD_ROWS[0], "A3", "本岗位不填报此表"),
    ],
)
def test_a_bad_cell_is_refused_where_it_stands(
    school: World, sheet: str, row: dict[str, Any], cell: str, words: str
) -> None:
    actor = school.actor("county_officer")
    assert report(actor, teachers=[teacher_row(1)]).state == "landed"
    found = faults(report(actor, **{sheet: [row]}))
    assert [where for where, *_ in found] == [cell]
    assert words in found[0][2]


def test_grants_and_teachings_of_one_do_not_overlap(school: World) -> None:
    actor = school.actor("province_officer")
    rows = [grant(), grant(granted_on=date(2021, 1, 1))]
    assert [cell for cell, *_ in faults(report(actor, autonomies=rows))] == ["D3", "D4"]
    rows[0]["revoked_on"] = date(2021, 1, 1)
    assert report(actor, autonomies=rows).state == "landed"
    assert [cell for cell, *_ in faults(report(actor, autonomies=[grant(granted_on=date(2020, 12, 1))]))] == ["D3"]
    corrected = report(
        actor,
        autonomies=[
            grant(revoked_on=date(2020, 11, 1)),
            grant(granted_on=date(2020, 11, 1), revoked_on=date(2021, 1, 1)),
        ],
    )
    assert corrected.state == "landed", corrected.errors


def test_two_levels_report_one_thing_and_it_stands_once(school: World) -> None:
    assert report(school.actor("college_officer"), autonomies=[grant()]).state == "landed"
    again = report(school.actor("province_officer"), autonomies=[grant()])
    assert again.counts["autonomies"]["confirmed"] == 1
    with acting(school.actor("province_officer")):
        assert AutonomyGrant.objects.count() == Confirmation.objects.count() == 1


def test_void_rows_strike_out_or_are_kept_as_void(school: World) -> None:
    actor = school.actor("province_officer")
    report(actor, teachers=[teacher_row(1)], teacher_qualifications=[skill(1)])
    void = {"voided": True, "void_reason": "录入有误"}
    receipt = report(
        actor,
        teachers=[teacher_row(2, **void)],
        teacher_qualifications=[skill(1, **void), skill(1, name="焊工", **void)],
    )
    assert receipt.state == "landed", receipt.errors
    with acting(actor):
        assert Teacher.objects.filter(voided_at=None).count() == 1
        assert Qualification.objects.filter(voided_at=None).count() == 0
        assert Qualification.objects.filter(void_reason="录入有误").count() == 2
    again = report(actor, teacher_qualifications=[skill(1, name="焊工", **void)])
    assert again.counts["teacher_qualifications"]["unchanged"] == 1


def test_only_the_first_reporter_or_its_authority_strikes_out(school: World) -> None:
    assert report(school.actor("province_officer"), autonomies=[grant()]).state == "landed"
    row = grant(voided=True, void_reason="没有下放")
    assert faults(report(school.actor("college_officer"), autonomies=[row]))[0][0] == "G3"


def test_a_voided_span_frees_its_time(school: World) -> None:
    actor = school.actor("county_officer")
    report(actor, teachers=[teacher_row(1)])
    moved = [teacher_row(1, voided=True, void_reason="日期有误"), teacher_row(1, since=date(2019, 9, 1))]
    assert report(actor, teachers=moved).state == "landed"


def test_one_person_teaches_at_two_schools(school: World) -> None:
    actor = school.actor("province_officer")
    receipt = report(
        actor, teachers=[teacher_row(1), teacher_row(1, CITY, kind="part_time")], teacher_qualifications=[skill(1)]
    )
    assert receipt.state == "landed", receipt.errors
    for name in ("county_officer", "city_officer", "school_officer"):
        with acting(school.actor(name)):
            assert Qualification.objects.count() == 1
    with acting(school.actor("other_city_officer")):
        assert Qualification.objects.count() == 0


def test_a_version_that_somebody_was_recognised_by_stays(school: World) -> None:
    actor = school.actor("province_officer")
    changed = [{**row, "days_per_month": 22} for row in STANDARD_ROWS]
    assert report(actor, dual_standards=changed).state == "landed"
    assert report(actor, dual_standards=STANDARD_ROWS).state == "landed"
    report(actor, teachers=[teacher_row(1)], dual_recognitions=[recognition(1)])
    assert faults(report(actor, dual_standards=changed)) == [
        (cell, "conflict", "已有教师按此版本认定，不能再改。") for cell in ("F3", "F4")
    ]
    other_level = [{**STANDARD_ROWS[0], "recogniser": "county"}]
    assert [cell for cell, *_ in faults(report(actor, dual_standards=other_level))] == ["G3"]
    condition = {**CONDITION_ROWS[3], "amount": 3}
    assert [cell for cell, *_ in faults(report(actor, dual_conditions=[condition]))] == ["C3"]
    ended = [{**row, "in_force_until": date(2022, 1, 1)} for row in STANDARD_ROWS]
    assert report(actor, dual_standards=ended).state == "landed"


@pytest.mark.parametrize(
    ("sheet", "rows", "cells"),
    [
        (
            "dual_standards",
            [
                {**STANDARD_ROWS[0], "code": "x", "in_force_from": date(2015, 1, 1)},
                {**STANDARD_ROWS[1], "code": "x", "in_force_from": date(2015, 1, 1), "name": "另"},
            ],
            ["B4"],
        ),
        ("dual_standards", [{**STANDARD_ROWS[0], "in_force_until": date(2020, 1, 1)}], ["E3"]),
        ("dual_conditions", [{**CONDITION_ROWS[0], "code": "x"}], ["B3"]),
        ("dual_conditions", [{**CONDITION_ROWS[1], "option": "高工"}], ["F3"]),
        ("dual_conditions", [{**CONDITION_ROWS[0], "option": "高工"}], ["F3"]),
        ("dual_conditions", [{**CONDITION_ROWS[3], "amount": None}], ["H3"]),
        ("career_bridges", [{**BRIDGE_ROWS[0], "until": date(2020, 12, 28)}], ["F3"]),
    ],
)
def test_a_standard_that_contradicts_itself_is_refused(
    school: World, sheet: str, rows: list[dict[str, Any]], cells: list[str]
) -> None:
    assert [cell for cell, *_ in faults(report(school.actor("province_officer"), **{sheet: rows}))] == cells
