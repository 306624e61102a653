"""A county centre runs a class: sign-up beyond the seats, a clash of hours, attendance, the completion list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from jineng.kernel import clock
from tests.journeys.conftest import Visit
from tests.learning.classrooms import paper

CENTRE, SCHOOL = "12620523JN0001603R", "3662900020"
PHONE = {"width": 390, "height": 844}


def _open(page: Page, organiser: str, number: str, seats: int) -> str:
    """Open a class that begins today; returns its address."""
    day = clock.today()
    page.goto(f"/learning/classes/open/?organiser={organiser}&course_owner=620000-JY&course=PX-NY01")
    page.locator("[name=code]").fill(number)
    page.locator("[name=department]").select_option("agriculture")
    page.locator("[name=hours]").fill("40")
    page.locator("[name=capacity]").fill(str(seats))
    page.locator("[name=starts_on]").fill(day.isoformat())
    page.locator("[name=ends_on]").fill((day + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text(number)
    return page.url


def _sign_up(page: Page, address: str, person: int) -> None:
    page.goto(f"{address}enrol/")
    page.locator("[name=name]").fill(f"旅程{person}")
    page.locator("[name=number]").fill(paper(person))
    page.get_by_role("button", name="报名").click()
    expect(page.locator("main")).to_contain_text("已登记报名")


def _meet(page: Page, address: str, starts: str, ends: str) -> None:
    page.goto(f"{address}sessions/")
    page.locator("[name=starts]").fill(starts)
    page.locator("[name=ends]").fill(ends)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#sessions")).to_contain_text(f"{starts}–{ends}")


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["script", "plain"])
def test_a_class_from_sign_up_to_its_list(db: None, visit: Visit, script: bool) -> None:
    page = visit("county", java_script_enabled=script, viewport=PHONE)
    first = 951 if script else 961
    address = _open(page, CENTRE, f"J-{first}", 2)
    for person in (first, first + 1, first + 2):
        _sign_up(page, address, person)
    learners = page.locator("#learners tbody tr")
    expect(learners).to_have_count(3)
    expect(learners.filter(has_text="候补")).to_have_count(1)
    page.goto(f"{address}enrol/")
    page.locator("[name=name]").fill(f"旅程{first}")
    page.locator("[name=number]").fill(paper(first))
    page.get_by_role("button", name="报名").click()
    expect(page.locator("main")).to_contain_text("此人已在本班")

    _meet(page, address, "08:30", "11:30")
    other = _open(page, SCHOOL, f"J-{first}", 9)
    _sign_up(page, other, first)
    _meet(page, other, "10:00", "12:00")
    expect(page.locator("#clashes tbody tr")).to_have_count(1)
    expect(page.locator("#clashes")).to_contain_text("甘谷县职业教育中心")
    page.goto(address)
    expect(page.locator("#clashes tbody tr")).to_contain_text("10:00–12:00")

    page.locator("#sessions").get_by_role("link", name="考勤").click()
    page.locator("input[value=late]").first.check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#sessions")).to_contain_text("2/2")
    page.goto(f"{address}complete/")
    page.locator("[name=completed]").last.uncheck()
    page.get_by_role("button", name="结班").click()
    expect(page.locator("h1")).to_contain_text("结业名册")
    rows = page.locator("table.list tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("旅*")
    page.get_by_role("button", name="显示全名").click()
    expect(rows).to_contain_text("旅程")
