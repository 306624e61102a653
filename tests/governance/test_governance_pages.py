"""The room's pages and its API as officers meet them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from jineng.governance import verbs
from jineng.governance.models import Assignment, CountyFact, GroupMember, Policy, Task
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.factories import World
from tests.governance.small_world import CODE_OF, TODAY, give, policy, share

BACKEND = "django.contrib.auth.backends.ModelBackend"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def autumn() -> Iterator[None]:
    with clock_at(TODAY):
        yield


@pytest.fixture
def enter(world: World) -> Enter:
    """Signs an account in, in a browser of its own."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.accounts[name], backend=BACKEND)
        return client

    return sign_in


def text(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_policies_are_found_by_topic_year_and_day(world: World, enter: Enter) -> None:
    with acting(world.actor("province_officer")):
        old = policy(world, "旧〔2020〕1号", title="旧办法", issued_on=date(2020, 1, 1))
        policy(world, "新〔2021〕1号", title="新办法", replaces_id=old.pk, topic="quality", scope="全省")
        policy(world, "拟-1", title="草案一", issued_on=None)
    city = enter("city_officer")
    listed = text(city, "/governance/policies/")
    assert "旧办法" in listed
    assert "新办法" in listed
    assert "草案一" not in listed
    assert "旧办法" not in text(city, "/governance/policies/", topic="quality")
    assert "新办法" not in text(city, "/governance/policies/", year="2020")
    assert "新办法" not in text(city, "/governance/policies/", on="2020-06-01")
    assert "新办法" in text(city, "/governance/policies/", q="新〔2021〕")
    assert "草案" in text(enter("province_officer"), "/governance/policies/", validity="all")
    page = text(city, f"/governance/policies/{old.pk}/")
    assert "被替代" in page
    assert "已废止" in page
    assert city.get("/governance/policies/", {"export": "xlsx"}).status_code == 200


def test_a_policy_is_recorded_by_form(world: World, enter: Enter) -> None:
    province = enter("province_officer")
    sent = {
        "number": "甘〔2021〕1号",
        "title": "办法",
        "level": "provincial",
        "kind": "issued",
        "issued_on": "2021-05-01",
    }
    refused = province.post("/governance/policies/record/", {**sent, "issuers": "nobody", "replaces": "没有"})
    assert refused.status_code == 422
    assert "没有代码为 nobody" in refused.content.decode()
    assert "没有此文号" in refused.content.decode()
    issuers = f"{CODE_OF['province']}、{CODE_OF['finance']}"
    assert province.post("/governance/policies/record/", {**sent, "issuers": issuers}).status_code == 302
    with acting(world.actor("province_officer")):
        made = Policy.objects.get()
        assert made.issuers.count() == 2
    page = text(province, f"/governance/policies/{made.pk}/")
    assert "甘肃省财政厅" in page
    repeal = f"/governance/policies/{made.pk}/repeal/"
    assert province.post(repeal, {"repealed_on": "2021-05-01"}).status_code == 422
    assert province.post(repeal, {"repealed_on": "2021-08-01"}).status_code == 302
    assert "已废止" in text(province, f"/governance/policies/{made.pk}/")


def test_a_task_is_given_and_split_by_form(world: World, enter: Enter) -> None:
    province, city = enter("province_officer"), enter("city_officer")
    sent = {"title": "核查", "due_on": "2021-12-01", "unit": "校"}
    for others in ("不知所云", "4162010001 很多", "4162010001 NaN", "nobody 1"):
        assert province.post("/governance/tasks/give/", {**sent, "others": others}).status_code == 422
    assert province.post("/governance/tasks/give/", sent).status_code == 422
    given = {**sent, f"share_{CODE_OF['lanzhou']}": "2", "others": "4162010001 1"}
    assert province.post("/governance/tasks/give/", given).status_code == 302
    with acting(world.actor("province_officer")):
        task = Task.objects.get()
        held = share(world, task, "lanzhou")
    assert f"share_{CODE_OF['yongdeng']}" in text(city, f"/governance/shares/{held.pk}/split/")
    parts = {"due_on": "2021-11-01", f"share_{CODE_OF['yongdeng']}": "1"}
    assert city.post(f"/governance/shares/{held.pk}/split/", parts).status_code == 302
    page = text(city, f"/governance/shares/{held.pk}/")
    assert "永登县教育局" in page
    assert "已分解" in page
    above = text(province, f"/governance/tasks/{task.pk}/")
    assert "示例石化职业学院" in above
    with acting(world.actor("city_officer")):
        part = Task.objects.get(parent=task)
    assert "分解自" in text(city, f"/governance/tasks/{part.pk}/")
    assert "分解自" not in text(enter("county_officer"), f"/governance/tasks/{part.pk}/")
    assert "其他单位" in text(enter("school_officer"), "/governance/tasks/give/")


def test_tasks_are_listed_by_side_state_and_lateness(world: World, enter: Enter) -> None:
    with acting(world.actor("province_officer")):
        late = give(world, due_on=date(2021, 9, 5), lanzhou=1)
        withdrawn = give(world, due_on=date(2021, 9, 5), tianshui=1)
        verbs.withdraw_task(actor=world.actor("province_officer"), task_id=withdrawn.pk)
    with clock_at(date(2021, 9, 20)):
        province, city = enter("province_officer"), enter("city_officer")
        assert "逾期" in text(city, "/governance/tasks/", overdue="true", which="mine")
        assert "没有符合条件" in text(city, "/governance/tasks/", overdue="false")
        assert "兰州市教育局" in text(province, "/governance/tasks/", which="given", state="given")
        assert "已收回" in text(province, "/governance/tasks/", q="2021-002")
        assert province.get("/governance/tasks/", {"export": "xlsx"}).status_code == 200
        with acting(world.actor("province_officer")):
            held = share(world, late, "lanzhou")
            back = share(world, withdrawn, "tianshui")
        assert "逾期 15 天" in text(city, f"/governance/shares/{held.pk}/")
        assert "收回" in text(province, f"/governance/shares/{back.pk}/")
        assert "收回" in text(province, f"/governance/tasks/{withdrawn.pk}/")


def test_steps_are_taken_by_form(world: World, enter: Enter) -> None:
    with acting(world.actor("province_officer")):
        held = share(world, give(world, lanzhou=2), "lanzhou")
    province, city = enter("province_officer"), enter("city_officer")
    address = f"/governance/shares/{held.pk}"
    assert city.post(f"{address}/receive/").status_code == 302
    assert city.post(f"{address}/receive/").status_code == 422
    assert city.post(f"{address}/report/", {"value": "2", "text": "完成"}).status_code == 302
    assert province.post(f"{address}/send-back/", {"reason": ""}).status_code == 422
    assert province.post(f"{address}/send-back/", {"reason": "缺表"}).status_code == 302
    assert "缺表" in text(city, f"{address}/")
    assert city.post(f"{address}/report/", {"value": "2"}).status_code == 302
    assert province.post(f"{address}/accept/", {"text": "好"}).status_code == 302
    assert "100%" in text(province, f"{address}/")


def test_groups_events_and_coverage_have_pages(world: World, enter: Enter) -> None:
    actor = world.actor("province_officer")
    with acting(actor):
        root = world.root.pk
        group = verbs.form_group(
            actor=actor, organisation_id=root, name="小组", level="provincial", formed_on=date(2020, 1, 1)
        )
        held = verbs.record_occasion(
            actor=actor, host_id=root, name="活动周", kind="activity_week", level="provincial", begins_on=TODAY
        )
        item = verbs.record_press(
            actor=actor, organisation_id=root, outlet="某报", published_on=TODAY, title="报道", level="national"
        )
    province, county = enter("province_officer"), enter("county_officer")
    member = {"organisation": CODE_OF["finance"], "role": "deputy", "post_title": "厅长"}
    assert province.post(f"/governance/groups/{group.pk}/members/add/", member).status_code == 302
    assert "厅长" in text(county, f"/governance/groups/{group.pk}/")
    assert "小组" in text(county, "/governance/groups/", on="2021-01-01", level="provincial", q="小组")
    assert province.post(f"/governance/groups/{group.pk}/dissolve/", {"dissolved_on": "2021-08-01"}).status_code == 302
    assert "已撤销" in text(county, f"/governance/groups/{group.pk}/")
    shown = {"organisation": "3662010002", "title": "漆器", "kind": "work"}
    assert province.post(f"/governance/events/{held.pk}/exhibits/add/", shown).status_code == 302
    joined = {"organisation": "3662010002", "role": "participant", "people": "3"}
    assert province.post(f"/governance/events/{held.pk}/participants/add/", joined).status_code == 302
    assert "漆器" in text(county, f"/governance/events/{held.pk}/")
    assert "活动周" in text(county, "/governance/events/", kind="activity_week", year="2021", q="活动")
    assert "报道" in text(county, "/governance/press/", q="某报", level="national", year="2021")
    for kind, pk in (("groups", group.pk), ("events", held.pk), ("press", item.pk)):
        assert county.get(f"/governance/{kind}/{pk}/void/").status_code == 403
        assert province.post(f"/governance/{kind}/{pk}/void/", {"reason": "误录"}).status_code == 302
        assert "误录" in text(province, f"/governance/{kind}/{pk}/")
        assert "误录" not in text(province, f"/governance/{kind}/")
        assert province.get(f"/governance/{kind}/", {"validity": "void"}).status_code == 200
    with acting(actor):
        assert GroupMember.objects.count() == 1


def test_counties_are_seen_on_a_day(world: World, enter: Enter) -> None:
    county, province = enter("county_officer"), enter("province_officer")
    sent = {"office": CODE_OF["yongdeng"], "since": "2021-03-01"}
    record = "/governance/counties/record/"
    assert county.post(record, {**sent, "item": "school", "organisation": "3662010002"}).status_code == 302
    assert county.post(record, {**sent, "item": "centre", "organisation": "3662010002"}).status_code == 302
    assert county.post(record, {**sent, "item": "director"}).status_code == 422
    assert county.post(record, {**sent, "item": "director", "post_title": "县长"}).status_code == 302
    other = {"office": CODE_OF["qinzhou"], "since": "2021-03-01", "item": "director", "post_title": "区长"}
    assert province.post(record, other).status_code == 302
    listed = text(province, "/governance/counties/", on="2021-06-01")
    assert "tilemap" in listed
    assert "永登县" in listed
    assert "永登县" not in text(province, "/governance/counties/", state="lacking", on="2021-06-01").split("<tbody>")[1]
    assert "秦州区" not in text(province, "/governance/counties/", state="complete").split("<tbody>")[1]
    assert "没有符合条件" in text(province, "/governance/counties/", state="complete", city="620500")
    assert "主任兼任" in text(province, "/governance/counties/", on="2021-02-01")
    assert "秦州区" not in text(county, "/governance/counties/", on="soon")
    with acting(world.actor("county_officer")):
        fact = CountyFact.objects.get(item="director")
    page = f"/governance/counties/{world['yongdeng'].pk}/"
    assert "完备" in text(county, page)
    assert county.get(f"/governance/county-facts/{fact.pk}/")["Location"] == f"{page}#facts"
    assert county.post(f"/governance/county-facts/{fact.pk}/end/", {"until": "2021-08-01"}).status_code == 302
    assert "有缺项" in text(county, page)
    assert "完备" in text(county, page, on="2021-07-01")
    assert county.get(page, {"on": "2021-13-45"}).status_code == 200


def send(client: Client, address: str, **given: Any) -> Any:
    return client.post(f"/api/v1{address}", json.dumps(given), content_type="application/json")


def test_a_task_goes_its_way_by_machine(world: World, enter: Enter) -> None:
    province, city, county = enter("province_officer"), enter("city_officer"), enter("county_officer")
    shares = [{"receiver_id": str(world["lanzhou"].pk), "share": "2"}]
    given = send(province, "/tasks", title="核查", due_on="2021-12-01", shares=shares, unit="校")
    assert given.status_code == 201
    (held,) = city.get("/api/v1/task-shares", {"mine": True, "state": "given"}).json()["items"]
    assert (held["title"], held["share"], held["state"], held["withdrawn"]) == ("核查", "2.00", "given", False)
    parts = [{"receiver_id": str(world["yongdeng"].pk), "share": "2"}]
    own = f"/task-shares/{held['id']}"
    assert send(city, f"{own}/split", due_on="2021-11-01", shares=parts).status_code == 201
    (part,) = county.get("/api/v1/task-shares").json()["items"]
    below = f"/task-shares/{part['id']}"
    assert send(county, f"{below}/reports", value="2", text="完成").status_code == 201
    assert send(city, f"{below}/judgements", accepted=False, text="缺表").status_code == 201
    assert send(county, f"{below}/reports", value="2").status_code == 201
    assert send(city, f"{below}/judgements", accepted=True).status_code == 201
    detail = county.get(f"/api/v1{below}").json()
    assert (detail["state"], detail["sent_back"], len(detail["steps"])) == ("accepted", 1, 4)
    assert city.get(f"/api/v1{own}").json()["done"] == "2.00"
    with acting(world.actor("province_officer")):
        assert {row.origin_kind for row in Task.objects.all()} == {"api"}
        assert Assignment.objects.get(receiver=world["yongdeng"]).share == Decimal(2)


def test_what_machines_read(world: World, enter: Enter) -> None:
    actor = world.actor("province_officer")
    province = enter("province_officer")
    made = send(
        province,
        "/policies",
        number="甘〔2021〕1号",
        title="办法",
        issuer_ids=[str(world.root.pk)],
        level="provincial",
        issued_on="2021-05-01",
    ).json()
    assert made["issuers"] == [CODE_OF["province"]]
    with acting(actor):
        verbs.record_county_fact(
            actor=actor, office_id=world["yongdeng"].pk, item="department", department="education", since=TODAY
        )
        verbs.form_group(actor=actor, organisation_id=world.root.pk, name="小组", level="provincial", formed_on=TODAY)
    city = enter("city_officer")
    assert city.get("/api/v1/policies", {"year": 2021, "text": "办"}).json()["count"] == 1
    assert city.get("/api/v1/policies", {"topic": "quality"}).json()["count"] == 0
    assert city.get(f"/api/v1/policies/{made['id']}").json()["number"] == "甘〔2021〕1号"
    assert city.get("/api/v1/leading-groups", {"level": "provincial"}).json()["count"] == 1
    assert city.get("/api/v1/events", {"kind": "forum", "year": 2021}).json()["items"] == []
    assert city.get("/api/v1/press", {"level": "city", "year": 2021}).json()["items"] == []
    (county,) = city.get("/api/v1/counties", {"on": str(TODAY)}).json()
    assert (county["name"], county["complete"], county["pooled"]) == ("永登县", False, ["education"])
    assert county["missing"] == ["school", "centre", "director"]


def test_forms_bring_records_in(world: World, enter: Enter) -> None:
    province = enter("province_officer")
    group = {"organisation": CODE_OF["province"], "name": "小组", "level": "provincial", "formed_on": "2021-01-01"}
    press = {
        "organisation": CODE_OF["lanzhou"],
        "outlet": "某报",
        "published_on": "2021-05-01",
        "title": "报道",
        "level": "city",
    }
    event = {
        "host": CODE_OF["lanzhou"],
        "name": "论坛",
        "kind": "forum",
        "level": "city",
        "begins_on": "2021-05-01",
        "attendance": "30",
    }
    for address, sent in (("groups/form", group), ("press/record", press), ("events/record", event)):
        made = province.post(f"/governance/{address}/", sent)
        assert made.status_code == 302
        assert sent.get("name", sent.get("title", "")) in text(province, made["Location"])
        assert province.post(f"/governance/{address}/", sent).status_code == 422


def test_a_draft_is_issued_signed_and_withdrawn_by_form(world: World, enter: Enter) -> None:
    actor = world.actor("province_officer")
    with acting(actor):
        draft = policy(world, "拟-1", issued_on=None, topic="")
        task = give(world, lanzhou=1)
    province = enter("province_officer")
    address = f"/governance/policies/{draft.pk}"
    signing = {"organisation": CODE_OF["finance"], "signed_on": "2021-09-02"}
    assert province.post(f"{address}/issuers/add/", signing).status_code == 302
    assert province.post(f"{address}/issue/", {"number": "甘〔2021〕7号", "issued_on": "2021-10-01"}).status_code == 302
    assert "待生效" in text(province, f"{address}/")
    with acting(actor):
        issuer = draft.issuers.order_by("order").first()
        assert issuer is not None
    assert province.get(f"/governance/issuers/{issuer.pk}/")["Location"] == f"{address}/#issuers"
    assert province.post(f"{address}/void/", {"reason": "误录"}).status_code == 302
    assert "已作废" in text(province, f"{address}/")
    assert province.post(f"/governance/tasks/{task.pk}/withdraw/").status_code == 302
    assert "已收回" in text(province, f"/governance/tasks/{task.pk}/")
    nobody = "00000000-0000-4000-8000-000000000000"
    for path in ("policies", "issuers", "groups", "press", "events", "exhibits", "counties", "county-facts", "shares"):
        assert province.get(f"/governance/{path}/{nobody}/").status_code == 404
    for path in ("policies", "county-facts"):
        assert province.get(f"/governance/{path}/{nobody}/void/").status_code == 404
    assert province.get(f"/governance/county-facts/{nobody}/end/").status_code == 404
    assert province.get(f"/api/v1/policies/{nobody}").status_code == 404
