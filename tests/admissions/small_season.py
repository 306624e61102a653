"""Seasons, plans and applicants to test with, as rows of a return."""

from __future__ import annotations

from datetime import date
from typing import Any

from jineng.admissions.models import Admission, Applicant, Cap, Plan, Round, Season
from jineng.admissions.verbs import (
    accept_plan,
    add_round,
    file_plan,
    open_season,
    record_admission,
    register_applicant,
    set_cap,
)
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


def classified(world: World, code: str = SEASON, **fields: Any) -> Season:
    """A classified season of 2021, by the verb."""
    values = {"kind": "classified", "name": f"招生季 {code}", "opens_on": OPENS, **fields}
    return open_season(actor=world.actor("province_officer"), code=code, **values)


def held_round(world: World, of: Season, ordinal: int = 1, **fields: Any) -> Round:
    """A round of a season, by the verb."""
    values = {"name": f"第{ordinal}轮", "opens_on": OPENS, **fields}
    return add_round(actor=world.actor("province_officer"), season_id=of.pk, ordinal=ordinal, **values)


def cap(world: World, of: Season, code: str = "total", **fields: Any) -> Cap:
    """A cap on a season, by the verb: the whole season's unless said otherwise."""
    values = {"kind": "season", "name": code, "issued_on": FILED, **fields}
    return set_cap(actor=world.actor("province_officer"), season_id=of.pk, code=code, **values)


def plan(
    world: World, of: Season, where: str = "petrochemical", seats: int = 2, by: str = "province_officer", **fields: Any
) -> Plan:
    """A plan of the school called ``where``, filed by ``by``."""
    values = {"programme": MACHINES, "filed_on": FILED, **fields}
    return file_plan(actor=world.actor(by), season_id=of.pk, organisation_id=world[where].pk, seats=seats, **values)


def accepted(world: World, of: Season, where: str = "petrochemical", seats: int = 2, **fields: Any) -> Plan:
    """A plan that the province has accepted."""
    made = plan(world, of, where, seats, **fields)
    return accept_plan(actor=world.actor("province_officer"), plan_id=made.pk, accepted_on=OPENS)


def applicant(world: World, of: Season, who: int, where: str = "petrochemical", **fields: Any) -> Applicant:
    """The person with this number, registered at the school called ``where``."""
    return register_applicant(
        actor=world.actor("province_officer"),
        season_id=of.pk,
        person_name=f"考生{who}",
        resident_id=resident(who),
        organisation_id=world[where].pk,
        synthetic=True,
        **{"category": "general_graduate", "home_code": "620121", **fields},
    )


def admission(
    world: World, who: Applicant, at: Plan, within: Round, confirmed_on: date | None = date(2021, 4, 10), **days: Any
) -> Admission:
    """An applicant confirmed at a plan, by the verb."""
    values = {"admitted_on": date(2021, 4, 1), **days}
    return record_admission(
        actor=world.actor("province_officer"),
        applicant_id=who.pk,
        plan_id=at.pk,
        round_id=within.pk,
        confirmed_on=confirmed_on,
        **values,
    )
