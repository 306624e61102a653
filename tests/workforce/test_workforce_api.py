"""The room by machine: lists, one teacher's standing, and the same verbs that pages use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from jineng.kernel.actors import acting
from jineng.kernel.records import Origin
from jineng.workforce.models import PracticeStay, Qualification
from tests.calls.small_world import resident
from tests.factories import World
from tests.workforce.small_school import equip, teacher

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROOT = "/api/v1"


class Machine:
    """A signed-in caller."""

    def __init__(self, world: World, name: str) -> None:
        self.client = Client()
        self.client.force_login(world.accounts[name], backend=BACKEND)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(ROOT + path)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def post(self, path: str, data: dict[str, Any], status: int = 201) -> Any:
        answer = self.client.post(ROOT + path, data, content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


@pytest.fixture
def machine(school: World) -> Machine:
    return Machine(school, "school_officer")


def test_teachers_are_listed_without_their_names(school: World, machine: Machine) -> None:
    made = teacher(school, 1)
    teacher(school, 2, "other_school")
    (listed,) = machine.get("/teachers?kind=professional&on=2021-06-01&organisation_code=3662010002")["items"]
    assert (listed["id"], listed["masked_name"], listed["status"]) == (str(made.pk), "师*", "teaching")
    assert resident(1) not in str(listed)
    assert machine.get(f"/teachers/{made.pk}")["organisation_code"] == "3662010002"
    assert machine.get("/teachers?kind=general")["items"] == []


def test_a_gap_is_told_filled_and_the_teacher_recognised(school: World, machine: Machine) -> None:
    made = teacher(school, 1)
    equip(school, made.pk, months=3, grade="")
    told = machine.get(f"/teachers/{made.pk}/standing?on=2021-06-01")
    assert (told["standard"], told["recognised"], told["reachable"]) == ("2020", "", "")
    missing = [finding["text"] for finding in told["assessments"][0]["findings"] if not finding["met"]]
    assert missing[1] == "近5年企业实践须满6个月，还差3个月"
    refused = machine.post(f"/teachers/{made.pk}/recognitions", {"level": "elementary"}, 422)
    assert "尚不符合条件" in refused["detail"]["level"][0]
    certificate = {"kind": "skill", "name": "电工", "grade": "senior", "issued_on": "2019-01-01"}
    machine.post(f"/teachers/{made.pk}/qualifications", certificate)
    stay = {"kind": "base", "place": "某厂", "first_day": "2019-01-01", "last_day": "2019-06-01", "days": 90}
    machine.post(f"/teachers/{made.pk}/practice", stay)
    (ready,) = machine.get(f"/schools/{school['county_school'].pk}/dual-candidates")
    assert (ready["teacher_id"], ready["reachable"]) == (str(made.pk), "elementary")
    done = machine.post(f"/teachers/{made.pk}/recognitions", {"level": "elementary", "document": "某号"})
    assert (done["recognised_by"], done["until"]) == ("3662010002", "2026-06-01")
    assert len(machine.get("/recognitions?on=2021-06-01&organisation_code=3662010002")["items"]) == 1
    assert machine.get("/recognitions?on=2021-05-31")["items"] == []
    with acting(school.actor("province_officer")):
        assert Qualification.objects.get(grade="senior").origin_kind == Origin.API
        assert PracticeStay.objects.get(place="某厂").origin_kind == Origin.API


def test_autonomies_are_granted_listed_and_revoked(school: World) -> None:
    county = Machine(school, "county_officer")
    given = {"organisation_code": "3662010002", "autonomy": "pay_talent", "granted_on": "2021-01-01"}
    made = county.post("/autonomies", given)
    assert (made["granted_by"], made["status"]) == ("YD-JY", "in_force")
    assert "autonomy" in county.post("/autonomies", given | {"granted_on": "2021-02-01"}, 422)["detail"]
    county.post("/autonomies", given | {"organisation_code": "3662050001"}, 422)
    assert len(county.get("/autonomies?on=2021-01-01&organisation_code=3662010002")["items"]) == 1
    done = county.post(f"/autonomies/{made['id']}/revocation", {"revoked_on": "2021-05-01"}, 200)
    assert (done["revoked_on"], done["status"]) == ("2021-05-01", "revoked")
    assert county.get("/autonomies?on=2021-05-01")["items"] == []


def test_what_lies_out_of_sight_is_not_there(school: World, machine: Machine) -> None:
    other = teacher(school, 2, "other_school")
    assert "没有此教师" in machine.get(f"/teachers/{other.pk}", 404)["detail"]
    machine.get(f"/schools/{school['other_school'].pk}/dual-candidates", 404)
    machine.post(f"/autonomies/{other.pk}/revocation", {"revoked_on": str(date(2021, 5, 1))}, 404)


def test_a_day_without_standard_is_a_conflict(school: World, machine: Machine) -> None:
    made = teacher(school, 1)
    assert "没有施行的认定标准" in machine.get(f"/teachers/{made.pk}/standing?on=2019-06-01", 409)["detail"]
    assert machine.get(f"/schools/{school['county_school'].pk}/dual-candidates?on=2019-06-01") == []
