"""A province's admissions in the browser, from the plans to the brief: five rounds, exemption, upgrade, expansion.

Every round is opened, entered, run, published, answered and ended on pages, but the examination after the exempt round.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from jineng.admissions.models import Admission, Round
from jineng.kernel import clock
from jineng.kernel.actors import acting
from tests.admissions.small_rounds import Rounds
from tests.calls.small_world import resident
from tests.cases.small_call import PDF
from tests.journeys.admitting import (
    YEAR,
    add_rounds,
    answer,
    close,
    enter,
    file_plan_on_page,
    give_out,
    hold,
    numbers_of,
    officer,
    open_round,
    open_season,
    plan,
    prefer,
    propose_all,
    publish,
    register,
    run,
    scored,
)
from tests.journeys.conftest import Visit
from tests.journeys.desks import do, press, send
from tests.journeys.pictures import picture
from tests.journeys.reading import figure, hrefs
from tests.journeys.small_site import site

__all__ = ["site"]
MACHINES, CHEMISTRY, DRONES = "460301", "470204", "460609"
ENGINEERING = {"programme": "260101"}
SOFTWARE = {"programme": "080902", "name": "软件工程"}
SPARED = "某退役学生"
SINO_GERMAN = "sino-german-college"
ROUNDS = (
    (1, "综合评价", "comprehensive"),
    (2, "中职升学考试", "secondary_exam"),
    (3, "五年制转段", "five_year"),
    (4, "普通高考", "general"),
    (5, "单考单招及扩招", "separate"),
)
FIGURES = {
    "vocational_bachelor_enrolled": "1",
    "sino_german_enrolled": "1",
    "admission_rounds": "5",
    "admission_plan_completion": "100",
    "upgrade_exempt_categories": "1",
    "expansion_enrolled": "1",
}


def law(province: Page, season: Rounds, misspelt: str = "") -> None:
    """Declare the scheme that the form begins with; a slip in it is told with its path."""
    province.goto(f"/admissions/seasons/{season.season.pk}/")
    press(province, "招生办法")
    press(province, "公布招生办法")
    written = province.get_by_label("招生办法 Scheme")
    text = written.input_value()
    if misspelt:
        written.fill(text.replace(f"{misspelt}: 1", f"{misspelt}x: 1", 1))
        send(province, "公布")
        expect(province.locator("form.form")).to_contain_text(f"没有成绩项“{misspelt}x”")
        written.fill(text)
    send(province, "公布")
    expect(province.locator("main")).to_contain_text("第1版")
    picture(province, f"season-scheme-{season.season.kind}")


def rule(college: Page, season: Rounds) -> None:
    """The college files its own rule for comprehensive evaluation."""
    college.goto(f"/admissions/seasons/{season.season.pk}/")
    press(college, "招生办法")
    press(college, "备案计分规则")
    college.locator("[name=channel]").select_option("comprehensive")
    college.locator("[name=weight_aptitude]").fill("1.5")
    send(college, "备案")
    expect(college.locator("main")).to_contain_text("1.5 × 职业适应性")
    picture(college, "season-rule")


def first_round(visit: Visit, season: Rounds, held: Round, province: Page, college: Page, school: Page) -> Page:
    """Two apply for one place: who gets it confirms and has the letter; returns the page of who did not."""
    tickets = [register(season, school, number, "general_graduate") for number in (1, 2)]
    scored(season, {1: {"culture": 200, "aptitude": 150}, 2: {"culture": 210, "aptitude": 140}}, "school")
    open_round(province, season, held, offers=1)
    first, second = visit(), visit()
    for page, ticket in zip((first, second), tickets, strict=True):
        enter(page, ticket)
        prefer(page)
    picture(first, "own-preferences")
    with first.expect_download() as receipt:
        first.get_by_role("link", name=re.compile("下载封签回执")).click()
    assert receipt.value.suggested_filename == f"receipt-{tickets[0][0]}.json"
    run(province)
    college.goto("/admissions/files/")
    picture(college, "season-files")
    college.locator("table.list tbody a").first.click()
    college.get_by_role("button", name=re.compile("^阅档")).click()
    college.get_by_role("button", name=re.compile("^拟录取")).click()
    expect(college.locator("main")).to_contain_text("拟录取")
    province.reload()
    publish(province)

    other = visit()
    other.goto("/admissions/results/")
    other.locator("[name=number]").fill(tickets[1][0])
    other.locator("[name=code]").fill(tickets[1][1].lower())
    other.get_by_role("button", name=re.compile("^查询")).click()
    expect(other.locator("main")).to_contain_text("录取线 425 分，您 420 分，候补第 1 位")
    picture(other, "own-result")
    answer(first)
    picture(first, "own-home")
    with first.expect_download() as letter:
        first.get_by_role("link", name=re.compile("下载录取通知书")).click()
    assert letter.value.path().read_bytes().startswith(b"%PDF")
    close(province, held)
    return second


def classified(visit: Visit, province: Page, college: Page, school: Page) -> list[Round]:
    """Five rounds: what is given up in the second is taken in the fifth; who is left in the first enters the fourth."""
    season = open_season(province, f"{YEAR}-classified", "classified", f"{YEAR}年分类考试")
    press(province, "增加轮次")
    for name, value in {"ordinal": "1", "name": ROUNDS[0][1], "opens_on": f"{YEAR}-01-02"}.items():
        province.locator(f"[name={name}]").fill(value)
    province.locator("[name=channel]").select_option(ROUNDS[0][2])
    send(province, "保存")
    held = add_rounds(season, *ROUNDS[1:])
    with acting(season.province):
        held[1] = Round.objects.get(season=season.season, ordinal=1)
    law(province, season, misspelt="aptitude")
    rule(college, season)
    joint = {"programme": MACHINES, "joint_college": SINO_GERMAN, "_channel": "comprehensive"}
    file_plan_on_page(season, "joint", college, province, school="petrochemical", seats=1, **joint)
    plan(season, "secondary", "petrochemical", 1, programme=CHEMISTRY, channel="secondary_exam")
    plan(season, "transfer", "forestry", 1, programme=MACHINES, channel="five_year")
    plan(season, "bachelor", "petrochemical", 1, **ENGINEERING, channel="general")
    plan(season, "separate", "petrochemical", 1, programme=CHEMISTRY, channel="separate")

    left = first_round(visit, season, held[1], province, college, school)
    for who, category in ((3, "vocational_graduate"), (4, "five_year_student"), (5, "veteran")):
        season.enrol(who, "120", "90", category=category)
    pages = {2: left, **{who: visit() for who in (3, 4, 5)}}
    give_out(province, season, held[2], {3: pages[3]}, secondary=3)
    answer(pages[3], confirms=False)
    close(province, held[2])
    give_out(province, season, held[3], {4: pages[4]}, transfer=4)
    answer(pages[4])
    close(province, held[3])
    give_out(province, season, held[4], {2: pages[2]}, bachelor=2)
    answer(pages[2])
    close(province, held[4])
    open_round(province, season, held[5], offers=1)
    expect(province.locator("#offers tbody tr td.num")).to_have_text("2")
    for who in (3, 5):
        enter(pages[who], season.codes[who])
        prefer(pages[who])
    run(province)
    propose_all(province)
    publish(province)
    for who in (3, 5):
        answer(pages[who])
    close(province, held[5])
    return list(held.values())


def exempted(province: Page, college: Page) -> None:
    """The college hands in the evidence of an applicant; the province grants the exemption."""
    province.goto("/cases/procedures/")
    province.get_by_role("link", name=re.compile("^免试资格审定")).first.click()
    press(province, "受理")
    today = clock.today()
    for label, day in (("开始受理", today), ("截止受理", today + timedelta(days=20))):
        province.get_by_label(label).fill(day.isoformat())
    province.get_by_label("名称").fill(f"{YEAR}年专升本免试资格审定")
    send(province, "保存")
    expect(province.locator("main")).to_contain_text("受理中")
    college.goto(province.url)
    press(college, "申报")
    college.get_by_label("名称").fill(f"{SPARED} 退役士兵免试")
    send(college, "^开始填报")
    given = {"applicant": f"{SPARED} {resident(6)}", "season": f"{YEAR}-upgrade", "category": "veteran"}
    for name, value in given.items():
        college.locator(f"[name={name}]").fill(value)
    college.locator("[name=evidence]").set_input_files(
        {"name": "退役证.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    college.get_by_role("button", name=re.compile("^保存")).click()
    expect(college.locator("#lacking")).to_have_count(0)
    picture(college, "exemption-form")
    college.get_by_role("link", name=re.compile("^返回事项")).click()
    do(college, "提交")
    province.goto(college.url)
    do(province, "认定免试资格")
    expect(province.locator("main")).to_contain_text("已认定")
    picture(province, "exemption")
    province.locator("dl.facts").get_by_role("link", name="退役士兵").click()
    expect(province.locator("dl.facts")).to_contain_text("退役士兵")
    picture(province, "exempt-applicant")


def upgraded(visit: Visit, province: Page, college: Page) -> None:
    """Exempt places first, for who was exempted by a case; then the examination."""
    season = open_season(province, f"{YEAR}-upgrade", "upgrade", f"{YEAR}年专升本")
    press(province, "免试类别")
    for name, value in {"code": "veteran", "name": "退役士兵", "evidence": "退役证"}.items():
        province.locator(f"[name={name}]").fill(value)
    send(province, "保存")
    expect(province.locator("#exempt")).to_contain_text("退役士兵")
    held = add_rounds(season, (1, "免试", "direct"), (2, "统一考试", "direct"))
    law(province, season)
    file_plan_on_page(season, "exempt", province, province, school="university", seats=1, _pool="exempt", **SOFTWARE)
    plan(season, "ordinary", "university", 1, **SOFTWARE)
    ticket = register(season, college, 6, "college_graduate", SPARED)
    exempted(province, college)

    open_round(province, season, held[1], offers=1)
    expect(province.locator("#offers")).to_contain_text("免试")
    spared = visit()
    enter(spared, ticket)
    prefer(spared)
    run(province)
    propose_all(province)
    publish(province)
    answer(spared)
    close(province, held[1])
    season.enrol(7, "0", where="petrochemical", category="college_graduate")
    hold(season, held[2], (7, "ordinary"))


def expanded(visit: Visit, province: Page) -> None:
    """A season of expansion: no examination of culture, the school's test of aptitude decides."""
    season = open_season(province, f"{YEAR}-expansion", "expansion", f"{YEAR}年高职扩招")
    held = add_rounds(season, (1, "扩招", "direct"))
    law(province, season)
    plan(season, "drones", "petrochemical", 1, programme=DRONES)
    season.enrol(8, "0", category="veteran")
    scored(season, {8: {"aptitude": 180}}, "school")
    page = visit()
    give_out(province, season, held[1], {8: page}, drones=8)
    answer(page)
    close(province, held[1])


