"""Returns are cases: who owes them is told and urged; they are checked level by level, signed, locked, corrected."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from jineng.cases import rounds
from jineng.cases.facts import results_of
from jineng.cases.models import Case, Intake, Procedure
from jineng.cases.procedures import parse
from jineng.cases.queries import waiting_for
from jineng.cases.rounds import compared
from jineng.cases.seeding import seed_procedures
from jineng.cases.verbs import (
    act_on_case,
    begin_case,
    draft_procedure,
    open_round,
    publish_procedure,
    save_answers,
    urge_round,
)
from jineng.engines.casework.comparing import Compared, Comparison
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.models import Notice, Receipt
from jineng.kernel.notices.inbox import tray
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
from jineng.registry.models import Division
from jineng.registry.verbs import enter_organisation
from tests.calls.small_world import report
from tests.factories import LONG_AGO, World

FILE = Path(rounds.__file__).with_name("data") / "procedures" / "annual-return.yaml"
BEGUN, DUE = date(2022, 1, 5), date(2022, 1, 31)
STATEMENT = {"responsible": "王示例", "phone": "13800000000"}
PRESS = {"outlet": "某报", "published_on": date(2021, 5, 1), "org_code": "3662010002", "level": "county"}


@pytest.fixture
def intake(world: World) -> Any:
    office = world.actor("province_officer")
    seed_procedures(office, [FILE])
    with clock_at(BEGUN):
        yield opened(world, "2021年度填报")


def opened(world: World, name: str, *, day: date = DUE) -> Intake:
    office = world.actor("province_officer")
    with acting(office):
        made = Procedure.objects.get(code="annual-return")
    kinds = [OrganisationKind.SECONDARY_VOCATIONAL]
    return open_round(actor=office, name=name, procedure_id=made.pk, closes_on=day, kinds=kinds)


def own(world: World, intake: Intake, who: str = "county_school") -> Case:
    with acting(world.actor("province_officer")):
        return Case.objects.select_related("intake", "procedure").get(intake=intake, applicant=world[who].pk)


def do(world: World, case: Case, *steps: tuple[str, str]) -> None:
    for who, action in steps:
        act_on_case(actor=world.actor(who), case_id=case.pk, action=action, reason="因故")


def test_everybody_who_owes_a_return_has_a_case_and_is_told(world: World, intake: Any) -> None:
    school = world.actor("school_officer")
    with acting(school):
        (case,) = waiting_for(school)
        assert (case.intake_id, case.due_on, case.applicant_id) == (intake.pk, DUE, world["county_school"].pk)
        assert [each.kind for each in tray(school)] == ["cases.owed"]
    with acting(world.actor("province_officer")):
        owing = set(Case.objects.filter(intake=intake).values_list("applicant", flat=True))
    assert owing == {world[name].pk for name in ("county_school", "city_school", "other_school")}
    with pytest.raises(ValidationError, match="没有这个受理批次"):
        begin_case(actor=school, intake_id=intake.pk, title="另一件")
    assert urge_round(actor=world.actor("city_officer"), intake_id=intake.pk) == 2
    assert urge_round(actor=world.actor("other_city_officer"), intake_id=intake.pk) == 1
    assert urge_round(actor=school, intake_id=intake.pk) == 0
    with acting(world.actor("province_officer")):
        assert Notice.objects.filter(kind="cases.urged").count() == 3


def test_a_return_goes_up_is_queried_signed_locked_and_corrected(world: World, intake: Any) -> None:
    school, case = world.actor("school_officer"), own(world, intake)
    save_answers(actor=school, case_id=case.pk, raw=STATEMENT)
    with pytest.raises(ValidationError, match="尚无已入库"):
        act_on_case(actor=school, case_id=case.pk, action="submit")
    assert report(school, press_items=[{**PRESS, "title": "一"}]).state == "landed"
    do(world, case, ("school_officer", "submit"), ("county_officer", "query"), ("school_officer", "submit"))
    do(world, case, ("county_officer", "pass"), ("city_officer", "pass"), ("province_officer", "query"))
    with pytest.raises(NotAllowed):
        act_on_case(actor=world.actor("other_county_officer"), case_id=case.pk, action="pass")
    do(world, case, ("school_officer", "submit"), ("county_officer", "pass"), ("city_officer", "pass"))
    do(world, case, ("province_officer", "sign"))
    refused = report(school, press_items=[{**PRESS, "title": "二"}])
    assert (refused.state, refused.errors[0]["code"]) == ("refused", "locked")
    assert case.number in refused.errors[0]["remedy"]
    with acting(school):
        waiting = Receipt.objects.create(
            file_name="x", digest="0", size=1, organisation_id=school.organisation_id, actor_label=""
        )
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            Receipt.objects.filter(pk=waiting.pk).update(state="landed")
    do(world, case, ("school_officer", "ask"), ("province_officer", "allow"))
    save_answers(actor=school, case_id=case.pk, raw={"amended": "漏报一条"})
    with pytest.raises(ValidationError, match="准许更正后尚无"):
        act_on_case(actor=school, case_id=case.pk, action="corrected")
    with clock_at(date(2022, 1, 7)):
        assert report(school, press_items=[{**PRESS, "title": "二"}]).state == "landed"
        do(world, case, ("school_officer", "corrected"), ("province_officer", "sign"))
    with acting(school):
        case.refresh_from_db()
        assert case.is_locked
        assert [each.title[:10] for each in results_of(case)] == ["2022-01-07", "2022-01-05"]
    with clock_at(date(2023, 1, 5)):
        opened(world, "2022年度填报", day=date(2023, 1, 31))
        assert report(school, press_items=[{**PRESS, "title": "三"}]).state == "landed", "a new round is open"


def landed(world: World, organisation_id: Any, day: date, rows: int) -> None:
    """A file of so many rows of press items that landed on a day."""
    with acting(world.actor("province_officer")):
        Receipt.objects.create(
            file_name="填报.xlsx", digest="0", size=1, state="landed", organisation_id=organisation_id, actor_label="",
            submitted_at=datetime(day.year, day.month, day.day, 12, tzinfo=CHINA),
            counts={"press_items": {"added": rows, "corrected": 0, "unchanged": 0, "confirmed": 0}},
        )  # fmt: skip


def test_what_stands_out_is_to_be_explained(world: World, intake: Any) -> None:
    school, before = world.actor("school_officer"), own(world, intake)
    landed(world, before.applicant_id, BEGUN, 20)
    with clock_at(date(2023, 1, 5)):
        others = [_another_school(world, at) for at in range(3)]
        case = own(world, opened(world, "2022年度填报", day=date(2023, 1, 31)))
        landed(world, case.applicant_id, date(2023, 1, 6), 4)
        for organisation in others[:2]:
            landed(world, organisation, date(2023, 1, 6), 40)
        with acting(school):
            assert compared(case) == [Compared("press_items", 4, 20, None)], "of two others nothing is told"
        landed(world, others[2], date(2023, 1, 6), 30)
        with acting(school):
            assert compared(case) == [Compared("press_items", 4, 20, Fraction(40))]
        with acting(world.actor("other_city_officer")):
            assert compared(case) == [], "nor to whoever has no part in it"
        save_answers(actor=school, case_id=case.pk, raw=STATEMENT)
        with pytest.raises(ValidationError, match="异常数据说明"):
            act_on_case(actor=school, case_id=case.pk, action="submit")
        client = Client()
        client.force_login(world.accounts["school_officer"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("case", args=[case.pk])).content.decode()
        assert "请说明：与上年相差较大、与同类单位相差较大" in page
        assert "-80%" in page
        save_answers(actor=school, case_id=case.pk, raw={"explained": "上年含转载"})
        act_on_case(actor=school, case_id=case.pk, action="submit")


def test_each_return_is_compared_by_its_own_version(world: World, intake: Any) -> None:
    office, case = world.actor("province_officer"), own(world, intake)
    landed(world, case.applicant_id, BEGUN, 20)
    text = FILE.read_text(encoding="utf-8")
    newer = text.replace("{least: 5, change: 0.3, times: 3}", "{least: 1, change: 0.05, times: 2}")
    made = publish_procedure(actor=office, procedure_id=draft_procedure(actor=office, text=newer).pk)
    rounds_opened = []
    for year, procedure_id, rows in ((2023, case.procedure_id, 22), (2024, made.pk, 24)):
        with clock_at(date(year, 1, 5)):
            later = open_round(
                actor=office,
                name=f"{year}年报",
                procedure_id=procedure_id,
                closes_on=date(year, 1, 31),
                kinds=[OrganisationKind.SECONDARY_VOCATIONAL],
            )
            landed(world, case.applicant_id, date(year, 1, 6), rows)
            rounds_opened.append(own(world, later))
    with clock_at(date(2024, 1, 7)):
        with acting(world.actor("school_officer")):
            told = [compared(each)[0] for each in rounds_opened]
        assert [(each.rows, each.before, each.stands_out) for each in told] == [(24, 20, False), (24, 22, True)]
        client = Client()
        client.force_login(world.accounts["school_officer"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("procedure", args=[made.pk])).content.decode()
        assert "与上年相差超过上年的 5%" in page
        assert re.search(r"与上年相差的部分由\W*0\.3\W*改为\W*0\.05", page)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{least: 0, change: 0.3, times: 3}", "comparison.least"),
        ("{least: 5, change: -1, times: 3}", "comparison.change"),
        ("{least: 5, change: 0.3, times: 1}", "comparison.times"),
        ("{least: 5, change: 0.3}", "comparison.times"),
        ("{least: 5, change: 0.3, times: 3, often: 2}", "comparison.often"),
        ("三成", "comparison"),
    ],
)
def test_a_faulty_rule_is_told_with_its_line(written: str, words: str) -> None:
    text = FILE.read_text(encoding="utf-8").replace("{least: 5, change: 0.3, times: 3}", written)
    with pytest.raises(ValidationError) as refusal:
        parse(text)
    (message,) = refusal.value.messages
    assert message.startswith("第 4 行")
    assert words in message


def _another_school(world: World, number: int) -> Any:
    with acting(world.actor("province_officer")):
        made = enter_organisation(
            actor=world.actor("province_officer"),
            since=LONG_AGO,
            change=Change.FOUNDED,
            code=f"366201900{number}",
            code_scheme=CodeScheme.SCHOOL,
            name=f"示例第{number}职业学校",
            kind=OrganisationKind.SECONDARY_VOCATIONAL,
            division=Division.objects.get(code="620102"),
            authority=world["lanzhou"],
            is_synthetic=True,
        )
    return made.pk


@pytest.mark.parametrize(
    ("rows", "before", "near", "stands_out"),
    [
        (10, None, None, False),
        (10, 8, None, False),
        (10, 14, None, False),
        (100, 77, None, False),
        (100, 76, None, True),
        (5, 0, None, True),
        (4, 0, None, False),
        (30, 30, Fraction(10), False),
        (31, 31, Fraction(10), True),
        (3, 3, Fraction(10), True),
        (4, 4, Fraction(10), False),
    ],
)
def test_how_much_goes_without_saying(rows: int, before: int | None, near: Fraction | None, stands_out: bool) -> None:
    rule = Comparison(5, Decimal("0.3"), Decimal(3))
    assert Compared("x", rows, before, near, rule).stands_out is stands_out
    assert not Compared("x", rows, before, near).stands_out, "without a rule nothing is asked"


def test_a_round_is_opened_on_a_page_and_looked_at(world: World, intake: Any) -> None:
    client = Client()
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    with acting(world.actor("province_officer")):
        made = Procedure.objects.get(code="annual-return")
    form = {"name": "高校填报", "procedure": str(made.pk), "closes_on": f"{BEGUN - timedelta(days=1)}",
            "kinds": ["higher_vocational"], "announcement": ""}  # fmt: skip
    assert client.post(reverse("open_reporting_round"), form).status_code == 422
    sent = client.post(reverse("open_reporting_round"), {**form, "closes_on": f"{DUE}"})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert "应报" in page
    assert reverse("begin_case", args=[sent["Location"].split("/")[-2]]) not in page
    assert client.post(reverse("urge_round", args=[intake.pk])).status_code == 302
    assert (
        client.post(reverse("open_reporting_round"), {**form, "closes_on": f"{DUE}", "kinds": ["park"]}).status_code
        == 422
    )
