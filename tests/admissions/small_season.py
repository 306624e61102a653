"""Seasons, plans and applicants to test with, as rows of a return."""

from __future__ import annotations

from datetime import date
from typing import Any

from jineng.kernel.models import Receipt
from tests.calls.small_world import report, resident
from tests.factories import World

SEASON = "2021-classified"
OPENS = date(2021, 3, 1)
FILED = date(2021, 2, 20)
COLLEGE, OTHER_COLLEGE, UNIVERSITY = "4162010001", "4162010002", "4162010003"
CITY_SCHOOL, COUNTY_SCHOOL = "3662010001", "3662010002"
CHEMISTRY, MACHINES, ACCOUNTING = "470204", "460301", "730301"
Row = dict[str, Any]


def season_row(code: str = SEASON, **cells: Any) -> Row:
    """A classified season of 2021 unless said otherwise."""
    return {
        "season_code": code,
        "kind": "classified",
        "year": 2021,
        "name": f"招生季 {code}",
        "opens_on": OPENS,
        **cells,
    }


def round_row(ordinal: int = 1, **cells: Any) -> Row:
    """A round of the season."""
    return {"season_code": SEASON, "round": ordinal, "name": f"第{ordinal}轮", "opens_on": OPENS, **cells}


def cap_row(code: str, **cells: Any) -> Row:
    """A cap on the season: the whole season's unless said otherwise."""
    return {"season_code": SEASON, "cap_code": code, "kind": "season", "name": code, "issued_on": FILED, **cells}


def plan_row(org_code: str = COLLEGE, seats: int = 2, **cells: Any) -> Row:
    """An accepted plan of a college."""
    return {
        "season_code": SEASON,
        "org_code": org_code,
        "programme_code": MACHINES,
        "seats": seats,
        "filed_on": FILED,
        "accepted_on": OPENS,
        **cells,
    }


def admission_row(who: int, org_code: str = COLLEGE, **cells: Any) -> Row:
    """The applicant with this number, confirmed at the college's plan in the first round."""
    return {
        "season_code": SEASON,
        "person_name": f"考生{who}",
        "resident_id": resident(who),
        "is_synthetic": True,
        "category": "general_graduate",
        "home_code": "620121",
        "org_code": org_code,
        "programme_code": MACHINES,
        "round": 1,
        "admitted_on": date(2021, 4, 1),
        "confirmed_on": date(2021, 4, 10),
        **cells,
    }


def declare_season(world: World, *, rounds: int = 2, caps: list[Row] | None = None, **season: Any) -> Receipt:
    """A season with rounds and caps, reported by the province."""
    code = season.get("code", SEASON)
    sheets: dict[str, list[Row]] = {
        "admission_seasons": [season_row(**season)],
        "admission_rounds": [round_row(number, season_code=code) for number in range(1, rounds + 1)],
    }
    if caps:
        sheets["admission_caps"] = caps
    return report(world.actor("province_officer"), **sheets)
