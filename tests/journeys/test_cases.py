"""A selection from the call to the award, by eight people at their desks; the figure then opens this very case."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.desks import EXPERTS, do, press, send, step
from tests.journeys.pictures import picture
from tests.journeys.reading import hrefs, shown
from tests.journeys.small_site import site

__all__ = ["site"]
TITLE, OTHER = "陇上匠心课程改革研究", "智能制造专业群改革"
FIGURE = "/briefs/2021/figures/reform_projects/"
TEMPLATE = "省级项目遴选（专家组评审）"
OWN = "课程改革项目遴选"


def apply(page: Page, intake: str, title: str) -> str:
    """Begin an application and fill it in; the address of the case."""
    page.goto(intake)
    press(page, "申报")
    page.get_by_label("名称").fill(title)
    send(page, "^开始填报")
    boxes = [field.bounding_box() for field in page.locator(".form > .panel").first.locator("> .field").all()]
    ends = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert all(below[0] - above[1] >= 12 for above, below in pairwise(ends)), "fields of one part stand apart"
    for label in ("项目负责人", "项目简介", "工作基础与成效", "建设计划"):
        page.get_by_label(label).fill(f"{label}：{title}，示例内容")
    page.get_by_label("所属领域").select_option("teaching")
    page.get_by_role("button", name=re.compile("^保存")).click()
    expect(page.locator("#lacking")).to_contain_text("是否申请经费")
    picture(page, f"fill-{title}")
    page.get_by_label("是否申请经费").select_option("no")
    page.get_by_role("button", name=re.compile("^保存")).click()
    expect(page.locator("#lacking")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^返回事项")).click()
    return page.url


def mark(page: Page) -> None:
    """Review everything that waits: what is about the one title gets more."""
    page.goto("/cases/reviews/")
    for link in hrefs(page):
        page.goto(link)
        is_better = TITLE in page.locator("main").inner_text()
        for label, best in (("工作基础", 30), ("建设计划", 50), ("推广价值", 20)):
            page.get_by_label(label).fill(str(best - (3 if is_better else 9)))
        page.get_by_label("评审意见").fill("目标明确，措施可行")
        picture(page, "review")
        page.get_by_role("button", name=re.compile("^提交")).click()
        expect(page.locator("main")).to_contain_text("已提交")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the business day."""
    return lambda day: monkeypatch.setenv("JINENG_TODAY", day)


def from_template(province: Page) -> None:
    """Copy the procedure that comes with the program, and change what is different here."""
    province.goto("/cases/procedures/")
    province.get_by_role("link", name=re.compile(f"^{TEMPLATE}")).first.click()
    picture(province, "template")
    press(province, "复制为新规程")
    source = province.get_by_label("规程 Procedure")
    text = source.input_value()
    assert "share: 1/2" in text
    source.fill(text.replace(f"name: {TEMPLATE}", f"name: {OWN}").replace("share: 1/2", "number: 1"))
    send(province, "^保存草稿")
    press(province, "发布")
    send(province, "^发布")
    expect(province.locator("main")).to_contain_text("已发布")
    picture(province, "procedure")


