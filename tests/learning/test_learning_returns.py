"""The room's sheets: what lands, what is refused where, what goes out again."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jineng.kernel.actors import acting
from jineng.kernel.models import Confirmation, Receipt
from jineng.kernel.references import Reference
from jineng.kernel.returns.landing import landings
from jineng.learning.models import Attendance, ClassSession, Course, CourseOffering, Enrolment, FieldState
from jineng.learning.verbs import void_class, void_enrolment
from tests.calls.small_world import report
from tests.learning.classrooms import (
    CENTRE,
    DAY,
    END,
    OTHER_CENTRE,
    START,
    Projects,
    class_row,
    held,
    learner_row,
    paper,
    seat,
)

SESSION = {"org_code": CENTRE, "class_code": "2021-01", "held_on": DAY, "starts": "9:00", "ends": "11:30"}
MARK = {key: SESSION[key] for key in ("org_code", "class_code", "held_on", "starts")}
SHEETS = ("learning_fields", "courses", "classes", "enrolments", "class_sessions", "attendance")


def refusals(receipt: Receipt) -> list[tuple[str, str]]:
    """Column and kind of each refused cell."""
    return [(error["column"], error["code"]) for error in receipt.errors]


def landed(receipt: Receipt) -> dict[str, dict[str, int]]:
    """The counts of a return that went in."""
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt.counts


def test_a_centre_reports_its_classes_and_learners(learning):
    officer = learning.actor("centre_officer")
    sheets = {
        "classes": [class_row(), class_row("2021-02", course_code="PX-JX01", department="human_resources")],
        "enrolments": [
            *(learner_row(number) for number in range(5)),
            learner_row(5, state="not_completed", list_number=None),
            learner_row(6, state="withdrawn", enrolled_on=None, list_number=None),
            learner_row(7, state="waiting", enrolled_on=None, ended_on=None, list_number=None),
            learner_row(8, voided=True, void_reason="重复录入"),
            learner_row(1, "2021-02", list_number=None, state="enrolled", ended_on=None),
        ],
        "class_sessions": [SESSION, {**SESSION, "starts": "14:00", "ends": "16:00", "topic": "实训"}],
        "attendance": [
            {**MARK, "resident_id": paper(1), "presence": "present"},
            {**MARK, "resident_id": paper(2), "presence": "leave"},
        ],
    }
    counts = landed(report(officer, **sheets))
    assert {name: told["added"] for name, told in counts.items()} == {
        "classes": 2,
        "enrolments": 10,
        "class_sessions": 2,
        "attendance": 2,
    }
    again = landed(report(officer, **{**sheets, "class_sessions": [SESSION]}))
    assert all(told["added"] == told["corrected"] == 0 for told in again.values())
    with acting(officer):
        assert Enrolment.objects.filter(voided_at=None).count() == 9
        assert Enrolment.objects.values("person").distinct().count() == 9


def test_the_same_class_from_city_and_centre_is_one(learning):
    sheets = {"classes": [class_row()], "enrolments": [learner_row(1), learner_row(2)]}
    landed(report(learning.actor("city_officer"), **sheets))
    counts = landed(report(learning.actor("centre_officer"), **sheets))
    assert counts["enrolments"] == {"added": 0, "corrected": 0, "unchanged": 2, "confirmed": 2}
    with acting(learning.actor("city_officer")):
        assert Confirmation.objects.count() == 3
    refused = report(learning.actor("centre_officer"), enrolments=[learner_row(1, list_number="另一")])
    assert refusals(refused) == [("list_number", "conflict")]


def test_a_later_return_corrects(learning):
    officer = learning.actor("centre_officer")
    going = learner_row(1, state="enrolled", ended_on=None, list_number=None)
    landed(report(officer, classes=[class_row()], enrolments=[going]))
    counts = landed(report(officer, classes=[class_row(completed_on=END)], enrolments=[learner_row(1)]))
    assert (counts["classes"]["corrected"], counts["enrolments"]["corrected"]) == (1, 1)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"org": "9999999999"}, "org_code", "unknown_reference"),
        ({"org": OTHER_CENTRE}, "org_code", "out_of_scope"),
        ({"course_code": "PX-00"}, "course_code", "unknown_reference"),
        ({"course_owner": None}, "course_code", "unknown_reference"),
        ({"project_code": "GJ-0"}, "project_code", "unknown_reference"),
        ({"division_code": "999999"}, "division_code", "unknown_reference"),
        ({"ends_on": date(2021, 5, 1)}, "ends_on", "out_of_range"),
        ({"signup_from": date(2021, 6, 1)}, "signup_from", "out_of_range"),
        ({"completed_on": END, "cancelled_on": END}, "cancelled_on", "conflict"),
        ({"voided": True}, "void_reason", "required"),
    ],
)
def test_a_wrong_class_is_refused_at_its_cell(learning, cells, column, code):
    with Projects():
        receipt = report(learning.actor("centre_officer"), classes=[class_row(**cells)])
    assert refusals(receipt) == [(column, code)]
    assert receipt.errors[0]["message"]
    assert receipt.errors[0]["remedy"]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"code": "2021-09"}, "class_code", "unknown_reference"),
        ({"org": OTHER_CENTRE}, "org_code", "out_of_scope"),
        ({"resident_id": None}, "resident_id", "required"),
        ({"passport": "E1234567"}, "passport", "conflict"),
        ({"person_name": None}, "person_name", "required"),
        ({"enrolled_on": None}, "enrolled_on", "required"),
        ({"state": "enrolled"}, "ended_on", "conflict"),
        ({"ended_on": date(2021, 5, 9)}, "ended_on", "out_of_range"),
        ({"state": "withdrawn"}, "list_number", "conflict"),
        ({"voided": True}, "void_reason", "required"),
    ],
)
def test_a_wrong_learner_is_refused_at_the_cell(learning, cells, column, code):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row()]))
    wanted = {column}
    receipt = report(officer, enrolments=[learner_row(1, **cells)])
    assert wanted <= {cell for cell, _ in refusals(receipt)}
    assert (column, code) in refusals(receipt)


def test_one_person_under_two_names_is_refused(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row(), class_row("2021-02")], enrolments=[learner_row(1)]))
    receipt = report(officer, enrolments=[learner_row(1, "2021-02", person_name="他人")])
    assert refusals(receipt) == [("person_name", "conflict")]


def test_nobody_sits_where_no_seat_is_left(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row(capacity=2)], enrolments=[learner_row(1)]))
    over = [learner_row(number) for number in (2, 3, 4)]
    assert refusals(report(officer, enrolments=over)) == [("class_code", "conflict")] * 2
    gone = {"state": "withdrawn", "list_number": None}
    landed(report(officer, enrolments=[learner_row(1, **gone), learner_row(2), learner_row(3)]))
    assert refusals(report(officer, classes=[class_row(capacity=1)])) == [("capacity", "conflict")]
    assert refusals(report(officer, classes=[class_row(capacity=2, cancelled_on=END)])) == [
        ("cancelled_on", "conflict")
    ]


def test_what_was_struck_out_stands_for_nothing(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row()], enrolments=[learner_row(1)]))
    with acting(officer):
        row, made = Enrolment.objects.get(), CourseOffering.objects.get()
    void_enrolment(actor=officer, enrolment_id=row.pk, reason="误录")
    counts = landed(report(officer, enrolments=[learner_row(1), learner_row(2)]))
    assert counts["enrolments"]["added"] == 2
    void_class(actor=officer, offering_id=made.pk, reason="误录")
    counts = landed(report(officer, enrolments=[learner_row(3)]))
    assert counts.get("enrolments", {}).get("added", 0) == 0


def test_a_class_in_a_workbook_may_be_struck_out(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row()]))
    counts = landed(report(officer, classes=[class_row(voided=True, void_reason="未开班")]))
    assert counts["classes"]["corrected"] == 1
    with acting(officer):
        assert CourseOffering.objects.filter(voided_at=None).count() == 0


def test_learners_from_abroad_come_by_passport(learning):
    officer = learning.actor("centre_officer")
    abroad = {"resident_id": None, "passport": "JN0000001", "person_name": "阿里"}
    project = Reference(uuid4(), None, "示例项目", "/", "GJ-1")
    with Projects(project):
        landed(report(officer, classes=[class_row(project_code="GJ-1")], enrolments=[learner_row(0, **abroad)]))
        landed(report(officer, classes=[class_row("2021-02")], enrolments=[learner_row(0, "2021-02", **abroad)]))
        with acting(officer):
            assert CourseOffering.objects.filter(project_id=project.id).count() == 1
            assert Enrolment.objects.values("person").distinct().count() == 1
            told = [row for row in landings()["classes"].export(officer, 2021) if row[-3]]
            assert [row[-3] for row in told] == ["GJ-1"]
            assert {row[5] for row in landings()["enrolments"].export(officer, 2021)} == {"JN0000001"}
    nameless = learner_row(0, **{**abroad, "person_name": None})
    assert refusals(report(officer, enrolments=[nameless])) == [("person_name", "required")]
    other = learner_row(0, **{**abroad, "person_name": "他人"})
    assert refusals(report(officer, enrolments=[other])) == [("person_name", "conflict")]
    without = learner_row(0, resident_id=None)
    assert ("resident_id", "required") in refusals(report(officer, enrolments=[without]))


def test_sessions_and_attendance_are_held_to_the_class(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row()], enrolments=[learner_row(1)], class_sessions=[SESSION]))
    for sheets, wrong in (
        ({"class_sessions": [{**SESSION, "starts": "上午"}]}, [("starts", "out_of_range")]),
        ({"class_sessions": [{**SESSION, "ends": "8:00"}]}, [("ends", "out_of_range")]),
        (
            {"attendance": [{**MARK, "resident_id": paper(2), "presence": "late"}]},
            [("resident_id", "unknown_reference")],
        ),
        ({"attendance": [{**MARK, "passport": "E1", "presence": "late"}]}, [("passport", "unknown_reference")]),
        (
            {"attendance": [{**MARK, "held_on": END, "resident_id": paper(1), "presence": "late"}]},
            [("held_on", "unknown_reference")],
        ),
    ):
        assert refusals(report(officer, **sheets)) == wrong


def test_the_province_alone_keeps_the_list_of_fields(learning):
    row = {"code": "NY02", "since": START, "name": "畜牧", "is_rural": True}
    assert refusals(report(learning.actor("city_officer"), learning_fields=[row])) == [("code", "out_of_scope")]
    assert landed(report(learning.actor("province_officer"), learning_fields=[row]))["learning_fields"]["added"] == 1


def test_courses_need_a_field_and_stay_while_classes_stand(learning):
    officer = learning.actor("province_officer")
    row = {"owner_code": "620000-JY", "course_code": "PX-9", "name": "新课", "kind": "training", "field_code": "NY01"}
    assert refusals(report(officer, courses=[{**row, "field_code": "X"}])) == [("field_code", "unknown_reference")]
    assert landed(report(officer, courses=[row]))["courses"]["added"] == 1
    held(learning)
    taught = {**row, "course_code": "PX-NY01", "name": "种植技术培训", "voided": True, "void_reason": "误录"}
    assert refusals(report(officer, courses=[taught])) == [("voided", "conflict")]
    assert (
        landed(report(officer, courses=[{**row, "voided": True, "void_reason": "误录"}]))["courses"]["corrected"] == 1
    )


def test_what_was_imported_goes_out_and_comes_in_again_unchanged(learning):
    officer = learning.actor("centre_officer")
    landed(
        report(
            officer,
            courses=[
                {"owner_code": CENTRE, "course_code": "A1", "name": "剪纸", "kind": "training", "field_code": "WH01"}
            ],
            classes=[
                class_row(signup_from=START, place="三楼"),
                class_row("2021-02", course_owner=None, course_code="A1"),
            ],
            enrolments=[learner_row(1), learner_row(2, state="withdrawn", list_number=None)],
            class_sessions=[SESSION],
            attendance=[{**MARK, "resident_id": paper(1), "presence": "present"}],
        )
    )
    with acting(officer):
        told = {name: list(landings()[name].export(officer, 2021)) for name in SHEETS}
        assert all(told[name] for name in SHEETS[1:])
        assert told["learning_fields"] == []
        assert all(list(landings()[name].export(officer, 2019)) == [] for name in SHEETS[2:])
    sheets = {
        name: [dict(zip(landings()[name].sheet.by_name, row, strict=True)) for row in rows]
        for name, rows in told.items()
        if rows
    }
    counts = landed(report(officer, **sheets))
    assert all(count["added"] == count["corrected"] == 0 for count in counts.values())
    chief = learning.actor("province_officer")
    with acting(chief):
        assert len(list(landings()["learning_fields"].export(chief, 2021))) == FieldState.objects.count()
        assert len(list(landings()["courses"].export(chief, 2021))) == Course.objects.count()


def test_statements_do_not_grow_with_the_rows(learning):
    officer = learning.actor("centre_officer")
    landed(report(officer, classes=[class_row(capacity=None)]))
    numbers = []
    for count, first in ((3, 100), (60, 200)):
        with CaptureQueriesContext(connection) as asked:
            landed(report(officer, enrolments=[learner_row(number) for number in range(first, first + count)]))
        numbers.append(len(asked))
    assert numbers[1] <= numbers[0] + 2


def test_nothing_of_another_county_is_touched(learning):
    made = held(learning, where="other_centre", code="Q1")
    seat(learning, made, 1)
    officer = learning.actor("centre_officer")
    with acting(officer):
        for model in (CourseOffering, Enrolment, ClassSession, Attendance):
            assert model.objects.count() == 0
    receipt = report(officer, enrolments=[learner_row(1, "Q1", OTHER_CENTRE)])
    assert refusals(receipt) == [("org_code", "out_of_scope")]
