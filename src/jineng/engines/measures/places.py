"""Geography as of a date: where each organisation lay, for drilling down from province to organisation.

This is the tree of location, not the tree of authority: a provincial college in Lanzhou lies in Lanzhou.
"""

from __future__ import annotations

import ibis

from jineng.engines.measures.source import Sources, SourceTable

ORGANISATION_STATE = SourceTable(
    "registry_organisationstate",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "since": "date",
        "recorded_at": "timestamp('UTC')",
        "name": "string",
        "kind": "string",
        "division_code": "string",
        "authority_id": "uuid",
        "closed": "boolean",
        "voided": "boolean",
    },
)
"""What an organisation was from `since` on. A correction voids a row and adds another."""

DIVISION = SourceTable(
    "registry_division",
    {"code": "string", "name": "string", "level": "string", "parent_code": "string"},
)
"""One row per division; `level` is province, city, county or special. A special area counts as a county of
its city. Codes of divisions: GB/T 2260."""

UNPLACED = "unplaced"
"""Code of the part for what lies in no known city (or county)."""
DIRECT = "-direct"
"""Ends the code of the part for what lies in a city of which no county is known, such as 620200-direct."""

UNPLACED_LABEL = "未定位"
DIRECT_LABEL = "（未分县区）"


def declare_places(sources: Sources) -> None:
    """Declare the two tables that drilling down by place reads."""
    sources.declare(ORGANISATION_STATE)
    sources.declare(DIVISION)


def as_of(sources: Sources, on: ibis.Value) -> ibis.Table:
    """One row per organisation: its latest state that is not voided and began by the day `on`, and where that lies.

    Of states that began on one day the last recorded holds, then the greatest id. Closed organisations
    are included (`closed`). Columns: organisation_id, name, kind, division_code, authority_id, closed;
    province_code, city_code, city_name, county_code, county_name (null where unknown); city_place,
    city_label, county_place, county_label (never null: the codes and labels of drill-down parts).
    """
    states = sources.table(ORGANISATION_STATE.name)
    known = states.filter(~states.voided, states.since <= on)
    ranked = known.mutate(
        rank=ibis.row_number().over(
            group_by=known.organisation_id,
            order_by=[known.since.desc(), known.recorded_at.desc(), known.id.desc()],
        )
    )
    # "Less than 1", not "equal to 0": of an equality PostgreSQL expects one row in two hundred, and joins by loops.
    latest = ranked.filter(ranked["rank"] < 1).select(
        "organisation_id", "name", "kind", "division_code", "authority_id", "closed"
    )
    places = division_places(sources).rename(place_code="code")
    joined = latest.left_join(places, latest.division_code == places.place_code)
    return joined.select(
        *latest.columns,
        "province_code",
        "city_code",
        "city_name",
        "county_code",
        "county_name",
        city_place=joined.city_code.coalesce(ibis.literal(UNPLACED)),
        city_label=joined.city_name.coalesce(ibis.literal(UNPLACED_LABEL)),
        county_place=ibis.coalesce(joined.county_code, joined.city_code + DIRECT, ibis.literal(UNPLACED)),
        county_label=ibis.coalesce(joined.county_name, joined.city_name + DIRECT_LABEL, ibis.literal(UNPLACED_LABEL)),
    )


def division_places(sources: Sources) -> ibis.Table:
    """For each division code the province, city and county (or special area) it lies in, null where none.

    A county or special area right under the province is a city of its own as well.
    """
    division = sources.table(DIVISION.name)
    parent = division.rename(up_code="code", up_name="name", up_level="level", up_parent="parent_code")
    first = division.left_join(parent, division.parent_code == parent.up_code)
    first = first.mutate(
        is_county=(first.level == "county") | ((first.level == "special") & (first.up_level == "city")),
        is_city=(first.level == "city") | (first.level.isin(["special", "county"]) & (first.up_level == "province")),
    )
    nothing = ibis.null("string")
    return first.select(
        "code",
        province_code=ibis.cases(
            (first.level == "province", first.code),
            (first.is_city, first.parent_code),
            (first.is_county, first.up_parent),
            else_=nothing,
        ),
        city_code=ibis.cases(
            (first.is_city, first.code),
            (first.is_county & (first.up_level == "city"), first.parent_code),
            else_=nothing,
        ),
        city_name=ibis.cases(
            (first.is_city, first.name),
            (first.is_county & (first.up_level == "city"), first.up_name),
            else_=nothing,
        ),
        county_code=ibis.cases((first.is_county, first.code), else_=nothing),
        county_name=ibis.cases((first.is_county, first.name), else_=nothing),
    )
