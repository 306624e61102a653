"""The assessments of a reference year: results entered by the host and by the body, settled by the office over them,
certificates issued, sealed, revoked, struck out.

Each deed is done on its day of the business clock. What is left to do follows from where the register stands, so that a
run that was cut off goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from jineng.credentials import verbs
from jineng.credentials.kinds import Attendance
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, EntrySheet
from jineng.credentials.verbs.settling import Resolution, compared
from jineng.kernel.actors import Actor, acting
from jineng.kernel.jobs import at_once
from jineng.kernel.records import STANDS
from jineng.reference.assessing.marks import Seated, marks_of, mistyped
from jineng.reference.assessing.plan import MISTAKEN, REVOKED, VOID, Assessments, Session
from jineng.reference.books import ROOT
from jineng.reference.deeds import Deed
from jineng.reference.people import person
from jineng.reference.places import Places
from jineng.reference.season import Season
from jineng.registry.identities import identities_of


@dataclass(frozen=True)
class Standing:
    """How far a session is in the register: its row, the accounts whose entry is handed in, how many of its
    candidates were struck out, of its certificates struck out and revoked."""

    row: AssessmentSession
    entered: frozenset[int]
    struck: int
    void: int
    revoked: int

    def has_struck_out(self, session: Session) -> bool:
        """Whether all mistakes are struck out."""
        return self.void >= session.to_void and self.struck >= session.count("voided")

    def is_over(self, session: Session) -> bool:
        """Whether nothing is left to do."""
        is_certified = self.row.certified_at is not None
        return is_certified and self.revoked >= session.to_revoke and self.has_struck_out(session)


class Assessing:
    """The year's sessions on their way."""

    def __init__(self, season: Season, plan: Assessments) -> None:
        self.season, self.plan = season, plan
        self._places = Places(season.specification)

    def deeds(self) -> list[Deed]:
        """What is left to do, in order of time; asked at each start, and in a few queries."""
        standing = self._standing()
        left = [
            deed
            for place, session in enumerate(self.plan.held)
            if (found := standing.get((self.season.ids[session.host], session.code))) and not found.is_over(session)
            for deed in self._left(session, found, place % self.plan.days.mistyped_every == 0)
        ]
        return sorted(left, key=lambda deed: deed.day)

    def _standing(self) -> dict[tuple[UUID, str], Standing]:
        """The sessions by host and code, but those whose results came by returns, as into a register that was filled
        before they were held on the platform: these stay as they are."""
        with acting(self.season.province):
            told = Candidate.objects.filter(STANDS, attendance__in=(Attendance.SAT, Attendance.ABSENT))
            unsettled = AssessmentSession.objects.filter(STANDS, settled_at=None)
            by_return = set(unsettled.filter(Exists(told.filter(session=OuterRef("pk")))).values_list("pk", flat=True))
            sheets: dict[UUID, set[int]] = {}
            handed_in = EntrySheet.objects.exclude(handed_in_at=None)
            for session, account in handed_in.values_list("session", "account"):
                sheets.setdefault(session, set()).add(account)
            struck = self._counted(Candidate, number=Count("id", filter=~Q(voided_at=None)))
            ended = self._counted(
                Certificate,
                void=Count("id", filter=~Q(voided_at=None)),
                revoked=Count("id", filter=Q(STANDS, revoked_on__isnull=False)),
            )
            return {
                (row.host_id, row.code): Standing(
                    row,
                    frozenset(sheets.get(row.pk, ())),
                    struck.get(row.pk, (0,))[0],
                    *ended.get(row.pk, (0, 0)),
                )
                for row in AssessmentSession.objects.filter(STANDS)
                if row.pk not in by_return
            }

    @staticmethod
    def _counted(model: type[Any], **counts: Count) -> dict[UUID, tuple[int, ...]]:
        rows = model.objects.order_by().values_list("session").annotate(**counts)
        return {session: tuple(numbers) for session, *numbers in rows}

    def _left(self, session: Session, standing: Standing, has_mistake: bool) -> Iterator[Deed]:
        days, day, row = self.plan.days, session.day, standing.row
        # Whoever is still to be appointed is so here, outside the clock of the year.
        host, body, office = self._host(session), self.season.officer(row.body_id), self._office(session)
        if host.account_id not in standing.entered:
            yield _deed(_after(day, days.first), partial(self._enter, session, row, host, False))
        if body.account_id not in standing.entered:
            yield _deed(_after(day, days.second), partial(self._enter, session, row, body, has_mistake))
        if row.settled_at is None:
            yield _deed(_after(day, days.settled), partial(self._settle, row, office))
        if row.certified_at is None:
            yield _deed(session.issued, partial(self._issue, session, row, office))
        if standing.revoked < session.to_revoke:
            yield _deed(session.revoked_on, partial(self._revoke, session, row, office))
        if not standing.has_struck_out(session):
            yield _deed(_after(session.issued, days.struck), partial(self._strike_out, session, row, office))

    def _enter(self, session: Session, row: AssessmentSession, officer: Actor, has_mistake: bool) -> None:
        marks = marks_of(self._seated(session, row))
        if has_mistake:
            marks = mistyped(marks)
        verbs.enter_marks(actor=officer, session_id=row.pk, marks=marks, hand_in=True)

    def _settle(self, row: AssessmentSession, office: Actor) -> None:
        with acting(office):
            row.refresh_from_db(fields=["compared_at"])
            both = compared(row)
        held = {cell: Resolution(both.first[cell], self.plan.words.settle) for cell in both.differing}
        verbs.settle_results(actor=office, session_id=row.pk, resolutions=held)

    def _issue(self, session: Session, row: AssessmentSession, office: Actor) -> None:
        with at_once():
            verbs.issue_certificates(actor=office, session_id=row.pk, issued_on=session.issued)

    def _revoke(self, session: Session, row: AssessmentSession, office: Actor) -> None:
        for certificate in self._certificates(session, row, REVOKED):
            if certificate.revoked_on is None:
                verbs.revoke_certificate(
                    actor=office,
                    certificate_id=certificate.pk,
                    on=session.revoked_on,
                    reason=self.plan.words.revoke,
                )

    def _strike_out(self, session: Session, row: AssessmentSession, office: Actor) -> None:
        words = self.plan.words
        seated = self._seated(session, row)
        mistaken = {each.candidate for each in seated if each.sitter.came == MISTAKEN}
        with acting(office):
            never = set(Candidate.objects.filter(pk__in=mistaken).values_list("person", flat=True))
        for certificate in self._certificates(session, row, VOID):
            reason = words.void if certificate.person_id in never else words.certificate_void
            verbs.void_certificate(actor=office, certificate_id=certificate.pk, reason=reason)
        for candidate in sorted(mistaken):
            verbs.void_candidate(actor=office, candidate_id=candidate, reason=words.void)

    def _certificates(self, session: Session, row: AssessmentSession, fate: str) -> list[Certificate]:
        """The standing certificates of a session that have such a fate, by number."""
        these = [each.candidate for each in self._seated(session, row) if each.sitter.certificate == fate]
        with acting(self.season.province):
            people = Candidate.objects.filter(pk__in=these).values("person")
            return list(Certificate.objects.filter(STANDS, session=row, person__in=people).order_by("number"))

    def _seated(self, session: Session, row: AssessmentSession) -> list[Seated]:
        """The standing candidates of a session in the order of the specification."""
        rule = self.season.specification.people
        with acting(self.season.province):
            found = dict(Candidate.objects.filter(STANDS, session=row).values_list("person", "pk"))
            known = identities_of(self.season.province, set(found))
        seats = {known[key].number: candidate for key, candidate in found.items()}
        numbers = ((person(each.serial, rule).number, each) for each in session.sitters())
        return [Seated(seats[number], sitter) for number, sitter in numbers if number in seats]

    def _host(self, session: Session) -> Actor:
        return self.season.officer(self.season.ids[session.host])

    def _office(self, session: Session) -> Actor:
        """Who settles and certifies: the city's education department over the host, or the province."""
        over = self._places.city_over(session.host) or ROOT
        return self.season.officer(self.season.ids[over])


def _deed(day: date, do: Callable[[], object]) -> Deed:
    return Deed(day, f"{day:%Y-%m}", do)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)
