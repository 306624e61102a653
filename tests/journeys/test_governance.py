"""A task of the province: split by a city to its counties, reported, sent back once, accepted; the late ones on top."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from jineng.kernel import clock
from tests.journeys.conftest import Visit

TITLE = "实训安全自查"
CITY, COUNTY = "天水市教育局", "甘谷县教育局"


def open_share(page: Page, of: str) -> None:
    """Open the share that an organisation holds of the task, by the list; it may stand there as a giver, too."""
    page.goto(f"/governance/tasks/?q={TITLE}")
    held = page.locator('td[data-label="承办单位"]', has_text=of)
    page.get_by_role("row").filter(has=held).get_by_role("link", name=TITLE).click()
    expect(page.locator("h1")).to_contain_text(of)


def step(page: Page, name: str, **fields: str) -> None:
    """Take a step from a share's page: open its form, fill it in, send it."""
    page.locator(".page-head").get_by_role("link", name=re.compile(f"^{name}")).click()
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.locator("form.form").get_by_role("button", name=name).click()
    expect(page.locator("#steps")).to_be_visible()


def test_a_task_goes_down_to_a_county_and_comes_back_accepted(visit: Visit) -> None:
    due = f"{clock.today() + timedelta(days=30)}"
    province, city, county = visit("province"), visit("city"), visit("county", java_script_enabled=False)
    province.goto("/governance/tasks/give/")
    province.get_by_label("任务 Task").fill(TITLE)
    province.get_by_label("完成期限").fill(due)
    province.get_by_label(CITY).fill("1")
    province.locator("form.form").get_by_role("button", name="下达").click()
    expect(province.locator("main")).to_contain_text("已下达")

    city.goto("/")
    city.get_by_role("link", name=TITLE).click()
    step(city, "接收")
    step_split(city)

    open_share(county, COUNTY)
    step(county, "上报", 完成数="1", 说明="已自查")
    open_share(city, COUNTY)
    step(city, "退回", 退回原因="请附照片")
    county.reload()
    expect(county.locator("main")).to_contain_text("请附照片")
    step(county, "上报", 完成数="1", 说明="已附照片")
    city.reload()
    step(city, "通过")
    expect(city.locator("main")).to_contain_text("退回次数")

    open_share(city, CITY)
    expect(city.locator(".progress").first).to_contain_text("100%")
    step(city, "上报", 说明="全市完成")
    open_share(province, CITY)
    step(province, "通过")
    expect(province.locator("main")).to_contain_text("已通过")


def step_split(city: Page) -> None:
    """The city gives its share to one county; the page is then that of its own task."""
    city.locator(".page-head").get_by_role("link", name=re.compile("^分解")).click()
    city.get_by_label(COUNTY).fill("1")
    city.locator("form.form").get_by_role("button", name="分解").click()
    expect(city.locator("#parts")).to_contain_text(COUNTY)


def test_what_is_late_stands_on_top(visit: Visit) -> None:
    city = visit("city")
    city.goto("/")
    first = city.locator("ol.tasks li").first
    expect(first).to_contain_text("逾期")
    first.get_by_role("link").click()
    expect(city.locator("main")).to_contain_text("逾期")


def test_the_state_of_the_counties_is_seen_at_a_glance(visit: Visit) -> None:
    province, county = visit("province"), visit("county", viewport={"width": 390, "height": 800})
    province.goto("/governance/counties/?on=2021-12-31")
    expect(province.locator("svg.tilemap")).to_be_visible()
    assert province.locator("table.list tbody tr").count() > 80
    county.goto("/governance/counties/?on=2021-12-31")
    expect(county.locator("table.list tbody tr")).to_have_count(1)
    assert county.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
