"""Steps of an admission season: what province, school and applicant do on their pages, and the same by verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from jineng.admissions.models import Applicant, Opening, Plan, Round, Season
from jineng.admissions.tickets import lookup_of
from jineng.admissions.verbs import accept_plan, add_round, file_plan
from jineng.kernel import clock
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Account
from jineng.registry.acting import actor_of
from jineng.registry.models import Organisation
from tests.admissions.small_rounds import Rounds
from tests.calls.small_world import report, resident
from tests.factories import World
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture

YEAR = clock.today().year
SCHOOLS = {
    "petrochemical": "4162010001",
    "forestry": "4162010002",
    "university": "4162010003",
    "county_school": "3662010002",
}
Ticket = tuple[str, str]


def at(**parts: float) -> str:
    """A moment from now as the browser's field takes it, in the province's time."""
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(**parts)
    return moment.strftime("%Y-%m-%dT%H:%M")


def officer(login: str) -> Actor:
    """The actor of a demonstration account."""
    found = actor_of(Account.objects.get(username=f"demo-{login}"))
    assert found is not None
    return found


def small_world() -> World:
    """The small province, as the rooms' own tests know it, of the database under the site."""
    with acting(officer("province")):
        known = {each.code: each for each in Organisation.objects.filter(code__in=[*SCHOOLS.values(), "620000-JY"])}
    root = known["620000-JY"]
    names = {name: known[code] for name, code in SCHOOLS.items()}
    return World(root, names, {"province_officer": Account.objects.get(username="demo-province")})


def open_season(province: Page, code: str, kind: str, name: str) -> Rounds:
    """Declare a season; the province's page stays at it."""
    province.goto("/admissions/seasons/open/")
    province.get_by_label("类别").select_option(kind)
    for label, value in {"招生季代码": code, "名称": name, "开始日期": f"{YEAR}-01-01"}.items():
        province.get_by_label(label).fill(value)
    send(province, "保存")
    expect(province.locator("#rounds")).to_be_visible()
    with acting(officer("province")):
        season = Season.objects.get(code=code)
    return Rounds(small_world(), season, Round(), Round())


def add_rounds(season: Rounds, *named: tuple[int, str, str]) -> dict[int, Round]:
    """Rounds by number, name and way in, by the verb."""
    opens = date(YEAR, 1, 2)
    return {
        number: add_round(
            actor=season.province,
            season_id=season.season.pk,
            ordinal=number,
            name=name,
            channel=channel,
            opens_on=opens,
        )
        for number, name, channel in named
    }


def plan(season: Rounds, key: str, school: str, seats: int, **fields: Any) -> Plan:
    """A plan filed and accepted by the verbs, known to the season as ``key``."""
    filed = file_plan(
        actor=season.province,
        season_id=season.season.pk,
        organisation_id=season.world[school].pk,
        seats=seats,
        **fields,
    )
    season.plans[key] = accept_plan(actor=season.province, plan_id=filed.pk, accepted_on=clock.today())
    return filed


def file_plan_on_page(
    season: Rounds, key: str, desk: Page, province: Page, *, school: str, seats: int, **fields: str
) -> None:
    """The office at ``desk`` files a school's plan, the province accepts it; an underscore begins a select's name."""
    desk.goto(f"/admissions/plans/file/?season={season.season.code}&organisation={SCHOOLS[school]}")
    for name, value in {**fields, "seats": str(seats)}.items():
        field = desk.locator(f"[name={name.removeprefix('_')}]")
        if name.startswith("_"):
            field.select_option(value)
        else:
            field.fill(value)
    send(desk, "申报")
    province.goto(desk.url)
    press(province, "核准")
    send(province, "核准")
    with acting(season.province):
        season.plans[key] = Plan.objects.get(pk=desk.url.rstrip("/").rsplit("/", 1)[-1])


def register(season: Rounds, desk: Page, number: int, category: str, name: str = "") -> Ticket:
    """An applicant registered and given a ticket by the office at ``desk``; number and code."""
    desk.goto(f"/admissions/applicants/register/?season={season.season.code}")
    desk.get_by_label("姓名").fill(name or f"考生{number}")
    desk.get_by_label("身份证号").fill(resident(number))
    desk.locator("[name=category]").select_option(category)
    desk.locator("[name=home]").select_option("620121")
    send(desk, "报名")
    desk.get_by_role("button", name=re.compile("发放报名凭证")).click()
    facts = desk.locator("#ticket dl.facts dd")
    picture(desk, "season-ticket")
    ticket = facts.nth(0).inner_text().strip(), facts.nth(1).inner_text().strip()
    with acting(season.province):
        season.people[number] = Applicant.objects.get(tickets__number=ticket[0])
    season.codes[number], season.tickets[number] = ticket, lookup_of(*ticket)
    return ticket


