"""A selection from the call to the award, by five people at their desks; the figure then opens this very case."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.reading import shown

TITLE = "陇上匠心课程改革研究"
FIGURE = "/briefs/2021/figures/reform_projects/"


def do(page: Page, name: str, **fields: str) -> None:
    """Take a step from a case's page: open its form, fill it in, send it."""
    page.locator(".page-head").get_by_role("link", name=re.compile(f"^{name}")).click()
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.locator("form.form").get_by_role("button", name=name).click()
    expect(page.locator("#steps")).to_be_visible()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the business day."""
    return lambda day: monkeypatch.setenv("JINENG_TODAY", day)


def test_a_case_goes_from_call_to_figure(visit: Visit, on: Callable[[str], None]) -> None:
    on("2021-11-01")
    province, school, city = visit("province"), visit("school"), visit("city")
    signer, auditor = visit("signer", java_script_enabled=False), visit("auditor")
    province.goto(FIGURE)
    before = shown(province)

    province.goto("/calls/reform-project/")
    province.get_by_role("link", name=re.compile("^增加批次")).click()
    province.get_by_label("批次 Number").fill("99")
    province.get_by_label("年度").fill("2021")
    province.locator("form.form").get_by_role("button", name=re.compile("保存")).click()
    province.get_by_role("link", name=re.compile("^受理申报")).click()
    province.get_by_label("批次 Batch").fill("99")
    province.get_by_label("办理规程").select_option(label="省级项目遴选 第1版")
    province.get_by_label("开始受理").fill("2021-11-01")
    province.get_by_label("截止受理").fill("2021-11-30")
    province.locator("form.form").get_by_role("button", name=re.compile("保存")).click()
    expect(province.locator("main")).to_contain_text("受理中")
    intake = province.url

    school.goto(intake)
    school.get_by_role("link", name=re.compile("^申报")).click()
    school.get_by_label("名称").fill(TITLE)
    school.locator("form.form").get_by_role("button", name=re.compile("^开始填报")).click()
    boxes = [field.bounding_box() for field in school.locator(".form > .panel").first.locator("> .field").all()]
    ends = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert all(below[0] - above[1] >= 12 for above, below in pairwise(ends)), "fields of one part stand apart"
    for label in ("项目负责人", "项目简介", "工作基础与成效", "建设计划"):
        school.get_by_label(label).fill(f"{label}：示例内容")
    school.get_by_role("button", name=re.compile("^保存")).click()
    expect(school.locator("#lacking")).to_contain_text("是否申请经费")
    school.get_by_label("是否申请经费").select_option("no")
    school.get_by_role("button", name=re.compile("^保存")).click()
    expect(school.locator("#lacking")).to_have_count(0)
    school.get_by_role("link", name=re.compile("^返回事项")).click()
    case = school.url
    do(school, "提交")

    city.goto("/")
    city.get_by_role("link", name=TITLE).click()
    do(city, "退回修改", 意见或理由="请补充研究基础")
    school.goto(case)
    expect(school.locator("#steps")).to_contain_text("请补充研究基础")
    do(school, "提交")
    city.goto(case)
    do(city, "排名次", 推荐名次="1")
    do(city, "推荐")

    province.goto(case)
    do(province, "材料齐全")
    do(province, "评审通过")
    school.goto(case)
    expect(school.locator("main")).to_contain_text("评审中")
    expect(school.locator("main")).not_to_contain_text("审定")
    signer.goto(case)
    do(signer, "同意")

    city.goto(case)
    do(city, "登记异议", 提出人="某教师", 异议内容="成果由他校完成")
    province.goto(case)
    expect(province.locator("#objections")).to_contain_text("待答复")
    province.locator("#objections").get_by_role("link", name="答复").click()
    province.get_by_label("答复 Answer").fill("经核查，成果属实，异议不成立")
    province.locator("form.form").get_by_role("button", name=re.compile("^答复异议")).click()
    expect(province.locator("#objections")).to_contain_text("不成立")

    on("2021-11-15")
    province.goto(case)
    do(province, "公示期满，认定")
    expect(province.locator("main")).to_contain_text("已认定")

    province.goto(FIGURE)
    assert shown(province) == before + 1
    province.goto(case)
    province.locator("dl.facts").get_by_role("link", name=TITLE).click()
    expect(province.locator("h1")).to_contain_text(TITLE)
    province.locator("dl.facts").get_by_role("link", name="事项").click()
    expect(province).to_have_url(re.compile(re.escape(case)))

    auditor.goto(case)
    expect(auditor.locator("#steps")).to_contain_text("公示期满，认定")
    expect(auditor.locator(".page-head").get_by_role("link", name="登记异议")).to_have_count(0)
