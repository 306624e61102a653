"""双师型认定: one row per recognition that a body entitled to it has made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.identities import identities_of
from jineng.registry.kinds import AUTHORITY_KINDS, DivisionLevel
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.workforce.exchange import sheets
from jineng.workforce.exchange.checks import Text, check_order, refuse, resolve_teachers, rows_of
from jineng.workforce.exchange.voiding import land
from jineng.workforce.kinds import Recogniser
from jineng.workforce.models import Recognition, StandardLevel
from jineng.workforce.rules import holds, may_recognise

NOT_IN_FORCE: Text = (
    "认定当日此版本不在施行期内。",
    "The version was not in force on that day.",
    "请核对标准版本和认定日期。",
    "Check the version and the day.",
)
NOT_ENTITLED: Text = (
    "该单位无权认定此等级。",
    "This body may not recognise this level.",
    "请核对认定单位和等级。",
    "Check the body and the level.",
)
Asked = tuple[UUID, str, date, date | None]
"""Of a version and level: the version's id, who may recognise, from when until when it is in force."""


class RecognitionLanding(Landing):
    """Brings the sheet 双师型认定 into the register."""

    room: ClassVar[str] = "workforce"
    right: ClassVar[Right] = Right.EDIT_WORKFORCE
    sheet: ClassVar[Sheet] = sheets.RECOGNITIONS
    spec = Merge(
        Recognition,
        (
            Field("person_id", key=True),
            Field("level", key=True),
            Field("recognised_on", key=True),
            Field("organisation_id"),
            Field("standard_id"),
            Field("recognised_by_id"),
            Field("until"),
            Field("document"),
        ),
        ("resident_id", "level", "recognised_on", "org_code", "standard", "recogniser_code", "until", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find teacher, school, version and body; the version must be in force and the body entitled."""
        schools = resolve_column(hall, table, "org_code")
        bodies = resolve_column(hall, table, "recogniser_code", must_be_in_scope=False)
        people = resolve_teachers(hall, table)
        check_order(hall, table, "recognised_on", "until")
        asked = self._asked(table)
        ranks = bodies_of({body.id for body in bodies if body is not None})
        column = table.columns
        for index in hall.good(table):
            found = asked.get((column["standard"][index], column["level"][index]))
            body = bodies[index]
            if found is None:
                hall.unknown(table, index, "standard", "标准版本和等级", "version and level")
            elif not holds(column["recognised_on"][index], found[2], found[3]):
                refuse(hall, table, index, "recognised_on", ErrorCode.OUT_OF_RANGE, NOT_IN_FORCE)
            elif body is not None and not may_recognise(found[1], ranks[body.id]):
                refuse(hall, table, index, "recogniser_code", ErrorCode.CONFLICT, NOT_ENTITLED)

        def make(index: int, person: UUID) -> Sequence[Any]:
            school, body = schools[index], bodies[index]
            assert school is not None
            assert body is not None
            return (
                person,
                column["level"][index],
                column["recognised_on"][index],
                school.id,
                asked[column["standard"][index], column["level"][index]][0],
                body.id,
                column["until"][index],
                column["document"][index] or "",
            )

        land(hall, table, self.spec, rows_of(people, hall.good(table), make))

    @staticmethod
    def _asked(table: Table) -> dict[tuple[str, str], Asked]:
        levels = StandardLevel.objects.filter(
            STANDS, standard__voided_at__isnull=True, standard__code__in=set(table.columns["standard"])
        )
        return {
            (code, level): (pk, recogniser, since, until)
            for code, level, pk, recogniser, since, until in levels.values_list(
                "standard__code",
                "level",
                "standard",
                "recogniser",
                "standard__in_force_from",
                "standard__in_force_until",
            )
        }

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Recognitions made by the end of ``year`` that hold on a day of it; nothing where names may not be read."""
        if not actor.may(Right.VIEW_PERSONAL_DATA):
            return
        found = visible(actor, Recognition).filter(STANDS, recognised_on__lte=date(year, 12, 31))
        rows = list(
            found.exclude(until__lte=date(year, 1, 1))
            .order_by("organisation__code", "recognised_on", "id")
            .values_list(
                "organisation__code",
                "person",
                "standard__code",
                "level",
                "recognised_by__code",
                "recognised_on",
                "until",
                "document",
            )
        )
        people = identities_of(actor, {row[1] for row in rows})
        for code, person, *facts in rows:
            if (who := people.get(person)) is not None and who.number:
                yield code, who.number, who.name, *facts, None, None


def bodies_of(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What each organisation is as a recognising body: an authority's level, else an institution."""
    wanted = list(organisation_ids)
    found = Organisation.objects.filter(pk__in=wanted).values_list("pk", "kind", "division__level")
    levels: dict[str, str] = {DivisionLevel.PROVINCE: Recogniser.PROVINCE, DivisionLevel.CITY: Recogniser.CITY}
    known = {pk: levels.get(level, Recogniser.COUNTY) for pk, kind, level in found if kind in AUTHORITY_KINDS}
    return {pk: str(known.get(pk, Recogniser.INSTITUTION)) for pk in wanted}
