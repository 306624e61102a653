"""What happens to a case: begun, filled in, handed in, recommended within a quota, decided together, objected to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from jineng.cases.jobs import remind_of_cases, system_actor
from jineng.cases.models import Case, CaseEntry, CaseParty
from jineng.cases.situations import answers_of
from jineng.cases.verbs import (
    SomeRefused,
    act_on_case,
    act_on_cases,
    allot_quotas,
    answer_objection,
    attach_file,
    begin_case,
    expire_case,
    extend_case,
    raise_objection,
    recommend_case,
    remind_of_case,
    save_answers,
)
from jineng.engines.casework import Entry, State, replay
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.notices.inbox import tray
from tests.cases.small_call import ANSWERS, filled, handed_in, intake
from tests.cases.small_panel import TEXT as REVIEWED
from tests.factories import World

IN_SEPTEMBER = date(2021, 9, 6)
OFFICES = ("city_officer", "province_officer")


@pytest.fixture(autouse=True)
def september() -> object:
    with clock_at(IN_SEPTEMBER):
        yield


def step(world: World, case: Case, who: str, action: str, reason: str = "") -> Case:
    act_on_case(actor=world.actor(who), case_id=case.pk, action=action, reason=reason)
    return fresh(world, case)


def fresh(world: World, case: Case) -> Case:
    with acting(world.actor("province_officer")):
        return Case.objects.select_related("intake", "procedure").get(pk=case.pk)


def test_a_case_goes_from_school_to_recognition(world: World) -> None:
    case = handed_in(world, intake(world))
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    assert step(world, case, "city_officer", "recommend").stage == "check"
    assert step(world, case, "province_officer", "pass").stage == "decide"
    at_notice = step(world, case, "province_officer", "approve")
    assert (at_notice.stage, at_notice.due_on) == ("notice", date(2021, 9, 13))
    with clock_at(date(2021, 9, 14)):
        assert expire_case(actor=system_actor(world["province"].pk), case_id=case.pk) is not None
        ended = fresh(world, case)
    assert (ended.stage, ended.outcome, ended.due_on) == ("recognised", "granted", None)
    with acting(world.actor("province_officer")):
        log = CaseEntry.objects.filter(case=case)
        assert replay(Entry.from_data(line.data) for line in log) == State.from_data(ended.state)
        assert len({line.answers_digest for line in log[1:]}) == 1
        assert AuditLine.objects.filter(verb="expire_case", account=None).count() == 1


def test_its_number_tells_year_and_place_in_line(world: World) -> None:
    found = intake(world)
    one, other = filled(world, found, "甲工作室"), filled(world, found, "乙工作室")
    assert one.number.startswith("2021-")
    assert one.number < other.number


def test_it_is_begun_in_the_days_of_the_intake_only(world: World) -> None:
    found = intake(world)
    actor = world.actor("school_officer")
    for day, words in ((date(2021, 8, 31), "尚未开始"), (date(2021, 10, 1), "已经截止")):
        with clock_at(day), pytest.raises(ValidationError, match=words):
            begin_case(actor=actor, intake_id=found.pk, title="工作室")
    with pytest.raises(ValidationError, match="请填写名称"):
        begin_case(actor=actor, intake_id=found.pk, title=" ")
    begin_case(actor=actor, intake_id=found.pk, title="工作室")
    with pytest.raises(ValidationError, match="已有同名事项"):
        begin_case(actor=actor, intake_id=found.pk, title="工作室")


def test_what_was_typed_is_kept_and_what_lacks_is_told(world: World) -> None:
    found, actor = intake(world), world.actor("school_officer")
    case = begin_case(actor=actor, intake_id=found.pk, title="工作室")
    case = save_answers(actor=actor, case_id=case.pk, raw={"students": "很多", "leader": "王示例"})
    assert answers_of(case) == {"students": "很多", "leader": "王示例"}
    with pytest.raises(ValidationError) as refused:
        act_on_case(actor=actor, case_id=case.pk, action="submit")
    assert any("受益学生" in message for message in refused.value.messages)
    case = save_answers(actor=actor, case_id=case.pk, raw={"students": "1,200", "leader": ""})
    assert answers_of(case) == {"students": "1200"}


def test_answers_are_unreadable_in_the_database(world: World) -> None:
    case = filled(world, intake(world))
    with acting(world.actor("province_officer")):
        stored = Case.objects.filter(pk=case.pk).extra(select={"raw": "answers"}).values_list("raw", flat=True).get()
    assert "王示例".encode() not in bytes(stored)


def test_nobody_else_fills_it_in_or_acts_for_the_school(world: World) -> None:
    case = filled(world, intake(world))
    for who in ("city_officer", "province_officer"):
        with pytest.raises(NotAllowed):
            save_answers(actor=world.actor(who), case_id=case.pk, raw={"leader": "李示例"})
        with pytest.raises((NotAllowed, ValidationError)):
            act_on_case(actor=world.actor(who), case_id=case.pk, action="submit")
    for who in ("other_city_officer", "other_county_officer", "college_officer"):
        with pytest.raises(NotAllowed):
            act_on_case(actor=world.actor(who), case_id=case.pk, action="submit")


def test_an_older_page_does_not_decide(world: World) -> None:
    case = filled(world, intake(world))
    actor = world.actor("school_officer")
    act_on_case(actor=actor, case_id=case.pk, action="submit", seen=1)
    with pytest.raises(ValidationError, match="请刷新页面"):
        act_on_case(actor=actor, case_id=case.pk, action="submit", seen=1)
    with pytest.raises(ValidationError, match="请刷新页面"):
        save_answers(actor=actor, case_id=case.pk, raw={}, seen=1)


def test_a_city_recommends_within_its_quota(world: World) -> None:
    found = intake(world)
    allot_quotas(actor=world.actor("province_officer"), intake_id=found.pk, numbers={world["lanzhou"].pk: 1})
    first, second = handed_in(world, found, "甲工作室"), handed_in(world, found, "乙工作室")
    city = world.actor("city_officer")
    recommend_case(actor=city, case_id=first.pk, rank=1)
    with pytest.raises(ValidationError, match="名额已用完"):
        recommend_case(actor=city, case_id=second.pk, rank=2)
    with pytest.raises(ValidationError, match="另一项"):
        recommend_case(actor=city, case_id=second.pk, rank=1)
    recommend_case(actor=city, case_id=second.pk, rank=2, is_exempt=True)
    recommend_case(actor=city, case_id=first.pk, rank=None)
    recommend_case(actor=city, case_id=second.pk, rank=2)
    with pytest.raises(ValidationError, match="已推荐 1 项"):
        allot_quotas(actor=world.actor("province_officer"), intake_id=found.pk, numbers={world["lanzhou"].pk: 0})
    with pytest.raises(NotAllowed):
        recommend_case(actor=world.actor("province_officer"), case_id=first.pk, rank=1)


def test_whoever_has_no_quota_recommends_none(world: World) -> None:
    found = intake(world)
    allot_quotas(actor=world.actor("province_officer"), intake_id=found.pk, numbers={world["tianshui"].pk: 3})
    case = handed_in(world, found)
    with pytest.raises(ValidationError, match="名额已用完"):
        recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)


def test_it_is_sent_back_with_a_reason_and_a_new_deadline(world: World) -> None:
    case = handed_in(world, intake(world))
    with pytest.raises(ValidationError, match="理由"):
        step(world, case, "city_officer", "return")
    case = step(world, case, "city_officer", "return", "请补充经费预算")
    assert (case.stage, case.due_on) == ("apply", date(2021, 9, 9))
    save_answers(
        actor=world.actor("school_officer"),
        case_id=case.pk,
        raw={"budget": [{"year": "2022", "amount": "10"}]},
    )
    case = step(world, case, "school_officer", "submit")
    assert case.stage == "recommend"
    assert State.from_data(case.state).returns == 1
    with pytest.raises(NotAllowed):
        save_answers(actor=world.actor("school_officer"), case_id=case.pk, raw=ANSWERS)


@pytest.mark.parametrize("identity", ["no-id", "00000000-0000-4000-8000-000000000000", "{other_school}"])
def test_an_answer_refers_to_nothing_that_its_writer_does_not_see(world: World, identity: str) -> None:
    """By page a code is looked up first; by the API anything may be sent."""
    school = world.actor("school_officer")
    case = begin_case(actor=school, intake_id=intake(world, text=REVIEWED).pk, title="化工团队")
    told = {"id": identity.format(other_school=world["other_school"].pk), "label": "某校"}
    for field, kind in (("partner", "合作企业"), ("leader", "带头人")):
        with pytest.raises(ValidationError, match=kind):
            save_answers(actor=school, case_id=case.pk, raw={field: told})
    lie = {"file": identity, "name": "他人.pdf", "bytes": 1, "kind": "pdf", "digest": "0" * 64}
    with pytest.raises(ValidationError, match="上传"):
        save_answers(actor=school, case_id=case.pk, raw={"proof": lie})


def test_departments_sign_in_their_order(world: World) -> None:
    case = handed_in(world, intake(world, "finance", "province"))
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    step(world, case, "city_officer", "recommend")
    step(world, case, "province_officer", "pass")
    with pytest.raises(ValidationError, match="还没轮到"):
        step(world, case, "province_officer", "approve")
    with acting(world.actor("province_officer")):
        parties = CaseParty.objects.filter(case=case, party="leaders")
        assert {row.organisation_id for row in parties} == {world["finance"].pk, world["province"].pk}


def test_an_objection_holds_the_notice_up(world: World) -> None:
    case = handed_in(world, intake(world))
    officer, city = world.actor("province_officer"), world.actor("city_officer")
    with pytest.raises(ValidationError, match="公示期内"):
        raise_objection(actor=officer, case_id=case.pk, raised_by="甲", text="不实")
    recommend_case(actor=city, case_id=case.pk, rank=1)
    step(world, case, "city_officer", "recommend")
    step(world, case, "province_officer", "pass")
    step(world, case, "province_officer", "approve")
    raised = raise_objection(actor=city, case_id=case.pk, raised_by="甲", text="成果不属实")
    with clock_at(date(2021, 9, 14)):
        assert expire_case(actor=system_actor(world["province"].pk), case_id=case.pk) is None
        with pytest.raises(NotAllowed):
            answer_objection(actor=city, objection_id=raised.pk, answer="属实", is_upheld=True)
        answer_objection(actor=officer, objection_id=raised.pk, answer="经核查，异议成立", is_upheld=True)
        with pytest.raises(ValidationError, match="已经答复"):
            answer_objection(actor=officer, objection_id=raised.pk, answer="经核查", is_upheld=False)
        assert expire_case(actor=system_actor(world["province"].pk), case_id=case.pk) is None
        ended = step(world, case, "province_officer", "uphold", "异议成立")
    assert ended.outcome == "refused"


def test_the_office_gives_more_time(world: World) -> None:
    case = handed_in(world, intake(world))
    assert case.due_on == date(2021, 9, 13)
    later = case.due_on + timedelta(days=7)
    with pytest.raises(NotAllowed):
        extend_case(actor=world.actor("city_officer"), case_id=case.pk, until=later, reason="疫情")
    with pytest.raises(ValidationError, match="理由"):
        extend_case(actor=world.actor("province_officer"), case_id=case.pk, until=later, reason="")
    extend_case(actor=world.actor("province_officer"), case_id=case.pk, until=later, reason="疫情")
    assert fresh(world, case).due_on == later


def test_time_runs_out_for_the_program_only(world: World) -> None:
    case = filled(world, intake(world))
    with pytest.raises(NotAllowed):
        expire_case(actor=world.actor("province_officer"), case_id=case.pk)
    with clock_at(date(2021, 10, 8)):
        assert expire_case(actor=system_actor(world["province"].pk), case_id=case.pk) is None
        with pytest.raises(ValidationError, match="截止"):
            act_on_case(actor=world.actor("school_officer"), case_id=case.pk, action="submit")


def test_a_file_is_what_it_says(world: World, settings, tmp_path) -> None:
    settings.VAR = tmp_path
    case = filled(world, intake(world))
    actor = world.actor("school_officer")
    with pytest.raises(ValidationError):
        attach_file(actor=actor, case_id=case.pk, field="plan", name="方案.pdf", content=b"MZ not a pdf")
    with pytest.raises(ValidationError, match="不能上传"):
        attach_file(actor=actor, case_id=case.pk, field="leader", name="方案.pdf", content=b"%PDF-1.4")


def unread(world: World, who: str) -> list[str]:
    with acting(world.actor(who)):
        return [notice.subject for notice in tray(world.actor(who)).order_by("pk")]


def test_who_has_to_act_is_told_and_the_applicant_how_it_ended(world: World) -> None:
    case = handed_in(world, intake(world))
    assert [subject for subject in unread(world, "city_officer") if case.title in subject]
    assert not [subject for subject in unread(world, "school_officer") if case.title in subject]
    step(world, case, "city_officer", "return", "请补充经费预算")
    assert any("申报" in subject for subject in unread(world, "school_officer"))
    act_on_case(actor=world.actor("school_officer"), case_id=case.pk, action="withdraw")
    assert not any("已撤回" in subject for subject in unread(world, "other_city_officer"))


def test_people_are_reminded_once_and_those_above_once_it_is_over(world: World) -> None:
    case = handed_in(world, intake(world))
    assert (case.due_on, fresh(world, case).remind_on) == (date(2021, 9, 13), date(2021, 9, 10))

    def told(day: date) -> tuple[int, list[str], list[str]]:
        with clock_at(day):
            sent = remind_of_cases()
            return sent, *([each for each in unread(world, who) if "到期" in each] for who in OFFICES)

    assert told(date(2021, 9, 9)) == (0, [], [])
    sent, city, province = told(date(2021, 9, 10))
    assert (sent, len(city), province) == (1, 1, [])
    assert "将于 2021-09-13 到期" in city[0]
    assert told(date(2021, 9, 11))[0] == 0
    sent, city, province = told(date(2021, 9, 20))
    assert (sent, len(province)) == (2, 1)
    assert "已于 2021-09-13 到期" in province[0]
    assert told(date(2021, 9, 21))[0] == 0
    assert fresh(world, case).remind_on is None
    with pytest.raises(NotAllowed):
        remind_of_case(actor=world.actor("province_officer"), case_id=case.pk)


def test_many_move_at_once_or_none(world: World) -> None:
    found = intake(world)
    cases = [handed_in(world, found, title) for title in ("甲工作室", "乙工作室", "丙工作室")]
    city = world.actor("city_officer")
    for rank, case in enumerate(cases[:2], 1):
        recommend_case(actor=city, case_id=case.pk, rank=rank)
    seen = {case.pk: 2 for case in cases}
    with pytest.raises(SomeRefused) as refused:
        act_on_cases(actor=city, seen=seen, action="recommend")
    assert {pk: "请先排定名次" in words for pk, words in refused.value.by_case.items()} == {cases[2].pk: True}
    assert {fresh(world, case).stage for case in cases} == {"recommend"}
    with pytest.raises(SomeRefused):
        act_on_cases(actor=city, seen={cases[0].pk: 1, cases[1].pk: 2}, action="recommend")
    with pytest.raises(SomeRefused, match="3 件"):
        act_on_cases(actor=world.actor("other_city_officer"), seen=seen, action="recommend")
    with pytest.raises(ValidationError, match="请选择"):
        act_on_cases(actor=city, seen={}, action="recommend")
    assert act_on_cases(actor=city, seen={case.pk: 2 for case in cases[:2]}, action="recommend") == 2
    assert [fresh(world, case).stage for case in cases] == ["check", "check", "recommend"]
