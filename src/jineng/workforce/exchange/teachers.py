"""教师: one row per person and school."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column, resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible
from jineng.workforce.exchange import sheets
from jineng.workforce.exchange.checks import check_order, check_overlaps
from jineng.workforce.exchange.voiding import land
from jineng.workforce.models import Teacher


class TeacherLanding(Landing):
    """Brings the sheet 教师 into the register; people not known yet are recorded."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_WORKFORCE
    sheet: ClassVar[Sheet] = sheets.TEACHERS
    spec = Merge(
        Teacher,
        (
            Field("organisation_id", key=True),
            Field("person_id", key=True),
            Field("since", key=True),
            Field("kind"),
            Field("field"),
            Field("until"),
        ),
        ("org_code", "resident_id", "since", "kind", "field", "until"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve schools and people; one person's times at one school must not overlap."""
        schools = resolve_column(hall, table, "org_code")
        check_order(hall, table, "since", "until")
        column = table.columns
        schools_named = [school.id if school is not None else None for school in schools]
        people = resolve_people(hall, table, schools_named, since=column["since"])
        rows = {
            index: (
                school,
                person,
                column["since"][index],
                column["kind"][index],
                column["field"][index] or "",
                column["until"][index],
            )
            for index in hall.good(table)
            if (school := schools_named[index]) is not None and (person := people[index]) is not None
        }
        spans = {index: (row[:2], (row[2], row[5])) for index, row in rows.items() if not column["voided"][index]}
        gone = {(row[:2], row[2]) for index, row in rows.items() if column["voided"][index]}
        standing = Teacher.objects.filter(STANDS, organisation__in={row[0] for row in rows.values()})
        check_overlaps(
            hall,
            table,
            "since",
            spans,
            (
                ((school, person), (since, until))
                for school, person, since, until in standing.values_list("organisation", "person", "since", "until")
                if ((school, person), since) not in gone
            ),
        )
        land(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Who taught on a day of ``year`` at least, in the actor's scope; nobody where names may not be read."""
        if not actor.may(Right.VIEW_PERSONAL_DATA):
            return
        found = visible(actor, Teacher).filter(STANDS, since__lte=date(year, 12, 31))
        rows = list(
            found.exclude(until__lte=date(year, 1, 1))
            .order_by("organisation__code", "since", "id")
            .values_list("organisation__code", "person", "kind", "field", "since", "until")
        )
        people = identities_of(actor, {row[1] for row in rows})
        for code, person, *facts in rows:
            if (who := people.get(person)) is not None and who.number:
                yield code, who.name, who.number, who.is_synthetic or None, *facts, None, None