def told(page: Page) -> dict[str, str]:
    """The six figures as their pages tell them now."""
    found = {}
    for key in FIGURES:
        page.goto(f"/briefs/{YEAR}/figures/{key}/")
        found[key] = page.locator(".big").first.inner_text().split()[0]
    return found


def records(page: Page, key: str) -> set[str]:
    """What a figure's page opens."""
    page.goto(f"/briefs/{YEAR}/figures/{key}/records/")
    return set(hrefs(page))


def seats(**held: object) -> set[str]:
    """The addresses of confirmed admissions."""
    with acting(officer("province")):
        found = Admission.objects.filter(confirmed_on__isnull=False, ended_on__isnull=True, **held)
        return {f"/admissions/outcomes/{pk}/" for pk in found.values_list("pk", flat=True)}


def test_a_year_of_admissions_from_the_plans_to_the_brief(visit: Visit) -> None:
    province, college, school = visit("province"), visit("college"), visit("school")
    before = told(province)
    assert set(before.values()) <= {"0", "—"}

    held = classified(visit, province, college, school)
    upgraded(visit, province, college)
    expanded(visit, province)

    assert told(province) == FIGURES
    assert records(province, "vocational_bachelor_enrolled") == seats(plan__level="bachelor")
    assert records(province, "sino_german_enrolled") == seats(plan__joint_college=SINO_GERMAN)
    assert records(province, "admission_rounds") == numbers_of(held)
    assert records(province, "expansion_enrolled") == seats(plan__season__kind="expansion")
    vocational = seats(plan__level__in=("higher", "bachelor"))
    assert len(vocational) == 6
    assert records(province, "admission_plan_completion") > vocational
    assert records(province, "upgrade_exempt_categories") == seats(plan__pool="exempt")
    province.locator("main table.list tbody th a").first.click()
    expect(province.locator("dl.facts").first).to_contain_text("退役士兵")
    picture(province, "exempt-admission")

    province.goto(f"/briefs/{YEAR}/")
    picture(province, "season-brief")
    for key in ("vocational_bachelor_enrolled", "admission_rounds", "upgrade_exempt_categories", "expansion_enrolled"):
        expect(figure(province, key)).to_be_visible()
    figure(province, "admission_rounds").click()
    expect(province.locator("#panel .big")).to_contain_text("5")
