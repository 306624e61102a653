"""What the verbs do and refuse, and what the database refuses whatever the program asks."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.learning.models import Attendance, ClassSession, CourseOffering, Enrolment, FieldState
from jineng.learning.queries import clashes_of, learners_of, persons_of
from jineng.learning.verbs import (
    add_course,
    add_sessions,
    cancel_class,
    complete_class,
    correct_class,
    correct_course,
    correct_enrolment,
    declare_field,
    enrol,
    mark_attendance,
    open_class,
    void_class,
    void_course,
    void_enrolment,
    void_session,
    withdraw,
)
from tests.learning.classrooms import DAY, END, START, course, held, paper, seat

MORNING, NOON, LATE = time(9), time(11, 30), time(11)


def states(world, of):
    """States of the learners of a class, sorted."""
    actor = world.actor("province_officer")
    with acting(actor):
        return sorted(row.state for row in learners_of(actor, of.pk))


def test_a_centre_runs_a_class_from_sign_up_to_completion(learning):
    officer = learning.actor("centre_officer")
    made = held(learning, by="centre_officer", capacity=2)
    one, two, three = (seat(learning, made, number, by="centre_officer") for number in (1, 2, 3))
    assert (one.state, two.state, three.state) == ("enrolled", "enrolled", "waiting")
    with clock_at(DAY):
        (met, _) = add_sessions(actor=officer, offering_id=made.pk, days=[START, DAY], starts=MORNING, ends=NOON)
        assert mark_attendance(actor=officer, session_id=met.pk, marks={one.pk: "present", two.pk: "absent"}) == 2
        assert mark_attendance(actor=officer, session_id=met.pk, marks={one.pk: "present", two.pk: "late"}) == 1
        withdraw(actor=officer, enrolment_id=two.pk, left_on=DAY)
    with acting(officer):
        three.refresh_from_db()
        assert (three.state, three.enrolled_on) == ("enrolled", DAY)
    with clock_at(END):
        complete_class(
            actor=officer, offering_id=made.pk, completed_on=END, list_number="2021-01-1", completed=[one.pk]
        )
    assert states(learning, made) == ["completed", "not_completed", "withdrawn"]
    with acting(officer):
        made = CourseOffering.objects.get(pk=made.pk)
        assert made.status_on(END) == "completed"
        assert made.status_on(END - timedelta(days=1)) == "running"
        assert persons_of(officer, made.organiser_id, 2021) == (1, 1)


def test_person_times_and_persons_are_kept_apart(learning):
    officer = learning.actor("centre_officer")
    for code in ("2021-01", "2021-02"):
        made = held(learning, code=code)
        row = seat(learning, made, 1)
        complete_class(actor=officer, offering_id=made.pk, completed_on=END, list_number="1", completed=[row.pk])
    with acting(officer):
        assert persons_of(officer, learning["centre"].pk, 2021) == (2, 1)
        assert persons_of(officer, learning["centre"].pk, 2020) == (0, 0)


def test_the_same_person_twice_is_refused(learning):
    made = held(learning)
    seat(learning, made, 1)
    with pytest.raises(ValidationError, match="此人已在本班"):
        seat(learning, made, 1)


def test_sign_up_waits_for_its_day_and_ends_with_the_class(learning):
    officer = learning.actor("centre_officer")
    made = held(learning, signup_from=DAY)
    with pytest.raises(ValidationError, match="起报名"):
        seat(learning, made, 1, on=START)
    row = seat(learning, made, 1)
    complete_class(actor=officer, offering_id=made.pk, completed_on=END, list_number="1", completed=[row.pk])
    with pytest.raises(ValidationError, match="已结班"):
        seat(learning, made, 2)


def test_more_seats_go_to_those_who_wait_in_their_order(learning):
    officer = learning.actor("centre_officer")
    made = held(learning, capacity=1)
    rows = [seat(learning, made, number, on=DAY + timedelta(days=number)) for number in (1, 2, 3)]
    correct_class(actor=officer, offering_id=made.pk, capacity=2, reason="换大教室")
    with acting(officer):
        assert [Enrolment.objects.get(pk=row.pk).state for row in rows] == ["enrolled", "enrolled", "waiting"]
    with pytest.raises(ValidationError, match="已有 2 人入班"):
        correct_class(actor=officer, offering_id=made.pk, capacity=1, reason="换小教室")
    void_enrolment(actor=officer, enrolment_id=rows[0].pk, reason="误录")
    assert states(learning, made) == ["enrolled", "enrolled"]
    correct_class(actor=officer, offering_id=made.pk, capacity=None, reason="不限")
    assert seat(learning, made, 4).state == "enrolled"


def test_a_cancelled_class_lets_everybody_go(learning):
    officer = learning.actor("centre_officer")
    made = held(learning, capacity=1)
    for number in (1, 2):
        seat(learning, made, number)
    cancel_class(actor=officer, offering_id=made.pk, cancelled_on=START, reason="人数不足")
    assert states(learning, made) == ["withdrawn", "withdrawn"]
    with acting(officer):
        assert set(Enrolment.objects.values_list("ended_on", flat=True)) == {DAY}
    for refused in (
        lambda: cancel_class(actor=officer, offering_id=made.pk, cancelled_on=START, reason="再取消"),
        lambda: seat(learning, made, 3),
    ):
        with pytest.raises(ValidationError, match="已取消"):
            refused()


def test_a_class_that_somebody_finished_is_not_cancelled(learning):
    officer = learning.actor("centre_officer")
    made = held(learning)
    row = seat(learning, made, 1)
    correct_enrolment(actor=officer, enrolment_id=row.pk, state="completed", ended_on=END, reason="提前结业")
    with pytest.raises(ValidationError, match="已有学员结业"):
        cancel_class(actor=officer, offering_id=made.pk, cancelled_on=END, reason="停")


def test_completion_is_held_to_the_class(learning):
    officer = learning.actor("centre_officer")
    made, other = held(learning), held(learning, code="2021-02")
    stranger = seat(learning, other, 9)
    with pytest.raises(ValidationError, match="没有在读学员"):
        complete_class(actor=officer, offering_id=made.pk, completed_on=END, list_number="1", completed=[])
    row = seat(learning, made, 1)
    for told, words in (
        ({"completed": [stranger.pk]}, "不在读"),
        ({"completed_on": START - timedelta(days=1)}, "不能早于"),
        ({"list_number": " "}, "名册号"),
    ):
        values = {"completed_on": END, "list_number": "1", "completed": [row.pk], **told}
        with pytest.raises(ValidationError, match=words):
            complete_class(actor=officer, offering_id=made.pk, **values)


def test_leaving_is_held_to_what_was(learning):
    officer = learning.actor("centre_officer")
    row = seat(learning, held(learning), 1)
    with pytest.raises(ValidationError, match="早于"):
        withdraw(actor=officer, enrolment_id=row.pk, left_on=START - timedelta(days=9))
    withdraw(actor=officer, enrolment_id=row.pk, left_on=END)
    with pytest.raises(ValidationError, match="无需退出"):
        withdraw(actor=officer, enrolment_id=row.pk, left_on=END)


def test_an_enrolment_is_corrected_by_the_rules(learning):
    officer = learning.actor("centre_officer")
    made = held(learning, capacity=1)
    row, waiting = seat(learning, made, 1), seat(learning, made, 2)
    for facts, words in (
        ({"state": "enrolled"}, "没有变化"),
        ({"state": "completed"}, "结束日期"),
        ({"ended_on": END}, "没有结束日期"),
    ):
        with pytest.raises(ValidationError, match=words):
            correct_enrolment(actor=officer, enrolment_id=row.pk, reason="更正", **facts)
    with pytest.raises(ValidationError, match="名额已满"):
        correct_enrolment(actor=officer, enrolment_id=waiting.pk, state="enrolled", enrolled_on=DAY, reason="入班")
    with pytest.raises(TypeError):
        correct_enrolment(actor=officer, enrolment_id=row.pk, reason="更正", person_id=row.pk)
    with pytest.raises(ValidationError, match="原因"):
        correct_enrolment(actor=officer, enrolment_id=row.pk, reason=" ", ended_on=END)
    correct_enrolment(actor=officer, enrolment_id=row.pk, state="withdrawn", ended_on=END, reason="已离开")
    with acting(officer):
        waiting.refresh_from_db()
        assert waiting.state == "enrolled"


def test_void_things_stay_void(learning):
    officer = learning.actor("centre_officer")
    made = held(learning)
    row = seat(learning, made, 1)
    void_enrolment(actor=officer, enrolment_id=row.pk, reason="误录")
    with pytest.raises(ValidationError, match="已作废"):
        void_enrolment(actor=officer, enrolment_id=row.pk, reason="再来")
    assert seat(learning, made, 1).state == "enrolled"
    void_class(actor=officer, offering_id=made.pk, reason="误录")
    with pytest.raises(ValidationError, match="已作废"):
        correct_class(actor=officer, offering_id=made.pk, hours=1, reason="改")
    with acting(officer):
        assert CourseOffering.objects.get(pk=made.pk).status == "void"
    held(learning)


def test_what_lies_outside_the_scope_is_left_alone(learning):
    stranger = learning.actor("other_centre_officer")
    made = held(learning)
    row = seat(learning, made, 1)
    (met,) = add_sessions(
        actor=learning.actor("centre_officer"), offering_id=made.pk, days=[DAY], starts=MORNING, ends=NOON
    )
    for deed in (
        lambda: open_class(
            actor=stranger,
            organiser_id=learning["centre"].pk,
            course=course(learning),
            code="x",
            department="education",
            hours=1,
            starts_on=START,
            ends_on=END,
        ),
        lambda: correct_class(actor=stranger, offering_id=made.pk, hours=1, reason="改"),
        lambda: enrol(actor=stranger, offering_id=made.pk, name="某人", number=paper(5)),
        lambda: withdraw(actor=stranger, enrolment_id=row.pk, left_on=END),
        lambda: void_session(actor=stranger, session_id=met.pk, reason="无"),
        lambda: declare_field(actor=stranger, code="X", since=START, name="x", is_rural=False),
        lambda: add_course(
            actor=stranger, owner_id=learning["centre"].pk, code="X", name="x", kind="training", field_code="NY01"
        ),
        lambda: correct_course(actor=stranger, course_id=course(learning).pk, name="x", reason="改"),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_class_is_opened_by_the_rules(learning):
    with pytest.raises(ValidationError) as wrong:
        held(learning, starts_on=END, ends_on=START)
    assert set(wrong.value.error_dict) == {"ends_on"}
    held(learning)
    with pytest.raises(ValidationError, match="已有此编号"):
        held(learning)
    held(learning, where="other_centre")
    officer = learning.actor("centre_officer")
    made = held(learning, code="2021-02")
    with pytest.raises(ValidationError, match="没有变化"):
        correct_class(actor=officer, offering_id=made.pk, hours=40, reason="改")
    with pytest.raises(TypeError):
        correct_class(actor=officer, offering_id=made.pk, reason="改", organiser_id=made.pk)
    with pytest.raises(ValidationError, match="早于"):
        correct_class(actor=officer, offering_id=made.pk, ends_on=START - timedelta(days=1), reason="改")


def test_courses_and_fields(learning):
    chief = learning.actor("province_officer")
    declare_field(actor=chief, code="JX01", since=date(2022, 1, 1), name="焊接", is_rural=True)
    with pytest.raises(ValidationError, match="已有登记"):
        declare_field(actor=chief, code="JX01", since=date(2022, 1, 1), name="焊接", is_rural=True)
    with acting(chief):
        assert FieldState.objects.filter(code="JX01").count() == 2
    given = {"owner_id": learning["centre"].pk, "name": "剪纸", "kind": "training"}
    officer = learning.actor("centre_officer")
    with pytest.raises(ValidationError, match="没有此学习领域"):
        add_course(actor=officer, code="A", field_code="无", **given)
    made = add_course(actor=officer, code="A", field_code="WH01", **given)
    with pytest.raises(ValidationError, match="已有此代码"):
        add_course(actor=officer, code="A", field_code="WH01", **given)
    with pytest.raises(ValidationError, match="没有变化"):
        correct_course(actor=officer, course_id=made.pk, name="剪纸", reason="改")
    with pytest.raises(TypeError):
        correct_course(actor=officer, course_id=made.pk, code="B", reason="改")
    correct_course(actor=officer, course_id=made.pk, name="剪纸艺术", reason="全称")
    taught = course(learning)
    held(learning)
    with pytest.raises(ValidationError, match="已有班次"):
        void_course(actor=chief, course_id=taught.pk, reason="误录")
    void_course(actor=officer, course_id=made.pk, reason="误录")
    with pytest.raises(ValidationError, match="已作废"):
        void_course(actor=officer, course_id=made.pk, reason="误录")
    with acting(officer):
        made.refresh_from_db()
    with pytest.raises(ValidationError, match="课程已作废"):
        open_class(
            actor=officer,
            organiser_id=learning["centre"].pk,
            course=made,
            code="Z",
            department="education",
            hours=1,
            starts_on=START,
            ends_on=END,
        )


def test_sessions_are_planned_within_the_class(learning):
    officer = learning.actor("centre_officer")
    made = held(learning)
    plan = {"actor": officer, "offering_id": made.pk, "days": [DAY], "starts": MORNING, "ends": NOON}
    (met,) = add_sessions(**plan)
    for told, words in (
        ({"days": []}, "没有一天"),
        ({"ends": MORNING}, "不晚于"),
        ({"days": [END + timedelta(days=1)]}, "不在班期内"),
        ({"starts": LATE, "ends": time(12)}, "重叠"),
    ):
        with pytest.raises(ValidationError, match=words):
            add_sessions(**{**plan, **told})
    row = seat(learning, made, 1)
    with clock_at(START), pytest.raises(ValidationError, match="还没有上课"):
        mark_attendance(actor=officer, session_id=met.pk, marks={row.pk: "present"})
    with clock_at(DAY):
        for marks, words in (({row.pk: "somewhere"}, "没有这种出勤"), ({made.pk: "present"}, "不在本班")):
            with pytest.raises(ValidationError, match=words):
                mark_attendance(actor=officer, session_id=met.pk, marks=marks)
        mark_attendance(actor=officer, session_id=met.pk, marks={row.pk: "present"})
    with pytest.raises(ValidationError, match="已有考勤"):
        void_session(actor=officer, session_id=met.pk, reason="没上")
    (spare,) = add_sessions(**{**plan, "starts": NOON, "ends": time(12)})
    void_session(actor=officer, session_id=spare.pk, reason="没上")
    with pytest.raises(ValidationError, match="已作废"):
        void_session(actor=officer, session_id=spare.pk, reason="没上")
    with pytest.raises(NotAllowed):
        void_session(actor=officer, session_id=made.pk, reason="无")


def test_a_clash_is_told_to_both_organisers_and_no_more_than_the_hours(learning):
    mine, theirs = held(learning), held(learning, where="other_centre", code="Q1")
    for made, officer, starts, ends in (
        (mine, "centre_officer", MORNING, NOON),
        (theirs, "other_centre_officer", LATE, time(13)),
    ):
        add_sessions(actor=learning.actor(officer), offering_id=made.pk, days=[DAY], starts=starts, ends=ends)
        seat(learning, made, 1, by=officer)
    for name, made, other, hours in (
        ("centre_officer", mine, "other_centre", (LATE, time(13))),
        ("other_centre_officer", theirs, "centre", (MORNING, NOON)),
    ):
        actor = learning.actor(name)
        with acting(actor):
            (clash,) = clashes_of(actor, START, END, made.pk)
            assert (clash.offering_id, clash.other_organiser) == (made.pk, learning[other].name)
            assert (clash.other_starts, clash.other_ends) == hours
            assert clash.other_offering_id is None
            assert clashes_of(actor, START, START) == []
    chief = learning.actor("province_officer")
    with acting(chief):
        assert len(clashes_of(chief, START, END)) == 2
        assert {clash.other_offering_id for clash in clashes_of(chief, START, END)} == {mine.pk, theirs.pk}
    cancel_class(actor=chief, offering_id=theirs.pk, cancelled_on=START, reason="停办")
    with acting(chief):
        assert clashes_of(chief, START, END) == []


def refused_by_database(statement, *values):
    """The name of the constraint by which the database refuses a statement."""
    with pytest.raises(IntegrityError) as wrong, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return wrong.value.__cause__.diag.constraint_name


def test_the_database_keeps_to_the_seats(learning):
    officer = learning.actor("centre_officer")
    made, other = held(learning, capacity=1), held(learning, where="other_centre", code="Q1")
    row, waiting = seat(learning, made, 1), seat(learning, made, 2)
    met, strange = (
        add_sessions(
            actor=learning.actor("province_officer"), offering_id=of.pk, days=[DAY], starts=MORNING, ends=NOON
        )[0]
        for of in (made, other)
    )
    with acting(learning.actor("province_officer")):
        told = refused_by_database(
            "UPDATE learning_enrolment SET state = 'enrolled', enrolled_on = applied_on WHERE id = %s", waiting.pk
        )
        assert told == "learning_class_not_over_full"
        void_enrolment(actor=officer, enrolment_id=waiting.pk, reason="误录")
        CourseOffering.objects.filter(pk=made.pk).update(capacity=2)
        assert seat(learning, made, 3).state == "enrolled"
        told = refused_by_database("UPDATE learning_courseoffering SET capacity = 1 WHERE id = %s", made.pk)
        assert told == "learning_class_not_over_full"
        told = refused_by_database(
            "UPDATE learning_courseoffering SET organiser_id = %s WHERE id = %s", learning["other_centre"].pk, made.pk
        )
        assert told == "learning_enrolment_with_its_organiser"
        told = refused_by_database(
            "UPDATE learning_enrolment SET organiser_id = %s WHERE id = %s", learning["other_centre"].pk, row.pk
        )
        assert told == "learning_enrolment_with_its_organiser"
        Attendance.objects.create(enrolment=row, session=met, presence="present")
        told = refused_by_database(
            "UPDATE learning_attendance SET session_id = %s WHERE enrolment_id = %s", strange.pk, row.pk
        )
        assert told == "learning_attendance_in_class"
        assert ClassSession.objects.count() == 2


def test_every_deed_leaves_a_line_without_names(learning):
    row = seat(learning, held(learning), 1)
    with acting(learning.actor("province_officer")):
        lines = AuditLine.objects.filter(room="learning", verb__in=("open_class", "enrol"))
        assert {line.verb for line in lines} == {"open_class", "enrol"}
        assert all("学员1" not in line.summary for line in lines)
        assert str(row.pk) in {line.subject_id for line in lines}
