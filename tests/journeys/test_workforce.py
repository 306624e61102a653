"""Who could be recognised as dual-qualified, what somebody still lacks, the gap filled, and the recognition."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.reference_year import ReferenceYear

DAY = "2021-12-31"


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["script", "plain"])
def test_from_what_is_missing_to_the_recognition(
    db: None, reference_year: ReferenceYear, visit: Visit, script: bool
) -> None:
    page = visit("school", java_script_enabled=script)
    page.goto("/")
    page.locator(".side").get_by_role("link", name="双师型").click()
    page.locator("table.list tbody th a").first.click()
    page.get_by_label("按哪一天").fill(DAY)
    page.get_by_label("等级").select_option("elementary")
    page.get_by_label("欠缺").select_option("practice")
    page.get_by_label("类别").select_option("professional")
    page.get_by_role("button", name="筛选").click()
    first = page.locator("table.list tbody tr").first
    expect(first).to_contain_text("近5年企业实践须满6个月，还差5个月")
    first.locator("th a").click()
    expect(page.locator("#dual")).to_contain_text("还差5个月")
    expect(page.get_by_role("link", name="认定双师型")).to_have_count(0)

    page.get_by_role("link", name="登记企业实践").click()
    page.get_by_label("实践单位").fill("示例装备制造有限公司")
    page.get_by_label("起始日期").fill("2021-08-09" if script else "2021-08-10")
    page.get_by_label("结束日期").fill(DAY)
    page.get_by_label("累计天数").fill("144")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#dual")).to_contain_text("还差0.2个月")
    page.get_by_role("link", name="登记企业实践").click()
    page.get_by_label("实践单位").fill("示例检测有限公司")
    page.get_by_label("起始日期").fill("2021-01-04")
    page.get_by_label("结束日期").fill("2021-01-09")
    page.get_by_label("累计天数").fill("6")
    page.get_by_role("button", name="保存").click()

    page.get_by_role("link", name="认定双师型").click()
    expect(page.get_by_label("认定日期")).to_have_value(DAY)
    page.get_by_label("等级").select_option("elementary")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#recognitions")).to_contain_text("双师型初级")
    expect(page.locator("#recognitions")).to_contain_text(DAY)
