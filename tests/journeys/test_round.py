"""A reporting round in the browser: the province opens it, a school finds what it owes, the city urges."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture
from tests.journeys.small_site import site

__all__ = ["site"]
NAME = "2021年度填报"


def test_a_round_is_opened_found_and_urged(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINENG_TODAY", "2022-01-05")
    province = visit("province")
    province.goto("/cases/intakes/")
    press(province, "布置填报")
    province.get_by_label("名称 Name").fill(NAME)
    province.get_by_label("规程 Procedure").select_option(label="年度填报 第1版")
    province.get_by_label("报送期限").fill("2022-01-31")
    province.get_by_label("中等职业学校").check()
    picture(province, "round-form")
    send(province, "布置")
    expect(province.locator("main")).to_contain_text("应报")
    picture(province, "round-intake")
    school = visit("school")
    school.goto("/")
    expect(school.locator("main")).to_contain_text(NAME)
    school.get_by_role("link", name=NAME).first.click()
    expect(school.locator("#compared")).to_contain_text("还没有填报表入库")
    picture(school, "round-case")
    city = visit("city")
    city.goto("/cases/intakes/")
    city.get_by_role("link", name=NAME).first.click()
    press(city, "催报")
    send(city, "催报")
    school.goto("/notices/")
    expect(school.locator("main")).to_contain_text("催办")
    picture(school, "round-urged")
