"""The briefs by machine: indicators, figures with their parts and records, releases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema

from jineng.briefs.composition import number_text
from jineng.briefs.models import Release
from jineng.briefs.queries import records_behind
from jineng.briefs.verbs import release_brief
from jineng.briefs.web.figures import lookup_of
from jineng.engines.measures import MeasureError, Period
from jineng.kernel.measures import indicators
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest

router = Router()
RECORDS = 200
Offset = Annotated[int, Query(ge=0, le=10**9)]


class IndicatorOut(Schema):
    """An indicator's declaration."""

    key: str
    label: str
    label_en: str
    unit: str
    over: str
    definition: str
    version: int
    room: str


class PartOut(Schema):
    """One part of a figure."""

    code: str
    label: str
    value: str


class FigureOut(Schema):
    """A figure in a year, its parts, and whether they sum to it. Values are exact, as text."""

    key: str
    year: int
    value: str
    before: str
    parts: list[PartOut]
    sums: bool
    reason: str | None = None


class RecordOut(Schema):
    """A record behind a figure."""

    record_type: str
    record_id: UUID
    label: str | None = None
    organisation_id: UUID | None = None
    organisation_name: str | None = None
    on: date | None = None


class RecordsOut(Schema):
    """The records behind a figure: how many in all, how many in the caller's scope, and a page of those."""

    total: int
    in_scope: int
    records: list[RecordOut]


class ReleaseOut(Schema):
    """A released brief."""

    id: UUID
    year: int
    number: int
    issued_on: date
    released_at: datetime
    digest: str
    manifest: dict[str, Any]


class ReleaseIn(Schema):
    """What to release."""

    year: int
    note: str = ""


@router.get("/indicators", response=list[IndicatorOut], operation_id="list_indicators")
@api_door(Right.VIEW_BRIEFS)
def list_indicators(request: ActorRequest) -> Any:
    """Every indicator with its definition."""
    return [
        {
            **{name: getattr(item, name) for name in IndicatorOut.model_fields if name != "over"},
            "over": item.over.value,
        }
        for item in indicators
    ]


@router.get("/briefs/{year}/figures/{key}", response=FigureOut, operation_id="get_figure")
@api_door(Right.VIEW_BRIEFS)
def figure(request: ActorRequest, year: int, key: str, by: str = "city", within: str = "") -> Any:
    """A figure, drilled down by city, county, organisation or one of the indicator's dimensions."""
    if key not in indicators:
        raise Http404
    desk, period = lookup_of(year=year).desk, Period.year(year)
    before = Period.year(year - 1)
    values = desk.measure(((key, period), (key, before)))
    try:
        found = desk.drill(key, period, by, within or None)
    except MeasureError as error:
        raise Http404(str(error)) from error
    return {
        "key": key,
        "year": year,
        "value": number_text(values[key, period].value),
        "before": number_text(values[key, before].value),
        "parts": [{"code": part.code, "label": part.label, "value": number_text(part.value)} for part in found.parts],
        "sums": found.sums,
        "reason": found.reason,
    }


@router.get("/briefs/{year}/figures/{key}/records", response=RecordsOut, operation_id="list_figure_records")
@api_door(Right.VIEW_BRIEFS)
def figure_records(request: ActorRequest, year: int, key: str, within: str = "", offset: Offset = 0) -> Any:
    """The records behind a figure that lie in the caller's scope, 200 at a time."""
    if key not in indicators:
        raise Http404
    try:
        behind = records_behind(
            request.actor, lookup_of(year=year).desk, key, Period.year(year), within or None, RECORDS, offset
        )
    except MeasureError as error:
        raise Http404(str(error)) from error
    return {"total": behind.total, "in_scope": behind.in_scope, "records": behind.rows}


@router.get("/releases", response=list[ReleaseOut], operation_id="list_releases")
@api_door(Right.VIEW_BRIEFS)
def releases(request: ActorRequest) -> Any:
    """Released briefs, the latest first."""
    return Release.objects.all()


@router.post("/releases", response=ReleaseOut, operation_id="create_release")
@api_door(Right.RELEASE_BRIEFS)
def create_release(request: ActorRequest, given: ReleaseIn) -> Any:
    """Release a year's brief as the registers stand."""
    return release_brief(actor=request.actor, year=given.year, note=given.note[:300])
