"""What applicants do by machine, by their ticket: their registration, lists and receipts, results; nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from jineng.admissions.models import PreferenceForm
from jineng.engines.seals import verify
from jineng.kernel.actors import acting
from tests.admissions.small_rounds import Rounds
from tests.admissions.test_own_pages import keys

pytestmark = pytest.mark.django_db
MY = "/api/v1/admissions/my"


def machine(season: Rounds, who: int) -> Client:
    """A program that shows the applicant's ticket."""
    number, code = season.codes[who]
    return Client(headers={"authorization": f"Bearer {number}:{code}"})


def post(client: Client, path: str, wishes: list[dict[str, Any]]) -> Any:
    """Send a list."""
    return client.post(f"{MY}/{path}", json.dumps({"preferences": wishes}), content_type="application/json")


def test_a_list_is_drafted_submitted_and_receipted(season: Rounds) -> None:
    opening, client = season.open(), machine(season, 1)
    here, wishes = f"rounds/{opening.pk}", season.wish(opening, "chemistry", "forest")
    offered = client.get(f"{MY}/{here}/offers").json()
    assert offered["count"] == 3
    assert {wish["group"] for wish in wishes} <= {each["group"] for each in offered["items"]}
    assert client.get(f"{MY}/{here}/receipt").status_code == 404
    assert post(client, f"{here}/draft", wishes).json() == {"version": 0, "submitted_at": None}
    taken = post(client, f"{here}/submission", wishes).json()
    assert taken["version"] == 1
    sealed = client.get(f"{MY}/{here}/receipt").json()
    assert verify(sealed, keys()).ok
    assert sealed["statement"]["preferences"] == wishes
    mine = client.get(MY).json()
    assert mine["number"] == season.codes[1][0]
    assert mine["rounds"][0]["wishes"] == wishes
    assert machine(season, 2).get(MY).json()["rounds"][0]["wishes"] is None
    with acting(season.province):
        assert PreferenceForm.objects.get(opening=opening).origin_kind == "api"


def test_what_is_wrong_and_what_is_late_is_told(season: Rounds) -> None:
    opening, client = season.open(), machine(season, 1)
    here = f"rounds/{opening.pk}/submission"
    wrong = post(client, here, [{"group": "x", "majors": []}, {"group": "x", "majors": []}])
    assert wrong.status_code == 422
    assert "第 2 志愿与前面重复" in str(wrong.json())
    nowhere = f"rounds/{season.first.pk}"
    assert client.get(f"{MY}/{nowhere}/receipt").status_code == 404
    assert post(client, f"{nowhere}/submission", []).status_code == 403
    season.shut(opening)
    late = post(client, here, season.wish(opening, "chemistry"))
    assert late.status_code == 422
    assert "不在志愿填报时间内" in str(late.json())


def test_results_are_ones_own(season: Rounds) -> None:
    assert machine(season, 1).get(f"{MY}/results").json() == []
    opening = season.open()
    for who in (1, 2):
        season.submit(opening, who, "chemistry")
    season.publish(opening)
    (first,), (second,) = (machine(season, who).get(f"{MY}/results").json() for who in (1, 2))
    assert (first["outcome"], first["answer"], first["score"]) == ("admitted", "admitted", "350")
    assert "候补第 1 位" in second["reasons"][0]["zh"]
    other = Client(headers={"authorization": f"Bearer {season.codes[1][0]}:{season.codes[2][1]}"})
    assert other.get(f"{MY}/results").status_code == 401
