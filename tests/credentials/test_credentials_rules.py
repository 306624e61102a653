"""The law of the room and the reading of marks, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.credentials.kinds import PilotStatus, SkillLevel
from jineng.credentials.marking import ABSENT, Entry, differences, parse_entry, verdict
from jineng.credentials.models import CertificatePilot
from jineng.credentials.rules import (
    LAST_SERIAL,
    PILOT_LAWS,
    PilotCase,
    PilotLaw,
    group_of,
    make_number,
    parse_levels,
    pilot_faults,
    pilot_law_on,
    read_number,
    say_levels,
)

CODES = st.from_regex(r"[A-Z0-9]{2,12}", fullmatch=True)
LEVELS = st.sampled_from([level.value for level in SkillLevel])
HUNDRED = Decimal(100)
DAY = date(2020, 6, 10)


@settings(deadline=None)
@given(CODES, st.integers(2000, 2099), LEVELS, st.integers(1, LAST_SERIAL))
def test_a_number_reads_back(code: str, year: int, level: str, serial: int) -> None:
    parts = read_number(make_number(code, year, level, serial))
    assert parts is not None
    assert (parts.code, parts.year, parts.level, parts.serial) == (code, year, level, serial)


@settings(deadline=None)
@given(CODES, LEVELS, st.integers(1, LAST_SERIAL), st.data())
def test_one_wrong_digit_never_passes(code: str, level: str, serial: int, data: st.DataObject) -> None:
    number = make_number(code, 2021, level, serial)
    place = data.draw(st.integers(len(number) - 7, len(number) - 2))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(ValueError, match="check character"):
        read_number(number[:place] + other + number[place + 1 :])


def test_serials_and_patterns_have_their_bounds() -> None:
    for serial in (0, LAST_SERIAL + 1):
        with pytest.raises(ValueError, match="serials run"):
            make_number("X01", 2021, "elementary", serial)
    assert read_number("S000062210003210000012") is None


@settings(deadline=None)
@given(st.lists(LEVELS, min_size=1))
def test_levels_read_back(levels: list[str]) -> None:
    assert say_levels(parse_levels(say_levels(levels))) == say_levels(levels)


@pytest.mark.parametrize("text", ["", " ", "特级", "初级、特级"])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not levels"):
        parse_levels(text)


def case(kind: str = "secondary_vocational", level: str = "elementary", **days: date) -> PilotCase:
    told = dict.fromkeys(("approved_on", "refused_on", "withdrawn_on")) | {"applied_on": DAY} | days
    return PilotCase(kind=kind, level=level, levels=frozenset({"elementary"}), **told)


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (case(), []),
        (case("county_centre", approved_on=DAY, withdrawn_on=date(2020, 6, 11)), []),
        (case("enterprise"), ["org_code"]),
        (case(level="advanced"), ["level"]),
        (case(approved_on=DAY, refused_on=DAY), ["refused_on"]),
        (case(approved_on=date(2020, 6, 9)), ["approved_on"]),
        (case(refused_on=date(2020, 6, 9)), ["refused_on"]),
        (case(refused_on=DAY, withdrawn_on=DAY), ["withdrawn_on"]),
        (case(withdrawn_on=date(2020, 6, 9)), ["withdrawn_on"]),
        (case(approved_on=DAY, withdrawn_on=DAY), ["withdrawn_on"]),
    ],
)
def test_pilots_are_judged_by_kind_level_and_days(told: PilotCase, fields: list[str]) -> None:
    found = list(pilot_faults(told))
    assert [fault.field for fault in found] == fields
    assert all(fault.remedy in str(fault) for fault in found)


def test_the_law_of_the_day_judges() -> None:
    later = PilotLaw(date(2022, 1, 1), "某号", frozenset({"enterprise"}))
    laws = (*PILOT_LAWS, later)
    assert pilot_law_on(date(2000, 1, 1), laws) is PILOT_LAWS[0]
    assert pilot_law_on(date(2021, 12, 31), laws) is PILOT_LAWS[0]
    assert pilot_law_on(date(2022, 1, 1), laws) is later


def test_groups_follow_the_kind() -> None:
    assert [group_of(kind) for kind in ("undergraduate", "vocational_university", "county_centre", "park")] == [
        "undergraduate",
        "higher",
        "secondary",
        "",
    ]


def test_a_pilot_is_what_its_dates_say() -> None:
    told = CertificatePilot(approved_on=DAY, withdrawn_on=date(2021, 1, 1))
    days = (date(2020, 6, 9), DAY, date(2020, 12, 31), date(2021, 1, 1))
    assert [told.status_on(day) for day in days] == [
        PilotStatus.APPLIED,
        PilotStatus.STANDING,
        PilotStatus.STANDING,
        PilotStatus.WITHDRAWN,
    ]
    assert CertificatePilot(refused_on=DAY).status_on(DAY) == PilotStatus.REFUSED


@settings(deadline=None)
@given(st.decimals(0, 100, places=1))
def test_scores_read_back(score: Decimal) -> None:
    assert parse_entry(f" {score} ", HUNDRED) == Entry(score)
    assert parse_entry(str(Entry(score)), HUNDRED) == Entry(score)


@pytest.mark.parametrize("text", ["缺考", " 缺 ", "absent"])
def test_absence_is_told_in_words(text: str) -> None:
    assert parse_entry(text, HUNDRED) == ABSENT
    assert str(ABSENT) == "缺考"


@pytest.mark.parametrize("text", ["", "六十", "-1", "100.5", "60.25", "NaN", "Infinity", "1e400"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="分"):
        parse_entry(text, HUNDRED)


ENTRIES = st.dictionaries(st.integers(0, 5), st.builds(Entry, st.none() | st.decimals(0, 100, places=1)))


@settings(deadline=None)
@given(ENTRIES, ENTRIES)
def test_differences_are_all_and_only_where_sheets_differ(first: dict[int, Entry], second: dict[int, Entry]) -> None:
    found = differences(first, second)
    assert differences(first, first) == []
    assert sorted(found) == sorted(differences(second, first))
    assert {**first, **{cell: second[cell] for cell in found if cell in second}} == {**first, **second}


def parts(*scores: int | None) -> list[tuple[Decimal, Entry]]:
    return [(Decimal(60), Entry(None if score is None else Decimal(score))) for score in scores]


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((60, 60), ("sat", "passed", 120)),
        ((59, 100), ("sat", "failed", 159)),
        ((None, 100), ("sat", "failed", 100)),
        ((None, None), ("absent", "", None)),
    ],
)
def test_all_parts_must_be_passed(scores: tuple[int | None, ...], told: tuple[str, str, int | None]) -> None:
    found = verdict(parts(*scores))
    assert (found.attendance, found.outcome, found.score) == told