def scored(season: Rounds, scores: dict[int, dict[str, int]], office: str) -> None:
    """Scores come by a return of who registered."""
    rows = [
        {
            "season_code": season.season.code,
            "person_name": f"考生{number}",
            "resident_id": resident(number),
            "component": component,
            "points": points,
            "out_of": 300,
        }
        for number, own in scores.items()
        for component, points in own.items()
    ]
    assert report(officer(office), admission_scores=rows).state == "landed"


def open_round(province: Page, season: Rounds, found: Round, offers: int) -> None:
    """Open a round on its desk: so many lines are offered."""
    province.goto(f"/admissions/rounds/{found.pk}/")
    press(province, "开放填报")
    province.locator("[name=opens_at]").fill(at(days=-1))
    province.locator("[name=closes_at]").fill(at(hours=2))
    send(province, "开放")
    expect(province.locator("#offers tbody tr")).to_have_count(offers)
    picture(province, f"season-round-{season.season.kind}-{found.ordinal}")


def enter(page: Page, ticket: Ticket) -> None:
    """Sign in by a ticket."""
    page.goto("/admissions/my/enter/")
    page.locator("[name=number]").fill(ticket[0])
    page.locator("[name=code]").fill(ticket[1])
    page.get_by_role("button", name=re.compile("^进入")).click()
    expect(page.locator("#rounds")).to_be_visible()


def prefer(page: Page) -> None:
    """Add the one offer, and submit."""
    page.locator("#rounds").get_by_role("link", name=re.compile("填报")).click()
    page.get_by_role("button", name=re.compile("^加入")).click()
    page.get_by_role("button", name=re.compile("^提交志愿")).click()
    expect(page.locator("#list")).to_contain_text("第 1 次提交于")


def run(province: Page) -> None:
    """The deadline is over; the round is run and its files go to the schools. The page stays at the run."""
    press(province, "调整截止")
    province.locator("[name=closes_at]").fill(at(minutes=-1))
    send(province, "调整")
    press(province, "投档运行")
    province.locator("[name=what_if]").uncheck()
    send(province, "运行")
    expect(province.locator("main")).to_contain_text("已算出")
    province.get_by_role("button", name=re.compile("^向学校投档")).click()
    expect(province.locator("main")).to_contain_text("已投档")


def publish(province: Page) -> None:
    """Publish the run at whose page the province is."""
    press(province, "公布结果")
    province.locator("[name=answers_until]").fill(at(days=2))
    send(province, "公布")
    expect(province.locator("main")).to_contain_text("已公布")
    picture(province, "season-run")


def propose_all(desk: Page) -> None:
    """Propose to admit all files of the run at whose page the desk is."""
    desk.get_by_role("button", name=re.compile("^全部拟录取")).click()
    expect(desk.get_by_role("button", name=re.compile("^全部拟录取"))).to_have_count(0)


def give_out(province: Page, season: Rounds, found: Round, entering: dict[int, Page], **admitted: int) -> None:
    """A round on the pages of the province and of who enters it, from its opening until its result is published; by
    plan who is admitted there."""
    open_round(province, season, found, offers=1)
    for who, page in entering.items():
        enter(page, season.codes[who])
        prefer(page)
    run(province)
    propose_all(province)
    publish(province)
    assert season.admitted(found) == {who: plan for plan, who in admitted.items()}


def answer(page: Page, *, confirms: bool = True) -> None:
    """Take the seat or give it up."""
    page.goto("/admissions/my/")
    if not confirms:
        page.get_by_text("不想去了？").click()
    page.get_by_role("button", name=re.compile("^确认录取" if confirms else "^放弃录取")).click()
    expect(page.locator("#results")).to_contain_text("已确认" if confirms else "已放弃")


def close(province: Page, found: Round) -> None:
    """The time to answer is over, and the round is ended on its desk."""
    with acting(officer("province")):
        Opening.objects.filter(round=found).update(answers_until=datetime.now(UTC) - timedelta(seconds=1))
    province.goto(f"/admissions/rounds/{found.pk}/")
    province.get_by_role("button", name=re.compile("^结束本轮")).click()
    expect(province.locator("main")).to_contain_text("已结束")


def hold(season: Rounds, found: Round, *submitted: tuple[int, str]) -> None:
    """A round from its opening to its end by the verbs that the pages call: everybody is admitted, and confirms."""
    opening = season.open(found)
    for who, key in submitted:
        season.submit(opening, who, key)
    season.publish(opening)
    assert season.admitted(found) == dict(submitted)
    for who, _ in submitted:
        season.answer(who)
    season.end(opening)


def numbers_of(held: Sequence[Round]) -> set[str]:
    """The addresses of rounds."""
    return {f"/admissions/rounds/{each.pk}/" for each in held}
