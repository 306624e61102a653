"""The sheets 共享设施, 共享单位, 使用时数 and 入园搬迁."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.engines.exchange import Sheet, Table
from jineng.facilities.exchange import sheets
from jineng.facilities.exchange.building import own_parks
from jineng.facilities.exchange.keys import (
    FacilityLanding,
    Rows,
    codes_of,
    refuse,
    refuse_taken,
    resolve_facilities,
    resolve_parks,
    standing_marks,
    year_of,
)
from jineng.facilities.models import Relocation, SharedFacility, SharingMember, UseHours
from jineng.facilities.rules import (
    CLOSES_TOO_EARLY,
    NOT_SHARING,
    SHARING_OVERLAPS,
    UNTIL_TOO_EARLY,
    month_of,
    shares_in,
)
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.registry.exchange import resolve_column
from jineng.registry.kinds import Change
from jineng.registry.models import OrganisationState
from jineng.registry.scope import reach


def own_facilities(actor: Actor, year: int) -> QuerySet[SharedFacility]:
    """Standing facilities of the parks in the actor's reach, open on a day of ``year``."""
    first, last = year_of(year)
    facilities = SharedFacility.objects.filter(STANDS, park__in=own_parks(actor), opened_on__lte=last)
    return facilities.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=first))


class FacilitiesLanding(FacilityLanding):
    """共享设施: one row per facility."""

    sheet: ClassVar[Sheet] = sheets.FACILITIES
    spec: ClassVar[Merge] = Merge(
        model=SharedFacility,
        fields=(
            Field("code", key=True),
            Field("park_id"),
            Field("name"),
            Field("kind"),
            Field("capacity"),
            Field("weekly_hours"),
            Field("opened_on"),
            Field("closed_on"),
        ),
        sheet_columns=(
            "code",
            "park_code",
            "name",
            "kind",
            "capacity",
            "weekly_hours",
            "opened_on",
            "closed_on",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Facilities of parks in scope, codes not taken."""
        parks = resolve_parks(hall, table)
        columns = [table.columns[name] for name in self.spec.sheet_columns]
        rows: Rows = {}
        for index, (park, (code, _, *facts)) in enumerate(zip(parks, zip(*columns, strict=True), strict=True)):
            *_, opened_on, closed_on = facts
            if closed_on is not None and closed_on <= opened_on:
                refuse(hall, table, index, CLOSES_TOO_EARLY)
            elif park is not None:
                rows[index] = (code, park, *facts)
        refuse_taken(hall, table, rows, SharedFacility)
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Facilities in the actor's reach, open in the year."""
        facilities = own_facilities(actor, year).order_by("code")
        return standing_marks(
            facilities.values_list(
                "code", "park__code", "name", "kind", "capacity", "weekly_hours", "opened_on", "closed_on"
            )
        )


class MembersLanding(FacilityLanding):
    """共享单位: one row per stretch of sharing."""

    sheet: ClassVar[Sheet] = sheets.MEMBERS
    spec: ClassVar[Merge] = Merge(
        model=SharingMember,
        fields=(
            Field("facility_id", key=True),
            Field("organisation_id", key=True),
            Field("since", key=True),
            Field("name"),
            Field("until"),
        ),
        sheet_columns=("facility_code", "org_code", "since", "name", "until"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Members, in scope or not, of facilities in scope; stretches of one member never overlap."""
        facilities, keepers = resolve_facilities(hall, table)
        members = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        mine = None if hall.actor.sees_all else set(reach(hall.actor))
        rows: Rows = {}
        for index, (facility, member, since, name, until) in enumerate(
            zip(facilities, members, column["since"], column["name"], column["until"], strict=True)
        ):
            if until is not None and until <= since:
                refuse(hall, table, index, UNTIL_TOO_EARLY)
            elif facility is not None and mine is not None and keepers[facility] not in mine:
                hall.out_of_scope(table, index, "facility_code")
            elif facility is not None and member is not None:
                rows[index] = (facility, member.id, since, name, until)
        for index in _overlapping({i: row for i, row in rows.items() if not column["voided"][i]}):
            refuse(hall, table, index, SHARING_OVERLAPS)
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All members of the facilities of the year."""
        members = SharingMember.objects.filter(STANDS, facility__in=own_facilities(actor, year))
        return _told(
            members.order_by("facility__code", "since", "id").values_list(
                "facility__code", "organisation_id", "name", "since", "until"
            )
        )


def _overlapping(rows: Rows) -> list[int]:
    """Rows that share a day with another row, or with a stretch of the register that they do not replace."""
    given = {tuple(row[:3]) for row in rows.values()}
    known = SharingMember.objects.filter(STANDS, facility__in={row[0] for row in rows.values()})
    spans: dict[tuple[UUID, UUID], list[tuple[Any, Any, int | None]]] = {}
    for row_index, row in rows.items():
        spans.setdefault((row[0], row[1]), []).append((row[2], row[4], row_index))
    for facility, member, since, until in known.values_list("facility", "organisation", "since", "until"):
        if (facility, member, since) not in given and (facility, member) in spans:
            spans[facility, member].append((since, until, None))
    found = []
    for of_one in spans.values():
        for place, (since, until, index) in enumerate(of_one):
            others = of_one[:place] + of_one[place + 1 :]
            if index is not None and any(
                (end is None or since < end) and (until is None or begin < until) for begin, end, _ in others
            ):
                found.append(index)
    return found


class HoursLanding(FacilityLanding):
    """使用时数: one row per facility, member and month; reported by the park or by the member itself."""

    sheet: ClassVar[Sheet] = sheets.HOURS
    spec: ClassVar[Merge] = Merge(
        model=UseHours,
        fields=(
            Field("facility_id", key=True),
            Field("organisation_id", key=True),
            Field("month", key=True),
            Field("hours"),
            Field("person_times"),
        ),
        sheet_columns=("facility_code", "org_code", "month", "hours", "person_times"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Hours of members that share the facility in the month."""
        facilities, keepers = resolve_facilities(hall, table)
        members = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        mine = None if hall.actor.sees_all else set(reach(hall.actor))
        stretches: dict[tuple[UUID, UUID], list[tuple[Any, Any]]] = {}
        sharing = SharingMember.objects.filter(STANDS, facility__in={pk for pk in facilities if pk})
        for facility_id, member_id, since, until in sharing.values_list("facility", "organisation", "since", "until"):
            stretches.setdefault((facility_id, member_id), []).append((since, until))
        rows: Rows = {}
        for index, (facility, member, day, hours, times) in enumerate(
            zip(facilities, members, column["month"], column["hours"], column["person_times"], strict=True)
        ):
            if facility is None or member is None:
                continue
            month = month_of(day)
            if mine is not None and keepers[facility] not in mine and member.id not in mine:
                hall.out_of_scope(table, index, "org_code")
            elif not any(shares_in(month, *stretch) for stretch in stretches.get((facility, member.id), [])):
                refuse(hall, table, index, NOT_SHARING)
            else:
                rows[index] = (facility, member.id, month, hours, times or 0)
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Hours of the year at the facilities of the actor's reach."""
        hours = UseHours.objects.filter(
            STANDS, month__range=year_of(year), facility__in=own_facilities(actor, year)
        ).order_by("facility__code", "month", "id")
        return _told(hours.values_list("facility__code", "organisation_id", "month", "hours", "person_times"))


class RelocationsLanding(FacilityLanding):
    """入园搬迁: one row per organisation that moved in; linked to its move in the registry where that is of the day."""

    sheet: ClassVar[Sheet] = sheets.RELOCATIONS
    spec: ClassVar[Merge] = Merge(
        model=Relocation,
        fields=(
            Field("park_id", key=True),
            Field("organisation_id", key=True),
            Field("moved_on", key=True),
            Field("name"),
            Field("change_id"),
            Field("document"),
        ),
        sheet_columns=("park_code", "org_code", "moved_on", "name", "moved_on", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Organisations, in scope or not, that moved into parks in scope."""
        parks = resolve_parks(hall, table)
        movers = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        moves = OrganisationState.objects.filter(
            STANDS, change=Change.MOVED, organisation__in={known.id for known in movers if known is not None}
        )
        changes = {(body, day): pk for body, day, pk in moves.values_list("organisation", "since", "id")}
        rows: Rows = {
            index: (park, mover.id, moved_on, name, changes.get((mover.id, moved_on)), document or "")
            for index, (park, mover, moved_on, name, document) in enumerate(
                zip(parks, movers, column["moved_on"], column["name"], column["document"], strict=True)
            )
            if park is not None and mover is not None
        }
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Who moved in during the year."""
        moves = Relocation.objects.filter(STANDS, moved_on__range=year_of(year), park__in=own_parks(actor))
        return _told(
            moves.order_by("park__code", "moved_on", "id").values_list(
                "park__code", "organisation_id", "name", "moved_on", "document"
            )
        )


def _told(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Rows for export whose second value, an organisation's id, becomes its code."""
    found = list(rows)
    codes = codes_of(row[1] for row in found)
    return standing_marks((row[0], codes.get(row[1]), *row[2:]) for row in found)
