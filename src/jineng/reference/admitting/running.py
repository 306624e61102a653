"""A season of admission of a reference year on its way: set up, registered for, scored, held in rounds, closed.

Each deed is done on its day of the business clock, by the officer whose turn it is. What is done follows from where
the season stands, so that a run that was cut off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from jineng.admissions import verbs
from jineng.admissions.kinds import FileState, Phase, RunState
from jineng.admissions.models import (
    Admission,
    Offer,
    Opening,
    Plan,
    Result,
    Round,
    Run,
    Scheme,
    ScoreRule,
)
from jineng.admissions.models import Season as AdmissionSeason
from jineng.admissions.programmes import bare_programme
from jineng.admissions.schemes import RoundLaw, read_law
from jineng.admissions.verbs.season_state import stand
from jineng.engines.allocation.rounds import Phase as Ready
from jineng.engines.allocation.rounds import offered
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.records import STANDS
from jineng.reference.admitting.plan import (
    CANCELLED,
    CONFIRMING,
    DECLINED,
    LATER,
    LEFT,
    MISTAKEN,
    REFUSED,
    Registered,
    RunSeason,
    Session,
)
from jineng.reference.admitting.points import scattered
from jineng.reference.admitting.writing import Lasting, Offered, Writer, wishes_of
from jineng.reference.people import Person, person
from jineng.reference.places import Places
from jineng.reference.season import Season
from jineng.registry.identities import identities_of

Step = tuple[str, Callable[[], None]]
MANY = 500
"""Tickets that an office issues at once."""
OPENS, CLOSES = time(9), time(18)
ENDS = {DECLINED: "declined", LEFT: "declined", LATER: "declined", CANCELLED: "withdrawn"}
"""How an admission ends by what comes of the applicant; the others end by silence, are struck out, or do not end."""


class RunFailed(Exception):
    """A round could not be run; the message says why."""


class Admitting:
    """A season on its way."""

    def __init__(self, season: Season, run: RunSeason) -> None:
        self.season, self.run, self.province = season, run, season.province
        self.law = read_law(run.law)
        with acting(self.province):
            self.row = AdmissionSeason.objects.get(STANDS, code=run.code)
            rounds = Round.objects.filter(STANDS, season=self.row, cancelled_on=None)
            self.rounds = list(rounds.order_by("ordinal", "supplement"))

    @cached_property
    def people(self) -> dict[int, Person]:
        """Who registers, by serial."""
        return {one.serial: person(one.serial, self.season.specification.people) for one in self.run.applicants}

    @cached_property
    def by_number(self) -> dict[str, Registered]:
        """Who registers, by the number of their document."""
        return {self.people[one.serial].number: one for one in self.run.applicants}

    @cached_property
    def writer(self) -> Writer:
        """Who writes the season's workbooks."""
        return Writer(self.run, self.people, _homes(self.season, self.run))

    @cached_property
    def offices(self) -> dict[str, Actor]:
        """Who acts for the offices that register."""
        return self._officers(self.run.registered)

    @cached_property
    def colleges(self) -> dict[str, Actor]:
        """Who acts for the colleges that plan."""
        return self._officers(plan.organisation for plan in self.run.plans)

    def _officers(self, keys: Iterable[str]) -> dict[str, Actor]:
        return {key: self.season.officer(self.season.ids[key]) for key in dict.fromkeys(keys)}

    def is_done(self) -> bool:
        """Whether the season is at its end, or came by returns, as into a register that was filled before the
        specification told how it is run; asked at each start, and in a few queries."""
        with acting(self.province):
            plans, schemes = (model.objects.filter(STANDS, season=self.row) for model in (Plan, Scheme))
            if plans.exists() and not schemes.exists():
                return True
            closed = Opening.objects.filter(STANDS, round__season=self.row, phase=Phase.CLOSED)
            return closed.count() == len(self.rounds) and not self._leaving()

    def steps(self) -> list[Step]:
        """Everything from the scheme to those who leave the year after, by name; whoever is still to be appointed is so
        first, outside the clock of the year."""
        self.season.offices.update(self.season.ids[key] for key in (*self.offices, *self.colleges))
        setting_up: list[Step] = [
            ("招生办法", self._declare),
            ("招生计划", self._file),
            ("计分规则", self._rule),
            ("考生报名", self._register),
            ("报名凭证", self._hand_out),
        ]
        held = [(found.opens_on, (found.name, partial(self._hold, found))) for found in self.rounds]
        held += [(each.reported, (each.name, partial(self._report, each))) for each in self.run.sessions]
        in_order = sorted(held, key=lambda pair: pair[0])
        return [*setting_up, *(step for _, step in in_order), ("放弃入学", self._leave)]

    def _declare(self) -> None:
        with acting(self.province):
            if Scheme.objects.filter(STANDS, season=self.row).exists():
                return
        day = self.run.days["declared"]
        with clock_at(day):
            verbs.declare_scheme(
                actor=self.province,
                season_id=self.row.pk,
                data=self.run.law,
                declared_on=day,
                document=self.run.document,
            )

    def _file(self) -> None:
        with acting(self.province):
            known = set(self._plans())
        ids, accepted = self.season.ids, self.run.days["accepted"]
        with clock_at(self.run.days["filed"]):
            for plan in self.run.plans:
                where = ids[plan.organisation]
                if (where, bare_programme(plan.programme), plan.channel, plan.pool) not in known:
                    verbs.file_plan(
                        actor=self.colleges[plan.organisation],
                        season_id=self.row.pk,
                        organisation_id=where,
                        programme=plan.programme,
                        channel=plan.channel,
                        pool=plan.pool,
                        seats=plan.seats,
                    )
        with acting(self.province):
            filed = self._plans()
        for plan in self.run.plans:
            found = filed[ids[plan.organisation], bare_programme(plan.programme), plan.channel, plan.pool]
            if found.accepted_on is None:
                with clock_at(accepted):
                    verbs.accept_plan(actor=self.province, plan_id=found.pk, accepted_on=accepted)
            if plan.withdrawn and found.withdrawn_on is None:
                with clock_at(plan.withdrawn):
                    verbs.withdraw_plan(
                        actor=self.province, plan_id=found.pk, withdrawn_on=plan.withdrawn, reason="学校调整计划"
                    )

    def _plans(self) -> dict[tuple[UUID, str, str, str], Plan]:
        rows = Plan.objects.filter(STANDS, season=self.row)
        return {(each.organisation_id, each.programme_code, each.channel, each.pool): each for each in rows}

    def _rule(self) -> None:
        with acting(self.province):
            rows = ScoreRule.objects.filter(STANDS, season=self.row)
            known = set(rows.values_list("organisation", "channel"))
        with clock_at(self.run.days["ruled"]):
            for rule in self.run.rules:
                where = self.season.ids[rule.organisation]
                if (where, rule.channel) not in known:
                    verbs.file_score_rule(
                        actor=self.season.officer(where),
                        season_id=self.row.pk,
                        organisation_id=where,
                        formula={"weights": rule.weights},
                        ties=rule.ties,
                        channel=rule.channel,
                    )

    def _register(self) -> None:
        with clock_at(self.run.days["registered"]):
            for office, officer in self.offices.items():
                self.writer.registrations(officer, office)

    def _hand_out(self) -> None:
        with clock_at(self.run.days["tickets"]):
            for officer in self.offices.values():
                while len(verbs.issue_tickets(actor=officer, season_id=self.row.pk, most=MANY)) == MANY:
                    pass

    def _report(self, session: Session) -> None:
        with clock_at(session.reported):
            self.writer.scores(self.province, session, self.offices)
        if session.again is not None:
            with clock_at(session.again):
                for office, officer in self.offices.items():
                    self.writer.scores(officer, session, [office])

    def _hold(self, found: Round) -> None:
        """A round from its opening to its end, from wherever it stands; a supplementary one that finds no seat left is
        cancelled."""
        if found.supplement and not self._has_seats(found):
            with clock_at(found.opens_on):
                verbs.cancel_round(actor=self.province, round_id=found.pk, cancelled_on=found.opens_on)
            return
        opening = self._opened(found)
        if opening.phase == Phase.OPEN:
            self._take(found, opening)
        if opening.phase in (Phase.OPEN, Phase.RUNNING):
            self._give_out(found, opening)
            opening = self._opened(found)
        if opening.phase == Phase.ANSWERING:
            self._answer(found)
            with self._on(found, "closed"):
                verbs.close_round(actor=self.province, opening_id=opening.pk)

    def _has_seats(self, found: Round) -> bool:
        """Whether a round is open, or would offer anything."""
        with acting(self.province):
            if Opening.objects.filter(STANDS, round=found).exists():
                return True
            scheme = Scheme.objects.filter(STANDS, season=self.row).order_by("-version")[0]
            standing = stand(self.row, scheme, found, Ready.READY)
        return bool(offered(standing.season, standing.progress))

    def _opened(self, found: Round) -> Opening:
        with acting(self.province):
            opening = Opening.objects.filter(STANDS, round=found).first()
        if opening is None:
            with clock_at(found.opens_on):
                opening = verbs.open_round(
                    actor=self.province,
                    round_id=found.pk,
                    opens_at=_moment(found.opens_on, OPENS),
                    closes_at=_moment(self._day(found, "closes"), CLOSES),
                )
        return opening

    def _take(self, found: Round, opening: Opening) -> None:
        """Enter the lists of those who enter the round."""
        with acting(self.province):
            offers = self._offered(opening)
            entering = self._entering(found, sum(offer.seats for offer in offers))
        most = min(self.run.wishes, self._law(found).most)
        lists = zip(entering, wishes_of(entering, offers, most), strict=True)
        with self._on(found, "closes"):
            self.writer.preferences(self.province, (found.ordinal, found.supplement), lists, found.opens_on)

    def _offered(self, opening: Opening) -> list[Offered]:
        """What the round offers, by institution and programme."""
        seats: dict[tuple[str, str], int] = {}
        names = ("organisation__code", "plan__programme_code", "seats")
        for where, programme, number in Offer.objects.filter(STANDS, opening=opening).values_list(*names):
            seats[where, programme] = seats.get((where, programme), 0) + number
        return [Offered(*key, number) for key, number in sorted(seats.items())]

    def _entering(self, found: Round, seats: int) -> list[Registered]:
        """Who enters, in the order of serials: of those who may, hold no seat and have not gone for good, as many as
        the specification says for the seats."""
        standing = Admission.objects.filter(STANDS, plan__season=self.row, ended_on=None)
        away = {one.serial for one, _ in self._applicants(standing.values_list("applicant__person", "pk"))}
        over = Admission.objects.filter(plan__season=self.row).exclude(STANDS, ended_on=None)
        rows = over.values_list("applicant__person", "round__ordinal", "round__supplement")
        gone = (one for one, key in self._applicants(rows) if self.run.fate(one.serial, _key(*key)).name != LEFT)
        gone = (one for one, key in self._applicants(rows) if self.run.fate(one.serial, _key(*key)).name != LEFT)
        away |= {one.serial for one in gone}
        enters = self._law(found).enters
        able = [one for one in self.run.applicants if (not enters or one.category in enters) and one.serial not in away]
        per_hundred = self.run.entering.get(_key(found.ordinal, found.supplement))
        if per_hundred is None:
            return able
        chosen = sorted(able, key=lambda one: scattered(one.place))[: -(-seats * per_hundred // 100)]
        return sorted(chosen, key=lambda one: one.serial)

    def _applicants(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Registered, tuple[Any, ...]]]:
        """The applicants of rows that begin with a person's id, each with the rest of the row."""
        found = list(rows)
        known = identities_of(self.province, {row[0] for row in found})
        for who, *rest in found:
            yield self.by_number[known[who].number], tuple(rest)

    def _law(self, found: Round) -> RoundLaw:
        law = self.law.of(found.ordinal, found.supplement)
        if law is None:
            raise RunFailed(f"招生办法没有规定“{found.name}”。 The scheme says nothing of {found.name}.")
        return law

    def _give_out(self, found: Round, opening: Opening) -> None:
        """Run the round, have its files dealt with, run it again after refusals, publish."""
        while True:
            run = self._last_run(opening)
            if run is None:
                run = self._start(found, opening)
            if run.state == RunState.SETTLED:
                with self._on(found, "run"):
                    run = verbs.send_files(actor=self.province, run_id=run.pk)
            if not self._deal_with(found, run):
                break
            self._start(found, opening)
        with self._on(found, "published"):
            until = _moment(self._day(found, "answers"), CLOSES)
            verbs.publish_run(actor=self.province, run_id=run.pk, answers_until=until)

    def _last_run(self, opening: Opening) -> Run | None:
        with acting(self.province):
            rows = Run.objects.filter(STANDS, opening=opening, what_if=False).exclude(state=RunState.DROPPED)
            return rows.order_by("-number").first()

    def _start(self, found: Round, opening: Opening) -> Run:
        with self._on(found, "run"):
            run = verbs.start_run(actor=self.province, opening_id=opening.pk)
        if run.state != RunState.SETTLED:
            raise RunFailed(f"{found.name} {run}：{'；'.join(run.errors)} The round could not be run.")
        return run

    def _deal_with(self, found: Round, run: Run) -> bool:
        """Let the colleges propose, and the province decide; whether files were sent back. In a run after refusals
        nothing more is refused."""
        key = _key(found.ordinal, found.supplement)
        waiting = (FileState.PLACED, FileState.READING)
        with acting(self.province):
            files = Result.objects.filter(STANDS, run=run)
            placed = files.filter(file_state__in=waiting).order_by("pk")
            rows = placed.values_list("applicant__person", "pk", "organisation")
            by_college: dict[UUID, list[tuple[UUID, str]]] = {}
            for one, (result, where) in self._applicants(rows):
                fate = self.run.fate(one.serial, key)
                reason = fate.reason if fate.name == REFUSED and not run.struck else ""
                by_college.setdefault(where, []).append((result, reason))
        with self._on(found, "run"):
            for where in sorted(by_college):
                officer, these = self.season.officer(where), by_college[where]
                for result, reason in these:
                    if reason:
                        verbs.propose_refusal(actor=officer, result_id=result, reason=reason)
                if not all(reason for _, reason in these):
                    verbs.propose_all(actor=officer, run_id=run.pk, organisation_id=where)
            with acting(self.province):
                undecided = list(files.filter(file_state=FileState.REFUSAL).order_by("pk").values_list("pk", flat=True))
            for result in undecided:
                verbs.decide_refusal(actor=self.province, result_id=result, accepts=True)
        with acting(self.province):
            return files.filter(file_state=FileState.REFUSED).exists()

    def _answer(self, found: Round) -> None:
        """Who takes the seat is told by the province's list; who gives it up, is struck off or was admitted by
        mistake, by the college."""
        key = _key(found.ordinal, found.supplement)
        names = ("organisation__code", *(f"plan__{name}" for name in PLAN))
        with acting(self.province):
            rows = Admission.objects.filter(STANDS, round=found, confirmed_on=None, ended_on=None).order_by("pk")
            silent = [
                Lasting(
                    self.people[one.serial],
                    one,
                    {name: cell or None for name, cell in zip(("org_code", *PLAN), where, strict=True)},
                    day,
                )
                for one, (day, *where) in self._applicants(rows.values_list("applicant__person", "admitted_on", *names))
                if self.run.fate(one.serial, key).name in CONFIRMING
            ]
        with self._on(found, "answers"):
            if silent:
                place = (found.ordinal, found.supplement)
                silent.sort(key=lambda each: each.applicant.serial)
                self.writer.confirmations(self.province, place, silent, self._day(found, "answers"))
        with self._on(found, "closed"):
            self._end(found, key, self._day(found, "closed"))

    def _end(self, found: Round, key: str, day: date) -> None:
        with acting(self.province):
            rows = Admission.objects.filter(STANDS, round=found, ended_on=None).order_by("pk")
            standing = list(self._applicants(rows.values_list("applicant__person", "pk", "organisation")))
        for one, (admission, where) in sorted(standing, key=lambda pair: pair[0].serial):
            fate, officer = self.run.fate(one.serial, key), self.season.officer(where)
            if fate.name == MISTAKEN:
                verbs.void_admission(actor=officer, admission_id=admission, reason=fate.reason)
            elif fate.name in ENDS and fate.name != LATER:
                _end(officer, admission, day, fate.name, fate.reason)

    def _leave(self) -> None:
        """Who gives the seat up after the year has ended."""
        with acting(self.province):
            leaving = self._leaving()
        for admission, where, day in leaving:
            officer = self.season.officer(where)
            with clock_at(day):
                _end(officer, admission, day, LATER, "")

    def _leaving(self) -> list[tuple[UUID, UUID, date]]:
        """Seats that are still to be given up after the year has ended: the admission, the college, the day."""
        names = ("applicant__person", "pk", "organisation", "round__ordinal", "round__supplement")
        held = Admission.objects.filter(STANDS, plan__season=self.row, ended_on=None).order_by("pk")
        found = [
            (admission, where, fate.on)
            for one, (admission, where, *key) in self._applicants(held.values_list(*names))
            for fate in [self.run.fate(one.serial, _key(*key))]
            if fate.name == LATER and fate.on is not None
        ]
        return sorted(found, key=lambda each: each[0])

    def _day(self, found: Round, step: str) -> date:
        return found.opens_on + timedelta(days=self.run.after_opening[step])

    @contextmanager
    def _on(self, found: Round, step: str) -> Iterator[None]:
        with clock_at(self._day(found, step)):
            yield


PLAN = ("programme_code", "joint_college", "channel", "pool", "county_code")


def _key(ordinal: int, supplement: int) -> str:
    return f"{ordinal}.{supplement}" if supplement else f"{ordinal}"


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA)


def _end(officer: Actor, admission: UUID, day: date, fate: str, reason: str) -> None:
    verbs.end_admission(actor=officer, admission_id=admission, ended_on=day, ending=ENDS[fate], reason=reason)


def _homes(season: Season, run: RunSeason) -> dict[str, list[str]]:
    """By office the counties of those whom it registers: those of its city, or the city where it has none."""
    known = season.specification.organisations
    offices = Places(season.specification).city_offices
    counties = [each.governs for each in known.values() if each.level == "county" and each.governs]
    found = {}
    for city, office in offices.items():
        own = sorted({each for each in counties if each.isdigit() and each[:4] == city[:4]})
        found[office] = own or [city]
    return {office: found[office] for office in run.registered}
