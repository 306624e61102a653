"""An agreement nears its end: both parties are asked, and it is renewed, or it ends with the bodies that came of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from jineng.kernel import clock
from tests.journeys.conftest import Visit

COLLEGE, SCHOOL = "4162012836", "3662900020"


def _record(page: Page, code: str, name: str, last_day: date) -> str:
    """Record an agreement of the college with the school; returns its address."""
    page.goto("/partnerships/agreements/")
    page.get_by_role("link", name="登记协议").click()
    page.get_by_label("登记单位代码").fill(COLLEGE)
    page.get_by_label("协议编号").fill(code)
    page.get_by_label("协议名称").fill(name)
    page.get_by_label("类别").select_option("school_school")
    page.get_by_label("对方机构代码").fill(SCHOOL)
    page.get_by_label("对方名称").fill("合作学校")
    page.get_by_label("签订日期").fill("2020-12-01")
    page.get_by_label("生效日期").fill("2021-01-01")
    page.get_by_label("有效期至").fill(last_day.isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text(name)
    return page.url


def _found(page: Page, code: str, name: str) -> None:
    """Record a body that came of the agreement."""
    page.goto(f"/partnerships/bodies/found/?agreement={code}")
    page.get_by_label("牵头单位代码").fill(COLLEGE)
    page.locator("[name=code]").fill(f"{code}-1")
    page.locator("[name=name]").fill(name)
    page.get_by_label("类别").select_option("industry_college")
    page.get_by_label("成立日期").fill("2021-03-01")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text(name)


def _answer(page: Page, name: str, answer: str, until: str = "") -> None:
    """Find the agreement among the tasks of the home page and answer for one's own side."""
    page.goto("/")
    page.get_by_role("link", name=f"协议将到期：{name}").click()
    page.get_by_role("link", name="答复续签").click()
    page.get_by_label(answer, exact=True).check()
    if until:
        page.get_by_label("续签至").fill(until)
    page.get_by_role("button", name="答复").click()


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["script", "plain"])
def test_both_parties_are_asked_and_renew_or_end(visit: Visit, script: bool) -> None:
    college, school = visit("college", java_script_enabled=script), visit("school", java_script_enabled=script)
    last_day = clock.today() + timedelta(days=30)
    code, which = ("XY-J1", "甲") if script else ("XY-J2", "乙")
    name, body = f"实训合作协议（{which}）", f"联合产业学院（{which}）"
    address = _record(college, code, name, last_day)
    _found(college, code, body)
    _answer(college, name, "不再续签")
    expect(college.locator("main")).to_contain_text(body)
    college.get_by_role("button", name="确认").click()
    expect(college.locator("#renewal")).to_contain_text("等待各方答复")

    college.goto("/")
    expect(college.get_by_role("link", name=name)).to_have_count(0)

    if script:
        _renew(college, school, name, last_day)
    else:
        _end(college, school, address, name, body)


def _renew(college: Page, school: Page, name: str, last_day: date) -> None:
    """The school would renew: both are asked to settle it; the college comes round, and the next term stands."""
    following = f"{last_day + timedelta(days=700)}"
    _answer(school, name, "续签", following)
    expect(school.locator("#renewal")).to_contain_text("意见不一致")
    college.goto("/")
    college.get_by_role("link", name=f"续签意见不一致：{name}").click()
    college.get_by_role("link", name="答复续签").click()
    college.get_by_label("续签", exact=True).check()
    college.get_by_label("续签至").fill(following)
    college.get_by_role("button", name="答复").click()
    expect(college.locator("#terms")).to_contain_text(f"至 {following}")
    expect(college.locator("#renewal")).to_have_count(0)
    expect(college.locator("#bodies tbody tr")).to_contain_text("有效")
    school.goto("/")
    expect(school.get_by_role("link", name=name)).to_have_count(0)


def _end(college: Page, school: Page, address: str, name: str, body: str) -> None:
    """The school would not renew either; the keeper ends it, and the college that came of it ends, too."""
    _answer(school, name, "不再续签")
    school.get_by_role("button", name="确认").click()
    expect(school.locator("#renewal")).to_contain_text("本期届满即终止")
    college.goto(address)
    college.get_by_role("link", name="提前终止").click()
    college.get_by_label("终止原因").fill("双方协商一致")
    college.get_by_role("button", name="下一步").click()
    expect(college.locator("main li", has_text=body)).to_have_count(1)
    college.get_by_role("button", name="确认").click()
    expect(college.locator("main")).to_contain_text("双方协商一致")
    expect(college.locator("#bodies tbody tr")).to_contain_text("已终止")
    college.get_by_role("link", name=body).click()
    expect(college.locator("main")).to_contain_text("随协议终止")
