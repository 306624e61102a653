"""A call takes applications; a case that is granted is an award, and the figure that counts it moves by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.calls.models import Award, AwardHolder, AwardStatus
from jineng.calls.verbs import take_applications
from jineng.cases.jobs import system_actor
from jineng.cases.models import Case, Procedure
from jineng.cases.seeding import procedure_files, seed_procedures
from jineng.cases.situations import answers_of
from jineng.cases.verbs import (
    act_on_case,
    begin_case,
    draft_procedure,
    expire_case,
    publish_procedure,
    recommend_case,
    save_answers,
)
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.references import describe, look_up
from tests.calls.small_world import award, batch, call
from tests.cases.shipped import published
from tests.cases.small_call import TEXT, handed_in
from tests.cases.small_call import intake as small_intake
from tests.factories import World

FIRM = {
    "credit_code": "91110000600037341L",
    "founded": "2010-01-01",
    "employees": "800",
    "contact": "13800000000",
    "years": "5",
    "invested": "1200",
    "trainees": "60",
    "plan": "三年规划",
}
AWARDING = (
    TEXT.replace("to: recognised, by:", 'to: recognised, effects: ["award:recognised"], by:')
    .replace("to: notice, signing: ordered}", 'to: notice, signing: ordered, effects: ["award:candidate"]}')
    .replace("code: studio", "code: awarding")
)


@pytest.fixture
def intake(world: World) -> Any:
    actor = world.actor("province_officer")
    with clock_at(date(2021, 9, 6)), acting(actor):
        of = batch(world, call(world, "studios", decider_ids=[world["province"].pk]))
        made = publish_procedure(actor=actor, procedure_id=draft_procedure(actor=actor, text=AWARDING).pk)
        yield take_applications(
            actor=actor,
            batch_id=of.pk,
            procedure_id=made.pk,
            opens_on=date(2021, 9, 1),
            closes_on=date(2021, 9, 30),
        )


def granted(world: World, intake: Any) -> Case:
    case = handed_in(world, intake)
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    act_on_case(actor=world.actor("city_officer"), case_id=case.pk, action="recommend")
    for action in ("pass", "approve"):
        act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action=action)
    with clock_at(date(2021, 9, 14)):
        act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action="confirm")
    return case


def test_a_granted_case_is_an_award_and_knows_it(world: World, intake: Any) -> None:
    case = granted(world, intake)
    with acting(world.actor("province_officer")):
        award = Award.objects.get(title=case.title)
        assert (award.origin_kind, award.origin_id) == ("case", case.pk)
        assert award.organisation_id == case.applicant_id == AwardHolder.objects.get(award=award).organisation_id
        statuses = AwardStatus.objects.filter(award=award).order_by("since")
        assert [(each.status, each.since) for each in statuses] == [
            ("candidate", date(2021, 9, 6)),
            ("recognised", date(2021, 9, 14)),
        ]
    client = Client()
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    case_page, award_page = reverse("case", args=[case.pk]), reverse("award", args=[award.pk])
    assert award_page in client.get(case_page).content.decode()
    assert case_page in client.get(award_page).content.decode()


def test_an_award_of_the_same_title_is_not_made_twice(world: World, intake: Any) -> None:
    granted(world, intake)
    with pytest.raises(ValidationError, match="已有同名"):
        handed_in(world, intake)


def test_only_who_decides_takes_applications_and_once(world: World, intake: Any) -> None:
    given = {
        "batch_id": intake.subject_id,
        "procedure_id": intake.procedure_id,
        "opens_on": date(2021, 9, 1),
        "closes_on": date(2021, 9, 30),
    }
    with pytest.raises(NotAllowed):
        take_applications(actor=world.actor("city_officer"), **given)
    with pytest.raises(ValidationError):
        take_applications(actor=world.actor("province_officer"), **given)
    with pytest.raises(ValidationError, match="截止日期"):
        take_applications(actor=world.actor("province_officer"), **{**given, "closes_on": date(2021, 8, 1)})


def test_the_procedures_that_come_with_the_program_are_sound_and_come_once(world: World) -> None:
    actor = world.actor("province_officer")
    assert seed_procedures(actor) == len(procedure_files()) >= 2
    assert seed_procedures(actor) == 0
    with acting(actor):
        assert set(Procedure.objects.values_list("state", flat=True)) == {"published"}


def test_an_enterprise_is_nurtured_for_a_year_before_it_is_recognised(world: World) -> None:
    officer, firm = world.actor("province_officer"), world.actor("school_officer")
    made = published(world, "pilot-enterprise")
    with clock_at(date(2021, 9, 6)), acting(officer):
        of = batch(world, call(world, "pilots", decider_ids=[world["province"].pk]))
        intake = take_applications(
            actor=officer, batch_id=of.pk, procedure_id=made.pk, opens_on=date(2021, 9, 1), closes_on=date(2021, 9, 30)
        )
    with clock_at(date(2021, 9, 6)):
        case = begin_case(actor=firm, intake_id=intake.pk, title="示例企业")
        save_answers(actor=firm, case_id=case.pk, raw=FIRM)
        act_on_case(actor=firm, case_id=case.pk, action="submit")
        recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
        act_on_case(actor=world.actor("city_officer"), case_id=case.pk, action="recommend")
        for action in ("pass", "approve"):
            act_on_case(actor=officer, case_id=case.pk, action=action)
    with clock_at(date(2021, 9, 15)):
        assert expire_case(actor=system_actor(world["province"].pk), case_id=case.pk) is not None
    with clock_at(date(2022, 3, 1)):
        save_answers(actor=firm, case_id=case.pk, raw={"done": "全部完成", "spent": "300"})
        with pytest.raises(ValidationError, match="未满一年"):
            act_on_case(actor=firm, case_id=case.pk, action="report")
    with clock_at(date(2022, 9, 20)):
        act_on_case(actor=firm, case_id=case.pk, action="report")
        act_on_case(actor=officer, case_id=case.pk, action="certify")
    with acting(officer):
        statuses = AwardStatus.objects.filter(award__title="示例企业").order_by("since").values_list("status", "since")
        assert list(statuses) == [("candidate", date(2021, 9, 15)), ("recognised", date(2022, 9, 20))]


def test_a_form_may_refer_to_an_earlier_award_by_its_number(world: World) -> None:
    officer, school, other = (world.actor(name) for name in ("province_officer", "school_officer", "college_officer"))
    of = batch(world, call(world, "studios"))
    made = award(world, of, "county_school", "化工工作室", project_number="G-1")
    twice = [award(world, of, "county_school", title, project_number="G-2") for title in ("甲", "乙")]
    with acting(school):
        assert look_up("award", school, ["G-1", "G-2", "G-3", ""]).keys() == {"G-1"}, "G-2 is borne by two"
        assert describe("award", school, [made.pk, twice[0].pk])[made.pk].label == "化工工作室"
    with acting(other):
        assert look_up("award", other, ["G-1"]) == {}
    text = TEXT.replace("code: studio", "code: referring").replace(
        "{key: leader,", "{key: earlier, label: 已有立项, kind: award}\n        - {key: leader,", 1
    )
    assert "kind: award" in text
    with clock_at(date(2021, 9, 6)):
        found = small_intake(world, text=text)
        case = begin_case(actor=school, intake_id=found.pk, title="新工作室")
        client = Client()
        client.force_login(world.accounts["school_officer"], backend="django.contrib.auth.backends.ModelBackend")
        client.post(reverse("fill_case", args=[case.pk]), {"earlier": "G-1", "leader": "王示例", "students": "120"})
        with acting(officer):
            case.refresh_from_db()
        assert answers_of(case)["earlier"] == {"id": str(made.pk), "label": "化工工作室", "code": "G-1"}
        assert "化工工作室" in client.get(reverse("case", args=[case.pk])).content.decode()
