"""An officer enters awards, follows a figure to its records, and holds a list of their own against it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture
from tests.journeys.small_site import site

__all__ = ["site"]


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The business day of everything."""
    monkeypatch.setenv("JINENG_TODAY", "2021-11-20")


def entered(page: Page, title: str, status: str) -> None:
    """An award of the county's school, entered on the page; its origin is a sealed receipt of one row."""
    page.goto("/calls/awards/record/?call=reform-project&number=1&organisation=3662010002")
    page.get_by_label("名称").fill(title)
    page.get_by_label("状态 Status").select_option(label=status)
    page.get_by_label("状态日期").fill("2021-11-01")
    send(page, "保存")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.get_by_role("link", name="登记 教学改革项目第1批")).to_be_visible()


def test_a_list_is_held_against_a_figure(visit: Visit) -> None:
    page = visit("province")
    page.goto("/calls/reform-project/")
    press(page, "增加批次")
    send(page, "保存")
    for title, status in (("数控教学改革", "认定"), ("护理教学改革", "认定"), ("未成的改革", "培育")):
        entered(page, title, status)
    page.get_by_role("link", name="登记 教学改革项目第1批").click()
    expect(page.get_by_text("已入库 Landed")).to_be_visible()
    picture(page, "own-list-receipt")
    page.goto("/briefs/2021/figures/reform_projects/")
    page.get_by_role("link", name="与我的清单核对").click()
    picture(page, "own-list-empty")
    row = "reform-project | 1 | {} | 3662010002"
    page.get_by_label("逐行填写").fill("\n".join(map(row.format, ("数控教学改革", "未成的改革", "没有的改革"))))
    send(page, "核对")
    expect(page.locator("#not-counted tbody tr")).to_have_count(2)
    expect(page.locator("#not-counted")).to_contain_text("不合本指标口径")
    expect(page.locator("#not-counted")).to_contain_text("登记册中没有")
    expect(page.locator("#lacking tbody tr")).to_have_count(1)
    picture(page, "own-list")
    page.locator("#lacking").get_by_role("link", name="护理教学改革").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("护理教学改革")
