"""What applicants meet: their ticket, the list, the receipt, the result, the answer, the letter; and nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jineng.admissions.letters import letter, seal_line
from jineng.admissions.models import Offer, Result, Ticket, Told
from jineng.admissions.tickets import letter_code, letter_facts
from jineng.admissions.verbs import issue_ticket
from jineng.engines.seals import PublicKey, verify
from jineng.engines.seals.disclosure import check_paper
from jineng.kernel.actors import acting
from jineng.kernel.models import Mail, SigningKey
from tests.admissions.small_rounds import Rounds, ago, rounds
from tests.calls.small_world import report, resident
from tests.factories import World

pytestmark = pytest.mark.django_db


def browser(season: Rounds, who: int) -> Client:
    """A browser in which the applicant has signed in by number and code."""
    client = Client()
    number, code = season.codes[who]
    answer = client.post("/admissions/my/enter/", {"number": number, "code": code.lower().replace("-", " ")})
    assert answer.status_code == 302
    return client


def keys() -> dict[str, PublicKey]:
    """The installation's public keys."""
    return {key.key_id: PublicKey(bytes(key.public_key), key.valid_from) for key in SigningKey.objects.all()}


def test_a_list_is_made_submitted_and_receipted(season: Rounds) -> None:
    opening = season.open()
    client = browser(season, 1)
    page = f"/admissions/my/preferences/{opening.pk}/"
    assert "化工" in client.get(page, {"q": "石化"}).content.decode()
    with acting(season.province):
        offer = Offer.objects.get(opening=opening, plan=season.plans["chemistry"])
    client.post(page, {"do": f"add:{offer.group}:{offer.major}"})
    assert "改动尚未提交" in client.get(page).content.decode()
    assert client.get(f"/admissions/my/receipt/{opening.pk}/").status_code == 404
    client.post(page, {"do": "submit"})
    assert "第 1 次提交于" in client.get(page).content.decode()
    sealed = client.get(f"/admissions/my/receipt/{opening.pk}/").json()
    again = client.get(f"/admissions/my/receipt/{opening.pk}/").json()
    assert sealed == again
    assert verify(sealed, keys()).ok
    assert sealed["statement"]["preferences"][0]["majors"] == [offer.major]
    assert not Session.objects.exists()


def test_what_is_offered_is_told_alike_and_each_list_is_its_own(season: Rounds) -> None:
    opening = season.open()
    page, (client, other) = f"/admissions/my/preferences/{opening.pk}/", (browser(season, 1), browser(season, 2))
    with acting(season.province):
        offer = Offer.objects.get(opening=opening, plan=season.plans["chemistry"])
    client.post(page, {"do": f"add:{offer.group}:{offer.major}"})
    mine, theirs = client.get(page), other.get(page)
    with CaptureQueriesContext(connection) as asked:
        again = other.get(page)
    assert not [each["sql"] for each in asked if "admissions_offer" in each["sql"] and "source" not in each["sql"]]
    assert [each.content.decode().count(">加入<") for each in (mine, theirs, again)] == [3, 3, 3]
    assert ["提交志愿" in each.content.decode() for each in (mine, theirs)] == [True, False]
    season.shut(opening)
    closed = client.get(page).content.decode()
    assert ">加入<" not in closed
    assert offer.major_name in closed
    client.post(page, {"do": "submit"})
    assert "不在志愿填报时间内，未接受" in client.get(page).content.decode()
    assert season.own(1).round(opening.pk)["wishes"] is None  # type: ignore[index]


