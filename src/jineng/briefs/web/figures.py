"""Behind a figure: definition, exact value, drill-down, the records, last year beside this year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from jineng.briefs.composition import OVER_LABELS, in_unit, number_text, unit_text
from jineng.briefs.desk import Desk
from jineng.briefs.differing import key_of
from jineng.briefs.models import Release
from jineng.briefs.queries import desk_of, records_behind
from jineng.briefs.verbs import FIRST_YEAR
from jineng.engines.documents.tilemap import gansu, render_svg
from jineng.engines.measures import Drill, Indicator, MeasureError, Period
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.doors import door
from jineng.kernel.measures import indicators, record_doors
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Bar, Crumb, Tab, bars_of
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Division, Organisation

PLACES = {"city": "按市州 City", "county": "按县区 County", "organisation": "按机构 Organisation"}
NEXT = {"city": "county", "county": "organisation"}
PAGE = 50
LAST_PAGE = 10**6
PANEL_PARTS = 6


@dataclass(frozen=True)
class Lookup:
    """Where a page looks figures up: a year's live draft, or a release."""

    year: int
    release: Release | None
    desk: Desk

    @property
    def page(self) -> str:
        """The brief's page."""
        if self.release:
            return reverse("briefs:released", args=[self.release.pk])
        return reverse("briefs:draft", args=[self.year])

    @property
    def label(self) -> str:
        """What the place is called."""
        return str(self.release) if self.release else f"{self.year}年度（草稿）"

    def figure_url(self, key: str, **asked: str) -> str:
        """The page of a figure, with what is asked of it."""
        name, first = ("briefs:released_figure", self.release.pk) if self.release else ("briefs:figure", self.year)
        return _with(reverse(name, args=[first, key]), asked)

    def records_url(self, key: str, **asked: str) -> str:
        """The list of records behind a figure."""
        name, first = ("briefs:released_records", self.release.pk) if self.release else ("briefs:records", self.year)
        return _with(reverse(name, args=[first, key]), asked)


