"""What selections of a reference year are held for: a batch of a call, a batch of the certificate pilot."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from jineng.calls.models import Award as CalledAward
from jineng.calls.models import Batch
from jineng.calls.rules import normal_title
from jineng.calls.verbs import take_applications
from jineng.cases.models import Case, Intake
from jineng.cases.verbs import open_intake
from jineng.credentials.applications import PILOTS
from jineng.credentials.kinds import SkillLevel
from jineng.credentials.models import CertificatePilot, PilotBatch
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS, Origin
from jineng.reference import accounts
from jineng.reference.books import ROOT_CODE
from jineng.reference.piloting import STANDING, Announced, Pilot, is_case, read_pilots
from jineng.reference.season import Season
from jineng.reference.selections import (
    Afterwards,
    Answers,
    Application,
    PilotSelection,
    Selection,
    Selections,
    application_of,
    applied_for,
)
from jineng.reference.year import Award

PILOT = "职业技能等级证书试点第{number}批"
ENDED, OPENS, APPLY, CLOSES = "ended", "opens", "apply", "closes"


class Matter(ABC):
    """What applications are made for: by which procedure, who decides in the order of signing (the first of them takes
    the applications), on which day each step is done, what is answered on the forms and done after the notice."""

    name: str
    subject_id: UUID
    procedure: str
    deciders: Sequence[UUID]
    answers: Answers
    afterwards: Sequence[Afterwards] = ()

    @abstractmethod
    def day(self, step: str) -> date:
        """The day of a step; ``ended`` is the one on which what was under notice is confirmed."""

    @abstractmethod
    def take(self, office: Actor, procedure_id: UUID) -> None:
        """Take applications by a procedure from the day ``opens`` to the day ``closes``."""

    @abstractmethod
    def came_by_returns(self, applications: Iterable[Application]) -> bool:
        """Whether returns brought what these applications are to be granted, as into a register that was filled before
        the specification told of them: there it is left as it stands."""


class OfCall(Matter):
    """A batch of a call, decided by the departments that decide the call."""

    def __init__(self, season: Season, selection: Selection) -> None:
        call = season.specification.calls[selection.call]
        self.name, self.procedure = call.name, selection.procedure
        self.answers, self.afterwards = selection.answers, selection.afterwards
        self._ended = selection.notice_until or call.batches[selection.batch].day
        self._season = season
        self._days_before = season.selections.days_before
        with acting(season.province):
            self.batch = Batch.objects.get(STANDS, call__code=selection.call, number=selection.batch)
            deciders = self.batch.call.deciders.filter(STANDS).order_by("order")
            self.deciders = list(deciders.values_list("organisation_id", flat=True))
        self.subject_id = self.batch.pk

    def day(self, step: str) -> date:
        """See :class:`Matter`."""
        return self._ended - timedelta(days=0 if step == ENDED else self._days_before[step])

    def take(self, office: Actor, procedure_id: UUID) -> None:
        """See :class:`Matter`."""
        opens, closes = self.day(OPENS), self.day(CLOSES)
        take_applications(
            actor=office, batch_id=self.batch.pk, procedure_id=procedure_id, opens_on=opens, closes_on=closes
        )

    def came_by_returns(self, applications: Iterable[Application]) -> bool:
        """See :class:`Matter`."""
        granted = {(self._season.ids[each.by], normal_title(each.title)) for each in applications if each.wins}
        with acting(self._season.province):
            told = CalledAward.objects.filter(STANDS, batch=self.batch, origin_kind=Origin.RETURN)
            return not granted.isdisjoint(told.values_list("organisation_id", "title"))


class OfPilot(Matter):
    """A batch of the certificate pilot, decided by the province."""

    def __init__(self, season: Season, selection: PilotSelection, announced: Announced) -> None:
        self.name = PILOT.format(number=announced.number)
        self.procedure, self.answers = selection.procedure, selection.answers
        self._announced, self._days_before, self._season = announced, selection.days_before, season
        self.deciders = [season.province.organisation_id]
        with acting(season.province):
            self.subject_id = PilotBatch.objects.get(STANDS, number=announced.number).pk

    def day(self, step: str) -> date:
        """See :class:`Matter`."""
        if step in (APPLY, CLOSES):
            return self._announced.applied
        return self._announced.day - timedelta(days=0 if step == ENDED else self._days_before[step])

    def take(self, office: Actor, procedure_id: UUID) -> None:
        """See :class:`Matter`."""
        open_intake(
            actor=office,
            name=self.name,
            office_id=office.organisation_id,
            procedure_id=procedure_id,
            subject_type=PILOTS,
            subject_id=self.subject_id,
            opens_on=self.day(OPENS),
            closes_on=self.day(CLOSES),
        )

    def came_by_returns(self, applications: Iterable[Application]) -> bool:
        """See :class:`Matter`."""
        granted = {
            (self._season.ids[each.by], each.words["certificate"], each.words["level"])
            for each in applications
            if each.wins
        }
        with acting(self._season.province):
            told = CertificatePilot.objects.filter(STANDS, batch=self.subject_id, origin_kind=Origin.RETURN)
            return not granted.isdisjoint(told.values_list("institution_id", "certificate_type__code", "level"))


def all_matters(season: Season, awards: Iterable[Award]) -> Iterator[tuple[Matter, list[Application]]]:
    """Everything that applications were made for in a year, with what was applied for, in the order of the
    specification; ``awards`` are all of the year."""
    selections = season.selections
    applied = applied_for(selections, season.specification, awards)
    for call, selection in selections.by_call.items():
        yield OfCall(season, selection), [application_of(award) for award in applied[call]]
    folder = season.specification.folder
    pilots = [each for each in read_pilots(folder) if is_case(selections, each)] if folder else []
    batches = {each.batch.number: each.batch for each in pilots}
    for number in selections.pilots.batches:
        mine = [_application(each) for each in pilots if each.batch.number == number]
        yield OfPilot(season, selections.pilots, batches[number]), mine


def _application(pilot: Pilot) -> Application:
    level = SkillLevel(pilot.level)
    words: Mapping[str, str] = {
        "batch": f"{pilot.batch.number}",
        "certificate": pilot.certificate,
        "level": pilot.level,
        "planned": f"{pilot.planned}",
    }
    return Application(pilot.by, f"{pilot.name}（{level.label}）", pilot.fate == STANDING, words=words)


def is_done(selections: Selections) -> bool:
    """Whether every selection of a year has run to its end; asked at each start, and in three queries."""
    with acting(accounts.reporting_officer(ROOT_CODE)):
        wanted = {(each.call, each.batch) for each in selections.by_call.values()}
        batches = Batch.objects.filter(STANDS, call__code__in=selections.by_call).values_list(
            "call__code", "number", "pk"
        )
        subjects = [pk for *key, pk in batches if tuple(key) in wanted]
        numbers = selections.pilots.batches
        subjects += PilotBatch.objects.filter(STANDS, number__in=numbers).values_list("pk", flat=True)
        intakes = Intake.objects.filter(STANDS, subject_id__in=subjects)
        begun = set(Case.objects.filter(STANDS, intake__in=intakes).values_list("intake", "outcome").distinct())
    whole = len(wanted) + len(numbers)
    return len({intake for intake, _ in begun}) == whole and "" not in {outcome for _, outcome in begun}
