"""招生成绩: one row per applicant, component and subject. What a second office reports must agree with the first, who
alone corrects it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.keys import resolve_seasons
from jineng.admissions.exchange.refusing import refuse_text
from jineng.admissions.exchange.registering import named, registered
from jineng.admissions.models import Applicant, Score
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible

NOT_REGISTERED = (
    "该考生没有在本招生季报名，或不在本单位管辖范围内。",
    "The person is no applicant of the season within your scope.",
    "请先报名，或由报名单位填报。",
    "Register the applicant first, or have the office do it that registered them.",
)
TOO_HIGH = (
    "得分超过满分。",
    "The points are above the full marks.",
    "请核对得分和满分。",
    "Check points and full marks.",
)


DIFFERS = (
    "与另一单位首次录入的成绩不一致。",
    "Another office reported other points first.",
    "请对照原始成绩单；首次录入有误的，由首次录入的单位更正后再核对。",
    "Check the paper; where the first report is wrong, the office that made it corrects it.",
)
WRONG_TOTAL_REMEDY = (
    "请对照原始成绩单逐行核对得分，或改正合计。",
    "Check each row against the paper, or correct the total.",
)


class ScoreLanding(Landing):
    """招生成绩, by the applicant's document."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.EDIT_ADMISSIONS
    sheet: ClassVar[Sheet] = sheets.SCORES
    spec = Merge(
        Score,
        (
            *(Field(name, key=True) for name in ("applicant_id", "component", "subject")),
            *map(Field, ("points", "out_of", "held_on")),
        ),
        ("resident_id", "component", "subject", "points", "out_of", "held_on"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find the applicants, refuse who is not registered, merge the points."""
        seasons = resolve_seasons(hall, table)
        people = resolve_people(hall, table, [hall.actor.organisation_id] * len(table))
        pairs = named(seasons, people)
        found = registered(pairs)
        seen = set(visible(hall.actor, Applicant).filter(STANDS, pk__in=found.values()).values_list("pk", flat=True))
        names = ("component", "subject", "points", "out_of", "held_on")
        cells = list(zip(*(table.columns[name] for name in names), strict=True))
        rows: dict[int, tuple[Any, ...]] = {}
        for index in pairs:
            who = found.get(index)
            component, subject, points, out_of, held_on = cells[index]
            if who is None or who not in seen:
                refuse_text(hall, table, index, "resident_id", ErrorCode.UNKNOWN_REFERENCE, NOT_REGISTERED)
            elif points is not None and out_of is not None and points > out_of:
                refuse_text(hall, table, index, "points", ErrorCode.OUT_OF_RANGE, TOO_HIGH)
            else:
                rows[index] = (who, component, subject or "", points, out_of, held_on)
        self._check_totals(table, hall, rows)
        self._check_entries(table, hall, rows)
        good = [index for index in hall.good(table) if index in rows]
        hall.merge(table, self.spec, good, [rows[index] for index in good])

    @staticmethod
    def _check_entries(table: Table, hall: Hall, rows: Mapping[int, tuple[Any, ...]]) -> None:
        """Points that another office reported are entered a second time, not over: they must agree."""
        standing = Score.objects.filter(STANDS, applicant__in={row[0] for row in rows.values()})
        standing = standing.exclude(reporter_id=hall.actor.organisation_id)
        entered = {
            (who, component, subject): (points, out_of)
            for who, component, subject, points, out_of in standing.values_list(
                "applicant_id", "component", "subject", "points", "out_of"
            )
        }
        for index, (who, component, subject, points, out_of, _) in rows.items():
            if entered.get((who, component, subject), (points, out_of)) != (points, out_of):
                refuse_text(hall, table, index, "points", ErrorCode.CONFLICT, DIFFERS)

    @staticmethod
    def _check_totals(table: Table, hall: Hall, rows: Mapping[int, tuple[Any, ...]]) -> None:
        """Where a total is told beside an applicant's points, the points must come to it."""
        told = table.columns["check_total"]
        if not any(each is not None for each in told):
            return
        sums: dict[UUID, Decimal] = defaultdict(Decimal)
        for who, _, _, points, *_ in rows.values():
            sums[who] += points or 0
        for index, (who, *_) in rows.items():
            if told[index] is not None and told[index] != sums[who]:
                hall.refuse(
                    table,
                    index,
                    "check_total",
                    ErrorCode.CONFLICT,
                    f"合计核对不符：各行得分之和为 {sums[who].normalize():f}，所填合计为 {told[index].normalize():f}。",
                    f"The points come to {sums[who].normalize():f}, not to {told[index].normalize():f}.",
                    *WRONG_TOTAL_REMEDY,
                )

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Scores of the seasons of ``year`` in the actor's scope, with names and numbers."""
        rows = visible(actor, Score).filter(STANDS, applicant__season__year=year, applicant__voided_at__isnull=True)
        found = list(
            rows.order_by("applicant__season__code", "applicant", "component", "subject").values_list(
                "applicant__person_id",
                "applicant__season__code",
                "component",
                "subject",
                "points",
                "out_of",
                "held_on",
            )
        )
        people = identities_of(actor, {row[0] for row in found})
        for person, season, component, subject, *rest in found:
            who = people.get(person)
            if who is not None:
                yield (season, who.name, who.number, who.is_synthetic or None, component, subject or None, *rest, None)
