"""An officer of one county: the province's figure, the records of the own scope, a wall before all others."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.reading import hrefs, shown

PAGE = "/briefs/2021/figures/micro_courses/"


def test_a_county_officer_opens_what_lies_in_scope_and_nothing_else(visit: Visit) -> None:
    province, county = visit("province"), visit("county")
    province.goto(PAGE)
    county.goto(PAGE)
    assert shown(county) == shown(province)
    told = re.search(r"(\d[\d,]*) of (\d[\d,]*) records lie in your scope", county.locator("main").inner_text())
    assert told is not None
    mine, every = (int(digits.replace(",", "")) for digits in told.groups())
    assert 0 < mine < every
    county.get_by_role("link", name="查看记录").click()
    open_to_me = hrefs(county)
    assert len(open_to_me) == mine
    for address in open_to_me[:3]:
        answer = county.goto(address)
        assert answer is not None
        assert answer.status == 200
    province.get_by_role("link", name="查看记录").click()
    closed = next(address for address in hrefs(province) if address not in open_to_me)
    answer = province.goto(closed)
    assert answer is not None
    assert answer.status == 200
    answer = county.goto(closed)
    assert answer is not None
    assert answer.status == 404
    expect(county.locator("main")).to_contain_text("没有找到")
    assert province.locator("h1").inner_text() not in county.content()
