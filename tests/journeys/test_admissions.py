"""A school's officer files a plan: refused beyond the cap with what would fit, filed within it; then completion."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.reference_year import ReferenceYear

COLLEGE = "4162012836"


def test_a_plan_beyond_the_cap_is_told_what_would_fit(db: None, reference_year: ReferenceYear, visit: Visit) -> None:
    page = visit("college")
    page.goto(f"/admissions/plans/file/?season=2022-classified&organisation={COLLEGE}")
    page.locator("[name=programme]").fill("460301")
    page.locator("[name=pool]").select_option("reserve")
    page.locator("[name=seats]").fill("90000")
    page.get_by_role("button", name="申报").click()
    expect(page.locator("main")).to_contain_text("还可申报")
    expect(page.locator("main")).to_contain_text("本机构受此限额约束的其他计划")
    page.locator("[name=seats]").fill("1")
    page.get_by_role("button", name="申报").click()
    expect(page.locator("main")).to_contain_text("待核准")
    page.goto("/admissions/completion/?year=2021")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    expect(page.locator("table.list tbody tr")).to_contain_text("100%")
