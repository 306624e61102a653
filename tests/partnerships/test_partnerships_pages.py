"""The task as pages and by the API: record, be asked, answer from both sides, end with what came of it; the figures."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jineng.engines.measures import Period, value
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, record_doors, sources
from jineng.partnerships import verbs
from jineng.partnerships.models import Agreement
from jineng.partnerships.verbs import Partner
from tests.factories import World
from tests.partnerships.deals import SINCE, agreement, body, partner, party_of, project
from tests.shown import count_shown

TODAY = date(2021, 6, 15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def enter(world: World, client: Client) -> Any:
    """Signs an account in."""

    def sign_in(name: str) -> Client:
        client.force_login(world.accounts[name], backend=BACKEND)
        return client

    with clock_at(TODAY):
        yield sign_in


def text(response: Any) -> str:
    return str(response.content.decode())


def figure(key: str, year: int = 2021) -> int:
    return int(value(live_engine, indicators, sources, key, Period.year(year)).value or 0)


def test_an_agreement_is_recorded_asked_about_and_renewed(world: World, enter: Any) -> None:
    school = enter("school_officer")
    given = {
        "organisation": world["county_school"].code,
        "code": "XY-7",
        "name": "共建协议",
        "kind": "school_enterprise",
        "partner_code": world["other_school"].code,
        "partner_name": world["other_school"].name,
        "signed_on": "2018-08-20",
        "since": "2018-09-01",
        "until": "2021-08-31",
    }
    assert "没有此代码" in text(school.post(reverse("record_agreement"), given | {"partner_code": "NONE"}))
    assert "没有此国家" in text(school.post(reverse("record_agreement"), given | {"country": "某国"}))
    assert school.post(reverse("record_agreement"), given).status_code == 302
    with acting(world.actor("school_officer")):
        deal = Agreement.objects.get(code="XY-7")
    assert "协议将到期：共建协议" in text(school.get(reverse("home")))
    mine = party_of(world, deal, world["county_school"].name)
    answer = {"party": str(mine.pk), "answer": "renew", "until": "2024-08-31", "note": "愿意"}
    assert school.post(reverse("answer_renewal", args=[deal.pk]), answer).status_code == 302
    assert "协议将到期" not in text(school.get(reverse("home")))
    other = enter("other_county_officer")
    page = text(other.get(reverse("agreement", args=[deal.pk])))
    assert "等待各方答复" in page
    assert "愿意" in page
    assert "提前终止" not in page
    theirs = party_of(world, deal, world["other_school"].name)
    ending = {"party": str(theirs.pk), "answer": "end"}
    confirm = other.post(reverse("answer_renewal", args=[deal.pk]), ending)
    assert "没有随之终止的合作机构" in text(confirm)
    assert other.post(reverse("answer_renewal", args=[deal.pk]), ending | {"confirmed": "1"}).status_code == 302
    assert "意见不一致" in text(other.get(reverse("agreement", args=[deal.pk])))
    assert other.post(reverse("answer_renewal", args=[deal.pk]), answer | {"party": str(theirs.pk)}).status_code == 302
    renewed = text(other.get(reverse("agreement", args=[deal.pk])))
    assert "2024-08-31" in renewed
    assert other.get(reverse("answer_renewal", args=[deal.pk])).status_code == 404


def test_a_body_ends_on_the_day_after_its_agreements_last(world: World, enter: Any) -> None:
    deal = agreement(world, other=partner(world, "other_school"))
    led = body(world, of=deal)
    mine = party_of(world, deal, world["county_school"].name)
    school = enter("school_officer")
    confirm = text(school.post(reverse("answer_renewal", args=[deal.pk]), {"party": str(mine.pk), "answer": "end"}))
    assert "自 2021-09-01 起" in confirm
    assert led.name in confirm
    other = text(enter("other_county_officer").get(reverse("agreement", args=[deal.pk])))
    assert world["county_school"].name in other.split("签订日期")[0], "the keeper lies out of sight but signed"
    with clock_at(date(2021, 9, 2)):
        page = text(enter("school_officer").get(reverse("agreement", args=[deal.pk])))
        assert "本期已于 2021-08-31 届满" in page
        assert "已终止" in page.split('id="bodies"')[1]
        assert "随协议终止" in text(enter("school_officer").get(reverse("body", args=[led.pk])))


def test_ending_lists_what_ends_with_it(world: World, enter: Any) -> None:
    deal = agreement(world, until=None)
    led = body(world, of=deal)
    school = enter("school_officer")
    data = {"ended_on": "2021-05-01", "reason": "企业注销"}
    confirm = text(school.post(reverse("end_agreement", args=[deal.pk]), data))
    assert led.name in confirm
    with acting(world.actor("province_officer")):
        assert figure("industry_colleges") == 1
    assert school.post(reverse("end_agreement", args=[deal.pk]), data | {"confirmed": "1"}).status_code == 302
    with acting(world.actor("province_officer")):
        assert (figure("industry_colleges", 2020), figure("industry_colleges")) == (1, 0)
    assert "已终止" in text(school.get(reverse("body", args=[led.pk])))
    assert school.get(reverse("end_agreement", args=[led.pk])).status_code == 404


def test_lists_filter_and_export(world: World, enter: Any) -> None:
    deal = agreement(world, other=partner(world, "other_school"))
    body(world, of=deal)
    project(world, "county_school")
    school = enter("school_officer")

    def total(name: str, **choice: Any) -> int:
        return count_shown(school.get(reverse(name), choice))

    assert total("agreements") == total("bodies") == total("projects") == 1
    for choice, found in (
        ({"party": "秦州"}, 1),
        ({"on": "2021-08-31"}, 1),
        ({"on": "2021-09-01"}, 0),
        ({"ends_by": "2021-08-31"}, 1),
        ({"ends_by": "2021-08-30"}, 0),
        ({"status": "void"}, 0),
        ({"status": "all", "q": "XY"}, 1),
        ({"organisation": "366201"}, 1),
    ):
        assert total("agreements", **choice) == found, choice
    assert total("bodies", on="2021-09-01") == 0
    assert total("bodies", kind="alliance") == 0
    assert total("projects", country="巴基斯坦", on="2021-01-01", belt_and_road="false") == 1
    assert total("clusters", field="ecology") == 0
    for name in ("agreements", "bodies", "projects"):
        assert school.get(reverse(name), {"export": "xlsx"}).status_code == 200
    assert count_shown(enter("college_officer").get(reverse("agreements"))) == 0


def test_the_same_by_machine(world: World, enter: Any) -> None:
    school = enter("school_officer")

    def post(path: str, **data: Any) -> Any:
        return school.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json")

    code = world["county_school"].code
    made = post(
        "agreements",
        organisation_code=code,
        partner={"name": "示例企业", "province": "61"},
        code="API-1",
        name="协议",
        kind="other",
        signed_on="2018-09-01",
        since="2018-09-01",
        until="2021-08-31",
    )
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["organisation"]) == ("nearing", world["county_school"].name)
    for party in told["parties"]:
        answered = post(f"agreements/{told['id']}/answers", party_id=party["id"], answer="renew", until="2022-08-31")
    assert [term["until"] for term in answered.json()["terms"]] == ["2021-08-31", "2022-08-31"]
    led = post(
        "bodies", organisation_code=code, code="API-2", name="基地", kind="training_centre", agreement_id=told["id"],
        founded_on="2018-09-01",
    ).json()  # fmt: skip
    assert [item["code"] for item in school.get("/api/v1/bodies?on=2021-06-01&kind=training_centre").json()["items"]]
    assert post(f"bodies/{led['id']}/end", ended_on="2021-06-01").json()["ended_on"] == "2021-06-01"
    ended = post(f"agreements/{told['id']}/end", ended_on="2021-06-10", reason="停止").json()
    assert ended["state"] == "ended"
    assert school.get("/api/v1/agreements?on=2021-06-10").json()["items"] == []
    outside = {"organisation_code": world["other_school"].code, "partner": {"name": "甲"}, "code": "A", "name": "乙"}
    assert post("agreements", kind="other", signed_on="2021-01-01", since="2021-01-01", **outside).status_code == 422
    unknown = post("international-projects", organisation_code=code, code="G", name="n", kind="other", country="XX",
                   partner="p", since="2021-01-01")  # fmt: skip
    assert unknown.status_code == 422
    assert school.get("/api/v1/international-projects?on=2021-01-01").json()["count"] == 0
    assert school.get("/api/v1/clusters").json()["count"] == 0


def test_the_figures_and_their_traps(world: World) -> None:
    """Founders that are no authorities, members gone, kinds of schools, projects over on the first day of the year."""
    province = world.actor("province_officer")
    with clock_at(TODAY), acting(province):
        alliance = body(world, "province", "yellow-river-alliance", kind="alliance", name="联盟")
        authority = {"founding": True, "authority": True}
        for name, number, more in (
            ("陕西省教育厅", "61", authority),
            ("陕西省另一厅", "61", authority),
            ("青海省教育厅", "63", authority),
            ("四川某校", "51", {"founding": True}),
            ("新疆教育厅", "65", {"authority": True}),
        ):
            who = verbs.add_member(
                actor=province, body_id=alliance.pk, partner=Partner(name, province=number), joined_on=SINCE, **more
            )
        verbs.add_member(
            actor=province, body_id=alliance.pk, partner=partner(world, "province"), joined_on=SINCE, **authority
        )
        assert figure("yellow_river_alliance_provinces") == 3
        college = body(world, "finance", "sino-german-college", kind="joint_college", name="中德学院")
        for where in ("petrochemical", "forestry", "university", "city_school", "other_school", "firm"):
            who = verbs.add_member(
                actor=province, body_id=college.pk, partner=partner(world, where), joined_on=SINCE, role="partner"
            )
            if where == "other_school":
                verbs.leave_body(actor=province, member_id=who.pk, left_on=date(2021, 12, 31))
        assert (figure("sino_german_partners_higher"), figure("sino_german_partners_secondary")) == (2, 1)
        assert figure("sino_german_partners_secondary", 2020) == 2
        project(world, code="G-1", until=date(2021, 1, 1))
        project(world, code="G-2", country="KZ", since=date(2021, 12, 31))
        project(world, "university", code="G-3", country="KZ")
        project(world, code="G-4", country="UZ", until=date(2020, 12, 31))
        verbs.void_project(actor=province, project_id=project(world, code="G-5", country="EG").pk, reason="误")
        keys = ("international_projects", "international_countries", "international_institutions")
        assert [figure(key) for key in keys] == [3, 2, 1]
        assert [figure(key, 2020) for key in keys] == [3, 3, 1]
        body(world, code="JD-1", kind="training_centre", founded_on=None)
        lapsed, last = (agreement(world, code=f"XY-{d}", until=date(2021, 12, d)) for d in (30, 31))
        body(world, code="JD-2", kind="training_centre", of=lapsed)
        body(world, code="JD-3", kind="training_centre", of=last)
        assert figure("training_centres") == 1


def test_every_record_opens(world: World, enter: Any) -> None:
    led = body(world)
    province = world.actor("province_officer")
    with acting(province):
        who = verbs.add_member(actor=province, body_id=led.pk, partner=Partner("成员"), joined_on=SINCE)
    made = project(world, "county_school")
    school = enter("school_officer")
    for kind, pk in (("partnership_body", led.pk), ("partnership_member", who.pk), ("international_project", made.pk)):
        assert school.get(record_doors[kind].url(pk)).status_code == 200
