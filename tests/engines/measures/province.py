"""A tiny invented province: its divisions, organisations, and what they hold."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import ibis

from jineng.engines.measures import (
    Catalogue,
    Dimension,
    Distinct,
    Over,
    Period,
    Ratio,
    Sources,
    SourceTable,
    Sum,
    as_records,
    declare_places,
    indicator,
)

AWARDS = SourceTable(
    "calls_award",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "item": "string",
        "on": "date",
        "revoked_on": "date",
        "level": "string",
        "money": "float64",
        "voided": "boolean",
    },
)

ORGANISATIONS = {name: UUID(int=number + 1) for number, name in enumerate("ABCDEFGH")}


def fresh_sources() -> Sources:
    sources = Sources(AWARDS)
    declare_places(sources)
    return sources


LEVEL = Dimension("level", "级别", "level", {"N": "国家级", "P": "省级"})


def _standing(sources: Sources, period: Period) -> ibis.Table:
    award = sources.table("calls_award")
    return award.filter(~award.voided, period.stands(award.on, award.revoked_on))


def _records(table: ibis.Table) -> ibis.Table:
    return as_records(
        table,
        record_type="award",
        record_id=table.id,
        counted_id=table.item,
        organisation_id=table.organisation_id,
        on=table.on,
        measure=table.money,
        label=table.item,
        level=table.level,
    )


_COMMON: dict[str, Any] = {"room": "calls", "record_type": "award", "dimensions": (LEVEL,)}


@indicator(key="awards", label="立项数", label_en="awards", unit="项", over=Over.STOCK, **_COMMON)
def awards(sources: Sources, period: Period) -> ibis.Table:
    """期末有效的立项，一项一计。"""
    return _records(_standing(sources, period))


@indicator(
    key="items",
    label="项目数",
    label_en="items",
    unit="个",
    over=Over.STOCK,
    aggregate=Distinct(),
    **_COMMON,
)
def items(sources: Sources, period: Period) -> ibis.Table:
    """期末有效立项所涉的项目，同一项目只计一次。"""
    return _records(_standing(sources, period))


@indicator(
    key="money",
    label="资金",
    label_en="money",
    unit="万元",
    over=Over.FLOW,
    aggregate=Sum(),
    **_COMMON,
)
def money(sources: Sources, period: Period) -> ibis.Table:
    """当年立项的资金合计。"""
    award = sources.table("calls_award")
    return _records(award.filter(~award.voided, period.holds(award.on)))


@indicator(
    key="money_per_award",
    label="项均资金",
    label_en="money per award",
    unit="万元",
    over=Over.STOCK,
    aggregate=Ratio("money", "awards"),
    **_COMMON,
)
def money_per_award(sources: Sources, period: Period) -> None:
    """当年资金除以期末立项数。"""


def fresh_catalogue() -> Catalogue:
    return Catalogue(awards, items, money, money_per_award)


def division(code: str, name: str, level: str, parent: str | None) -> dict[str, Any]:
    return {"code": code, "name": name, "level": level, "parent_code": parent}


DIVISIONS = [
    division("990000", "例省", "province", None),
    division("990100", "甲市", "city", "990000"),
    division("990102", "东县", "county", "990100"),
    division("990103", "西县", "county", "990100"),
    division("990171", "甲新区", "special", "990100"),
    division("990200", "乙市", "city", "990000"),
    division("990202", "南县", "county", "990200"),
    division("999001", "直管县", "county", "990000"),
    division("999002", "省属矿区", "special", "990000"),
]


def state(number: int, organisation: str, since: str, code: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "id": UUID(int=1000 + number),
        "organisation_id": ORGANISATIONS[organisation],
        "since": dt.date.fromisoformat(since),
        "recorded_at": dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
        "name": f"{organisation}校",
        "kind": "secondary",
        "division_code": code,
        "authority_id": None,
        "closed": False,
        "voided": False,
        **changes,
    }


STATES = [
    state(1, "A", "2000-01-01", "990102"),
    state(2, "A", "2021-06-01", "990202"),
    state(3, "A", "2021-07-01", "990103", voided=True),
    state(4, "B", "2000-01-01", "990103"),
    state(5, "C", "2000-01-01", "990171"),
    state(6, "D", "2000-01-01", "990200"),
    state(7, "E", "2000-01-01", "000000"),
    state(8, "F", "2000-01-01", "990000"),
    state(9, "G", "2022-01-01", "990202"),
]


def award(number: int, organisation: str | None, item: str, on: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": UUID(int=2000 + number),
        "organisation_id": ORGANISATIONS[organisation] if organisation else None,
        "item": item,
        "on": dt.date.fromisoformat(on),
        "revoked_on": None,
        "level": "P",
        "money": None,
        "voided": False,
        **changes,
    }


AWARD_ROWS = [
    award(1, "A", "i1", "2020-05-01", money=10.5),
    award(2, "A", "i2", "2021-05-01", level="N", money=0.1),
    award(3, "B", "i1", "2021-05-01", money=0.2),
    award(4, "C", "i3", "2021-05-01", level=None),
    award(5, "D", "i4", "2021-12-31", money=3.0),
    award(6, "E", "i5", "2021-03-01", level="X"),
    award(7, "F", "i6", "2021-03-01"),
    award(8, "G", "i7", "2021-03-01"),
    award(9, None, "i8", "2021-03-01"),
    award(10, "B", "i9", "2021-03-01", voided=True, money=99.0),
    award(11, "B", "i10", "2020-03-01", revoked_on=dt.date(2021, 12, 31)),
    award(12, "B", "i11", "2020-03-01", revoked_on=dt.date(2022, 1, 1)),
    award(13, "B", "i12", "2022-03-01"),
]

ROWS = {"registry_division": DIVISIONS, "registry_organisationstate": STATES, "calls_award": AWARD_ROWS}
Y2021 = Period.year(2021)

KEYS = ("awards", "items", "money", "money_per_award")