def test_a_case_goes_from_call_to_figure(visit: Visit, on: Callable[[str], None]) -> None:
    on("2021-11-01")
    province, school, college, city = visit("province"), visit("school"), visit("college"), visit("city")
    signer, auditor = visit("signer", java_script_enabled=False), visit("auditor")
    province.goto(FIGURE)
    before = shown(province)

    from_template(province)
    province.goto("/calls/reform-project/")
    press(province, "增加批次")
    province.get_by_label("批次 Number").fill("99")
    province.get_by_label("年度").fill("2021")
    send(province, "保存")
    press(province, "受理申报")
    province.get_by_label("批次 Batch").fill("99")
    province.get_by_label("办理规程").select_option(label=f"{OWN} 第1版")
    province.get_by_label("开始受理").fill("2021-11-01")
    province.get_by_label("截止受理").fill("2021-11-30")
    send(province, "保存")
    expect(province.locator("main")).to_contain_text("受理中")
    intake = province.url
    picture(province, "intake")

    case, rival = apply(school, intake, TITLE), apply(college, intake, OTHER)
    do(school, "提交")
    do(college, "提交")
    picture(school, "handed-in")

    city.goto("/")
    picture(city, "city-home")
    city.get_by_role("link", name=TITLE).click()
    do(city, "退回修改", 意见或理由="请补充研究基础")
    school.goto(case)
    expect(school.locator("#steps")).to_contain_text("请补充研究基础")
    picture(school, "sent-back")
    do(school, "提交")
    city.goto(case)
    do(city, "排名次", 推荐名次="1")
    do(city, "推荐")
    # A provincial college has no city: the next authority above recommends it.
    province.goto(rival)
    do(province, "排名次", 推荐名次="1")
    do(province, "推荐")
    do(province, "材料齐全")
    province.goto(case)
    do(province, "材料齐全")

    review(visit, province, intake, school, rival)

    province.goto(rival)
    do(province, "评审未通过", 意见或理由="本批名额有限")
    province.goto(case)
    do(province, "评审通过")
    signer.goto(case)
    do(signer, "同意")
    picture(province, "signed")

    city.goto(case)
    do(city, "登记异议", 提出人="某教师", 异议内容="成果由他校完成")
    province.goto(case)
    expect(province.locator("#objections")).to_contain_text("待答复")
    province.locator("#objections").get_by_role("link", name="答复").click()
    province.get_by_label("答复 Answer").fill("经核查，成果属实，异议不成立")
    send(province, "^答复异议")
    expect(province.locator("#objections")).to_contain_text("不成立")
    picture(province, "objection")

    on("2021-11-15")
    province.goto(case)
    do(province, "公示期满，认定")
    expect(province.locator("main")).to_contain_text("已认定")

    province.goto(FIGURE)
    assert shown(province) == before + 1
    picture(province, "figure")
    province.goto(case)
    province.locator("dl.facts").get_by_role("link", name=TITLE).click()
    expect(province.locator("h1")).to_contain_text(TITLE)
    province.locator("dl.facts").get_by_role("link", name="事项").click()
    expect(province).to_have_url(re.compile(re.escape(case)))
    picture(province, "awarded")

    auditor.goto(case)
    expect(auditor.locator("#steps")).to_contain_text("公示期满，认定")
    expect(auditor.locator(".page-head").get_by_role("link", name="登记异议")).to_have_count(0)


def review(visit: Visit, province: Page, intake: str, school: Page, rival: str) -> None:
    """The panel: one of three experts works where one of two applications comes from, and is not shown it."""
    for account, code in EXPERTS.items():
        province.goto("/cases/experts/enter/")
        province.get_by_label("账号").fill(f"demo-{account}")
        province.get_by_label("所在单位代码").fill(code)
        province.get_by_label("专长").fill("教育教学改革:8")
        send(province, "保存")
    picture(province, "experts")
    province.goto(intake)
    press(province, "组建评审组")
    province.get_by_label("评审期限").fill("2021-11-10")
    send(province, "保存")
    panel = province.url
    press(province, "聘请专家")
    for box in province.locator("form.form").get_by_role("checkbox").all():
        box.check()
    picture(province, "seating")
    send(province, "保存")
    step(province, "分配评审")
    expect(province.locator("main")).to_contain_text("已证明最优")
    picture(province, "assigned")

    reviewers = {account: visit(account) for account in EXPERTS}
    barred = reviewers["expert"]
    barred.goto("/")
    picture(barred, "reviewer-home")
    barred.goto("/cases/reviews/")
    (only,) = hrefs(barred)
    barred.goto(only)
    expect(barred.locator("main")).to_contain_text(TITLE)
    answer = barred.goto(rival)
    assert answer is not None
    assert answer.status == 403, "a reviewer reads what is given to them, and no cases"
    for page in reviewers.values():
        mark(page)

    province.goto(panel)
    step(province, "结束个人评审")
    step(province, "排名")
    step(province, "公布")
    picture(province, "ranked")
    province.locator("dl.facts").get_by_role("link", name=re.compile("^[0-9a-f]{64}$")).click()
    expect(province.locator("#rows tbody tr")).to_have_count(2)
    province.get_by_role("button", name=re.compile("^重算")).click()
    expect(province.locator("main")).to_contain_text("重算结果一致")
    picture(province, "decision")
    school.goto(province.url)
    expect(school.locator("#rows tbody tr")).to_have_count(1)
    expect(school.locator("#rows")).to_contain_text(TITLE)
    picture(school, "published")
