"""A new kind of selection, made by an officer in the browser alone: form, flow, marks, quotas; a case runs by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.desks import EXPERTS, do, press, send, step
from tests.journeys.pictures import picture
from tests.journeys.reading import hrefs
from tests.journeys.small_site import site

__all__ = ["site"]

TEXT = Path(__file__).with_name("own_selection.yaml").read_text(encoding="utf-8")
NAME, CALL, TITLE = "红色文化育人基地", "red-culture-base", "长征精神宣讲基地"
OFFICE, CITY = "620000-JY", "LZ-JY"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the business day."""
    return lambda day: monkeypatch.setenv("JINENG_TODAY", day)


def written(province: Page) -> None:
    """The procedure from nothing; what is wrong with it is told by line, and nothing typed is lost."""
    province.goto("/cases/procedures/")
    press(province, "新建规程")
    source = province.get_by_label("规程 Procedure")
    source.fill(TEXT.replace("to: panel", "to: panels"))
    send(province, "^保存草稿")
    expect(province.locator("form.form")).to_contain_text(re.compile(r"第 \d+ 行 flow\.stages\[1\]"))
    picture(province, "own-faults")
    assert "to: panels" in source.input_value()
    source.fill(TEXT)
    send(province, "^保存草稿")
    expect(province.locator("#flow svg")).to_be_visible()
    expect(province.locator("#review")).to_contain_text("宣讲资源")
    press(province, "发布")
    send(province, "^发布")
    picture(province, "own-procedure")


def announced(province: Page) -> str:
    """A call for it, its first batch, and the intake with a quota of one for the city; the intake's address."""
    province.goto("/calls/announce/")
    province.get_by_label("遴选名称").fill(NAME)
    province.get_by_label("遴选代码").fill(CALL)
    province.get_by_label("级别").select_option(label="省级")
    province.get_by_label("决定单位代码").fill(OFFICE)
    send(province, "保存")
    press(province, "增加批次")
    send(province, "保存")
    press(province, "受理申报")
    province.get_by_label("办理规程").select_option(label=f"{NAME}遴选 第1版")
    province.get_by_label("开始受理").fill("2021-11-01")
    province.get_by_label("截止受理").fill("2021-11-20")
    province.get_by_label("通知正文").fill("各市州推荐1个，须有固定场所和宣讲团队。")
    send(province, "保存")
    intake = province.url
    press(province, "分配名额")
    province.get_by_label("推荐单位代码").fill(CITY)
    province.get_by_label("名额 Quota").fill("1")
    province.get_by_label("名额依据").fill("每市州1个")
    send(province, "保存")
    expect(province.locator("#quotas tbody tr")).to_have_count(1)
    picture(province, "own-intake")
    return intake


def applied(school: Page, intake: str, title: str) -> str:
    """An application, handed in; the address of the case."""
    school.goto(intake)
    press(school, "申报")
    school.get_by_label("名称").fill(title)
    send(school, "^开始填报")
    school.get_by_label("基地场所").fill("校史馆二层")
    school.get_by_label("面积").fill("320")
    school.get_by_label("主题").select_option(label="长征")
    school.get_by_label("宣讲计划").fill("每周一讲，年内覆盖全体学生。")
    school.get_by_role("button", name=re.compile("^保存")).click()
    expect(school.locator("#lacking")).to_have_count(0)
    school.get_by_role("link", name=re.compile("^返回事项")).click()
    do(school, "提交")
    return school.url


def test_an_officer_makes_a_selection_and_runs_a_case_through_it(visit: Visit, on: Callable[[str], None]) -> None:
    on("2021-11-01")
    province, school, city = visit("province"), visit("school"), visit("city")
    written(province)
    intake = announced(province)
    case, second = applied(school, intake, TITLE), applied(school, intake, "另一个基地")

    city.goto(case)
    do(city, "排名次", 推荐名次="1")
    do(city, "推荐")
    city.goto(second)
    press(city, "排名次")
    city.get_by_label("推荐名次").fill("2")
    send(city, "^排名次")
    expect(city.locator("form.form")).to_contain_text("推荐名额已用完")
    picture(city, "own-quota")

    for account, code in (("reviewer", EXPERTS["reviewer"]), ("reviewer2", EXPERTS["reviewer2"])):
        province.goto("/cases/experts/enter/")
        province.get_by_label("账号").fill(f"demo-{account}")
        province.get_by_label("所在单位代码").fill(code)
        province.get_by_label("专长").fill("长征:6")
        send(province, "保存")
    province.goto(intake)
    press(province, "组建评审组")
    province.get_by_label("评审期限").fill("2021-11-25")
    send(province, "保存")
    panel = province.url
    press(province, "聘请专家")
    for box in province.locator("form.form").get_by_role("checkbox").all():
        box.check()
    send(province, "保存")
    step(province, "分配评审")
    for account, marks in (("reviewer", (50, 35)), ("reviewer2", (45, 30))):
        page = visit(account)
        page.goto("/cases/reviews/")
        (link,) = hrefs(page)
        page.goto(link)
        for label, value in zip(("宣讲资源", "育人成效"), marks, strict=True):
            page.get_by_label(label).fill(str(value))
        picture(page, f"own-{account}")
        page.get_by_role("button", name=re.compile("^提交")).click()
    province.goto(panel)
    step(province, "结束个人评审")
    step(province, "排名")
    expect(province.locator("#entries")).to_contain_text("80.00")
    province.goto(case)
    do(province, "列为基地")
    expect(province.locator("main")).to_contain_text("已列为基地")
    province.locator("dl.facts").get_by_role("link", name=TITLE).click()
    expect(province.locator("h1")).to_contain_text(TITLE)
    picture(province, "own-award")
