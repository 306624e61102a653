"""领导小组 and its members: how they come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q

from jineng.engines.exchange import Sheet, Table
from jineng.governance.exchange import sheets
from jineng.governance.exchange.keys import resolve_groups
from jineng.governance.exchange.refusing import bad_order
from jineng.governance.exchange.striking import land_voids, need_reasons, standing_rows
from jineng.governance.models import GroupMember, LeadingGroup
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible


class GroupLanding(Landing):
    """领导小组: one row per group."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.GROUPS
    spec = Merge(
        LeadingGroup,
        (
            Field("organisation_id", key=True),
            Field("name", key=True),
            Field("formed_on", key=True),
            Field("level"),
            Field("dissolved_on"),
            Field("document"),
        ),
        ("org_code", "group_name", "formed_on", "level", "dissolved_on", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A group lands where whoever formed it lies in the importer's scope."""
        owners = resolve_column(hall, table, "org_code")
        bad_order(hall, table, "dissolved_on", "formed_on")
        need_reasons(hall, table)
        column = table.columns
        rows = {
            index: (
                owner.id,
                column["group_name"][index],
                column["formed_on"][index],
                column["level"][index],
                column["dissolved_on"][index],
                column["document"][index] or "",
            )
            for index, owner in enumerate(owners)
            if owner is not None
        }
        good = standing_rows(hall, table)
        hall.merge(table, self.spec, good, [rows[index] for index in good])
        land_voids(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Groups that were in being on a day of ``year``."""
        for row in (
            _in_being(visible(actor, LeadingGroup).filter(STANDS), year)
            .order_by("organisation__code", "name", "formed_on")
            .values_list("organisation__code", "name", "formed_on", "level", "dissolved_on", "document")
        ):
            yield *row, None, None


def _in_being(rows: Any, year: int, path: str = "") -> Any:
    return rows.filter(**{f"{path}formed_on__lte": date(year, 12, 31)}).filter(
        Q(**{f"{path}dissolved_on__isnull": True}) | Q(**{f"{path}dissolved_on__gte": date(year, 1, 1)})
    )


class MemberLanding(Landing):
    """领导小组成员: one row per organisation, or post in it, that belongs to a group."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.MEMBERS
    spec = Merge(
        GroupMember,
        (
            Field("group_id", key=True),
            Field("organisation_id", key=True),
            Field("post_title", key=True),
            Field("since", key=True),
            Field("role"),
            Field("until"),
        ),
        ("group_name", "member_code", "post_title", "since", "role", "until"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A member lands where the group's founder lies in the importer's scope."""
        groups = resolve_groups(hall, table)
        members = resolve_column(hall, table, "member_code", must_be_in_scope=False)
        column = table.columns
        column["since"] = [since or formed for since, formed in zip(column["since"], column["formed_on"], strict=True)]
        bad_order(hall, table, "until", "since")
        for index, group in enumerate(groups):
            if group is not None and not group.in_scope:
                hall.out_of_scope(table, index, "org_code")
        good = hall.good(table)
        rows = [
            (
                group.id,
                member.id,
                column["post_title"][index] or "",
                column["since"][index],
                column["role"][index],
                column["until"][index],
            )
            for index in good
            if (group := groups[index]) is not None and (member := members[index]) is not None
        ]
        hall.merge(table, self.spec, good, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Members of the groups that :class:`GroupLanding` exports."""
        rows = visible(actor, GroupMember).filter(STANDS, group__voided_at__isnull=True)
        yield from (
            _in_being(rows, year, "group__")
            .order_by("group__organisation__code", "group__name", "group__formed_on", "role", "organisation__code")
            .values_list(
                "group__organisation__code",
                "group__name",
                "group__formed_on",
                "organisation__code",
                "post_title",
                "role",
                "since",
                "until",
            )
        )
