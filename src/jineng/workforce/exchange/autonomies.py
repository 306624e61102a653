"""自主权: one row per autonomy granted to an institution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import visible
from jineng.workforce.exchange import sheets
from jineng.workforce.exchange.checks import check_order, check_overlaps
from jineng.workforce.exchange.voiding import land
from jineng.workforce.models import AutonomyGrant


class AutonomyLanding(Landing):
    """Brings the sheet 自主权 into the register."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_WORKFORCE
    sheet: ClassVar[Sheet] = sheets.AUTONOMIES
    spec = Merge(
        AutonomyGrant,
        (
            Field("organisation_id", key=True),
            Field("autonomy", key=True),
            Field("granted_on", key=True),
            Field("granted_by_id"),
            Field("revoked_on"),
            Field("document"),
        ),
        ("org_code", "autonomy", "granted_on", "granter_code", "revoked_on", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve both organisations; grants of one autonomy to one institution must not overlap."""
        bodies = resolve_column(hall, table, "org_code")
        granters = resolve_column(hall, table, "granter_code", must_be_in_scope=False)
        check_order(hall, table, "granted_on", "revoked_on")
        column = table.columns
        rows = {}
        for index in hall.good(table):
            body, granter = bodies[index], granters[index]
            if body is not None and granter is not None:
                rows[index] = (
                    body.id,
                    column["autonomy"][index],
                    column["granted_on"][index],
                    granter.id,
                    column["revoked_on"][index],
                    column["document"][index] or "",
                )
        spans = {index: (row[:2], (row[2], row[4])) for index, row in rows.items() if not column["voided"][index]}
        gone = {(row[:2], row[2]) for index, row in rows.items() if column["voided"][index]}
        standing = AutonomyGrant.objects.filter(STANDS, organisation__in={row[0] for row in rows.values()})
        check_overlaps(
            hall,
            table,
            "granted_on",
            spans,
            (
                ((organisation, autonomy), (since, until))
                for organisation, autonomy, since, until in standing.values_list(
                    "organisation", "autonomy", "granted_on", "revoked_on"
                )
                if ((organisation, autonomy), since) not in gone
            ),
        )
        land(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Grants made by the end of ``year`` and not revoked before it, to and by organisations in the scope."""
        found = visible(actor, AutonomyGrant).filter(STANDS, granted_on__lte=date(year, 12, 31))
        for row in (
            found.exclude(revoked_on__lte=date(year, 1, 1))
            .order_by("organisation__code", "autonomy", "granted_on")
            .values_list("organisation__code", "autonomy", "granted_by__code", "granted_on", "revoked_on", "document")
        ):
            yield *row, None, None
