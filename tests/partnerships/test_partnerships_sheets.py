"""The room's sheets: what lands, what is refused at which cell, and that what went in comes out again."""

from __future__ import annotations

from datetime import date
from typing import Any

from jineng.kernel.actors import acting
from jineng.kernel.models import Confirmation, Receipt
from jineng.kernel.returns import the_book
from jineng.partnerships.exchange import LANDINGS
from jineng.partnerships.models import Agreement, AgreementTerm, Body, BodyMember
from tests.calls.small_world import report
from tests.factories import World

SCHOOL, CITY_SCHOOL, OTHER = "3662010002", "3662010001", "3662050001"
SINCE, UNTIL = date(2019, 1, 1), date(2021, 12, 31)
SHEETS: dict[str, list[dict[str, Any]]] = {
    "agreements": [
        {"code": "A-1", "name": "协议一", "kind": "school_enterprise", "org_code": SCHOOL, "signed_on": SINCE},
        {"code": "A-2", "name": "协议二", "kind": "other", "org_code": SCHOOL, "signed_on": SINCE, "voided": True,
         "void_reason": "未签"},
    ],
    "agreement_parties": [
        {"agreement_code": "A-1", "org_code": SCHOOL, "name": "示例永登职教中心", "role": "first"},
        {"agreement_code": "A-1", "org_code": OTHER, "name": "示例秦州职业学校", "role": "second"},
        {"agreement_code": "A-1", "name": "示例德国企业", "country": "德国", "role": "third"},
        {"agreement_code": "A-2", "name": "示例企业", "role": "second"},
    ],
    "agreement_terms": [
        {"agreement_code": "A-1", "since": SINCE, "until": UNTIL},
        {"agreement_code": "A-1", "since": date(2022, 1, 1)},
    ],
    "bodies": [
        {"code": "B-1", "name": "产业学院", "kind": "industry_college", "org_code": SCHOOL, "agreement_code": "A-1",
         "founded_on": SINCE},
        {"code": "B-2", "name": "筹建基地", "kind": "training_centre", "org_code": SCHOOL},
    ],
    "body_members": [
        {"body_code": "B-1", "org_code": OTHER, "name": "示例秦州职业学校", "role": "council", "joined_on": SINCE},
        {"body_code": "B-1", "name": "陕西省教育厅", "province": "61", "authority": True, "founding": True,
         "joined_on": SINCE, "left_on": date(2021, 5, 1)},
    ],
    "international_projects": [
        {"code": "G-1", "name": "项目", "kind": "training", "org_code": SCHOOL, "country": "巴基斯坦",
         "partner": "示例学院", "since": SINCE, "belt_and_road": True},
    ],
    "clusters": [
        {"code": "C-1", "name": "集群", "field": "ecology", "org_code": SCHOOL, "founded_on": SINCE},
    ],
    "cluster_members": [{"cluster_code": "C-1", "org_code": OTHER, "joined_on": SINCE}],
}  # fmt: skip


def refused(receipt: Receipt) -> set[tuple[str, str, str]]:
    assert receipt.state == Receipt.State.REFUSED
    return {(error["sheet"], error["column"], error["code"]) for error in receipt.errors}


def same(receipt: Receipt) -> bool:
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return all(count["added"] == count["corrected"] == 0 for count in receipt.counts.values())


def test_what_lands_comes_out_and_is_confirmed_by_another_level(world: World) -> None:
    with acting(world.actor("county_officer")) as county:
        landed = report(county, **SHEETS)
        assert landed.state == Receipt.State.LANDED, landed.errors
        assert list(Agreement.objects.filter(voided_at=None).values_list("code", flat=True)) == ["A-1"]
        assert Body.objects.get(code="B-1").agreement is not None
        out = {landing.sheet.name: [list(row) for row in landing.export(county, 2021)] for landing in LANDINGS}
        assert sum(map(len, out.values())) == sum(map(len, SHEETS.values())) - 2
        columns = {name: [column.name for column in the_book().by_name[name].columns] for name in out}
        given = {name: [dict(zip(columns[name], row, strict=True)) for row in rows] for name, rows in out.items()}
        assert same(report(county, **given))
        assert same(report(county, **SHEETS))
    with acting(world.actor("city_officer")) as city:
        assert same(report(city, **SHEETS))
        assert Confirmation.objects.filter(record_table="partnerships_agreement").count() == 1
        assert [len(list(landing.export(city, 2017))) for landing in LANDINGS] == [0, 0, 0, 1, 0, 0, 0, 0]