def test_the_receipt_is_sealed(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    sealed = browser(season, 1).get(f"/admissions/my/receipt/{opening.pk}/").json()
    sealed["statement"]["preferences"] = []
    assert not verify(sealed, keys()).ok


def published(season: Rounds) -> Any:
    """The round with both applicants for chemistry, its result published."""
    opening = season.open()
    for who in (1, 2):
        season.submit(opening, who, "chemistry")
    return season.publish(opening)


def test_the_result_is_told_by_number_and_code(season: Rounds) -> None:
    published(season)
    number, code = season.codes[2]
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        page = client.post("/admissions/results/", {"number": number, "code": code})
    assert [each["sql"] for each in asked if "set_config" not in each["sql"]] == [], "one look, which goes by itself"
    assert "录取线 350 分，您 340 分，候补第 1 位" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert client.post("/admissions/results/", {"number": number, "code": season.codes[1][1]}).status_code == 422
    assert client.get("/admissions/results/").status_code == 200


def test_an_applicant_confirms_and_has_the_letter(season: Rounds) -> None:
    run = published(season)
    client, other = browser(season, 1), browser(season, 2)
    (admission,) = season.own(1).data["admissions"]
    assert client.get(f"/admissions/my/letter/{admission['id']}/").status_code == 404
    other.post("/admissions/my/answer/", {"admission": admission["id"], "answer": "confirm"})
    assert season.own(1).data["admissions"][0]["confirmed_on"] is None, "nobody answers for another"
    client.post("/admissions/my/answer/", {"admission": admission["id"], "answer": "confirm"})
    home = client.get("/admissions/my/").content.decode()
    assert "已确认" in home
    assert "下载录取通知书" in home
    assert other.get(f"/admissions/my/letter/{admission['id']}/").status_code == 404
    assert client.get(f"/admissions/my/letter/{admission['id']}/").content.startswith(b"%PDF")
    paper = client.get(f"/admissions/my/paper/{run.pk}/").json()
    assert check_paper(paper, keys()).ok
    assert paper["row"]["applicant"] == season.codes[1][0]
    client.post("/admissions/my/answer/", {"admission": "x", "answer": "confirm"})
    client.post("/admissions/my/leave/")
    assert client.get("/admissions/my/").status_code == 302


def test_a_seal_is_printed_in_groups_that_fit_a_line() -> None:
    value = "mRWeIQVOeRwZVPeXklTC4h" * 4
    key = "jineng-20261130-96191227d1c1"
    line = seal_line({"type": "x", "value": value, "key_id": key, "created": "2026-11-30T04:01:00Z"})
    assert max(map(len, line.replace("，", " ").split())) <= len(key)
    assert line.replace(" ", "").startswith(value)


def test_a_letter_is_checked_by_its_code(season: Rounds) -> None:
    published(season)
    (admission,) = season.own(1).data["admissions"]
    identity = UUID(admission["id"])
    facts = letter_facts(identity)
    assert facts is not None
    made = letter(facts, seal_line="x", address="http://example.org/x")
    assert made == letter(facts, seal_line="x", address="http://example.org/x")
    code = letter_code(identity)
    page = Client().get(f"/admissions/letters/{code}/")
    assert "录取现在有效" in page.content.decode()
    assert "考**" in page.content.decode()
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert Client().get(f"/admissions/letters/{altered}/").status_code == 404
    assert Client().get("/admissions/letters/none/").status_code == 404


def test_without_a_ticket_nothing_is_shown(season: Rounds) -> None:
    opening = season.open()
    client = Client()
    for page in ("", f"preferences/{opening.pk}/", f"receipt/{opening.pk}/"):
        assert client.get(f"/admissions/my/{page}").status_code == 302
    client.cookies["admissions_ticket"] = season.tickets[1] + ":forged"
    assert client.get("/admissions/my/").status_code == 302
    assert client.post("/admissions/my/enter/", {"number": season.codes[1][0], "code": "x"}).status_code == 422


def test_a_new_ticket_ends_the_old_one_and_keeps_what_was_told(season: Rounds) -> None:
    published(season)
    old = season.tickets[1]
    issued = issue_ticket(actor=season.world.actor("school_officer"), applicant_id=season.people[1].pk, email="a@b.cn")
    assert issued.ticket.number == season.codes[1][0]
    client = Client()
    assert client.post("/admissions/results/", {"number": issued.ticket.number, "code": issued.code}).status_code == 200
    assert (
        client.post("/admissions/results/", dict(zip(("number", "code"), season.codes[1], strict=True))).status_code
        == 422
    )
    with acting(season.province):
        assert Ticket.objects.get(lookup=old).voided_at is not None
        assert issued.ticket.account_id is not None


def test_who_gave_an_address_is_told_by_mail(season: Rounds) -> None:
    issue = issue_ticket(actor=season.world.actor("school_officer"), applicant_id=season.people[2].pk, email="a@b.cn")
    season.tickets[2] = issue.ticket.lookup
    published(season)
    with acting(season.province):
        mail = Mail.objects.get(account=issue.ticket.account_id)
    assert "录取线 350 分，您 340 分，候补第 1 位" in mail.body
    assert issue.ticket.number not in mail.body


def test_scores_come_by_the_return_and_two_reports_must_agree(world: World) -> None:
    made = rounds(world)
    made.enrol(1, "10", where="city_school")
    row = {
        "season_code": made.season.code,
        "person_name": "考生1",
        "resident_id": resident(1),
        "component": "bonus",
        "points": 12,
        "out_of": 20,
        "is_synthetic": True,
    }
    assert report(world.actor("city_officer"), admission_scores=[row]).state == "landed"
    assert report(world.actor("city_officer"), admission_scores=[row]).counts["admission_scores"]["unchanged"] == 1
    high = report(world.actor("city_officer"), admission_scores=[{**row, "points": 21}])
    assert [error["code"] for error in high.errors] == ["out_of_range"]
    second = {"points": 11}
    differing = report(world.actor("province_officer"), admission_scores=[{**row, **second}])
    assert [error["code"] for error in differing.errors] == ["conflict"]
    assert report(world.actor("province_officer"), admission_scores=[row]).state == "landed", "entered twice alike"
    for points in (11, 12):  # who reported it first corrects it
        own = report(world.actor("city_officer"), admission_scores=[{**row, "points": points}])
        assert own.counts["admission_scores"]["corrected"] == 1
    stranger = report(world.actor("other_city_officer"), admission_scores=[row])
    assert stranger.state == "refused"
    unknown = report(
        world.actor("city_officer"), admission_scores=[{**row, "resident_id": resident(9), "person_name": "考生9"}]
    )
    assert unknown.state == "refused"
    assert {"component": "bonus", "subject": "", "points": "12.00", "out_of": "20.00"} in made.own(1).data["scores"]


def test_a_total_told_beside_the_points_must_be_theirs(world: World) -> None:
    made = rounds(world)
    made.enrol(1, "10", where="city_school")
    row = {"season_code": made.season.code, "person_name": "考生1", "resident_id": resident(1), "out_of": 100}
    rows = [
        {**row, "component": "aptitude", "points": 61, "check_total": 149.5},
        {**row, "component": "culture", "subject": "英语", "points": 85.5},
    ]
    slip = report(world.actor("city_officer"), admission_scores=rows)
    assert [error["code"] for error in slip.errors] == ["conflict"]
    assert "各行得分之和为 146.5，所填合计为 149.5" in slip.errors[0]["message"]
    rows[0]["points"] = 64
    assert report(world.actor("city_officer"), admission_scores=rows).state == "landed"


def test_a_seat_is_given_up_while_answers_are_taken_only(season: Rounds) -> None:
    run = published(season)
    client = browser(season, 1)
    assert "放弃录取" in client.get("/admissions/my/").content.decode()
    with acting(season.province):
        page = Told.objects.get(pk=season.tickets[1])
        page.page["rounds"]["1"]["answers_until"] = ago(seconds=1).isoformat()
        page.save(update_fields=["page"])
    home = client.get("/admissions/my/").content.decode()
    assert "放弃录取" not in home
    assert "确认时间已过" in home
    assert run.opening.round.name in home


def test_county_seats_tell_their_county(world: World) -> None:
    county = {"programme": "460301", "pool": "county", "county_code": "620121"}
    made = rounds(world, [("county", "petrochemical", 1, county)])
    made.enrol(1, "200")
    opening = made.open()
    page = browser(made, 1).get(f"/admissions/my/preferences/{opening.pk}/").content.decode()
    assert "县区定向 永登县" in page


def test_the_school_sees_scores_and_that_preferences_are_in_but_not_which(season: Rounds) -> None:
    published(season)
    client = Client()
    client.force_login(season.world.accounts["school_officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/admissions/applicants/{season.people[2].pk}/").content.decode()
    assert "文化素质" in page
    assert "第 1 次提交" in page
    assert "石油化工技术" not in page
    college = Client()
    college.force_login(season.world.accounts["college_officer"], backend="django.contrib.auth.backends.ModelBackend")
    with acting(season.province):
        file = Result.objects.get(applicant=season.people[1])
    assert "文化素质" in college.get(f"/admissions/files/{file.pk}/").content.decode(), "by what a file is read"


def test_a_round_may_be_cancelled_on_the_page_until_its_result_is_out(season: Rounds) -> None:
    client = Client()
    client.force_login(season.world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    cancels = f"/admissions/rounds/{season.first.pk}/cancel/"
    page = f"/admissions/seasons/{season.season.pk}/"
    opening = season.open()
    assert cancels in client.get(page).content.decode()
    season.submit(opening, 1, "chemistry")
    season.publish(opening)
    assert cancels not in client.get(page).content.decode()
