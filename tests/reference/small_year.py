"""A year of one college, one school and their departments, small enough to say in a test what must come of it."""

from __future__ import annotations

from datetime import date

from jineng.reference.year import (
    Award,
    AwardList,
    Batch,
    Call,
    Change,
    Event,
    Expansion,
    Holder,
    ItemRule,
    Numbers,
    Offering,
    Organisation,
    PeopleRule,
    Specification,
)

MARCH, JULY = date(2021, 3, 1), date(2021, 7, 1)
NAMES = {"410101": "种子生产与经营", "410102": "作物生产与经营管理", "520201K": "护理"}
PEOPLE = PeopleRule(("王", "李"), ("文", "建"), ("华", "军"), ("620121",))


def organisation(key: str, name: str, kind: str, **fields) -> Organisation:
    blank = dict.fromkeys(
        ("code", "credit_code", "local_code", "nature", "level", "authority", "governs", "located", "founded")
    )
    return Organisation(**{**blank, "id": key, "name": name, "kind": kind, "synthetic": True, "changes": ()} | fields)


def small_year(expansion: Numbers, title: str = "{major}：{topic}", **more) -> Specification:
    became = Change(JULY, "redesignated", "新名大学", "vocational_university", "4162000002", None, None, "甘政函9901号")
    organisations = [
        organisation("gs-gov", "省政府", "government_department", local_code="GOV"),
        organisation("gs-jyt", "省教育厅", "education_department", level="province", authority="gs-gov"),
        organisation(
            "edu",
            "市教育局",
            "education_department",
            level="city",
            authority="gs-jyt",
            governs="620500",
            located="620502",
            local_code="TS-JY",
        ),
        organisation(
            "college",
            "旧名学院",
            "higher_vocational",
            code="4162000001",
            authority="gs-jyt",
            located="620502",
            changes=(became,),
        ),
        organisation("school", "某学校", "secondary_vocational", code="3662000001", authority="edu", located="620503"),
    ]
    offerings = (
        Offering("college", "410102", 3, date(2015, 9, 1), None, None),
        Offering("college", "410101", 3, date(2015, 9, 1), None, None),
        Offering("college", "410101", 2, date(2016, 9, 1), MARCH, None),
        Offering("college", "520201K", 3, date(2021, 3, 2), None, None),
        Offering("school", "410101", 3, date(2015, 9, 1), None, "误报"),
    )
    calls = {
        "micro": Call("micro", "微课", "provincial", "course", ("gs-jyt",), {1: Batch(1, 2021, MARCH, "9901号")}),
        "studio": Call("studio", "工作室", "city", "studio", ("edu",), {1: Batch(1, 2021, JULY, "9902号")}),
    }
    rule = ItemRule(title, ("甲", "乙"), 100)
    fates = Expansion(1, date(2021, 6, 30), "误录", {"college": expansion})
    studio = Award(
        "studio",
        1,
        "某学校工作室",
        "school",
        (Holder(people=(7,)), Holder(organisation="school")),
        (Event(date(2021, 1, 5), "candidate"), Event(JULY, "recognised")),
    )
    parts = {
        "year": 2021,
        "organisations": {item.id: item for item in organisations},
        "offerings": offerings,
        "calls": calls,
        "awards": {"micro": AwardList((), rule, (fates,)), "studio": AwardList((studio,), None, ())},
        "people": PEOPLE,
        "kinship": (),
        "employment": (),
        "accounts": (),
        "delegations": (),
    }
    return Specification(**{**parts, **more})