def test_each_wrong_cell_is_named(world: World) -> None:
    first, body, member = SHEETS["agreements"][0], SHEETS["bodies"][0], SHEETS["body_members"]
    project, party = SHEETS["international_projects"][0], SHEETS["agreement_parties"][2]
    cases: list[tuple[str, list[dict[str, Any]], tuple[str, str, str]]] = [
        ("agreements", [first | {"ended_on": SINCE}], ("合作协议", "ended_on", "out_of_range")),
        ("agreements", [first | {"org_code": CITY_SCHOOL}], ("合作协议", "org_code", "out_of_scope")),
        ("agreement_parties", [party | {"country": "某国"}], ("签约方", "country", "unknown_reference")),
        ("agreement_parties", [party | {"agreement_code": "X"}], ("签约方", "agreement_code", "unknown_reference")),
        ("agreement_terms", [{"agreement_code": "A-1", "since": UNTIL, "until": SINCE}],
         ("协议期限", "until", "out_of_range")),
        ("agreement_terms", [*SHEETS["agreement_terms"], {"agreement_code": "A-1", "since": UNTIL, "until": UNTIL}],
         ("协议期限", "since", "conflict")),
        ("bodies", [body | {"agreement_code": "X"}], ("合作机构", "agreement_code", "unknown_reference")),
        ("bodies", [body | {"ended_on": SINCE}], ("合作机构", "ended_on", "out_of_range")),
        ("bodies", [body, body | {"code": "B-9"}], ("合作机构", "name", "conflict")),
        ("body_members", [member[0] | {"left_on": SINCE}], ("合作机构成员", "left_on", "out_of_range")),
        ("body_members", [member[1] | {"province": None}], ("合作机构成员", "province", "required")),
        ("body_members", [*member, member[0] | {"joined_on": UNTIL}], ("合作机构成员", "joined_on", "conflict")),
        ("international_projects", [project | {"country": "中国"}], ("国际合作项目", "country", "conflict")),
        ("international_projects", [project | {"country": "某国"}], ("国际合作项目", "country", "unknown_reference")),
        ("international_projects", [project | {"until": date(2010, 1, 1)}], ("国际合作项目", "until", "out_of_range")),
        ("clusters", [SHEETS["clusters"][0] | {"ended_on": SINCE}], ("产业集群", "ended_on", "out_of_range")),
        ("cluster_members", [SHEETS["cluster_members"][0] | {"left_on": SINCE}],
         ("产业集群成员", "left_on", "out_of_range")),
        ("cluster_members", [*SHEETS["cluster_members"], SHEETS["cluster_members"][0] | {"joined_on": UNTIL}],
         ("产业集群成员", "joined_on", "conflict")),
    ]  # fmt: skip
    with acting(world.actor("county_officer")) as county:
        for sheet, rows, wrong in cases:
            assert wrong in refused(report(county, **SHEETS | {sheet: rows})), wrong
        assert Agreement.objects.count() == 0


def test_others_take_no_codes_and_change_nothing(world: World) -> None:
    with acting(world.actor("county_officer")) as county:
        assert report(county, **SHEETS).state == Receipt.State.LANDED
    mine = {name: [row | {"org_code": OTHER} for row in SHEETS[name]] for name in ("international_projects",)}
    with acting(world.actor("other_county_officer")) as stranger:
        assert ("国际合作项目", "code", "conflict") in refused(report(stranger, **mine))
        assert ("协议期限", "agreement_code", "out_of_scope") in refused(
            report(stranger, agreement_terms=SHEETS["agreement_terms"])
        )
        assert AgreementTerm.objects.count() == 2
        assert BodyMember.objects.count() == 2


def test_striking_out_is_for_the_first_reporter_and_those_above(world: World) -> None:
    gone = [SHEETS["international_projects"][0] | {"voided": True, "void_reason": "从未启动"}]
    with acting(world.actor("city_officer")) as city:
        assert report(city, **SHEETS).state == Receipt.State.LANDED
    with acting(world.actor("county_officer")) as county:
        assert ("国际合作项目", "voided", "conflict") in refused(report(county, international_projects=gone))
    with acting(world.actor("province_officer")) as province:
        assert report(province, international_projects=gone).counts["international_projects"]["corrected"] == 1
        assert same(report(province, international_projects=gone))
