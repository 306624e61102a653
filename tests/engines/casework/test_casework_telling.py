"""Each audience reads its own words, and no more than it may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.engines.casework.examples import VOCABULARY, at, definition

from jineng.engines.casework import Actor, Audience, Deed, Entry, State, Told, load_flow, start, timeline, told


def log(name: str, *acts: tuple[str, str, str, str]) -> list[Entry]:
    """A log of (party, action, to, reason), one act a day."""
    flow = definition(name).flow
    entries = [start(flow, at("2026-03-01"), Actor(flow.stages[0].actor, "m0")).entry]
    stage = flow.stages[0].key
    for number, (party, action, to, reason) in enumerate(acts, start=2):
        done = flow.by_key[stage].by_key[action]
        end = flow.ends_by_key.get(to)
        entries.append(
            Entry(number, Deed.ACT, at(f"2026-03-{number:02}"), Actor(party, "m1"), stage, action, to,
                  str(end.outcome) if end else "", done.sends_back, reason=reason)
        )  # fmt: skip
        stage = to or stage
    return entries


def lines(found: tuple[Told, ...]) -> list[tuple[str, str | None, str]]:
    return [(line.stage.zh, line.deed.zh if line.deed else None, line.reason) for line in found]


DOUBLE_HIGH = (
    ("college", "submit", "recommend", ""),
    ("authority", "return", "apply", "预算不符"),
    ("college", "submit", "recommend", ""),
    ("authority", "recommend", "check", "内部意见"),
    ("office", "pass", "review", ""),
    ("office", "close", "decide", "专家意见"),
    ("leaders", "reject", "refused", "名额所限"),
)


def test_an_applicant_reads_what_concerns_them_and_not_the_inner_stages() -> None:
    flow = definition("double-high").flow
    found = timeline(log("double-high", *DOUBLE_HIGH), Audience.APPLICANT, flow)
    assert lines(found) == [
        ("学校申报", "开始", ""),
        ("排序推荐", "提交", ""),
        ("学校申报", "退回修改", "预算不符"),
        ("排序推荐", "提交", ""),
        ("形式审查", None, ""),
        ("评审中", None, ""),
        ("未立项", None, ""),
    ]
    assert all(line.by is None and line.member == "" for line in found)
    assert found[5].at == at("2026-03-06")


def test_the_public_reads_little_and_staff_everything() -> None:
    flow = definition("double-high").flow
    entries = log("double-high", *DOUBLE_HIGH)
    assert lines(timeline(entries, Audience.PUBLIC, flow)) == [
        ("办理中", None, ""),
        ("评审中", None, ""),
        ("未通过", None, ""),
    ]
    staff = timeline(entries, Audience.STAFF, flow)
    assert len(staff) == len(entries)
    assert (staff[6].stage.zh, staff[6].deed, staff[6].reason) == ("审定", ("结束评审", "Close the review"), "专家意见")
    assert (staff[2].by, staff[2].member) == (("主管部门", "Authority"), "m1")


def test_where_a_case_stands_in_each_audiences_words() -> None:
    flow = definition("pilot").flow
    begun = start(flow, at("2026-03-01"), Actor("enterprise")).state

    def words(state: State) -> list[str]:
        return [told(flow, state, audience).zh for audience in Audience]

    assert words(begun) == ["企业申报", "企业申报", "办理中"]
    assert words(replace(begun, stage="office_check")) == ["部门复核", "审核中", "办理中"]
    assert words(replace(begun, stage="notice")) == ["公示", "公示", "公示"]
    assert words(replace(begun, stage="dropped", outcome="revoked")) == ["退出", "退出", "已撤销"]
    assert told(flow, replace(begun, stage="certify"), Audience.APPLICANT) == ("评审中", "Under review")
    data = flow.to_data()
    data["stages"][0]["tells"] = {"staff": "企业填报中", "public": "申报"}
    flow = load_flow(data, definition("pilot").form, VOCABULARY)
    assert told(flow, begun, Audience.STAFF) == ("企业填报中", "企业填报中")
    assert told(flow, begun, Audience.PUBLIC).zh == "申报"


def test_reasons_that_are_to_be_shown_are_shown_to_the_applicant() -> None:
    flow = definition("pilot").flow
    acts = (
        ("enterprise", "submit", "city_check", ""),
        ("city", "recommend", "office_check", "推荐"),
        ("office", "refuse", "refused", "不属本批范围"),
    )
    found = timeline(log("pilot", *acts), Audience.APPLICANT, flow)
    assert lines(found)[-1] == ("未通过", "不予受理", "不属本批范围")
    assert lines(found)[-2] == ("审核中", None, "")


def test_more_time_signatures_and_the_system_are_told() -> None:
    flow = definition("offering").flow
    entries = log("offering", ("school", "submit", "approval", ""), ("experts", "favour", "cosign", ""))
    signed = Entry(4, Deed.ACT, at("2026-03-05"), Actor("sectors", "m1"), "cosign", "sign", signature=True)
    longer = Entry(5, Deed.EXTEND, at("2026-03-06"), Actor("office"), "cosign", reason="会签多",
                   until=at("2026-04-01").date())  # fmt: skip
    closing = Entry(6, Deed.ACT, at("2026-03-07"), Actor("gone", "m1"), "cosign", "refuse", "refused", "refused")
    entries += [signed, longer, closing]
    staff = timeline(entries, Audience.STAFF, flow)
    assert [line.deed.zh for line in staff[3:] if line.deed] == [
        "会签同意（待其他人签署）",
        "期限延至 2026-04-01",
        "不同意",
    ]
    assert staff[5].by == ("gone", "gone")
    assert lines(timeline(entries, Audience.APPLICANT, flow)) == [
        ("学校申请", "开始", ""),
        ("审批中", "提交", ""),
        ("不予批准", None, ""),
    ]
    filed = log("offering", ("school", "submit", "filing", ""), ("system", "file", "filed", ""))
    assert timeline(filed, Audience.STAFF, flow)[-1].by == ("系统", "the system")
    begun = [*filed[:1], replace(longer, number=2, stage="request")]
    assert lines(timeline(begun, Audience.APPLICANT, flow))[-1] == ("学校申请", "期限延至 2026-04-01", "会签多")


def test_a_history_goes_through_the_versions_of_its_flow() -> None:
    old = definition("offering").flow
    data = old.to_data()
    data["stages"][1].update(key="register", name="登记")
    data["stages"][0]["actions"][0]["to"] = "register"
    new = load_flow(data, definition("offering").form, VOCABULARY)
    entries = log("offering", ("school", "submit", "filing", ""))
    entries.append(
        Entry(3, Deed.MIGRATE, at("2026-03-04"), Actor("office", "m1"), "filing", to="register", reason="新规")
    )
    entries.append(Entry(4, Deed.ACT, at("2026-03-05"), Actor("office", "m1"), "register", "file", "filed", "granted"))
    assert lines(timeline(entries, Audience.STAFF, old, new)) == [
        ("学校申请", "开始", ""),
        ("备案", "提交", ""),
        ("登记", "改用新版流程", "新规"),
        ("备案", "予以备案", ""),
    ]
    assert [line[0] for line in lines(timeline(entries, Audience.APPLICANT, old, new))] == [
        "学校申请", "备案", "登记", "备案",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not given"):
        timeline(entries, Audience.STAFF, old)
