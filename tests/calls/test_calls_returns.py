"""Calls and awards as returns bring them: found again, merged, refused cell by cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.calls.models import Award, AwardHolder, AwardStatus, Batch, Call, CallDecider
from jineng.calls.queries import with_status_on
from jineng.kernel.actors import acting
from jineng.kernel.models import Confirmation, Receipt
from jineng.kernel.returns.landing import landings
from jineng.registry.models import Employment, Person
from tests.calls.small_world import award_row, report, resident
from tests.factories import World

CODE = "form-teacher-studio"
COUNTY, CITY, OTHER = "3662010002", "3662010001", "3662050001"


def announced(world: World, **cells: Any) -> Receipt:
    """The province's return with one call and its first batch."""
    call = {"code": CODE, "name": "名班主任工作室", "level": "provincial", "deciders": "620000-JY、620000-CZ", **cells}
    first = {"call_code": CODE, "batch_number": 1, "year": 2021, "decided_on": date(2021, 5, 20), "document": "甘教1号"}
    return report(world.actor("province_officer"), calls=[call], batches=[first])


def row(title: str = "机电名班主任工作室（1）", org_code: str = COUNTY, **cells: Any) -> dict[str, Any]:
    return award_row(CODE, title, org_code, **cells)


def recognised(title: str = "机电名班主任工作室（1）", org_code: str = COUNTY, **cells: Any) -> dict[str, Any]:
    return row(title, org_code, **{"status": "recognised", **cells})


def landed(receipt: Receipt) -> dict[str, Any]:
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt.counts


def refused(receipt: Receipt) -> set[tuple[str, int, str, str]]:
    assert receipt.state == Receipt.State.REFUSED
    return {(error["sheet"], error["row"], error["column"], error["code"]) for error in receipt.errors}


def timeline(award: Award) -> list[tuple[str, date]]:
    return list(
        AwardStatus.objects.filter(award=award, voided_at__isnull=True).order_by("since").values_list("status", "since")
    )


@pytest.fixture
def province(world: World):
    """The province's officer, acting, after the call was announced."""
    with acting(world.actor("province_officer")) as actor:
        landed(announced(world))
        yield actor


def counts(added: int = 0, corrected: int = 0, unchanged: int = 0, confirmed: int = 0) -> dict[str, int]:
    return {"added": added, "corrected": corrected, "unchanged": unchanged, "confirmed": confirmed}


def test_a_call_lands_with_its_deciders(world: World, province) -> None:
    call = Call.objects.get()
    assert (call.name, call.level, call.holder_form) == ("名班主任工作室", "provincial", "organisation")
    order = CallDecider.objects.order_by("order").values_list("organisation__code", "order")
    assert list(order) == [("620000-JY", 1), ("620000-CZ", 2)]
    assert Batch.objects.get().document == "甘教1号"
    assert landed(announced(world)) == {"calls": counts(unchanged=3), "batches": counts(unchanged=1)}
    assert landed(announced(world, name="新名"))["calls"] == counts(corrected=1, unchanged=2)


def test_calls_are_announced_by_those_who_decide(world: World, province) -> None:
    city = world.actor("city_officer")
    bad = [
        {"code": "Bad", "name": "x", "level": "city", "deciders": "LZ-JY"},
        {"code": "far", "name": "x", "level": "city", "deciders": "TS-JY"},
        {"code": "none", "name": "x", "level": "city", "deciders": "NOWHERE"},
    ]
    batches = [
        {"call_code": CODE, "batch_number": 2, "year": 2022},
        {"call_code": "unheard-of", "batch_number": 1, "year": 2022},
    ]
    with acting(city):
        assert refused(report(city, calls=bad, batches=batches)) == {
            ("遴选", 3, "code", "bad_code"),
            ("遴选", 4, "deciders", "out_of_scope"),
            ("遴选", 5, "deciders", "unknown_reference"),
            ("批次", 3, "call_code", "out_of_scope"),
            ("批次", 4, "call_code", "unknown_reference"),
        }
        good = [{"code": "city-studio", "name": "x", "level": "city", "deciders": "LZ-JY"}]
        own = [{"call_code": "city-studio", "batch_number": 1, "year": 2021}]
        assert landed(report(city, calls=good, batches=own))["batches"] == counts(added=1)


