"""A session's results: entered by the school and by the county, settled by the city, certificates numbered."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from jineng.credentials.rules import make_number
from tests.calls.small_world import resident
from tests.journeys.conftest import Visit

SCHOOL = "3662900020"
CERTIFICATE, LEVEL, CODE = "D01", "intermediate", "KH-JOURNEY"


def test_results_are_entered_twice_settled_by_a_third_and_certified(visit: Visit) -> None:
    school, county, city = visit("school"), visit("county"), visit("city")
    address = _scheduled(school)
    for name, number in (("文华", 30), ("建军", 31)):
        school.goto(f"{address}register/")
        school.get_by_label("姓名").fill(name)
        school.get_by_label("居民身份证号").fill(resident(number))
        school.get_by_role("button", name="保存").click()
        school.wait_for_url(address)
    _enter(school, address, {"m_1_1": "70", "m_1_2": "80", "m_2_1": "61", "m_2_2": "缺考"})
    county.goto(f"{address}enter/")
    expect(county.locator("input[name=m_1_1]")).to_have_value("")
    _enter(county, address, {"m_1_1": "70", "m_1_2": "80", "m_2_1": "16", "m_2_2": "缺考"})
    refused = school.goto(f"{address}settle/")
    assert refused is not None
    assert refused.status == 403
    city.goto("/")
    city.get_by_role("link", name="待核对成绩").first.click()
    rows = city.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(["61"])
    city.locator("input[name=v_2_1]").fill("61")
    city.locator("input[name=r_2_1]").fill("查阅原卷")
    city.get_by_role("button", name="确认成绩").click()
    city.wait_for_url(address)
    city.get_by_role("link", name="发证").click()
    city.get_by_role("button", name="发证").click()
    city.wait_for_url(address)
    expect(city.locator("main")).to_contain_text("已发证")
    city.goto(f"/credentials/certificates/?organisation={SCHOOL}&sort=-issued_on")
    link = city.locator("main tbody th a").first
    number = link.inner_text()
    code, told = number.split("-")
    assert number == make_number(code, int(told[:4]), LEVEL, int(told[5:11]))
    link.click()
    expect(city.locator("main")).to_contain_text("文*")
    city.get_by_role("button", name="查看个人信息").click()
    expect(city.locator("main")).to_contain_text("文华")


def _scheduled(page: Page) -> str:
    """The address of a new session at the school."""
    page.goto("/credentials/sessions/")
    page.get_by_role("link", name="安排考核").click()
    page.locator("input[name=host]").fill(SCHOOL)
    page.locator("input[name=code]").fill(CODE)
    page.locator("select[name=certificate]").select_option(CERTIFICATE)
    page.locator("select[name=level]").select_option(LEVEL)
    page.locator("input[name=held_on]").fill(date(2021, 11, 20).isoformat())
    page.locator("input[name=capacity]").fill("10")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/sessions/*-*/")
    return page.url


def _enter(page: Page, address: str, marks: dict[str, str]) -> None:
    """Fill in a sheet and hand it in."""
    page.goto(f"{address}enter/")
    for name, text in marks.items():
        page.locator(f"input[name={name}]").fill(text)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(address)
