"""The pure rules: days in order, what caps leave, channels as written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.admissions.kinds import CapKind, Channel, Ending
from jineng.admissions.rules import (
    CapState,
    admission_faults,
    cap_faults,
    exemption_faults,
    explain,
    plan_faults,
    read_channels,
    season_faults,
    tightest,
    written_channels,
)
from jineng.engines.allocation.plan_caps import NO_BOUND

DAY = date(2021, 5, 1)
LATER = DAY + timedelta(days=3)
fast = settings(deadline=None, max_examples=80)


def state(kind: str = CapKind.INSTITUTION, allowed: int = 10, used: int = 0, **fields: object) -> CapState:
    """A cap that counts everything unless said otherwise."""
    values = {"code": "c", "name": "限额", "channels": "", "category": 0, **fields}
    return CapState(kind=kind, allowed=allowed, used=used, **values)  # type: ignore[arg-type]


def fields(faults: object) -> list[str]:
    """Where faults lie."""
    return [fault.field for fault in faults]  # type: ignore[attr-defined]


def test_a_season_opens_in_its_year() -> None:
    assert fields(season_faults(year=2021, opens_on=date(2020, 12, 31), closes_on=date(2020, 12, 30))) == [
        "opens_on",
        "closes_on",
    ]
    assert not fields(season_faults(year=2021, opens_on=DAY, closes_on=None))


@pytest.mark.parametrize(
    ("kind", "institution", "seats", "percent", "wrong"),
    [
        ("share", False, None, 50, []),
        ("share", True, 5, None, ["limit_percent", "limit_seats"]),
        ("season", False, 5, None, []),
        ("season", True, 5, 5, ["limit_percent", "org_code"]),
        ("institution", False, None, None, ["limit_seats", "org_code"]),
    ],
)
def test_a_cap_has_the_limit_of_its_kind(
    kind: str, institution: bool, seats: int | None, percent: int | None, wrong: list[str]
) -> None:
    found = cap_faults(
        kind=kind,
        names_institution=institution,
        limit_seats=seats,
        limit_percent=percent,
        issued_on=DAY,
        lifted_on=None,
    )
    assert fields(found) == wrong


def test_a_cap_is_not_lifted_before_its_issue() -> None:
    found = cap_faults(
        kind="season", names_institution=False, limit_seats=1, limit_percent=None, issued_on=LATER, lifted_on=DAY
    )
    assert fields(found) == ["lifted_on"]


def test_only_targeted_plans_name_a_county_and_days_follow_the_filing() -> None:
    early = DAY - timedelta(days=1)
    assert fields(plan_faults(pool="county", county_code="", filed_on=DAY, accepted_on=early, withdrawn_on=early)) == [
        "county_code",
        "accepted_on",
        "withdrawn_on",
    ]
    assert fields(
        plan_faults(pool="ordinary", county_code="620121", filed_on=DAY, accepted_on=DAY, withdrawn_on=None)
    ) == ["county_code"]


def test_steps_of_an_admission_follow_each_other() -> None:
    nothing = {"placed_on": None, "admitted_on": None, "confirmed_on": None, "ended_on": None, "ending": ""}
    assert fields(admission_faults(**nothing)) == ["admitted_on"]  # type: ignore[arg-type]
    assert not fields(admission_faults(**{**nothing, "admitted_on": DAY, "confirmed_on": DAY}))  # type: ignore[arg-type]
    wrong = {**nothing, "placed_on": LATER, "confirmed_on": DAY, "ended_on": LATER}
    assert fields(admission_faults(**wrong)) == ["confirmed_on", "ending"]  # type: ignore[arg-type]
    assert fields(admission_faults(**{**nothing, "placed_on": DAY, "ending": "refused"})) == ["ended_on"]  # type: ignore[arg-type]
    lapsed = {**nothing, "confirmed_on": DAY, "ended_on": LATER, "ending": Ending.LAPSED}
    assert fields(admission_faults(**lapsed)) == ["ending"]  # type: ignore[arg-type]


def test_exempt_seats_are_planned_apart() -> None:
    assert fields(exemption_faults(kind="upgrade", pool="exempt", is_exempt=False)) == ["exempt_code"]
    assert fields(exemption_faults(kind="upgrade", pool="ordinary", is_exempt=True)) == ["exempt_code"]
    assert not fields(exemption_faults(kind="upgrade", pool="exempt", is_exempt=True))
    assert not fields(exemption_faults(kind="classified", pool="exempt", is_exempt=False))


@fast
@given(st.sets(st.sampled_from(Channel.values)))
def test_channels_read_as_they_are_written(channels: set[str]) -> None:
    kept = ",".join(value for value in Channel.values if value in channels)
    assert read_channels(written_channels(kept)) == kept


def test_an_unknown_channel_is_named() -> None:
    with pytest.raises(ValueError, match="保送"):
        read_channels("综合评价、保送")


@fast
@given(percent=st.integers(1, 99), base=st.integers(0, 5000), used=st.integers(0, 5000), asked=st.integers(0, 6000))
def test_a_share_of_a_floating_base_takes_as_much_as_keeps_it(percent: int, base: int, used: int, asked: int) -> None:
    used = min(used, base)
    share = state(CapKind.SHARE, base * percent // 100, used, base=base, percent=str(percent), floats=True)
    keeps = (used + asked) * 100 <= percent * (base + asked)
    assert (asked <= share.fits) == keeps or (asked == 0 and share.fits == 0)


def test_a_share_of_everything_binds_nobody_and_a_fixed_base_stands_still() -> None:
    assert state(CapKind.SHARE, 5, 5, base=5, percent="100", floats=True).fits == NO_BOUND
    assert state(CapKind.SHARE, 50, 45, base=100, percent="50").fits == 5
    assert state(allowed=3, used=9).left == 0


def test_the_tightest_cap_that_counts_decides() -> None:
    wide, narrow = state(code="wide", allowed=10), state(code="narrow", allowed=4, channels="separate")
    medicine = state(code="medicine", allowed=1, category=12)
    caps = [wide, narrow, medicine]
    assert tightest(caps, "separate", 6) is narrow
    assert tightest(caps, "general", 6) is wide
    assert tightest(caps, "general", 12) is medicine
    assert tightest([narrow], "general", 6) is None


def test_the_explanation_names_cap_room_and_other_plans() -> None:
    told = explain(state(allowed=300, used=288), 20, [("机电一体化技术（综合评价·普通）", 120)])
    assert "还可申报 12 人" in told
    assert "机电一体化技术（综合评价·普通） 120" in told
    assert "leaves 12 seats" in told
    assert "50%" in explain(state(CapKind.SHARE, 50, 50, base=100, percent="50"), 1, [])
    assert "全省" in explain(state(CapKind.SEASON), 11, [])