def test_the_same_return_twice_changes_nothing(world: World, province) -> None:
    rows = {
        "awards": [
            recognised(level="provincial", project_no="1", document="甘教1号"),
            recognised("候选", status="candidate", status_date=date(2021, 3, 1)),
            row("误报", voided=True, void_reason="从未立项", status="recognised"),
        ],
        "award_statuses": [row("候选", status="refused", since=date(2021, 5, 20))],
        "award_holders": [row(holder_kind="organisation", holder_org_code=COUNTY)],
    }
    first = landed(report(province, **rows))
    assert first["awards"] == counts(added=6)
    events = {model: model.pgh_event_model.objects.count() for model in (Award, AwardStatus, AwardHolder)}
    second = landed(report(province, **rows))
    assert {name: outcome["added"] + outcome["corrected"] for name, outcome in second.items()} == dict.fromkeys(rows, 0)
    assert {model: model.pgh_event_model.objects.count() for model in events} == events


def test_school_and_city_report_one_item(world: World, province) -> None:
    school, city = world.actor("school_officer"), world.actor("city_officer")
    landed(report(school, awards=[recognised("机电 名班主任工作室（1）", project_no="7")]))
    landed(report(city, awards=[recognised("机电名班主任工作室(1)")]))
    award = Award.objects.get()
    assert timeline(award) == [("recognised", date(2021, 5, 20))]
    assert award.project_number == "7"
    confirmed = Confirmation.objects.filter(record_table="calls_award")
    assert list(confirmed.values_list("record_id", "reporter_id")) == [(award.pk, world["lanzhou"].pk)]


def test_other_facts_conflict_or_correct(world: World, province) -> None:
    school, city = world.actor("school_officer"), world.actor("city_officer")
    landed(report(city, awards=[recognised(status_date=date(2021, 5, 1))]))
    assert refused(report(school, awards=[recognised(status_date=date(2021, 6, 1))])) == {
        ("立项", 3, "status_date", "conflict")
    }
    assert refused(report(school, awards=[recognised(level="city", status_date=date(2021, 5, 1))])) == {
        ("立项", 3, "level", "conflict")
    }
    assert timeline(Award.objects.get()) == [("recognised", date(2021, 5, 1))]
    landed(report(province, awards=[recognised(status_date=date(2021, 6, 1))]))
    assert timeline(Award.objects.get()) == [("recognised", date(2021, 6, 1))]


def test_recognised_again_is_no_correction(world: World, province) -> None:
    landed(report(province, awards=[recognised()]))
    steps = [
        row(status="withdrawn", since=date(2021, 9, 1)),
        row(status="recognised", since=date(2022, 9, 1)),
    ]
    landed(report(province, award_statuses=steps))
    landed(report(province, awards=[recognised(status_date=date(2022, 9, 1))]))
    assert [status for status, _ in timeline(Award.objects.get())] == ["recognised", "withdrawn", "recognised"]


def test_history_may_stand_on_another_sheet(world: World, province) -> None:
    landed(
        report(
            province,
            awards=[row(status="withdrawn", status_date=date(2022, 1, 1))],
            award_statuses=[row(status="recognised", since=date(2021, 5, 20))],
        )
    )
    assert [status for status, _ in timeline(Award.objects.get())] == ["recognised", "withdrawn"]


def test_impossible_timelines_are_refused(world: World, province) -> None:
    landed(report(province, awards=[recognised()]))
    late = report(province, awards=[row(status="refused", status_date=date(2021, 8, 1))])
    assert refused(late) == {("立项", 3, "status", "conflict")}
    early = report(province, award_statuses=[row(status="withdrawn", since=date(2021, 1, 1))])
    assert refused(early) == {("状态变更", 3, "status", "conflict")}
    assert len(timeline(Award.objects.get())) == 1


def test_rows_that_speak_of_nothing(world: World, province) -> None:
    with acting(world.actor("city_officer")) as city:
        receipt = report(
            city,
            awards=[
                {**recognised(), "call_code": "unheard-of"},
                {**recognised(), "batch_number": 9},
                recognised(org_code="9999999999"),
                recognised(org_code=OTHER),
                recognised(),
                recognised("机电名班主任工作室(1)"),
                row("作废", voided=True),
            ],
            award_statuses=[row("没有", status="recognised", since=date(2021, 1, 1))],
        )
    assert refused(receipt) == {
        ("立项", 3, "call_code", "unknown_reference"),
        ("立项", 4, "batch_number", "unknown_reference"),
        ("立项", 5, "org_code", "unknown_reference"),
        ("立项", 6, "org_code", "out_of_scope"),
        ("立项", 8, "title", "duplicate_key"),
        ("立项", 9, "void_reason", "required"),
        ("状态变更", 3, "title", "unknown_reference"),
    }
    assert not Award.objects.exists()


def test_a_school_reports_itself_only(world: World, province) -> None:
    with acting(world.actor("school_officer")) as school:
        assert refused(report(school, awards=[recognised(org_code="YD-JY")])) == {
            ("立项", 3, "org_code", "out_of_scope")
        }


