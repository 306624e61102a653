"""Random provinces: every engine against a plain Python reading of what the figures mean."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.measures import province
from tests.engines.measures.conftest import Build
from tests.engines.measures.province import KEYS, ORGANISATIONS, Y2021

from jineng.engines.measures import Catalogue, Sources, drill, records, value

DAYS = st.sampled_from(["2020-06-01", "2020-12-31", "2021-01-01", "2021-07-01", "2021-12-31", "2022-01-01"])
CODES = st.sampled_from([None, "000000", *(row["code"] for row in province.DIVISIONS)])
NAMES = st.sampled_from(sorted(ORGANISATIONS))

STATES = st.lists(st.tuples(NAMES, DAYS, CODES, st.booleans(), st.integers(1, 3)), max_size=10).map(
    lambda drawn: [
        province.state(
            number,
            name,
            since,
            code,
            voided=voided,
            recorded_at=dt.datetime(2022, 1, day, tzinfo=dt.UTC),
        )
        for number, (name, since, code, voided, day) in enumerate(drawn)
    ]
)
MONEY = st.none() | st.integers(-(10**6), 10**6).map(lambda cents: cents / 100)
AWARDS = st.lists(
    st.tuples(
        NAMES | st.none(),
        st.sampled_from(["i", "j", "k"]),
        DAYS,
        DAYS.map(dt.date.fromisoformat) | st.none(),
        st.sampled_from(["N", "P", None]),
        MONEY,
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda drawn: [
        province.award(number, name, item, on, revoked_on=until, level=level, money=money, voided=voided)
        for number, (name, item, on, until, level, money, voided) in enumerate(drawn)
    ]
)
CITY = {
    "990100": "990100",
    "990102": "990100",
    "990103": "990100",
    "990171": "990100",
    "990200": "990200",
    "990202": "990200",
    "999001": "999001",
    "999002": "999002",
}


def city_of(states: list[dict[str, Any]], organisation: object) -> str:
    known = [
        row
        for row in states
        if row["organisation_id"] == organisation and not row["voided"] and row["since"] <= Y2021.end
    ]
    if not known:
        return "unplaced"
    latest = max(known, key=lambda row: (row["since"], row["recorded_at"], row["id"]))
    return CITY.get(latest["division_code"], "unplaced")


@given(STATES, AWARDS)
@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_figures_and_parts_are_what_plain_counting_gives(
    build: Build,
    sources: Sources,
    catalogue: Catalogue,
    states: list[dict[str, Any]],
    awards: list[dict[str, Any]],
) -> None:
    engine = build(
        {
            "registry_division": province.DIVISIONS,
            "registry_organisationstate": states,
            "calls_award": awards,
        }
    )
    real = [row for row in awards if not row["voided"]]
    standing = [
        row for row in real if row["on"] <= Y2021.end and (row["revoked_on"] is None or row["revoked_on"] > Y2021.end)
    ]
    begun = [row for row in real if Y2021.contains(row["on"])]

    counts: dict[str, int] = defaultdict(int)
    items: dict[str, set[str]] = defaultdict(set)
    for row in standing:
        city = city_of(states, row["organisation_id"])
        counts[city] += 1
        items[city].add(row["item"])
    money: dict[str, Fraction] = defaultdict(Fraction)
    for row in begun:
        money[city_of(states, row["organisation_id"])] += Fraction(str(row["money"] or 0))

    found = {key: drill(engine, catalogue, sources, key, Y2021, "city") for key in KEYS}
    parts = {key: {part.code: part.value for part in each.parts} for key, each in found.items()}
    assert parts["awards"] == counts
    assert parts["items"] == {city: len(held) for city, held in items.items()}
    assert parts["money"] == money
    assert found["awards"].total == len(standing)
    assert found["items"].total == len({row["item"] for row in standing})
    assert found["items"].sums is (sum(map(len, items.values())) == found["items"].total)
    assert found["money"].sums
    for key, each in found.items():
        assert value(engine, catalogue, sources, key, Y2021).value == each.total
    for city, count in counts.items():
        within = {key: drill(engine, catalogue, sources, key, Y2021, "organisation", city) for key in KEYS}
        assert (within["awards"].total, within["awards"].sums) == (count, True)
        assert (within["items"].total, within["money"].total) == (len(items[city]), money.get(city, 0))
        assert records(engine, catalogue, sources, "awards", Y2021, within=city, limit=1).total == count
