"""招生季, 招生轮次, 计划限额, 免试类别: what the province declares for a season."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.breaking import merge_within_caps
from jineng.admissions.exchange.keys import SeasonFacts, resolve_seasons
from jineng.admissions.exchange.refusing import refuse, refuse_text
from jineng.admissions.kinds import Channel
from jineng.admissions.models import Admission, Cap, ExemptCategory, Opening, Round, Season
from jineng.admissions.models.seasons import SLUG_PATTERN
from jineng.admissions.rules import cap_faults, read_channels, season_faults, written_channels
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible

BAD_SLUG = (
    "代码只能用小写字母、数字和连字符。",
    "Codes have lower-case letters, digits and hyphens.",
    "请改成如 2021-classified 的样子。",
    "Write it like 2021-classified.",
)


WAS_HELD = (
    "该轮次已在本平台开放或已有录取，不能由报表取消。",
    "The round was opened here, or somebody was admitted in it: a return does not cancel it.",
    "请清空取消日期；尚未公布结果的，在招生季页面取消。",
    "Clear the day; while no result is published, cancel the round on the season's page.",
)


def was_held() -> Q:
    """Of rounds: it was opened here, or admits somebody."""
    admitting = Admission.objects.filter(STANDS, round=OuterRef("pk"))
    return Q(Exists(Opening.objects.filter(STANDS, round=OuterRef("pk")))) | Q(Exists(admitting))


class DeclaredLanding(Landing):
    """A sheet that only the province reports."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.DECIDE_ADMISSIONS

    def land(self, table: Table, hall: Hall) -> None:
        """Refuse the rows of anybody but the province, and hand the rest on."""
        if not hall.actor.sees_all:
            for index in range(len(table)):
                hall.out_of_scope(table, index, "season_code")
            return
        self.declare(table, hall)

    @abstractmethod
    def declare(self, table: Table, hall: Hall) -> None:
        """Check and merge the rows."""

    @staticmethod
    def check_slugs(table: Table, hall: Hall, column: str) -> None:
        """Refuse codes of another shape."""
        for index, code in enumerate(table.columns[column]):
            if code is not None and not re.match(SLUG_PATTERN, code):
                refuse_text(hall, table, index, column, ErrorCode.BAD_CODE, BAD_SLUG)


class SeasonLanding(DeclaredLanding):
    """招生季: one row per season."""

    sheet: ClassVar[Sheet] = sheets.SEASONS
    spec = Merge(
        Season,
        (
            Field("code", key=True),
            *map(Field, ("kind", "year", "name", "document", "opens_on", "closes_on")),
        ),
        ("season_code", "kind", "year", "name", "document", "opens_on", "closes_on"),
    )

    def declare(self, table: Table, hall: Hall) -> None:
        """Check codes and days."""
        self.check_slugs(table, hall, "season_code")
        names = ("season_code", "kind", "year", "name", "document", "opens_on", "closes_on")
        rows = list(zip(*(table.columns[name] for name in names), strict=True))
        for index in hall.good(table):
            _, _, year, _, _, opens_on, closes_on = rows[index]
            for fault in season_faults(year=year, opens_on=opens_on, closes_on=closes_on):
                refuse(hall, table, index, fault)
        good = hall.good(table)
        hall.merge(table, self.spec, good, [(*rows[i][:4], rows[i][4] or "", *rows[i][5:]) for i in good])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Seasons of ``year``."""
        return (
            Season.objects.filter(STANDS, year=year)
            .order_by("code")
            .values_list("code", "kind", "year", "name", "document", "opens_on", "closes_on")
        )


class RoundLanding(DeclaredLanding):
    """招生轮次: one row per round or supplementary sub-round."""

    sheet: ClassVar[Sheet] = sheets.ROUNDS
    spec = Merge(
        Round,
        (
            *(Field(name, key=True) for name in ("season_id", "ordinal", "supplement")),
            *map(Field, ("name", "channel", "opens_on", "closes_on", "cancelled_on")),
        ),
        ("season_code", "round", "supplement", "name", "channel", "opens_on", "closes_on", "cancelled_on"),
    )

    def declare(self, table: Table, hall: Hall) -> None:
        """Find the season; a blank supplement is the round itself."""
        seasons = resolve_seasons(hall, table)
        names = ("round", "supplement", "name", "channel", "opens_on", "closes_on", "cancelled_on")
        cells = list(zip(*(table.columns[name] for name in names), strict=True))
        for index in hall.good(table):
            opens_on, closes_on = cells[index][4:6]
            for fault in season_faults(year=opens_on.year, opens_on=opens_on, closes_on=closes_on):
                refuse(hall, table, index, fault)
        self._refuse_cancelled(table, hall, seasons)
        rows = [
            (index, (season.id, ordinal, supplement or 0, name, channel or Channel.DIRECT.value, *days))
            for index in hall.good(table)
            if (season := seasons[index])
            for ordinal, supplement, name, channel, *days in [cells[index]]
        ]
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])

    @staticmethod
    def _refuse_cancelled(table: Table, hall: Hall, seasons: Sequence[SeasonFacts | None]) -> None:
        """What was held cannot be said not to be held."""
        column = table.columns
        named = {
            (season.id, column["round"][index], column["supplement"][index] or 0): index
            for index in hall.good(table)
            if column["cancelled_on"][index] is not None and (season := seasons[index])
        }
        if not named:
            return
        rows = Round.objects.filter(STANDS, was_held(), season__in={key[0] for key in named}, cancelled_on=None)
        for key in rows.values_list("season_id", "ordinal", "supplement"):
            if key in named:
                refuse_text(hall, table, named[key], "cancelled_on", ErrorCode.CONFLICT, WAS_HELD)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Rounds of the seasons of ``year``."""
        rows = Round.objects.filter(STANDS, season__year=year, season__voided_at__isnull=True)
        for row in rows.order_by("season__code", "ordinal", "supplement").values_list(
            "season__code", "ordinal", "supplement", "name", "channel", "opens_on", "closes_on", "cancelled_on"
        ):
            yield (*row[:2], row[2] or None, *row[3:])


