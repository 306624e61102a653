"""A season in the browser: plan, rule, registration, preferences, run, files, result, answer, letter, next round."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import yaml
from playwright.sync_api import Page, expect

from jineng.admissions.models import Opening
from jineng.kernel import clock
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Account
from jineng.registry.acting import actor_of
from tests.admissions.small_rounds import LAW
from tests.calls.small_world import report, resident
from tests.journeys.conftest import Visit
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture
from tests.journeys.small_site import site

__all__ = ["site"]

COLLEGE, MACHINES = "4162010001", "460301"
YEAR = clock.today().year
SEASON = f"{YEAR}-classified"


def at(**parts: float) -> str:
    """A moment from now as the browser's field takes it, in the province's time."""
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(**parts)
    return moment.strftime("%Y-%m-%dT%H:%M")


def officer(login: str) -> Actor:
    """The actor of a demonstration account."""
    found = actor_of(Account.objects.get(username=f"demo-{login}"))
    assert found is not None
    return found


def set_up(province: Page, college: Page) -> None:
    """The season with its scheme and two rounds; the college's plan and rule."""
    province.goto("/admissions/seasons/open/")
    for name, value in {"招生季代码": SEASON, "名称": f"{YEAR}年分类考试", "开始日期": f"{YEAR}-01-01"}.items():
        province.get_by_label(name).fill(value)
    send(province, "保存")
    for number in (1, 2):
        press(province, "增加轮次")
        province.locator("[name=ordinal]").fill(str(number))
        province.locator("[name=name]").fill(f"第{number}轮")
        province.locator("[name=opens_on]").fill(f"{YEAR}-01-02")
        send(province, "保存")
    press(province, "招生办法")
    press(province, "公布招生办法")
    expect(province.get_by_label("招生办法 Scheme")).to_have_value(re.compile("综合评价|scale"))
    text = yaml.safe_dump(LAW, allow_unicode=True)
    province.get_by_label("招生办法 Scheme").fill(text.replace("skill: 1", "skil: 1"))
    send(province, "公布")
    expect(province.locator("form.form")).to_contain_text("没有成绩项“skil”")
    province.get_by_label("招生办法 Scheme").fill(text)
    send(province, "公布")
    picture(province, "season-scheme")

    college.goto(f"/admissions/plans/file/?season={SEASON}&organisation={COLLEGE}")
    college.locator("[name=programme]").fill(MACHINES)
    college.locator("[name=seats]").fill("1")
    send(college, "申报")
    plan = college.url
    province.goto(plan)
    press(province, "核准")
    send(province, "核准")
    province.goto("/admissions/seasons/")
    province.get_by_role("link", name=f"{YEAR}年分类考试").click()
    season = province.url
    college.goto(season)
    press(college, "招生办法")
    press(college, "备案计分规则")
    college.locator("[name=weight_skill]").fill("1.5")
    send(college, "备案")
    expect(college.locator("main")).to_contain_text("1.5 × 职业技能")
    picture(college, "season-rule")
    province.goto(season)


def register(school: Page, number: int) -> tuple[str, str]:
    """An applicant at the school; number and code of the ticket."""
    school.goto(f"/admissions/applicants/register/?season={SEASON}")
    school.get_by_label("姓名").fill(f"考生{number}")
    school.get_by_label("身份证号").fill(resident(number))
    school.locator("[name=home]").select_option("620121")
    send(school, "报名")
    school.get_by_role("button", name=re.compile("发放报名凭证")).click()
    facts = school.locator("#ticket dl.facts dd")
    picture(school, "season-ticket")
    return facts.nth(0).inner_text().strip(), facts.nth(1).inner_text().strip()


def enter(page: Page, ticket: tuple[str, str]) -> None:
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


def run(province: Page, college: Page) -> None:
    """Deadline over, run, files sent, proposed, published."""
    desk = province.url
    press(province, "调整截止")
    province.locator("[name=closes_at]").fill(at(minutes=-1))
    send(province, "调整")
    press(province, "投档运行")
    province.locator("[name=what_if]").uncheck()
    send(province, "运行")
    expect(province.locator("main")).to_contain_text("已算出")
    province.get_by_role("button", name=re.compile("^向学校投档")).click()
    result = province.url
    college.goto("/admissions/files/")
    picture(college, "season-files")
    college.locator("table.list tbody a").first.click()
    college.get_by_role("button", name=re.compile("^阅档")).click()
    college.get_by_role("button", name=re.compile("^拟录取")).click()
    expect(college.locator("main")).to_contain_text("拟录取")
    province.goto(result)
    press(province, "公布结果")
    province.locator("[name=answers_until]").fill(at(days=2))
    send(province, "公布")
    expect(province.locator("main")).to_contain_text("已公布")
    picture(province, "season-run")
    province.goto(desk)


def test_a_season_from_the_plan_to_the_letter(visit: Visit) -> None:
    province, college, school = visit("province"), visit("college"), visit("school")
    set_up(province, college)
    tickets = [register(school, number) for number in (1, 2)]
    scores = [
        {
            "season_code": SEASON,
            "person_name": f"考生{number}",
            "resident_id": resident(number),
            "component": component,
            "points": points,
            "out_of": 300,
        }
        for number, own in ((1, {"culture": 200, "skill": 150}), (2, {"culture": 210, "skill": 140}))
        for component, points in own.items()
    ]
    assert report(officer("school"), admission_scores=scores).state == "landed"

    province.locator("#rounds").get_by_role("link", name=re.compile("第1轮")).click()
    press(province, "开放填报")
    province.locator("[name=opens_at]").fill(at(days=-1))
    province.locator("[name=closes_at]").fill(at(hours=2))
    send(province, "开放")
    expect(province.locator("#offers tbody tr")).to_have_count(1)
    picture(province, "season-round")
    first, second = visit(), visit()
    for page, ticket in zip((first, second), tickets, strict=True):
        enter(page, ticket)
        prefer(page)
    picture(first, "own-preferences")
    with first.expect_download() as receipt:
        first.get_by_role("link", name=re.compile("下载封签回执")).click()
    assert receipt.value.suggested_filename == f"receipt-{tickets[0][0]}.json"
    run(province, college)

    other = visit()
    other.goto("/admissions/results/")
    other.locator("[name=number]").fill(tickets[1][0])
    other.locator("[name=code]").fill(tickets[1][1].lower())
    other.get_by_role("button", name=re.compile("^查询")).click()
    expect(other.locator("main")).to_contain_text("录取线 425 分，您 420 分，候补第 1 位")
    picture(other, "own-result")
    first.goto("/admissions/my/")
    picture(first, "own-home")
    first.get_by_role("button", name=re.compile("^确认录取")).click()
    expect(first.locator("#results")).to_contain_text("已确认")
    with first.expect_download() as letter:
        first.get_by_role("link", name=re.compile("下载录取通知书")).click()
    assert letter.value.path().read_bytes().startswith(b"%PDF")

    with acting(officer("province")):
        Opening.objects.update(answers_until=datetime.now(UTC) - timedelta(seconds=1))
    province.reload()
    province.get_by_role("button", name=re.compile("^结束本轮")).click()
    expect(province.locator("main")).to_contain_text("已结束")
