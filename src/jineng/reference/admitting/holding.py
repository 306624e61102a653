"""A round of a season that is run, from its opening to its end, from wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from uuid import UUID

from jineng.admissions import verbs
from jineng.admissions.kinds import FileState, Phase, RunState
from jineng.admissions.models import Admission, Offer, Opening, Result, Round, Run, Scheme
from jineng.admissions.schemes import RoundLaw
from jineng.admissions.verbs.season_state import stand
from jineng.engines.allocation.rounds import Phase as Ready
from jineng.engines.allocation.rounds import offered
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.jobs import at_once
from jineng.kernel.records import STANDS
from jineng.reference.admitting.desk import Desk
from jineng.reference.admitting.plan import (
    CANCELLED,
    CONFIRMING,
    DECLINED,
    LATER,
    LEFT,
    MISTAKEN,
    REFUSED,
    Registered,
)
from jineng.reference.admitting.points import scattered
from jineng.reference.admitting.writing import Lasting, Offered, wishes_of

OPENS, CLOSES = time(9), time(18)
PLAN = ("programme_code", "joint_college", "channel", "pool", "county_code")
ENDS = {DECLINED: "declined", LEFT: "declined", LATER: "declined", CANCELLED: "withdrawn"}
"""How an admission ends by what comes of the applicant; the others end by silence, are struck out, or do not end."""


class RunFailed(Exception):
    """A round could not be run; the message says why."""


def key_of(ordinal: int, supplement: int) -> str:
    """A round as the specification names it: 1, or 1.2 for the second supplementary one."""
    return f"{ordinal}.{supplement}" if supplement else f"{ordinal}"


def moment(day: date, at: time) -> datetime:
    """A time of a day in the province."""
    return datetime.combine(day, at, CHINA)


def end(officer: Actor, admission: UUID, day: date, fate: str, reason: str) -> None:
    """End an admission as a fate tells."""
    verbs.end_admission(actor=officer, admission_id=admission, ended_on=day, ending=ENDS[fate], reason=reason)


class Holding:
    """One round."""

    def __init__(self, desk: Desk, of: Round) -> None:
        self.desk, self.round = desk, of
        self.place = (of.ordinal, of.supplement)
        self.key = key_of(*self.place)

    def hold(self) -> None:
        """A round from its opening to its end, from wherever it stands; a supplementary one that finds no seat left is
        cancelled."""
        if self.round.supplement and not self._has_seats():
            with clock_at(self.round.opens_on):
                verbs.cancel_round(actor=self.desk.province, round_id=self.round.pk, cancelled_on=self.round.opens_on)
            return
        opening = self._opened()
        if opening.phase == Phase.OPEN:
            self._take(opening)
        if opening.phase in (Phase.OPEN, Phase.RUNNING):
            self._give_out(opening)
            opening = self._opened()
        if opening.phase == Phase.ANSWERING:
            self._answer()
            with self._on("closed"):
                verbs.close_round(actor=self.desk.province, opening_id=opening.pk)

    def _has_seats(self) -> bool:
        """Whether a round is open, or would offer anything."""
        with acting(self.desk.province):
            if Opening.objects.filter(STANDS, round=self.round).exists():
                return True
            scheme = Scheme.objects.filter(STANDS, season=self.desk.row).order_by("-version")[0]
            standing = stand(self.desk.row, scheme, self.round, Ready.READY)
        return bool(offered(standing.season, standing.progress))

    def _opened(self) -> Opening:
        with acting(self.desk.province):
            opening = Opening.objects.filter(STANDS, round=self.round).first()
        if opening is None:
            with clock_at(self.round.opens_on):
                opening = verbs.open_round(
                    actor=self.desk.province,
                    round_id=self.round.pk,
                    opens_at=moment(self.round.opens_on, OPENS),
                    closes_at=moment(self._day("closes"), CLOSES),
                )
        return opening

    def _take(self, opening: Opening) -> None:
        """Enter the lists of those who enter the round."""
        with acting(self.desk.province):
            offers = self._offered(opening)
            entering = self._entering(sum(offer.seats for offer in offers))
        most = min(self.desk.run.wishes, self._law().most)
        lists = zip(entering, wishes_of(entering, offers, most), strict=True)
        with self._on("closes"):
            self.desk.writer.preferences(self.desk.province, self.place, lists, self.round.opens_on)

    def _offered(self, opening: Opening) -> list[Offered]:
        """What the round offers, by institution and programme."""
        seats: dict[tuple[str, str], int] = {}
        names = ("organisation__code", "plan__programme_code", "seats")
        for where, programme, number in Offer.objects.filter(STANDS, opening=opening).values_list(*names):
            seats[where, programme] = seats.get((where, programme), 0) + number
        return [Offered(*key, number) for key, number in sorted(seats.items())]

    def _entering(self, seats: int) -> list[Registered]:
        """Who enters, in the order of serials: of those who may, hold no seat and have not gone for good, as many as
        the specification says for the seats."""
        run, of = self.desk.run, Admission.objects.filter(plan__season=self.desk.row)
        standing = of.filter(STANDS, ended_on=None).values_list("applicant__person", "pk")
        away = {one.serial for one, _ in self.desk.applicants(standing)}
        over = of.exclude(STANDS, ended_on=None).values_list("applicant__person", "round__ordinal", "round__supplement")
        for one, key in self.desk.applicants(over):
            if run.fate(one.serial, key_of(*key)).name != LEFT:
                away.add(one.serial)
        enters = self._law().enters
        able = [one for one in run.applicants if (not enters or one.category in enters) and one.serial not in away]
        per_hundred = run.entering.get(self.key)
        if per_hundred is None:
            return able
        chosen = sorted(able, key=lambda one: scattered(one.place))[: -(-seats * per_hundred // 100)]
        return sorted(chosen, key=lambda one: one.serial)

    def _law(self) -> RoundLaw:
        law = self.desk.law.of(*self.place)
        assert law is not None, "no other round opens"
        return law

    def _give_out(self, opening: Opening) -> None:
        """Run the round, have its files dealt with, run it again after refusals, publish."""
        while True:
            run = self._last_run(opening)
            if run is None:
                run = self._start(opening)
            if run.state == RunState.SETTLED:
                with self._on("run"):
                    run = verbs.send_files(actor=self.desk.province, run_id=run.pk)
            if not self._deal_with(run):
                break
            self._start(opening)
        with self._on("published"):
            until = moment(self._day("answers"), CLOSES)
            verbs.publish_run(actor=self.desk.province, run_id=run.pk, answers_until=until)

    def _last_run(self, opening: Opening) -> Run | None:
        with acting(self.desk.province):
            rows = Run.objects.filter(STANDS, opening=opening, what_if=False)
            return rows.exclude(state__in=(RunState.DROPPED, RunState.FAILED)).order_by("-number").first()

    def _start(self, opening: Opening) -> Run:
        with self._on("run"), at_once():
            run = verbs.start_run(actor=self.desk.province, opening_id=opening.pk)
        if run.state != RunState.SETTLED:
            raise RunFailed(f"{self.round.name} {run}：{'；'.join(run.errors)} The round could not be run.")
        return run

    def _deal_with(self, run: Run) -> bool:
        """Let the colleges propose, and the province decide; whether files were sent back. In a run after refusals
        nothing more is refused."""
        waiting = (FileState.PLACED, FileState.READING)
        with acting(self.desk.province):
            files = Result.objects.filter(STANDS, run=run)
            placed = files.filter(file_state__in=waiting).order_by("pk")
            rows = placed.values_list("applicant__person", "pk", "organisation")
            by_college: dict[UUID, list[tuple[UUID, str]]] = {}
            for one, (result, where) in self.desk.applicants(rows):
                fate = self.desk.run.fate(one.serial, self.key)
                reason = fate.reason if fate.name == REFUSED and not run.struck else ""
                by_college.setdefault(where, []).append((result, reason))
        with self._on("run"):
            for where in sorted(by_college):
                officer, these = self.desk.season.officer(where), by_college[where]
                for result, reason in these:
                    if reason:
                        verbs.propose_refusal(actor=officer, result_id=result, reason=reason)
                if not all(reason for _, reason in these):
                    verbs.propose_all(actor=officer, run_id=run.pk, organisation_id=where)
            with acting(self.desk.province):
                undecided = list(files.filter(file_state=FileState.REFUSAL).order_by("pk").values_list("pk", flat=True))
            for result in undecided:
                verbs.decide_refusal(actor=self.desk.province, result_id=result, accepts=True)
        with acting(self.desk.province):
            return files.filter(file_state=FileState.REFUSED).exists()

    def _answer(self) -> None:
        """Who takes the seat is told by the province's list; who gives it up, is struck off or was admitted by
        mistake, by the college."""
        names = ("organisation__code", *(f"plan__{name}" for name in PLAN))
        with acting(self.desk.province):
            rows = Admission.objects.filter(STANDS, round=self.round, confirmed_on=None, ended_on=None)
            unanswered = rows.order_by("pk").values_list("applicant__person", "admitted_on", *names)
            taking = [
                Lasting(
                    one,
                    {name: cell or None for name, cell in zip(("org_code", *PLAN), where, strict=True)},
                    day,
                )
                for one, (day, *where) in self.desk.applicants(unanswered)
                if self.desk.run.fate(one.serial, self.key).name in CONFIRMING
            ]
        with self._on("answers"):
            if taking:
                taking.sort(key=lambda each: each.applicant.serial)
                self.desk.writer.confirmations(self.desk.province, self.place, taking, self._day("answers"))
        with self._on("closed"):
            self._end(self._day("closed"))

    def _end(self, day: date) -> None:
        with acting(self.desk.province):
            rows = Admission.objects.filter(STANDS, round=self.round, ended_on=None).order_by("pk")
            standing = list(self.desk.applicants(rows.values_list("applicant__person", "pk", "organisation")))
        for one, (admission, where) in sorted(standing, key=lambda pair: pair[0].serial):
            fate, officer = self.desk.run.fate(one.serial, self.key), self.desk.season.officer(where)
            if fate.name == MISTAKEN:
                verbs.void_admission(actor=officer, admission_id=admission, reason=fate.reason)
            elif fate.name in ENDS and fate.name != LATER:
                end(officer, admission, day, fate.name, fate.reason)

    def _day(self, step: str) -> date:
        return self.round.opens_on + timedelta(days=self.desk.run.after_opening[step])

    @contextmanager
    def _on(self, step: str) -> Iterator[None]:
        with clock_at(self._day(step)):
            yield