class CapLanding(DeclaredLanding):
    """计划限额: one row per cap from the day of its document on."""

    sheet: ClassVar[Sheet] = sheets.CAPS
    spec = Merge(
        Cap,
        (
            Field("season_id", key=True),
            Field("code", key=True),
            Field("issued_on", key=True),
            *map(
                Field,
                (
                    "kind",
                    "name",
                    "organisation_id",
                    "channels",
                    "category",
                    "limit_seats",
                    "limit_percent",
                    "lifted_on",
                    "document",
                ),
            ),
        ),
        (
            "season_code",
            "cap_code",
            "issued_on",
            "kind",
            "name",
            "org_code",
            "channels",
            "category",
            "limit_seats",
            "limit_percent",
            "lifted_on",
            "document",
        ),
    )

    def declare(self, table: Table, hall: Hall) -> None:
        """Check shapes and limits; a cap below what is filed already is refused by the database's trigger."""
        self.check_slugs(table, hall, "cap_code")
        seasons = resolve_seasons(hall, table)
        bodies = resolve_column(hall, table, "org_code")
        column = table.columns
        channels = self._channels(table, hall)
        rows = []
        for index in hall.good(table):
            season, body = seasons[index], bodies[index]
            limits = {name: column[name][index] for name in ("limit_seats", "limit_percent", "issued_on", "lifted_on")}
            found = list(cap_faults(kind=column["kind"][index], names_institution=body is not None, **limits))
            for fault in found:
                refuse(hall, table, index, fault)
            if season is not None and not found:
                rows.append(
                    (
                        index,
                        (
                            season.id,
                            column["cap_code"][index],
                            limits["issued_on"],
                            column["kind"][index],
                            column["name"][index],
                            body.id if body else None,
                            channels[index],
                            column["category"][index] or 0,
                            limits["limit_seats"],
                            limits["limit_percent"],
                            limits["lifted_on"],
                            column["document"][index] or "",
                        ),
                    )
                )
        merge_within_caps(hall, table, self.spec, rows, "limit_seats")

    @staticmethod
    def _channels(table: Table, hall: Hall) -> list[str]:
        found = []
        for index, text in enumerate(table.columns["channels"]):
            try:
                found.append(read_channels(text or ""))
            except ValueError as error:
                found.append("")
                refuse_text(
                    hall,
                    table,
                    index,
                    "channels",
                    ErrorCode.NOT_A_CHOICE,
                    (
                        f"没有“{error}”这一途径。",
                        "There is no such way in.",
                        f"可填：{'、'.join(sheets.CHANNELS)}。",
                        "Use the names listed.",
                    ),
                )
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Caps on the seasons of ``year``."""
        rows = visible(actor, Cap).filter(STANDS, season__year=year, season__voided_at__isnull=True)
        for row in rows.order_by("season__code", "code", "issued_on").values_list(
            "season__code",
            "code",
            "kind",
            "name",
            "organisation__code",
            "channels",
            "category",
            "limit_seats",
            "limit_percent",
            "issued_on",
            "lifted_on",
            "document",
        ):
            yield (*row[:5], written_channels(row[5]) or None, row[6] or None, *row[7:])


class ExemptLanding(DeclaredLanding):
    """免试类别: one row per category and season."""

    sheet: ClassVar[Sheet] = sheets.EXEMPT
    spec = Merge(
        ExemptCategory,
        (
            Field("season_id", key=True),
            Field("code", key=True),
            *map(Field, ("name", "evidence", "document")),
        ),
        ("season_code", "exempt_code", "name", "evidence", "document"),
    )

    def declare(self, table: Table, hall: Hall) -> None:
        """Find the season."""
        self.check_slugs(table, hall, "exempt_code")
        seasons = resolve_seasons(hall, table)
        column = table.columns
        rows = [
            (
                index,
                (
                    season.id,
                    column["exempt_code"][index],
                    column["name"][index],
                    column["evidence"][index] or "",
                    column["document"][index] or "",
                ),
            )
            for index in hall.good(table)
            if (season := seasons[index])
        ]
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Exempt categories of the seasons of ``year``."""
        rows = ExemptCategory.objects.filter(STANDS, season__year=year).filter(Q(season__voided_at__isnull=True))
        return rows.order_by("season__code", "code").values_list("season__code", "code", "name", "evidence", "document")
