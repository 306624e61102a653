"""录取: one row per applicant and plan in a round: registers the applicant and says what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.breaking import broken
from jineng.admissions.exchange.keys import (
    PlanKey,
    SeasonFacts,
    known_plans,
    plan_key,
    resolve_exempt,
    resolve_homes,
    resolve_rounds,
    resolve_seasons,
)
from jineng.admissions.exchange.refusing import refuse, refuse_text
from jineng.admissions.exchange.registering import Registration, register_applicants
from jineng.admissions.exchange.voids import land_voids, need_reasons
from jineng.admissions.models import Admission
from jineng.admissions.rules import Fault, admission_faults, exemption_faults
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import Known, resolve_column, resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible

DAYS = ("placed_on", "admitted_on", "confirmed_on", "ended_on")
NO_PLAN = (
    "该机构没有这样的招生计划。",
    "The institution has no such plan.",
    "请核对专业、途径、性质，或先填报计划。",
    "Check programme, way in and pool, or report the plan first.",
)
TWO_SEATS = (
    "该考生在本招生季已有确认的录取。",
    "The applicant holds a confirmed seat of this season already.",
    "请先终止前一录取，或核对确认、终止日期。",
    "End the other admission first, or check the days.",
)
NO_SEAT = (
    "确认人数超过计划数。",
    "More are confirmed than the plan has seats.",
    "请核对确认日期，或先调增计划。",
    "Check the confirmations, or raise the plan first.",
)


class AdmissionLanding(Landing):
    """Brings the sheet 录取 into the register; people and applicants not known yet are recorded."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.EDIT_ADMISSIONS
    sheet: ClassVar[Sheet] = sheets.ADMISSIONS
    spec = Merge(
        Admission,
        (
            *(Field(name, key=True) for name in ("applicant_id", "plan_id", "round_id")),
            *map(Field, ("organisation_id", *DAYS, "ending", "reason")),
        ),
        ("resident_id", "programme_code", "round", "org_code", *DAYS, "ending", "reason"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find plans and rounds, judge the days, register people and applicants, merge what came of them."""
        need_reasons(hall, table)
        seasons = resolve_seasons(hall, table)
        bodies = resolve_column(hall, table, "org_code")
        rounds = resolve_rounds(hall, table, seasons)
        exempt = resolve_exempt(hall, table, seasons)
        plans = self._plans(table, hall, seasons, [body.id if body else None for body in bodies])
        self._check(table, hall, seasons, exempt)
        homes = resolve_homes(hall, table)
        people = resolve_people(hall, table, [body.id if body else None for body in bodies])
        applicants = register_applicants(
            hall, table, self._registrations(table, seasons, people, bodies, homes, exempt)
        )
        days = zip(*(table.columns[name] for name in DAYS), strict=True)
        ends = zip(table.columns["ending"], table.columns["reason"], strict=True)
        rows = {
            index: (applicants[index], plan, place, body.id, *when, ending or "", reason or "")
            for index, (plan, place, body, when, (ending, reason)) in enumerate(
                zip(plans, rounds, bodies, days, ends, strict=True)
            )
            if index in applicants and body is not None
        }
        self._merge(hall, table, rows)

    @staticmethod
    def _registrations(
        table: Table,
        seasons: Sequence[SeasonFacts | None],
        people: Sequence[UUID | None],
        bodies: Sequence[Known | None],
        homes: Sequence[str | None],
        exempt: Sequence[UUID | None],
    ) -> dict[int, Registration]:
        column = table.columns
        rows = zip(seasons, people, column["category"], homes, column["is_household"], exempt, bodies, strict=True)
        return {
            index: Registration(season.id, person, category, home, bool(household), spared, body.id)
            for index, (season, person, category, home, household, spared, body) in enumerate(rows)
            if season is not None and person is not None and body is not None
        }

    def _merge(self, hall: Hall, table: Table, rows: Mapping[int, tuple[Any, ...]]) -> None:
        voided = table.columns["voided"]
        land_voids(hall, table, self.spec, {index: row for index, row in rows.items() if voided[index]})
        sound = {index: row for index, row in rows.items() if not voided[index]}
        try:
            with transaction.atomic():
                hall.merge(table, self.spec, list(sound), list(sound.values()))
        except IntegrityError as error:
            name, told = broken(error)
            if name == "one_seat_at_a_time":
                concerned, place, text = {row["applicant"] for row in told}, 0, TWO_SEATS
            elif name == "holders_within_seats":
                concerned, place, text = {row["plan"] for row in told}, 1, NO_SEAT
            else:
                raise
            for index, row in sound.items():
                if str(row[place]) in concerned and row[6] is not None:
                    refuse_text(hall, table, index, "confirmed_on", ErrorCode.CONFLICT, text)

    @staticmethod
    def _plans(
        table: Table, hall: Hall, seasons: Sequence[SeasonFacts | None], bodies: Sequence[UUID | None]
    ) -> list[UUID | None]:
        written = list(zip(*(table.columns[name] for name in ("season_code", *sheets.PLAN_NAMES)), strict=True))
        named: dict[tuple[Any, ...], PlanKey] = {}
        for case, index in {case: index for index, case in enumerate(written)}.items():
            season, body = seasons[index], bodies[index]
            if season is not None and body is not None and case[2]:
                named[case] = plan_key(season.id, body, case[2:])
        standing = known_plans(set(named.values()))
        plans = {case: standing[key][0] for case, key in named.items() if key in standing}
        if len(plans) < len(named):
            for index, case in enumerate(written):
                if case in named and case not in plans:
                    refuse_text(hall, table, index, "programme_code", ErrorCode.UNKNOWN_REFERENCE, NO_PLAN)
        return [plans.get(case) for case in written]

    @staticmethod
    def _check(table: Table, hall: Hall, seasons: Sequence[SeasonFacts | None], exempt: Sequence[UUID | None]) -> None:
        column = table.columns
        cells = zip(*(column[name] for name in (*DAYS, "ending", "pool")), strict=True)
        judged: dict[Any, list[Fault]] = {}
        for index, (placed, admitted, confirmed, ended, ending, pool) in enumerate(cells):
            season = seasons[index]
            kind = season.kind if season is not None else ""
            case = (kind, placed, admitted, confirmed, ended, ending, pool, exempt[index] is not None)
            found = judged.get(case)
            if found is None:
                found = judged[case] = [
                    *admission_faults(
                        placed_on=placed,
                        admitted_on=admitted,
                        confirmed_on=confirmed,
                        ended_on=ended,
                        ending=ending or "",
                    ),
                    *exemption_faults(kind=kind, pool=pool or "", is_exempt=exempt[index] is not None),
                ]
            for fault in found:
                refuse(hall, table, index, fault)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Admissions of the seasons of ``year`` in the actor's scope, with names and numbers."""
        rows = visible(actor, Admission).filter(STANDS, plan__season__year=year)
        found = list(
            rows.order_by("plan__season__code", "organisation__code", "plan", "recorded_at", "id").values_list(
                "applicant__person_id",
                "plan__season__code",
                "applicant__category",
                "applicant__home_id",
                "applicant__is_household",
                "applicant__exempt_category__code",
                "organisation__code",
                "plan__programme_code",
                "plan__joint_college",
                "plan__channel",
                "plan__pool",
                "plan__county_code",
                "round__ordinal",
                "round__supplement",
                *DAYS,
                "ending",
                "reason",
            )
        )
        people = identities_of(actor, {row[0] for row in found})
        for person, season, category, home, household, exempt, *where in found:
            who = people.get(person)
            if who is not None:
                cells = (value or None for value in where)
                yield (
                    season,
                    who.name,
                    who.number,
                    who.is_synthetic or None,
                    category,
                    home,
                    household or None,
                    exempt,
                    *cells,
                    None,
                    None,
                )
