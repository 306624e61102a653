"""How rows find what they speak of: season and round by code and number, plan by its natural key, programme by code."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jineng.admissions.exchange.refusing import refuse_text
from jineng.admissions.kinds import Channel, Pool
from jineng.admissions.models import ExemptCategory, Plan, Round, Season
from jineng.admissions.programmes import bare_programme
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.registry.models import Division

PlanKey = tuple[UUID, UUID, str, str, str, str, str]
"""Season, organisation, programme code, joint college, channel, pool, county: what tells two plans apart."""
PLAN_FIELDS = (
    "season_id",
    "organisation_id",
    "programme_code",
    "joint_college",
    "channel",
    "pool",
    "county_code",
)


CANCELLED = (
    "该轮次已取消，没有录取。",
    "The round is cancelled and admitted nobody.",
    "请核对轮次；误取消的，由省级在招生轮次表中清空取消日期。",
    "Check the round; where it was cancelled by mistake, the province clears the day in the sheet of rounds.",
)


@dataclass(frozen=True)
class SeasonFacts:
    """What rows need to know of a season."""

    id: UUID
    kind: str
    opens_on: date


def resolve_seasons(hall: Hall, table: Table) -> list[SeasonFacts | None]:
    """The season that each row names; what is unknown is refused."""
    codes = table.columns["season_code"]
    rows = Season.objects.filter(STANDS, code__in=set(codes)).values_list("code", "id", "kind", "opens_on")
    known = {code: SeasonFacts(pk, kind, opens_on) for code, pk, kind, opens_on in rows}
    for index, code in enumerate(codes):
        if code is not None and code not in known:
            hall.unknown(table, index, "season_code", "招生季", "season")
    return [known.get(code) for code in codes]


def resolve_rounds(hall: Hall, table: Table, seasons: list[SeasonFacts | None]) -> list[UUID | None]:
    """The round that each row names by its number; without a number of supplement it is the round itself. One that was
    cancelled admits nobody."""
    rows = Round.objects.filter(STANDS, season__in={season.id for season in seasons if season is not None})
    known = {
        (season, ordinal, supplement): (pk, cancelled_on)
        for season, ordinal, supplement, pk, cancelled_on in rows.values_list(
            "season_id", "ordinal", "supplement", "id", "cancelled_on"
        )
    }
    voided = table.columns.get("voided") or [None] * len(table)
    found: list[UUID | None] = []
    for index, (season, ordinal, supplement) in enumerate(
        zip(seasons, table.columns["round"], table.columns["supplement"], strict=True)
    ):
        nothing = (None, None)
        pk, cancelled_on = known.get((season.id, ordinal, supplement or 0), nothing) if season is not None else nothing
        if season is not None and ordinal is not None and pk is None:
            hall.unknown(table, index, "round", "轮次", "round")
        elif cancelled_on is not None and not voided[index]:
            refuse_text(hall, table, index, "round", ErrorCode.CONFLICT, CANCELLED)
        found.append(pk)
    return found


def resolve_exempt(hall: Hall, table: Table, seasons: list[SeasonFacts | None]) -> list[UUID | None]:
    """The exempt category that each row names; one that its season does not declare is refused."""
    codes = table.columns["exempt_code"]
    if not any(codes):
        return [None] * len(codes)
    rows = ExemptCategory.objects.filter(STANDS, season__in={season.id for season in seasons if season is not None})
    known = {(season, code): pk for season, code, pk in rows.values_list("season_id", "code", "id")}
    found: list[UUID | None] = []
    for index, (season, code) in enumerate(zip(seasons, codes, strict=True)):
        pk = known.get((season.id, code)) if season is not None and code is not None else None
        if season is not None and code is not None and pk is None:
            hall.unknown(table, index, "exempt_code", "免试类别", "exempt category")
        found.append(pk)
    return found


def resolve_homes(hall: Hall, table: Table) -> list[str | None]:
    """The home county that each row names; one that is no division is refused."""
    codes: list[str | None] = table.columns["home_code"]
    known = set(Division.objects.filter(code__in=set(codes) - {None}).values_list("code", flat=True))
    for index, code in enumerate(codes):
        if code is not None and code not in known:
            hall.unknown(table, index, "home_code", "区划", "division")
    return codes


def plan_key(season: UUID, organisation: UUID, cells: Iterable[Any]) -> PlanKey:
    """The key of a plan from its cells: programme code, joint college, channel, pool, county; blanks have defaults."""
    programme, joint, channel, pool, county = cells
    return (
        season,
        organisation,
        bare_programme(programme),
        joint or "",
        channel or Channel.DIRECT.value,
        pool or Pool.ORDINARY.value,
        county or "",
    )


def known_plans(keys: Collection[PlanKey], *fields: str) -> dict[PlanKey, tuple[Any, ...]]:
    """Standing plans among the seasons and organisations of ``keys``: for each its id and ``fields``."""
    rows = Plan.objects.filter(
        STANDS, season__in={key[0] for key in keys}, organisation__in={key[1] for key in keys}
    ).values_list(*PLAN_FIELDS, "id", *fields)
    return {row[:7]: row[7:] for row in rows.iterator(20_000)}  # type: ignore[misc]
