"""Selections of five kinds from end to end: applied for, recommended, checked, reviewed, decided, told, awarded.

Each runs by a procedure that comes with the program; the figure counts exactly what was awarded, and every award
opens the case that granted it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.calls import series as s
from jineng.calls.models import AwardHolder, AwardStatus
from jineng.calls.verbs import take_applications
from jineng.cases.verbs import SomeRefused, act_on_case, answer_objection, raise_objection, recommend_case, save_answers
from jineng.engines.measures import Period, value
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, sources
from tests.calls.selections import BEGUN, CLOSES, OPENS, Selection, counted, officer, selection
from tests.calls.small_world import batch, call, resident
from tests.cases.shipped import published
from tests.factories import World

COMMITTING = pytest.mark.django_db(transaction=True)
"""Each deed commits, as it would; thousands within one transaction are slow for reasons that no office ever meets."""


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    """Everything is handed in on one day of September 2021."""
    with clock_at(BEGUN):
        yield


def opens_its_case(world: World, found: Selection, title: str) -> None:
    """The award's page opens the case, and the case's page the award."""
    client = Client()
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    pages = [reverse("award", args=[found.awards()[title].pk]), reverse("case", args=[found.cases[title]])]
    for one, other in (pages, pages[::-1]):
        assert other in client.get(one).content.decode()


def test_pilot_enterprises_are_nurtured_before_they_are_recognised(world: World) -> None:
    found, city = selection(world, s.INTEGRATION_ENTERPRISE, "pilot-enterprise"), world.actor("city_officer")
    firm = {
        "credit_code": "91110000600037341L", "founded": "2010-01-01", "employees": "800", "contact": "13800000000",
        "years": "5", "invested": "1200", "trainees": "60", "plan": "三年规划",
    }  # fmt: skip
    for title in ("甲企业", "乙企业", "丙企业"):
        found.apply("firm", title, firm)
    found.do(officer(world, "firm"), "submit")
    found.rank(city, list(found.cases))
    found.do(city, "recommend")
    for action in ("pass", "approve"):
        found.do(found.office, action)
    assert found.notice_runs_out() == 3
    assert {found.stage(title) for title in found.cases} == {"pool"}
    assert counted("integration_pilot_enterprises")[0] == 0, "what is nurtured is not recognised yet"
    with clock_at(date(2022, 3, 1)):
        for key in found.cases.values():
            save_answers(actor=officer(world, "firm"), case_id=key, raw={"done": "已完成", "spent": "300"})
        with pytest.raises(SomeRefused, match="3"):
            found.do(officer(world, "firm"), "report")
    with clock_at(date(2022, 10, 8)):
        found.do(officer(world, "firm"), "report", ["甲企业", "乙企业"])
        found.do(officer(world, "firm"), "quit", ["丙企业"], "转产")
        found.do(found.office, "certify", ["甲企业"])
        found.do(found.office, "improve", ["乙企业"], "投入不足")
    awards = found.awards()
    assert {title: found.stage(title) for title in awards} == {
        "甲企业": "recognised",
        "乙企业": "pool",
        "丙企业": "revoked",
    }
    assert counted("integration_pilot_enterprises", 2022) == (1, {awards["甲企业"].pk})
    assert counted("integration_pilot_enterprises", 2021)[0] == 0
    opens_its_case(world, found, "甲企业")


def test_double_high_colleges_are_ranked_within_quotas_and_built(world: World) -> None:
    found, province = selection(world, s.DOUBLE_HIGH, "double-high"), world.actor("province_officer")
    college = {"field": "industry", "groups": [{"group": "石油化工", "majors": "4"}], "students": "9000",
               "foundation": "国家骨干校", "aims": "建成省内一流"}  # fmt: skip
    for where, title in (("petrochemical", "石化学院"), ("forestry", "林业学院"), ("university", "示例大学")):
        found.apply(where, title, college)
        found.do(officer(world, where), "submit", [title])
    found.allot(province=2)
    found.rank(province, ["林业学院", "石化学院"])
    with pytest.raises(ValidationError, match="名额已用完"):
        recommend_case(actor=province, case_id=found.cases["示例大学"], rank=3)
    with pytest.raises(ValidationError, match="已用于另一项"):
        recommend_case(actor=province, case_id=found.cases["示例大学"], rank=1)
    with pytest.raises(SomeRefused):
        found.do(province, "recommend")
    found.do(province, "decline", ["示例大学"], "超出名额")
    two = ["林业学院", "石化学院"]
    found.do(province, "recommend", two)
    found.do(province, "pass", two)
    marks = {"石化学院": {"foundation": "38", "groups": "36", "aims": "18"},
             "林业学院": {"foundation": "30", "groups": "30", "aims": "15"}}  # fmt: skip
    assert found.review(marks, number=1) == {"石化学院": "selected", "林业学院": "not_selected"}
    found.do(province, "drop", ["林业学院"], "未入选")
    found.do(province, "propose", ["石化学院"])
    found.do(province, "approve", ["石化学院"])
    assert found.notice_runs_out() == 1
    assert counted("double_high_provincial") == (1, {found.awards()["石化学院"].pk})
    opens_its_case(world, found, "石化学院")
    own = officer(world, "petrochemical")
    key = found.cases["石化学院"]
    with clock_at(date(2021, 10, 20)):
        save_answers(actor=own, case_id=key, raw={"tasks": [{"task": "专业群", "due": "2023"}], "funds": "5000"})
        act_on_case(actor=own, case_id=key, action="agree")
        save_answers(actor=own, case_id=key, raw={"done": "过半", "spent": "2600"})
        with pytest.raises(ValidationError, match="未满两年"):
            act_on_case(actor=own, case_id=key, action="report")
    with clock_at(date(2023, 10, 30)):
        act_on_case(actor=own, case_id=key, action="report")
        act_on_case(actor=province, case_id=key, action="pass")
        save_answers(actor=own, case_id=key, raw={"done": "完成", "spent": "5000", "result": "全部完成"})
        act_on_case(actor=own, case_id=key, action="finish")
        act_on_case(actor=province, case_id=key, action="accept")
    assert found.stage("石化学院") == "accepted"
    assert counted("double_high_provincial", 2023)[0] == 1


def test_studios_are_recommended_within_each_citys_quota(world: World) -> None:
    found = selection(world, s.FORM_TEACHER_STUDIO, "teacher-studio")
    cities = {"city_officer": ["甲工作室", "乙工作室", "丙工作室"], "other_city_officer": ["丁工作室"]}
    schools = {
        "甲工作室": "county_school",
        "乙工作室": "city_school",
        "丙工作室": "city_school",
        "丁工作室": "other_school",
    }
    studio = {"field": "moral", "members": "5", "achieved": "省级骨干", "plan": "三年计划"}
    for number, (title, where) in enumerate(schools.items(), 1):
        found.apply(where, title, {**studio, "leader": f"班主任{'甲乙丙丁'[number - 1]} {resident(number)}"})
        found.do(officer(world, where), "submit", [title])
    found.allot(lanzhou=2, tianshui=1)
    for who, titles in cities.items():
        found.rank(world.actor(who), titles[:2])
    with pytest.raises(ValidationError, match="名额已用完"):
        recommend_case(actor=world.actor("city_officer"), case_id=found.cases["丙工作室"], rank=3)
    found.do(world.actor("city_officer"), "recommend", ["甲工作室", "乙工作室"])
    found.do(world.actor("city_officer"), "decline", ["丙工作室"], "名额所限")
    found.do(world.actor("other_city_officer"), "recommend", ["丁工作室"])
    three = ["甲工作室", "乙工作室", "丁工作室"]
    found.do(found.office, "pass", three)
    marks = {title: {"achieved": str(45 - 5 * at), "plan": "40"} for at, title in enumerate(three)}
    assert list(found.review(marks, number=2).values()).count("selected") == 2
    found.do(found.office, "propose", three[:2])
    found.do(found.office, "drop", three[2:], "未入选")
    found.do(found.office, "approve", three[:2])
    objection = raise_objection(
        actor=found.office, case_id=found.cases["乙工作室"], raised_by="某教师", text="业绩不实"
    )
    assert found.notice_runs_out() == 1, "an objection holds the notice up"
    with clock_at(date(2021, 9, 30)):
        answer_objection(actor=found.office, objection_id=objection.pk, answer="属实", is_upheld=True)
        found.do(found.office, "uphold", ["乙工作室"], "业绩不实")
    awards = found.awards()
    assert counted("form_teacher_studios") == (1, {awards["甲工作室"].pk})
    with acting(found.office):
        holders = AwardHolder.objects.filter(award=awards["甲工作室"]).order_by("kind")
        assert [(each.kind, each.role) for each in holders] == [("organisation", "holder"), ("person", "leader")]
        assert list(AwardStatus.objects.filter(award=awards["甲工作室"]).values_list("since", flat=True)) == [
            date(2021, 9, 29)
        ]
    opens_its_case(world, found, "甲工作室")


def test_persons_calls_need_a_form_that_names_the_person(world: World) -> None:
    office = world.actor("province_officer")
    of = batch(world, call(world, "persons", holder_form="person"))
    with pytest.raises(ValidationError, match="leader"):
        take_applications(
            actor=office,
            batch_id=of.pk,
            procedure_id=published(world, "micro-course").pk,
            opens_on=OPENS,
            closes_on=CLOSES,
        )


@pytest.mark.parametrize("number", [6, pytest.param(2555, marks=(pytest.mark.deep, COMMITTING))])
def test_micro_courses_are_moved_in_bulk(world: World, number: int) -> None:
    """The year's volume, a sample of it in the ordinary run; what the cut leaves over is refused."""
    found, schools = selection(world, s.MICRO_COURSE, "micro-course"), ("county_school", "city_school", "other_school")
    cities = {"county_school": "city_officer", "city_school": "city_officer", "other_school": "other_city_officer"}
    own: dict[str, dict[str, dict[str, str]]] = {where: {} for where in schools}
    for at in range(number + max(1, number // 12)):
        own[schools[at % 3]][f"微课{at:04d}"] = {
            "subject": ("common", "major")[at % 2], "teachers": "示例教师", "minutes": "8.5",
            "address": "https://example.org/v", "design": "导入、讲授、练习",
        }  # fmt: skip
    for where, drafts in own.items():
        found.apply_all(where, drafts)
        found.do(officer(world, where), "submit", drafts)
    for who in set(cities.values()):
        mine = [title for where, titles in own.items() if cities[where] == who for title in titles]
        found.allot(**{"lanzhou" if who == "city_officer" else "tianshui": len(mine)})
        found.rank(world.actor(who), mine)
        found.do(world.actor(who), "recommend", mine)
    found.do(found.office, "pass")
    # No two have the same marks: those between whom the cut falls would wait for the meeting.
    marks = {
        title: {"design": str(16 + at % 25), "teaching": str(at // 25 % 40), "craft": str(at // 1000)}
        for at, title in enumerate(found.cases)
    }
    results = found.review(marks, number=number)
    chosen = [title for title, status in results.items() if status == "selected"]
    left = sorted(set(found.cases) - set(chosen))
    assert len(chosen) == number
    found.do(found.office, "propose", chosen)
    found.do(found.office, "drop", left, "未入选")
    found.do(found.office, "approve", chosen)
    assert found.notice_runs_out() == number
    awards = found.awards()
    assert set(awards) == set(chosen)
    assert counted("micro_courses") == (number, {award.pk for award in awards.values()})
    opens_its_case(world, found, chosen[0])


def test_a_series_counts_only_its_own_awards(world: World) -> None:
    """What one kind awards moves no other figure."""
    found = selection(world, s.REFORM_PROJECT, "micro-course")
    course = {
        "subject": "major",
        "teachers": "示例教师",
        "minutes": "5",
        "address": "https://example.org/v",
        "design": "讲",
    }
    found.apply("other_school", "某课", course)
    found.do(officer(world, "other_school"), "submit")
    found.rank(world.actor("other_city_officer"), ["某课"])
    found.do(world.actor("other_city_officer"), "recommend")
    found.do(found.office, "pass")
    found.review({"某课": {"design": "30", "teaching": "30", "craft": "15"}}, number=1)
    for action in ("propose", "approve"):
        found.do(found.office, action)
    found.notice_runs_out()
    told = [
        value(live_engine, indicators, sources, key, Period.year(2021)).value
        for key in ("reform_projects", "micro_courses")
    ]
    assert told == [1, 0]
