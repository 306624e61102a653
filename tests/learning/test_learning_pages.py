"""Pages and API of the room: what they show to whom, and what they change."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.references import Reference
from jineng.learning.models import CourseOffering, Enrolment, FieldState
from jineng.learning.verbs import add_sessions, cancel_class, complete_class, mark_attendance, void_class
from tests.learning.classrooms import CENTRE, DAY, END, START, Projects, held, paper, seat
from tests.shown import rows_shown

CLASSES = "/api/v1/classes"
FORM = {
    "organiser": CENTRE,
    "course_owner": "620000-JY",
    "course": "PX-NY01",
    "code": "2021-09",
    "department": "education",
    "mode": "place",
    "hours": "40",
    "capacity": "2",
    "starts_on": "2021-05-10",
    "ends_on": "2021-05-21",
}


@pytest.fixture
def enter(learning: Any, client: Client) -> Any:
    """Signs an account in: ``enter("centre_officer")``."""

    def sign_in(name: str) -> Client:
        client.force_login(learning.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def text(response: Any) -> str:
    """What the page says."""
    return response.content.decode()


def codes(response: Any) -> list[str]:
    """Codes of what a list shows, sorted."""
    return sorted(row.cells.get("班次") or row.cells.get("代码") or row[""] for row in rows_shown(response))


def test_classes_of_all_departments_stand_in_one_list(learning, enter):
    departments = ("education", "human_resources", "agriculture", "civil_affairs", "rural_revitalisation")
    for number, department in enumerate(departments):
        held(learning, code=f"D-{number}", department=department)
    held(learning, where="other_centre", code="Q-1")
    void_class(actor=learning.actor("province_officer"), offering_id=held(learning, code="V-1").pk, reason="误录")
    page = reverse("classes")
    client = enter("centre_officer")
    assert codes(client.get(page)) == [f"D-{number}" for number in range(5)]
    for asked, found in (
        ({"department": "civil_affairs"}, ["D-3"]),
        ({"status": "void"}, ["V-1"]),
        ({"organiser": "1262", "course": "种植", "on": "2021-05-12", "year": 2021}, [f"D-{n}" for n in range(5)]),
        ({"on": "2021-06-12"}, []),
        ({"field": "JX01"}, []),
        ({"kind": "training", "mode": "place", "course": "D-1"}, ["D-1"]),
    ):
        assert codes(client.get(page, asked)) == found, asked
    assert codes(enter("province_officer").get(page, {"organiser": "示例other"})) == ["Q-1"]
    assert enter("centre_officer").get(page, {"export": "xlsx"}).status_code == 200


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (START - timedelta(days=9), {"planned": ["P"], "open": ["O"], "cancelled": [], "completed": [], "running": []}),
        (END, {"planned": [], "open": [], "cancelled": ["X"], "completed": ["C"], "running": ["O", "P"]}),
    ],
)
def test_lists_tell_where_classes_stand_as_the_rules_do(learning, enter, day, found):
    chief = learning.actor("province_officer")
    held(learning, code="P")
    held(learning, code="O", signup_from=START - timedelta(days=20))
    cancel_class(actor=chief, offering_id=held(learning, code="X", starts_on=END).pk, cancelled_on=END, reason="停")
    done = held(learning, code="C", starts_on=START, signup_from=END)
    complete_class(
        actor=chief, offering_id=done.pk, completed_on=END, list_number="1", completed=[seat(learning, done, 1, END).pk]
    )
    with clock_at(day):
        client = enter("centre_officer")
        for status, expected in found.items():
            shown = codes(client.get(reverse("classes"), {"status": status}))
            assert [code for code in shown if code in expected] == expected
            with acting(chief):
                told = {made.code for made in CourseOffering.objects.all() if made.status == status}
            assert told == set(shown), status


def test_a_class_is_run_by_forms(learning, enter):
    client = enter("centre_officer")
    with clock_at(DAY):
        answer = client.post(reverse("open_class"), FORM)
        made = answer["Location"]
        pk = made.split("/")[-2]
        assert client.post(reverse("open_class"), FORM).status_code == 422
        for number in (1, 2, 3):
            form = {"name": f"学员{number}", "document": "resident_id", "number": paper(number).lower()}
            assert client.post(f"{made}enrol/", form).status_code == 302
        assert "名额已满" in text(client.get(f"{made}enrol/"))
        again = client.post(f"{made}enrol/", {"name": "学员1", "document": "resident_id", "number": paper(1)})
        assert again.status_code == 422
        bad = client.post(f"{made}enrol/", {"name": "学员9", "document": "resident_id", "number": "123"})
        assert "居民身份证号不对" in text(bad)
        weekly = {
            "first": "2021-05-10",
            "last": "2021-05-21",
            "weekdays": ["0", "2"],
            "starts": "09:00",
            "ends": "11:00",
        }
        assert client.post(f"{made}sessions/", weekly).status_code == 302
        wrong = {**weekly, "last": "2021-05-01"}
        assert client.post(f"{made}sessions/", wrong).status_code == 422
        page = client.get(made)
        assert len(page.context["sessions"]) == 4
        met = page.context["sessions"][0]
        rows = [row for row, _ in page.context["learners"]]
        assert [row.state for row in rows] == ["enrolled", "enrolled", "waiting"]
        assert "学员1" not in text(page)
        marks = {f"seat-{row.pk}": "present" for row in rows[:2]}
        assert client.post(reverse("mark_attendance", args=[met.pk]), marks).status_code == 302
        assert "出勤 1/1" in text(client.get(f"{made}complete/"))
    with clock_at(END):
        form = {"completed_on": "2021-05-21", "list_number": "甲-1", "completed": [str(rows[0].pk)]}
        answer = client.post(f"{made}complete/", form)
        assert answer["Location"] == reverse("completion_list", args=[pk])
        masked = client.get(answer["Location"])
        assert "学员1" not in text(masked)
        full = client.post(reverse("completion_names", args=[pk]))
        assert "学员" in text(full)
        assert "甲-1" in text(full)
    with acting(learning.actor("centre_officer")):
        assert AuditLine.objects.filter(verb="read_people").count() == 1


def test_an_organiser_s_year_tells_person_times_and_persons(learning, enter):
    chief = learning.actor("province_officer")
    for code, department in (("2021-01", "education"), ("2021-02", "education"), ("2021-03", "agriculture")):
        made = held(learning, code=code, department=department)
        row = seat(learning, made, 1)
        complete_class(actor=chief, offering_id=made.pk, completed_on=END, list_number="1", completed=[row.pk])
    client = enter("county_officer")
    page = client.get(reverse("organiser_classes", args=[learning["centre"].pk]), {"year": 2021})
    assert (page.context["times"], page.context["persons"]) == (3, 1)
    told = {row.department: (row.classes, row.person_times, row.persons) for row in page.context["funded"]}
    assert (told["education"], told["agriculture"], told["other"]) == ((2, 2, 1), (1, 1, 1), (0, 0, 0))
    empty = client.get(reverse("organiser_classes", args=[learning["centre"].pk]), {"year": "x"})
    assert empty.context["times"] == 0
    other = reverse("organiser_classes", args=[learning["other_centre"].pk])
    assert client.get(other).status_code == 404


def test_both_organisers_are_told_at_home(learning, enter):
    for where, officer, starts in (("centre", "centre_officer", 9), ("other_centre", "other_centre_officer", 10)):
        made = held(learning, where=where, code="K-1")
        seat(learning, made, 1, by=officer)
        actor = learning.actor(officer)
        add_sessions(actor=actor, offering_id=made.pk, days=[END], starts=time(starts), ends=time(12))
    for officer, other in (("centre_officer", "other_centre"), ("other_centre_officer", "centre")):
        with clock_at(DAY):
            home = text(enter(officer).get(reverse("home")))
        assert "同一时段另有课" in home
        assert learning[other].name in home
    with clock_at(END + timedelta(days=3)):
        assert "尚未结班" in text(enter("centre_officer").get(reverse("home")))
        assert "尚未结班" not in text(enter("province_officer").get(reverse("home")))


def test_the_three_tiers_of_the_open_university(learning, enter):
    made = held(learning, what="KF-01", code="KF-1")
    seat(learning, made, 1)
    page = enter("province_officer").get(reverse("open_university"))
    tiers = dict(page.context["tiers"])
    (place,) = tiers["县区分校（学习中心）"]
    assert (place.organisation.code, place.classes, place.learners) == (CENTRE, 1, 1)
    assert "省级开放大学" in tiers


def test_courses_fields_and_one_learner(learning, enter):
    client = enter("province_officer")
    page = client.get(reverse("courses"), {"q": "PX", "kind": "training"})
    assert codes(page) == ["PX-JX01", "PX-NY01", "PX-WH01", "PX-ZY01"]
    assert codes(client.get(reverse("courses"), {"status": "void"})) == []
    assert len(codes(client.get(reverse("courses"), {"status": "all", "field": "JX01"}))) == 4
    fields = client.get(reverse("learning_fields"), {"q": "种植", "is_rural": "true"})
    assert codes(fields) == ["NY01"]
    assert client.get(reverse("learning_fields"), {"export": "xlsx"}).status_code == 200
    answer = client.post(reverse("declare_field"), {"code": "NY01", "since": "2022-01-01", "name": "种植"})
    assert answer.status_code == 302
    with acting(learning.actor("province_officer")):
        assert FieldState.objects.filter(code="NY01").count() == 2
    row = seat(learning, held(learning), 1)
    shown = text(client.get(reverse("enrolment", args=[row.pk])))
    assert "学**" in shown
    assert client.post(reverse("void_enrolment", args=[row.pk]), {"reason": "误录"}).status_code == 302
    assert "误录" in text(client.get(reverse("enrolment", args=[row.pk])))
    assert client.get(reverse("enrolment", args=[uuid4()])).status_code == 404
    assert client.get(reverse("course", args=[uuid4()])).status_code == 404
    assert client.get(reverse("mark_attendance", args=[uuid4()])).status_code == 404


def test_a_class_of_a_project_leads_to_it(learning, enter):
    project = Reference(uuid4(), None, "示例合作项目", "/somewhere/", "GJ-1")
    made = held(learning, project_id=project.id)
    client = enter("centre_officer")
    with Projects(project):
        assert "示例合作项目" in text(client.get(reverse("class", args=[made.pk])))
    with Projects():
        assert "不在管辖范围内" in text(client.get(reverse("class", args=[made.pk])))


def send(client: Client, url: str, **given: Any) -> Any:
    """A POST of JSON."""
    return client.post(url, json.dumps(given), content_type="application/json")


def test_a_class_is_run_by_machine(learning, enter):
    client = enter("centre_officer")
    given = {
        "organiser_code": CENTRE,
        "course_owner": "620000-JY",
        "course_code": "PX-NY01",
        "code": "API-1",
        "department": "education",
        "hours": 40,
        "capacity": 1,
        "starts_on": "2021-05-10",
        "ends_on": "2021-05-21",
    }
    with clock_at(DAY):
        made = send(client, CLASSES, **given)
        assert made.status_code == 201, made.content
        pk = made.json()["id"]
        for wrong in ({"organiser_code": "0"}, {"course_code": "0"}, {}):
            assert send(client, CLASSES, **{**given, **wrong}).status_code == 422
        people = [
            send(client, f"{CLASSES}/{pk}/enrolments", name=f"学员{number}", number=paper(number)).json()
            for number in (1, 2)
        ]
        assert [row["state"] for row in people] == ["enrolled", "waiting"]
        assert client.get(f"{CLASSES}/{pk}").json()["waiting"] == 1
        left = send(client, f"/api/v1/enrolments/{people[0]['id']}/leaving", left_on="2021-05-12")
        assert left.json()["state"] == "withdrawn"
        rows = client.get(f"{CLASSES}/{pk}/enrolments").json()["items"]
        assert [row["state"] for row in rows] == ["enrolled", "withdrawn"]
        assert client.get(f"{CLASSES}/{pk}/clashes").json() == []
        asked = {"organiser_code": CENTRE, "department": "education", "status": "running", "on": "2021-05-12"}
        assert client.get(CLASSES, asked).json()["count"] == 1
        done = send(
            client, f"{CLASSES}/{pk}/completion", completed_on="2021-05-21", list_number="1", completed=[rows[0]["id"]]
        )
        assert (done.json()["finished"], done.json()["status"]) == (1, "running")
    assert client.get("/api/v1/courses", {"kind": "training", "field_code": "NY01", "q": "种植"}).json()["count"] == 1
    assert client.get(f"{CLASSES}/{uuid4()}").status_code == 404
    assert send(client, f"/api/v1/enrolments/{uuid4()}/leaving", left_on="2021-05-12").status_code == 404
    with acting(learning.actor("centre_officer")):
        assert CourseOffering.objects.get().origin_kind == "api"
        assert Enrolment.objects.filter(origin_kind="api").count() == 2


def test_marks_stand_when_the_page_is_opened_again(learning, enter):
    officer = learning.actor("centre_officer")
    made = held(learning)
    row = seat(learning, made, 1)
    (met,) = add_sessions(actor=officer, offering_id=made.pk, days=[DAY], starts=time(9), ends=time(11))
    with clock_at(date(2021, 5, 13)):
        mark_attendance(actor=officer, session_id=met.pk, marks={row.pk: "leave"})
        form = enter("centre_officer").get(reverse("mark_attendance", args=[met.pk])).context["form"]
    assert form.fields[f"seat-{row.pk}"].initial == "leave"
