"""Cases walk through the four examples: who may do what, by when, and what the log says afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from tests.engines.casework.examples import VOCABULARY, at, definition, situation, weekdays

from jineng.engines.casework import (
    SYSTEM,
    THE_SYSTEM,
    Actor,
    Condition,
    Due,
    Entry,
    Flow,
    MissingFact,
    NoticeKind,
    Refused,
    Situation,
    State,
    Step,
    act,
    due,
    expire,
    extend,
    load_flow,
    notices,
    offers,
    opened,
    replay,
    start,
)
from jineng.engines.casework.deadlines import add_months, values_at, whole_months

FILE = {"file": "f1", "name": "a.pdf", "bytes": 1, "kind": "pdf", "digest": "a" * 64}


class Case:
    """A case that keeps its log; `do` acts as the party that stands before the colon."""

    def __init__(self, name: str, on: str, answers: Mapping[str, Any] | None = None, **facts: Any) -> None:
        self.flow: Flow = definition(name).flow
        self.situation: Situation = situation(name, answers=answers or {}, facts=facts)
        begun = start(self.flow, at(on), Actor(self.flow.stages[0].actor, "m1"))
        self.state: State = begun.state
        self.log: list[Entry] = [begun.entry]

    def keep(self, step: Step) -> Step:
        self.state = step.state
        self.log.append(step.entry)
        assert replay(self.log) == self.state
        assert State.from_data(self.state.to_data()) == self.state
        assert [Entry.from_data(entry.to_data()) for entry in self.log] == self.log
        return step

    def do(self, what: str, on: str, member: str = "m1", **given: Any) -> Step:
        party, _, action = what.partition(":")
        by = THE_SYSTEM if party == SYSTEM else Actor(party, member)
        return self.keep(act(self.flow, self.state, action, by=by, at=at(on), situation=self.situation, **given))

    def refused(self, what: str, on: str, member: str = "m1", **given: Any) -> Refused:
        before = self.state
        with pytest.raises(Refused) as refused:
            self.do(what, on, member, **given)
        assert self.state is before
        assert refused.value.zh
        assert refused.value.en
        return refused.value

    def expire(self, on: str) -> Step | None:
        step = expire(self.flow, self.state, at(on), self.situation)
        return self.keep(step) if step else None

    def know(self, **facts: Any) -> None:
        self.situation = replace(self.situation, facts={**self.situation.facts, **facts})

    def fill(self, **answers: Any) -> None:
        self.situation = replace(self.situation, answers={**self.situation.answers, **answers})

    def due(self) -> Due:
        found = due(self.flow, self.state, self.situation)
        assert found
        return found

    def offered(self, on: str, *parties: str) -> dict[str, bool]:
        actors = [Actor(party, "m1") for party in parties]
        return {offer.action.key: offer.open for offer in offers(self.flow, self.state, actors, at(on), self.situation)}


OFFERING = {"school": {"id": "s1"}, "major": {"id": "530101"}, "years": "3", "places": "50", "argument": FILE}


def test_an_ordinary_major_is_filed_and_one_under_state_control_needs_every_signature() -> None:
    filed = Case("offering", "2026-03-02", OFFERING, state_controlled=False)
    assert filed.do("school:submit", "2026-03-03").entry.to == "filing"
    assert filed.due().on == date(2026, 3, 24)
    assert filed.expire("2026-03-24") is None
    step = filed.expire("2026-03-25")
    assert step
    assert (step.state.stage, step.state.outcome, step.effects) == ("filed", "granted", ("offering:add",))
    assert step.entry.by == THE_SYSTEM
    assert filed.flow.effects == {"offering"}

    controlled = Case("offering", "2026-03-02", {**OFFERING, "consent": FILE}, state_controlled=True)
    assert controlled.do("school:submit", "2026-03-03").entry.to == "approval"
    controlled.do("experts:favour", "2026-03-10")
    assert controlled.refused("sectors:sign", "2026-03-11").code == "not_member"
    controlled.situation = replace(controlled.situation, members={"sectors": ("m1", "m2")})
    first = controlled.do("sectors:sign", "2026-03-11", "m2")
    assert (first.entry.signature, first.effects, first.state.stage) == (True, (), "cosign")
    assert controlled.refused("sectors:sign", "2026-03-12", "m2").code == "signed"
    assert controlled.offered("2026-03-12", "sectors") == {"sign": True, "refuse": True}
    last = controlled.do("sectors:sign", "2026-03-12")
    assert (last.state.stage, last.effects, last.state.signed) == ("approved", ("offering:add",), ())
    assert controlled.refused("sectors:sign", "2026-03-13").code == "ended"
    assert controlled.offered("2026-03-13", "sectors", "office") == {}


def test_a_form_with_faults_is_not_handed_in_and_the_faults_are_told() -> None:
    case = Case("offering", "2026-03-02", {**OFFERING, "years": "9", "argument": None}, state_controlled=True)
    refused = case.refused("school:submit", "2026-03-03")
    assert refused.code == "form"
    assert [(fault.field, fault.code) for fault in refused.faults] == [
        ("years", "out_of_range"),
        ("argument", "required"),
        ("consent", "required"),
    ]
    assert "3 处" in refused.zh
    case.do("school:withdraw", "2026-03-03")
    assert case.state.outcome == "withdrawn"


def test_who_has_no_part_in_an_action_is_refused_and_told_whose_it_is() -> None:
    case = Case("offering", "2026-03-02", OFFERING, state_controlled=False)
    refused = case.refused("office:submit", "2026-03-02")
    assert (refused.code, refused.zh, refused.en) == ("not_yours", "“提交”由学校办理。", "“Submit” is for School.")
    assert case.refused("office:file", "2026-03-02").code == "not_here"
    case = Case("pilot", "2026-03-02", closes_on=date(2026, 4, 1))
    assert case.refused("enterprise:lapse", "2026-03-02").zh == "“逾期失效”由系统办理。"


def test_a_case_that_moved_on_is_not_acted_upon_by_an_old_page() -> None:
    case = Case("offering", "2026-03-02", OFFERING, state_controlled=False)
    seen = case.state.steps
    case.do("school:submit", "2026-03-02", seen=seen)
    assert case.refused("office:return", "2026-03-03", seen=seen, reason="缺").code == "stale"
    assert case.refused("school:submit", "2026-03-03").code == "not_here"


def test_a_query_goes_back_to_whoever_asked_over_every_level() -> None:
    case = Case("returns", "2026-01-05", {"book": {**FILE, "kind": "xlsx"}, "filler": "张三"},
                closes_on=date(2026, 1, 31), errors=1, year_closes_on=date(2026, 12, 31))  # fmt: skip
    assert case.due() == Due(date(2026, 1, 31), "", False,
                             (date(2026, 1, 21), date(2026, 1, 28), date(2026, 1, 30)), ("county",))  # fmt: skip
    case.do("school:submit", "2026-01-20")
    case.do("county:pass", "2026-01-21")
    case.do("city:pass", "2026-01-22")
    assert case.refused("office:sign_off", "2026-01-23").zh == "须“未改正的错误”为0。"
    assert case.refused("office:query", "2026-01-23", reason=" ").code == "reason"
    case.do("office:query_city", "2026-01-23", reason="两表不符")
    assert (case.state.sent_from, case.state.returns) == (("province",), 1)
    case.do("city:query", "2026-01-26", reason="请核对")
    assert case.due().on == date(2026, 1, 29)
    case.do("county:query", "2026-01-27", reason="请改正")
    assert (case.state.stage, case.state.sent_from) == ("fill", ("province", "city", "county"))
    assert case.due().on == date(2026, 1, 30)
    for what in ("school:submit", "county:pass", "city:pass"):
        case.do(what, "2026-01-28")
    assert (case.state.stage, case.state.sent_from, case.state.returns) == ("province", (), 3)
    case.do("office:query", "2026-01-28", reason="再改")
    case.do("school:submit", "2026-01-28")
    assert case.state.stage == "province"
    case.know(errors=0)
    assert case.do("office:sign_off", "2026-01-29").effects == ("land", "lock")
    case.do("school:amend", "2026-03-01", reason="漏报")
    assert case.do("office:allow", "2026-03-02").effects == ("unlock",)
    assert case.due().on == date(2026, 3, 9)
    case.do("school:submit", "2026-03-03")
    case.do("county:pass", "2026-03-03")
    case.do("city:pass", "2026-03-03")
    case.do("office:sign_off", "2026-03-03")
    assert case.due().on == date(2026, 12, 31)
    assert case.expire("2027-01-01")
    assert case.state.outcome == "completed"


def pilot_in_the_pool() -> Case:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27), open_objections=1, review_closed=False, score=70)
    flow = case.flow
    case.state = replace(case.state, stage="review", entered_on=date(2026, 3, 2))
    assert [offer.why for offer in offers(flow, case.state, [Actor("office")], at("2026-03-03"), case.situation)] == [
        (("须“评审已结束”为是。", "Needed: “the review is closed” is yes."),)
    ] * 2
    case.know(review_closed=True)
    step = act(flow, case.state, "enter", by=Actor("office", "m1"), at=at("2026-03-03"), situation=case.situation)
    assert step.effects == ("set_status:proposed",)
    case.state, case.log = step.state, []
    return case


def test_a_notice_ends_only_when_its_days_are_over_and_no_objection_is_open() -> None:
    case = pilot_in_the_pool()
    assert case.due().on == date(2026, 3, 10)
    bars = offers(case.flow, case.state, [Actor("office")], at("2026-03-10"), case.situation)[0].why
    assert [why.zh for why in bars] == ["须“本环节已逾期”为是。", "须“未处理的异议”为0。"]
    with pytest.raises(Refused, match="未处理的异议"):
        expire(case.flow, case.state, at("2026-03-11"), case.situation)
    case.know(open_objections=0)
    assert expire(case.flow, case.state, at("2026-03-10"), case.situation) is None
    step = expire(case.flow, case.state, at("2026-03-11"), case.situation)
    assert step
    assert (step.state.stage, step.effects) == ("pool", ("award:candidate",))
    assert step.state.entered_on == date(2026, 3, 11)


def test_a_year_in_the_pool_comes_before_the_certificate() -> None:
    case = pilot_in_the_pool()
    case.know(open_objections=0)
    step = expire(case.flow, case.state, at("2026-03-11"), case.situation)
    assert step
    case.state = step.state
    (report, *_) = offers(case.flow, case.state, [Actor("enterprise")], at("2027-03-10"), case.situation)
    assert [why.en for why in report.why] == ["A year in the pool is needed"]
    case.fill(summary="好", spent="10")
    assert case.due().on == date(2027, 9, 11)
    step = act(case.flow, case.state, "report", by=Actor("enterprise"), at=at("2027-03-11"), situation=case.situation)
    assert step.state.stage == "certify"
    office = Actor("office", "m1")
    with pytest.raises(Refused) as refused:
        act(case.flow, step.state, "certify", by=office, at=at("2027-03-12"), situation=case.situation)
    assert refused.value.code == "file"
    again = act(case.flow, step.state, "again", by=office, at=at("2027-03-12"), situation=case.situation, reason="未满")
    found = due(case.flow, again.state, case.situation)
    assert found
    assert (found.on, found.then) == (date(2028, 3, 12), "drop")
    done = act(case.flow, step.state, "certify", by=office, at=at("2027-03-12"), situation=case.situation, files=("f",))
    assert (done.state.outcome, done.effects, done.entry.files) == ("granted", ("award:recognised",), ("f",))
    assert due(case.flow, done.state, case.situation) is None
    assert opened(case.flow, definition("pilot").form, done.state.stage) == frozenset()


def test_a_closed_stage_takes_nothing_from_people_after_its_last_day() -> None:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27))
    assert case.offered("2026-02-27", "enterprise") == {"submit": True, "withdraw": True}
    assert case.offered("2026-02-28", "enterprise") == {"submit": False, "withdraw": False}
    assert case.refused("enterprise:withdraw", "2026-02-28").zh == "已于 2026-02-27 截止。"
    assert case.expire("2026-02-28")
    assert (case.state.stage, case.state.outcome) == ("lapsed", "lapsed")
    assert case.expire("2026-03-28") is None


def test_leaders_sign_in_their_order_and_one_may_say_no() -> None:
    case = Case("double-high", "2026-01-05", closes_on=date(2026, 1, 30), rank=3, quota=2, exempt=False)
    case.state = replace(case.state, stage="recommend")
    assert case.offered("2026-01-31", "authority") == {"recommend": False, "return": True, "decline": True}
    stranger = offers(
        case.flow, replace(case.state, stage="decide"), [Actor("leaders", "m1")], at("2026-02-01"), case.situation
    )
    assert [why.zh for offer in stranger for why in offer.why] == ["您不在签署人之列。"]
    case.know(exempt=True)
    assert case.offered("2026-01-31", "authority")["recommend"]
    case.state = replace(case.state, stage="decide")
    case.log = []
    case.situation = replace(case.situation, members={"leaders": ("m1", "m2", "m3")})

    def sign(member: str, action: str = "approve", **given: Any) -> Step:
        return act(case.flow, case.state, action, by=Actor("leaders", member), at=at("2026-02-02"),
                   situation=case.situation, **given)  # fmt: skip

    with pytest.raises(Refused) as refused:
        sign("m1")
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("granted", "required")]
    case.fill(granted="100")
    with pytest.raises(Refused) as refused:
        sign("m2")
    assert refused.value.code == "not_your_turn"
    case.state = sign("m1").state
    case.state = sign("m2").state
    assert case.state.signed == (("approve", "leaders", "m1"), ("approve", "leaders", "m2"))
    assert sign("m3").state.stage == "notice"
    assert sign("m1", "reject", reason="不符").state.outcome == "refused"


def test_both_sides_of_an_agreement_sign_one_after_the_other_and_may_end_it_together() -> None:
    terms = {"school": {"id": "s1"}, "enterprise": {"id": "e1"}, "begins": "2026-04-01", "ends": "2026-12-31",
             "text": FILE, "stages": [{"what": "共建", "from": "2026-04-01"}]}  # fmt: skip
    case = Case("agreement", "2026-03-02", terms)
    case.situation = replace(case.situation, members={"school": ("u1",), "enterprise": ("u2", "u3")})
    case.do("school:offer", "2026-03-03")
    case.do("enterprise:amend", "2026-03-04", reason="改第三条")
    case.do("school:offer", "2026-03-05")
    case.do("enterprise:agree", "2026-03-06")
    assert case.refused("enterprise:sign", "2026-03-09", "u2").code == "not_your_turn"
    case.do("school:sign", "2026-03-09", "u1")
    assert case.refused("enterprise:sign", "2026-03-09", "u1").code == "not_member"
    case.do("enterprise:sign", "2026-03-10", "u2")
    assert case.do("enterprise:sign", "2026-03-11", "u3").state.stage == "filing"
    case.do("authority:file", "2026-03-12")
    assert case.due().on == date(2026, 12, 31)
    case.do("enterprise:terminate", "2026-05-06", "u2", reason="停产")
    case.do("school:terminate", "2026-05-07", "u1", reason="同意")
    assert case.state.stage == "force"
    assert case.do("enterprise:terminate", "2026-05-08", "u3", reason="同意").effects == ("agreement:ended",)


SIGNING = """
code: sign
name: 签署
parties: [{key: p, name: 各方, role: counterpart}]
stages:
  - key: sign
    name: 签署
    kind: step
    actor: p
    actions:
      - {key: agree, name: 同意, signing: all, effects: all_agreed}
      - {key: object, name: 反对, signing: all}
      - {key: note, name: 备注}
      - {key: close, name: 结束, to: done}
