"""From a sentence of the brief to one record and back, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit, sign_in
from tests.journeys.reading import figure, number, parts, shown

KEY = "major_offerings"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_sentence_to_one_record_and_back(visit: Visit, script: bool) -> None:
    page = visit(java_script_enabled=script)
    sign_in(page, "province")
    page.locator(".side").get_by_role("link", name="简报").click()
    page.locator("section", has_text="2021年度").get_by_role("link", name="打开草稿").click()
    said = number(figure(page, KEY).inner_text())
    figure(page, KEY).click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(figure(page, KEY)).to_have_attribute("aria-current", "true")
    expect(figure(page, KEY)).to_be_in_viewport()
    assert shown(page) == said
    expect(panel.locator(".sum")).to_contain_text("一致")
    panel.get_by_role("link", name="逐级查看").click()
    for step in ("市", "区县", "机构"):
        _descend(page, step)
    count = number(page.locator("main p", has_text="条记录").inner_text())
    assert count >= page.locator("main table.list tbody tr").count() > 0
    record = page.locator("main table.list tbody tr").first
    label, where = record.locator("th a").inner_text(), record.locator("td").first.inner_text()
    record.locator("th a").click()
    expect(page.locator("h1")).to_contain_text(label.split(maxsplit=1)[1])
    expect(page.locator("main")).to_contain_text(where)
    page.go_back()
    page.get_by_role("link", name="回到简报").click()
    expect(page.locator("#figure")).to_be_in_viewport()
    assert number(page.locator("#figure").inner_text()) == said


def _descend(page: Page, step: str) -> None:
    """Follow the longest bar; what is then shown is what the bar said, and its parts come to it."""
    total, below = shown(page), parts(page)
    assert sum(below.values()) == total, step
    label, value = next(iter(below.items()))
    page.locator("main .bars a").first.click()
    if step == "机构":
        return
    expect(page.locator("main h2").first).to_contain_text(label)
    assert shown(page) == value


def test_the_panel_closes_where_it_was_opened(visit: Visit) -> None:
    page = visit("province")
    page.goto("/briefs/2021/")
    figure(page, KEY).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    figure(page, KEY).click()
    expect(page.locator("#panel")).to_be_focused()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#figure")).to_be_focused()
    assert page.url.endswith("/briefs/2021/")
    page.go_back()
    expect(page.locator("#panel")).to_have_count(0)


def test_without_script_the_keyboard_reaches_the_panel_from_the_sentence(visit: Visit) -> None:
    page = visit("province", java_script_enabled=False)
    page.goto(f"/briefs/2021/?figure={KEY}#figure")
    page.locator("#figure").focus()  # where the address leads; when the browser gets there is its own affair
    page.keyboard.press("Tab")
    link = page.locator('a[href="#panel"]')
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#panel :focus")).to_have_count(1)
