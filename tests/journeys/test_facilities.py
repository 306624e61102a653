"""A phase is reported complete once its money is booked; a facility's members and hours are seen on one page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.reading import number

PHASE, FACILITY = "天水职业教育园区二期", "数控加工共享实训车间"
PHONE = {"width": 390, "height": 844}


def test_a_phase_is_complete_when_its_money_is_booked(visit: Visit) -> None:
    page = visit("city", java_script_enabled=False)
    page.goto("/")
    page.locator(".side").get_by_role("link", name="园区分期").click()
    page.get_by_role("link", name=PHASE).click()
    address = page.url
    page.get_by_role("link", name="报告进度").click()
    page.get_by_label("状态").select_option("completed")
    page.get_by_role("button", name="报告").click()
    expect(page.locator("main")).to_contain_text("入账 470,000,000.00 元未达到计划 900,000,000.00 元")

    page.goto(address)
    page.get_by_role("link", name="投资入账").click()
    page.get_by_label("凭证号").fill("TS2-0004")
    page.get_by_label("金额").fill("400000000")
    page.get_by_label("资金来源").select_option("bond")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("计划的 96.7%")
    page.get_by_role("link", name="报告进度").click()
    page.get_by_label("依据文号").fill("天园建〔2026〕1号")
    page.get_by_role("button", name="报告").click()
    expect(page.locator(".timeline").first).to_contain_text("天园建〔2026〕1号")
    page.goto("/facilities/phases/")
    expect(page.get_by_role("row").filter(has_text=PHASE)).to_contain_text("建成")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_members_and_hours_stand_on_one_page(visit: Visit, viewport: dict[str, int] | None) -> None:
    page = visit("city", **({"viewport": viewport} if viewport else {}))
    page.goto("/facilities/shared/")
    page.get_by_role("link", name=FACILITY).click()
    page.get_by_label("年份").fill("2021")
    page.get_by_role("button", name="查看").click()
    rows = page.locator("#sharing tbody tr")
    expect(rows).to_have_count(4)
    left = rows.filter(has_text="2021-09-01")
    expect(left).to_have_count(1)
    hours = [number(row.locator(".hours").inner_text()) for row in rows.all()]
    assert all(hours)
    assert number(page.locator(".stat").first.inner_text()) == sum(hours)