def test_void_rows_strike_out_or_are_kept_as_void(world: World, province) -> None:
    school, city = world.actor("school_officer"), world.actor("city_officer")
    landed(report(city, awards=[recognised()]))
    strike = row(voided=True, void_reason="误录")
    assert refused(report(school, awards=[strike])) == {("立项", 3, "voided", "conflict")}
    assert landed(report(city, awards=[strike]))["awards"] == counts(corrected=1)
    assert landed(report(city, awards=[strike]))["awards"] == counts(unchanged=1)
    assert landed(report(school, awards=[recognised()]))["awards"]["added"] == 2
    assert sorted(Award.objects.values_list("void_reason", flat=True)) == ["", "误录"]
    with_void = report(
        city,
        award_statuses=[row("只有作废", status="withdrawn", since=date(2022, 1, 1))],
        awards=[row("只有作废", voided=True, void_reason="误录")],
    )
    assert landed(with_void)["awards"] == counts(added=1)
    assert not AwardStatus.objects.filter(award__title="只有作废").exists()


def test_holders_land_and_are_found_again(world: World, province) -> None:
    people = [
        row(holder_kind="person", person_name="试验甲", resident_id=resident(1), role="leader", is_synthetic=True),
        row(holder_kind="person", person_name="试验乙", resident_id=resident(2), role="member", is_synthetic=True),
        row(holder_kind="team", team_name="机电团队"),
        row(holder_kind="organisation", holder_org_code=COUNTY),
    ]
    school = world.actor("school_officer")
    first = landed(report(school, awards=[recognised()], award_holders=people))
    assert first["award_holders"] == counts(added=4)
    assert Person.objects.filter(is_synthetic=True).count() == Employment.objects.count() == 2
    assert set(Employment.objects.values_list("organisation", "since")) == {
        (world["county_school"].pk, date(2021, 5, 20))
    }
    second = landed(report(world.actor("city_officer"), award_holders=people))
    assert second["award_holders"] == counts(unchanged=4, confirmed=4)
    assert Person.objects.count() == 2


def test_holder_cells_must_fit_their_kind(world: World, province) -> None:
    landed(announced(world, holder_form="studio"))
    holders = [
        row(holder_kind="person", person_name="试验甲", role="leader"),
        row(holder_kind="organisation", holder_org_code=COUNTY, team_name="多填", role="member"),
        row(holder_kind="team", team_name="团队"),
        row("没有", holder_kind="organisation", holder_org_code=COUNTY),
        row(holder_kind="person", person_name="试验乙", resident_id=resident(2), role="leader"),
        row(holder_kind="person", person_name="试验丙", resident_id=resident(3)),
    ]
    assert refused(report(province, awards=[recognised()], award_holders=holders)) == {
        ("持有者", 3, "resident_id", "required"),
        ("持有者", 4, "team_name", "conflict"),
        ("持有者", 4, "role", "conflict"),
        ("持有者", 5, "holder_kind", "conflict"),
        ("持有者", 6, "title", "unknown_reference"),
        ("持有者", 7, "role", "conflict"),
    }
    assert not Person.objects.exists()


def test_what_goes_out_comes_in_unchanged(world: World, province) -> None:
    rows = {
        "awards": [recognised(project_no="7"), recognised("文化", CITY), row("候选", status="candidate")],
        "award_statuses": [row(status="withdrawn", since=date(2021, 9, 1))],
        "award_holders": [
            row(holder_kind="organisation", holder_org_code=COUNTY),
            row(holder_kind="person", person_name="试验甲", resident_id=resident(1)),
        ],
    }
    landed(report(province, **rows))
    names = ("calls", "batches", "awards", "award_statuses", "award_holders")
    out = {
        name: [
            dict(zip((column.name for column in landings()[name].sheet.columns), line, strict=True))
            for line in landings()[name].export(province, 2021)
        ]
        for name in names
    }
    assert [len(out[name]) for name in names] == [1, 1, 3, 4, 2]
    again = landed(report(province, **out))
    assert sum(outcome["added"] + outcome["corrected"] for outcome in again.values()) == 0
    with acting(world.actor("school_officer")) as school:
        assert {line[2] for line in landings()["awards"].export(school, 2021)} == {"机电名班主任工作室(1)", "候选"}
    assert not list(landings()["awards"].export(province, 2020))
    statuses = with_status_on(Award.objects.all(), date(2021, 12, 31)).values_list("title", "status")
    assert dict(statuses) == {"机电名班主任工作室(1)": "withdrawn", "文化": "recognised", "候选": "candidate"}