def _with(path: str, asked: dict[str, str]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def lookup_of(*, year: int | None = None, release_id: UUID | None = None) -> Lookup:
    """The lookup of a page's address; raises Http404 for a release or a year that does not exist."""
    if release_id is not None:
        release = Release.objects.filter(pk=release_id).first()
        if release is None:
            raise Http404
        return Lookup(release.year, release, desk_of(release))
    if year is None or not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    return Lookup(year, None, desk_of(None))


def indicator_of(key: str) -> Indicator:
    """The indicator of that key; raises Http404 where there is none."""
    if key not in indicators:
        raise Http404
    return indicators.get(key)


@dataclass(frozen=True)
class Shown:
    """A figure as panel and page show it: ``value`` of the province, ``total`` of the place that is looked at,
    its parts as ``bars``, and how many ``more`` there are with what they come to."""

    indicator: Indicator
    over: str
    value: str
    total: str
    before: str
    drill: Drill
    bars: list[Bar]
    more: int
    rest: str
    svg: SafeString

    @property
    def unit(self) -> str:
        """What stands behind its digits."""
        return unit_text(self.indicator.unit)


def panel_of(where: Lookup, key: str) -> Shown | None:
    """The panel beside the brief for the figure that the address names; ``None`` without one."""
    if not key:
        return None
    return _shown(where, indicator_of(key), "city", None, cut=PANEL_PARTS)


def _shown(where: Lookup, indicator: Indicator, by: str, within: str | None, cut: int | None) -> Shown:
    key, period = indicator.key, Period.year(where.year)
    values = where.desk.measure(((key, period), (key, Period.year(where.year - 1))))
    found = where.desk.drill(key, period, by, within)
    parts = sorted((part for part in found.parts if part.value), key=lambda part: (-float(part.value or 0), part.code))
    kept = parts if cut is None or len(parts) <= cut + 1 else parts[:cut]
    rest = parts[len(kept) :]
    unit = indicator.unit
    bars = bars_of(
        [(part.label, _plain(part.value, unit), _part_url(where, indicator, by, part.code)) for part in kept]
    )
    return Shown(
        indicator,
        OVER_LABELS[indicator.over],
        number_text(values[key, period].value, unit),
        number_text(found.total, unit),
        number_text(values[key, Period.year(where.year - 1)].value, unit),
        found,
        bars,
        len(rest),
        number_text(sum(part.value or 0 for part in rest), unit) if found.sums else "",
        _tiles(where, indicator, found) if by == "city" else mark_safe(""),
    )


def _plain(value: Any, unit: str) -> float | int:
    shown = in_unit(value or 0, unit)
    return shown if isinstance(shown, int) else round(float(shown), 2)


def _part_url(where: Lookup, indicator: Indicator, by: str, code: str) -> str:
    if by in NEXT:
        return where.figure_url(indicator.key, by=NEXT[by], within=code)
    if by == "organisation":
        return where.records_url(indicator.key, within=code)
    return ""


def _tiles(where: Lookup, indicator: Indicator, found: Drill) -> SafeString:
    known = {tile.code for tile in gansu().tiles}
    unit = indicator.unit
    values = {part.code: float(_plain(part.value, unit)) for part in found.parts if part.code in known and part.value}
    if not values:
        return mark_safe("")
    drawn = render_svg(
        values,
        unit_text(unit),
        layout=gansu(),
        href=where.figure_url(indicator.key, by="county") + "&within={code}",
        label=f"{indicator.label}：各市州分布",
    )
    return mark_safe(drawn)  # noqa: S308 the engine escapes what it is given


@require_GET
@door(Right.VIEW_BRIEFS)
def figure(request: ActorRequest, key: str, year: int | None = None, release_id: UUID | None = None) -> HttpResponse:
    """One figure, drilled down as the address asks (``by``, ``within``)."""
    where, indicator = lookup_of(year=year, release_id=release_id), indicator_of(key)
    by, within = request.GET.get("by") or "city", request.GET.get("within") or None
    try:
        shown = _shown(where, indicator, by, within, cut=None)
    except MeasureError as error:
        raise Http404(str(error)) from error
    actor: Actor = request.actor
    behind = records_behind(actor, where.desk, key, Period.year(where.year), within, 1, 0)
    ways = {**PLACES, **{item.name: f"按{item.label} {item.label_en}" for item in indicator.dimensions}}
    context = {
        "title": indicator.label,
        "title_en": indicator.label_en,
        "crumbs": [
            Crumb("简报", reverse("briefs:index")),
            Crumb(where.label, f"{where.page}?figure={key}#figure"),
            *_place_crumbs(where, key, by, within),
        ],
        "where": where,
        "place": _place_crumbs(where, key, by, within)[-1].label,
        "shown": shown,
        "behind": behind,
        "tabs": [
            Tab(label, where.figure_url(key, by=name, within=within or ""), current=name == by)
            for name, label in ways.items()
        ],
        "records_url": where.records_url(key, within=within or ""),
        "why_url": _why_url(where, indicator, within),
        "back": f"{where.page}?figure={key}#figure",
        "compare": [
            (label, value, where.figure_url(key) if offset == 0 else _year_url(where, key, offset))
            for label, value, offset in (
                (str(where.year), shown.value, 0),
                (str(where.year - 1), shown.before, 1),
            )
        ],
    }
    return render(request, "briefs/figure.html", context)


def _why_url(where: Lookup, indicator: Indicator, within: str | None) -> str:
    """Where a list of one's own is held against the live figure; nothing for a release or what lists do not name."""
    if where.release is not None or key_of(indicator) is None:
        return ""
    return _with(reverse("briefs:why", args=[where.year, indicator.key]), {"within": within or ""})


def _year_url(where: Lookup, key: str, back: int) -> str:
    year = where.year - back
    return reverse("briefs:figure", args=[year, key]) if where.release is None and year >= FIRST_YEAR else ""


def _place_crumbs(where: Lookup, key: str, by: str, within: str | None) -> list[Crumb]:
    crumbs = [Crumb("甘肃省", where.figure_url(key))]
    if not within:
        return crumbs
    division = Division.objects.select_related("parent").filter(code=within[:6]).first()
    if division is None:
        organisation = Organisation.objects.filter(pk=within).first() if len(within) > 30 else None
        return [*crumbs, Crumb(organisation.name if organisation else "未定位")]
    if division.parent and division.parent.level != "province":
        crumbs.append(Crumb(division.parent.name, where.figure_url(key, by="county", within=division.parent.code)))
    if division.level != "province":
        crumbs.append(Crumb(division.name))
    return crumbs


@require_GET
@door(Right.VIEW_BRIEFS)
def records(request: ActorRequest, key: str, year: int | None = None, release_id: UUID | None = None) -> HttpResponse:
    """The records behind a figure, as far as the actor's scope lets them be opened."""
    where, indicator = lookup_of(year=year, release_id=release_id), indicator_of(key)
    within = request.GET.get("within") or None
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 10 else 1
    actor: Actor = request.actor
    try:
        behind = records_behind(actor, where.desk, key, Period.year(where.year), within, PAGE, (number - 1) * PAGE)
    except MeasureError as error:
        raise Http404(str(error)) from error
    last = max((behind.in_scope + PAGE - 1) // PAGE, 1)
    return render(
        request,
        "briefs/records.html",
        {
            "title": indicator.label,
            "title_en": indicator.label_en,
            "lead": "数字背后的记录 The records behind the figure",
            "crumbs": [
                Crumb("简报", reverse("briefs:index")),
                Crumb(where.label, f"{where.page}?figure={key}#figure"),
                Crumb(indicator.label, where.figure_url(key, within=within or "")),
                Crumb("记录"),
            ],
            "where": where,
            "indicator": indicator,
            "behind": behind,
            "rows": [
                {**row, "url": record_doors[str(row["record_type"])].url(row["record_id"])} for row in behind.rows
            ],
            "ratio": len({row["side"] for row in behind.rows}) > 1,
            "back": f"{where.page}?figure={key}#figure",
            "number": number,
            "last": last,
            "previous": where.records_url(key, within=within or "", page=str(number - 1)) if number > 1 else "",
            "following": where.records_url(key, within=within or "", page=str(number + 1)) if number < last else "",
            "within": within,
        },
    )