ends: [{key: done, name: 结束, outcome: completed}]
"""


def test_signatures_may_change_sides_and_what_stays_is_done_again() -> None:
    flow = load_flow(yaml.safe_load(SIGNING))
    known = Situation(weekdays, members={"p": ("a", "b")})
    step = start(flow, at("2026-01-05"), Actor("p", "a"))
    log = [step.entry]

    def do(action: str, member: str) -> Step:
        step = act(flow, replay(log), action, by=Actor("p", member), at=at("2026-01-06"), situation=known)
        log.append(step.entry)
        return step

    assert do("agree", "a").state.signed == (("agree", "p", "a"),)
    assert do("note", "a").state.signed == (("agree", "p", "a"),)
    assert do("object", "a").state.signed == (("object", "p", "a"),)
    assert do("agree", "b").effects == ()
    done = do("agree", "a")
    assert (done.effects, done.state.signed, done.state.stage) == (("all_agreed",), (), "sign")
    assert do("agree", "a").state.signed == (("agree", "p", "a"),)
    assert do("close", "b").state.signed == ()


def test_more_time_is_given_with_a_reason_and_only_forward() -> None:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27))
    office = Actor("office", "m1")

    def give(until: date, reason: str = "材料多") -> Step:
        return extend(case.flow, case.state, until, by=office, at=at("2026-02-20"), reason=reason,
                      situation=case.situation)  # fmt: skip

    for until, reason, code in ((date(2026, 3, 6), " ", "reason"), (date(2026, 2, 27), "x", "not_later")):
        with pytest.raises(Refused) as refused:
            give(until, reason)
        assert refused.value.code == code
    step = case.keep(give(date(2026, 3, 6)))
    assert case.due().on == date(2026, 3, 6)
    assert (step.entry.reason, step.effects) == ("材料多", ())
    case.do("enterprise:withdraw", "2026-03-05")
    with pytest.raises(Refused) as refused:
        give(date(2026, 4, 1))
    assert refused.value.code == "no_deadline"
    unclosed = Case("offering", "2026-01-05", OFFERING)
    with pytest.raises(Refused):
        extend(unclosed.flow, unclosed.state, date(2026, 2, 1), by=office, at=at("2026-01-06"), reason="x",
               situation=unclosed.situation)  # fmt: skip


def test_who_has_to_act_is_reminded_and_others_are_told_when_it_is_late() -> None:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27))
    case.state = replace(case.state, stage="city_check", entered_on=date(2026, 3, 2))

    def told(day: str) -> list[tuple[NoticeKind, str, str]]:
        found = notices(case.flow, case.state, date.fromisoformat(day), case.situation)
        assert all(notice.due_on == date(2026, 3, 16) for notice in found)
        return [(notice.kind, notice.party, notice.on.isoformat()) for notice in found]

    assert told("2026-03-10") == []
    reminder = (NoticeKind.REMINDER, "city", "2026-03-11")
    assert told("2026-03-11") == [reminder]
    assert told("2026-03-16") == [reminder]
    assert told("2026-03-18") == [
        reminder,
        (NoticeKind.OVERDUE, "city", "2026-03-17"),
        (NoticeKind.OVERDUE, "office", "2026-03-17"),
    ]
    case.state = replace(case.state, stage="review")
    assert notices(case.flow, case.state, date(2026, 4, 1), case.situation) == ()
    case.state = replace(case.state, stage="apply", entered_on=date(2026, 2, 26))
    found = notices(case.flow, case.state, date(2026, 2, 26), case.situation)
    assert [(notice.on, notice.party) for notice in found] == [(date(2026, 2, 26), "enterprise")]


def test_working_days_before_a_last_day_skip_the_weekend() -> None:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27))
    case.state = replace(case.state, stage="correct", entered_on=date(2026, 3, 9))
    assert case.due().remind_on == (date(2026, 3, 11), date(2026, 3, 13))
    assert case.due().on == date(2026, 3, 16)


def test_a_deadline_counts_from_a_date_of_the_form_or_waits_for_it() -> None:
    data = definition("pilot").flow.to_data()
    data["stages"][0]["deadline"] = {"months": 1, "after": "founded_on", "remind": [0]}
    flow = load_flow(data, definition("pilot").form, VOCABULARY)
    state = start(flow, at("2026-01-05"), Actor("enterprise")).state
    assert due(flow, state, situation(answers={})) is None
    found = due(flow, state, situation(answers={"founded_on": "2026-01-31"}))
    assert found == Due(date(2026, 2, 28), "", False, (date(2026, 2, 28),), ())
    data["stages"][0]["deadline"]["after"] = "started"
    flow = load_flow(data, definition("pilot").form, VOCABULARY)
    found = due(flow, state, situation())
    assert found
    assert found.on == date(2026, 2, 5)


def test_a_deadline_whose_fact_was_not_given_is_the_programs_fault() -> None:
    case = Case("pilot", "2026-01-05")
    with pytest.raises(MissingFact, match="closes_on"):
        case.due()
    case.know(closes_on=None)
    assert due(case.flow, case.state, case.situation) is None
    with pytest.raises(TypeError, match=r"facts\.closes_on is object"):
        due(case.flow, case.state, replace(case.situation, facts={"closes_on": object()}))


def test_what_a_flow_knows_of_its_case() -> None:
    case = Case("pilot", "2026-01-05", closes_on=date(2026, 2, 27), past=["a"], rank=2)
    values = values_at(case.flow, case.state, at("2026-02-06"), case.situation)
    texts = ["case.today == 2026-02-06", "case.started_on == 2026-01-05", "case.entered_on == 2026-01-05",
             "case.days == 32", "case.months == 1", "case.returns == 0", "not case.overdue", "'a' in facts.past",
             "facts.rank + 1 == 3"]  # fmt: skip
    assert [text for text in texts if not Condition.read(text).holds(values)] == []
    assert {"case.months", "facts.past", "staff"} <= set(values)
    assert len(values) == len(set(values))
    bare = values_at(case.flow, case.state, at("2026-02-06"), Situation(weekdays))
    assert len(bare) == 7
    with pytest.raises(MissingFact):
        Condition.read("staff == 1").holds(bare)


def test_months_end_with_the_month() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert whole_months(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert whole_months(date(2026, 1, 15), date(2026, 3, 14)) == 1


def test_the_time_of_an_act_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        start(definition("pilot").flow, datetime(2026, 1, 1), Actor("enterprise"))


def test_a_log_with_a_gap_is_not_believed() -> None:
    case = Case("offering", "2026-03-02", OFFERING, state_controlled=False)
    case.do("school:submit", "2026-03-03")
    first, second = case.log
    for log in ([], [second], [first, replace(second, number=3)], [first, first], [replace(first, number=2)]):
        with pytest.raises(ValueError, match=r"log|entry"):
            replay(log)
    case.do("office:file", "2026-03-03")
    with pytest.raises(ValueError, match="cannot follow"):
        replay([*case.log, replace(second, number=4)])


def test_without_a_form_actions_ask_for_none() -> None:
    data = yaml.safe_load(SIGNING)
    data["stages"][0]["actions"][3]["needs"] = "form"
    flow = load_flow(data)
    step = start(flow, at("2026-01-05"), Actor("p", "a"))
    done = act(flow, step.state, "close", by=Actor("p", "a"), at=at("2026-01-05"), situation=Situation(weekdays))
    assert done.state.ended
