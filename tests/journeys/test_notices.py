"""The province gives a task; the city's officer sees the bell, opens it, it is read; one mail stands in the outbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from jineng.kernel import clock
from tests.journeys.conftest import Visit

TITLE = "实训设备清查"
CITY = "天水市教育局"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def outbox() -> list[mail.EmailMessage]:
    """What the mail server took."""
    mail.outbox = []
    return mail.outbox


def keep_address(page: Page) -> None:
    """Set an address under one's name."""
    page.goto("/")
    page.locator("details.who summary").click()
    page.get_by_role("link", name="通知设置").click()
    page.get_by_label("邮箱").fill("city@example.org")
    page.get_by_label("逐条发邮件").check()
    page.locator("form.form").get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已保存")


def give_task(page: Page) -> None:
    """The province gives the city a task."""
    page.goto("/governance/tasks/give/")
    page.get_by_label("任务 Task").fill(TITLE)
    page.get_by_label("完成期限").fill(f"{clock.today() + timedelta(days=30)}")
    page.get_by_label(CITY).fill("1")
    page.locator("form.form").get_by_role("button", name="下达").click()
    expect(page.locator("main")).to_contain_text("已下达")


def test_a_task_rings_the_bell_and_is_mailed_once(visit: Visit, outbox: list[mail.EmailMessage]) -> None:
    province, city, chief = visit("province"), visit("city", java_script_enabled=False), visit("admin")
    keep_address(city)
    expect(city.locator(".bell data")).to_have_count(0)
    give_task(province)

    city.goto("/")
    expect(city.locator(".bell data")).to_have_text(re.compile("^1"))
    city.locator(".bell").click()
    row = city.get_by_role("row", name=TITLE)
    expect(row).to_contain_text("甘肃省教育厅")
    row.get_by_role("button", name=TITLE).click()
    expect(city.locator("h1")).to_contain_text(CITY)
    expect(city.locator("main")).to_contain_text(TITLE)
    expect(city.locator(".bell data")).to_have_count(0)
    city.goto("/notices/")
    expect(city.get_by_role("row", name=TITLE)).to_contain_text("已读")

    (message,) = outbox
    assert message.to == ["city@example.org"]
    assert "甘肃省教育厅" in message.from_email
    chief.goto(f"/outbox/?q={TITLE}")
    expect(chief.locator("table.list tbody tr")).to_have_count(1)
    expect(chief.locator("table.list tbody tr")).to_contain_text("已发")
    chief.get_by_role("link", name=TITLE).click()
    expect(chief.locator("main")).to_contain_text(message.extra_headers["Message-ID"])
    expect(chief.locator("main")).not_to_contain_text("city@example.org")

    link = re.search(r"http\S+(/notices/[0-9a-f-]{36}/)", message.body)
    assert link
    phone = visit("city", viewport=PHONE)
    phone.goto(link[1])
    expect(phone.locator("h1")).to_contain_text(TITLE)
    phone.get_by_role("button", name="前往办理").click()
    expect(phone.locator("h1")).to_contain_text(CITY)
