"""宣传报道, 活动, its participants and what was shown: how they come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.governance.exchange import sheets
from jineng.governance.exchange.keys import resolve_occasions
from jineng.governance.exchange.policies import check_topics
from jineng.governance.exchange.striking import land_voids, need_reasons, standing_rows
from jineng.governance.kinds import ParticipantRole
from jineng.governance.models import ExhibitionItem, Occasion, OccasionParticipant, PressItem
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible


class PressLanding(Landing):
    """宣传报道: one row per piece of coverage."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.PRESS
    spec = Merge(
        PressItem,
        (
            Field("outlet", key=True),
            Field("published_on", key=True),
            Field("title", key=True),
            Field("organisation_id"),
            Field("level"),
            Field("topic"),
        ),
        ("outlet", "published_on", "title", "org_code", "level", "topic"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Coverage lands where the organisation that it is about lies in the importer's scope."""
        about = resolve_column(hall, table, "org_code")
        check_topics(hall, table)
        need_reasons(hall, table)
        column = table.columns
        rows = {
            index: (
                column["outlet"][index],
                column["published_on"][index],
                column["title"][index],
                organisation.id,
                column["level"][index],
                column["topic"][index] or "",
            )
            for index, organisation in enumerate(about)
            if organisation is not None
        }
        good = standing_rows(hall, table)
        hall.merge(table, self.spec, good, [rows[index] for index in good])
        land_voids(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What was published in ``year``."""
        for row in (
            visible(actor, PressItem)
            .filter(STANDS, published_on__range=(date(year, 1, 1), date(year, 12, 31)))
            .order_by("published_on", "outlet", "title")
            .values_list("outlet", "published_on", "title", "organisation__code", "level", "topic")
            .iterator(5000)
        ):
            yield *row, None, None


class OccasionLanding(Landing):
    """活动: one row per event."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.OCCASIONS
    spec = Merge(
        Occasion,
        (
            Field("host_id", key=True),
            Field("name", key=True),
            Field("begins_on", key=True),
            Field("ends_on"),
            Field("kind"),
            Field("level"),
            Field("place"),
            Field("attendance"),
        ),
        ("host_code", "name", "begins_on", "ends_on", "kind", "level", "place", "attendance"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """An event lands where its host lies in the importer's scope."""
        hosts = resolve_column(hall, table, "host_code")
        need_reasons(hall, table)
        column = table.columns
        for index, (begin, end) in enumerate(zip(column["begins_on"], column["ends_on"], strict=True)):
            if begin and end and end < begin:
                hall.refuse(
                    table,
                    index,
                    "ends_on",
                    ErrorCode.CONFLICT,
                    "结束日期早于开始日期。",
                    "It ends before it begins.",
                    "请核对两个日期。",
                    "Check both dates.",
                )
        rows = {
            index: (
                host.id,
                column["name"][index],
                column["begins_on"][index],
                column["ends_on"][index] or column["begins_on"][index],
                column["kind"][index],
                column["level"][index],
                column["place"][index] or "",
                column["attendance"][index],
            )
            for index, host in enumerate(hosts)
            if host is not None
        }
        good = standing_rows(hall, table)
        hall.merge(table, self.spec, good, [rows[index] for index in good])
        land_voids(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Events that began in ``year``."""
        for row in (
            visible(actor, Occasion)
            .filter(STANDS, begins_on__range=(date(year, 1, 1), date(year, 12, 31)))
            .order_by("begins_on", "host__code", "name")
            .values_list("host__code", "name", "begins_on", "ends_on", "kind", "level", "place", "attendance")
            .iterator(5000)
        ):
            yield *row, None, None


class ParticipantLanding(Landing):
    """活动参加单位: one row per organisation that took part."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.PARTICIPANTS
    spec = Merge(
        OccasionParticipant,
        (Field("occasion_id", key=True), Field("organisation_id", key=True), Field("role"), Field("people")),
        ("name", "org_code", "role", "people"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """The host tells who took part."""
        occasions = resolve_occasions(hall, table)
        organisations = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        for index, occasion in enumerate(occasions):
            if occasion is not None and not occasion.in_scope:
                hall.out_of_scope(table, index, "host_code")
        good = hall.good(table)
        rows = [
            (
                occasion.id,
                organisation.id,
                column["role"][index] or ParticipantRole.PARTICIPANT,
                column["people"][index],
            )
            for index in good
            if (occasion := occasions[index]) is not None and (organisation := organisations[index]) is not None
        ]
        hall.merge(table, self.spec, good, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Participants of the events of ``year``."""
        yield from (
            _held_in(visible(actor, OccasionParticipant), year).values_list(
                "occasion__host__code",
                "occasion__name",
                "occasion__begins_on",
                "organisation__code",
                "role",
                "people",
            )
        )


class ExhibitLanding(Landing):
    """展品: one row per thing that was shown."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.EXHIBITS
    spec = Merge(
        ExhibitionItem,
        (
            Field("occasion_id", key=True),
            Field("organisation_id", key=True),
            Field("title", key=True),
            Field("kind"),
            Field("notes"),
        ),
        ("name", "org_code", "title", "kind", "notes"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Both the host and whoever showed it may tell of a thing shown."""
        occasions = resolve_occasions(hall, table)
        organisations = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        for index, (occasion, organisation) in enumerate(zip(occasions, organisations, strict=True)):
            if occasion and organisation and not (occasion.in_scope or organisation.in_scope):
                hall.out_of_scope(table, index, "org_code")
        good = hall.good(table)
        rows = [
            (
                occasion.id,
                organisation.id,
                column["title"][index],
                column["kind"][index],
                column["notes"][index] or "",
            )
            for index in good
            if (occasion := occasions[index]) is not None and (organisation := organisations[index]) is not None
        ]
        hall.merge(table, self.spec, good, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What was shown at the events of ``year``."""
        yield from (
            _held_in(visible(actor, ExhibitionItem), year).values_list(
                "occasion__host__code",
                "occasion__name",
                "occasion__begins_on",
                "organisation__code",
                "title",
                "kind",
                "notes",
            )
        )


def _held_in(rows: Any, year: int) -> Any:
    return rows.filter(
        STANDS,
        occasion__voided_at__isnull=True,
        occasion__begins_on__range=(date(year, 1, 1), date(year, 12, 31)),
    ).order_by("occasion__begins_on", "occasion__host__code", "occasion__name", "organisation__code", "id")
