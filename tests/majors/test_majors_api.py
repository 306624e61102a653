"""The majors by machine."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from jineng.kernel.actors import acting
from jineng.majors.models import MajorOffering
from jineng.majors.verbs import revoke_offering, void_offering

OFFERINGS, MAJORS = "/api/v1/offerings", "/api/v1/majors"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Signs an account in."""

    def sign_in(name: str) -> Client:
        client.force_login(world.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def send(client: Client, url: str, **given: Any) -> Any:
    """A POST of JSON."""
    return client.post(url, json.dumps(given), content_type="application/json")


def test_majors_are_listed_by_page(enter):
    client = enter("college_officer")
    found = client.get(MAJORS, {"level": "higher", "state_controlled": True, "limit": 5}).json()
    assert found["count"] == 47
    assert len(found["items"]) == 5
    first = found["items"][0]
    assert first["full_code"] == first["code"] + "K"
    assert first["category_number"] == 12
    assert client.get(MAJORS, {"q": "种子生产与经营", "edition": 2021, "category": 1}).json()["count"] == 1


def test_offerings_are_listed_within_the_scope(enter, world, opened):
    officer = world.actor("province_officer")
    revoked = opened("petrochemical", "460301")
    revoke_offering(actor=officer, offering_id=revoked.pk, revoked_on=date(2021, 9, 1))
    voided = opened("petrochemical", "460302")
    void_offering(actor=officer, offering_id=voided.pk, reason="误报")
    opened("petrochemical", "410101", date(2021, 9, 1))
    opened("forestry", "410201")
    client = enter("college_officer")

    def codes(**choice: Any) -> list[str]:
        return [item["major_code"] for item in client.get(OFFERINGS, choice).json()["items"]]

    assert codes() == ["410101", "460301"]
    assert codes(on="2021-08-31") == ["460301"]
    assert codes(added=2021) == ["410101"]
    assert codes(revoked=2021) == ["460301"]
    assert codes(category=6) == ["460301"]
    assert codes(level="secondary") == []
    assert codes(major="4603", status="all") == ["460301", "460302"] or codes(major="4603", status="all") == [
        "460302",
        "460301",
    ]
    assert codes(status="void") == ["460302"]
    assert codes(organisation_code="4162010002") == []
    assert client.get(OFFERINGS, {"status": "any"}).status_code == 422


def test_one_offering(enter, opened):
    mine, other = opened("petrochemical", "460301"), opened("forestry", "410201")
    client = enter("college_officer")
    found = client.get(f"{OFFERINGS}/{mine.pk}").json()
    assert found["organisation_code"] == "4162010001"
    assert found["status"] == "running"
    assert client.get(f"{OFFERINGS}/{other.pk}").status_code == 404


def test_an_offering_is_opened_and_revoked(enter, world):
    client = enter("college_officer")
    given = {
        "organisation_code": "4162010001",
        "major_code": "460301",
        "duration_years": "3",
        "opened_on": "2018-09-01",
    }
    made = send(client, OFFERINGS, **given)
    assert made.status_code == 201
    with acting(world.actor("college_officer")):
        assert MajorOffering.objects.get().origin_kind == "api"
    assert send(client, OFFERINGS, **given).status_code == 422
    url = f"{OFFERINGS}/{made.json()['id']}/revocation"
    assert send(client, url, revoked_on="2018-01-01").status_code == 422
    revoked = send(client, url, revoked_on="2021-09-01", document="撤1号")
    assert revoked.json()["revoked_on"] == "2021-09-01"
    assert revoked.json()["document"] == "撤1号"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation_code", "4162010002"),
        ("organisation_code", "x"),
        ("major_code", "469999"),
        ("duration_years", "0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(enter, field, value):
    given = {
        "organisation_code": "4162010001",
        "major_code": "460301",
        "duration_years": "3",
        "opened_on": "2018-09-01",
    }
    refused = send(enter("college_officer"), OFFERINGS, **given | {field: value})
    assert refused.status_code == 422
    assert field in json.dumps(refused.json())


def test_rights_and_sign_in_are_needed(enter, world, client, opened):
    offering = opened("petrochemical", "460301")
    assert client.get(OFFERINGS).status_code == 401
    auditor = enter("auditor")
    assert auditor.get(OFFERINGS).status_code == 200
    assert send(auditor, f"{OFFERINGS}/{offering.pk}/revocation", revoked_on="2021-09-01").status_code == 403
    assert enter("administrator").get(OFFERINGS).status_code == 403
    outsider = enter("other_city_officer")
    assert send(outsider, f"{OFFERINGS}/{offering.pk}/revocation", revoked_on="2021-09-01").status_code == 404
