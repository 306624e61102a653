"""The steps from an installation to a loaded reference year. Each may be repeated: what is done is left alone.

Order: :func:`prepare` (needs the owner's credentials), :func:`build_returns`, :func:`load_majors_catalogue`,
:func:`load_procedures`, :func:`load_returns`, :func:`load_facts`, :func:`file_standards`, :func:`run_selections`,
:func:`run_assessments`, :func:`run_admissions`, :func:`load_accounts` (the organisations come by the returns). All but
the first run as the application's role, through actors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from jineng.cases.seeding import seed_procedures
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import Receipt
from jineng.majors.models import CatalogueEdition
from jineng.majors.verbs import load_catalogue
from jineng.reference import accounts, building, facts
from jineng.reference.admitting.plan import read_run
from jineng.reference.admitting.running import Admitting
from jineng.reference.assessing.plan import read_assessments
from jineng.reference.assessing.running import Assessing
from jineng.reference.books import ROOT_CODE
from jineng.reference.building import Progress, built_returns, path_of
from jineng.reference.deeds import Deed
from jineng.reference.expansion import all_awards
from jineng.reference.filing import Filing
from jineng.reference.handing_in import hand_in
from jineng.reference.matters import all_matters, is_done
from jineng.reference.places import Places
from jineng.reference.reading_ahead import read_ahead
from jineng.reference.season import Season
from jineng.reference.selecting import Running
from jineng.reference.selections import read_selections
from jineng.reference.specification import read_specification
from jineng.registry import installation


def silent(label: str, done: int, total: int) -> None:
    """Nobody watches."""


def prepare(using: str = "owner") -> None:
    """Divisions, the root organisation, and the administrator who opens accounts."""
    installation.establish(using=using)
    accounts.appoint_setup_administrator(using=using)


def build_returns(year: int, progress: Progress = silent) -> None:
    """Write the year's workbooks under ``returns/<year>`` of the working folder.

    Raises:
        SpecificationError: the specification cannot be built.
    """
    building.build_returns(year, progress)


def load_majors_catalogue(edition: int, progress: Progress = silent) -> None:
    """Bring the catalogue of majors into the register, through the officer of the province."""
    progress("", 0, 1)
    officer = accounts.reporting_officer(ROOT_CODE)
    with acting(officer):
        missing = not CatalogueEdition.objects.filter(year=edition).exists()
    if missing:
        load_catalogue(actor=officer, edition=edition)
    progress("", 1, 1)


def load_procedures(year: int, progress: Progress = silent) -> int:
    """Publish the procedures that rooms bring, through the officer of the province; returns how many were new."""
    del year
    progress("", 0, 1)
    new = seed_procedures(accounts.reporting_officer(ROOT_CODE))
    progress("", 1, 1)
    return new


def load_returns(year: int, progress: Progress = silent) -> int:
    """Hand in the year's workbooks, each by the officer of its organisation; returns how many were new.

    A workbook whose bytes have landed for that organisation is passed over; one that was cut off is taken up again.

    Raises:
        NotBuilt: the workbooks were not built.
        ReturnNotLanded: one was refused; those before it have landed.
    """
    built = built_returns(year)
    landed = _landed()
    missing = [item for item in built if (item.organisation_code, item.digest) not in landed]
    done = len(built) - len(missing)
    with _hasty_commits():
        for new, (item, reading) in enumerate(read_ahead(missing)):
            progress(item.file_name, done + new, len(built))
            officer = accounts.reporting_officer(item.organisation_code)
            hand_in(officer, item.file_name, path_of(item).read_bytes, item.digest, reading)
    progress("", len(built), len(built))
    return len(missing)


@contextmanager
def _hasty_commits() -> Iterator[None]:
    """Commits that need not reach the disk at once: what a power cut takes of the last second is handed in anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def file_standards(year: int, progress: Progress = silent) -> int:
    """File the skill-level standards of the year and of those before it as cases; returns how many deeds that took, 0
    where nothing was left.

    Raises:
        SpecificationError: the specification says something strange of the standards.
    """
    specification = read_specification(year)
    folder = specification.folder / "credentials" if specification.folder else None
    if folder is None or not folder.exists():
        progress("", 1, 1)
        return 0
    filing = Filing(Season(specification, read_selections(year)), folder)
    return _done_on_their_days(filing.deeds(), progress)


def run_selections(year: int, progress: Progress = silent) -> int:
    """Run the selections of the year that were cases, by the verbs that officers use; returns how many there were, 0
    where all were at their end. One that was cut off is taken up where it was.

    Raises:
        SpecificationError: the specification says something strange of a selection.
    """
    selections = read_selections(year)
    if is_done(selections):
        progress("", 1, 1)
        return 0
    specification = read_specification(year)
    awards = all_awards(specification, building.catalogue_names(year), Places(specification).city_office)
    season = Season(specification, selections)
    matters = list(all_matters(season, awards))
    with _hasty_commits():
        for done, (matter, applications) in enumerate(matters):
            progress(matter.name, done, len(matters))
            if not matter.came_by_returns(applications):
                Running(season, matter, applications).run()
        season.read_notices()
    progress("", len(matters), len(matters))
    return len(matters)


def run_assessments(year: int, progress: Progress = silent) -> int:
    """Hold the assessments of the year and of the one before: have results entered twice and settled, certificates
    issued, sealed, revoked and struck out, each by whoever's turn it is; returns how many deeds that took, 0 where
    nothing was left. What was cut off goes on where it was.

    Raises:
        SpecificationError: the specification says something strange of the sessions.
    """
    specification = read_specification(year)
    plan = read_assessments(specification.folder, specification.end)
    if plan is None:
        progress("", 1, 1)
        return 0
    assessing = Assessing(Season(specification, read_selections(year)), plan)
    return _done_on_their_days(assessing.deeds(), progress)


def run_admissions(year: int, progress: Progress = silent) -> int:
    """Run the season of admission that the year's specification tells of, through all its rounds, by the verbs and
    workbooks of those whose turn it is; returns how many steps that took, 0 where it was at its end. One that was cut
    off is taken up where it was.

    Raises:
        SpecificationError: the specification says something strange of the season.
    """
    run = read_run(year)
    if run is None:
        progress("", 1, 1)
        return 0
    season = Season(read_specification(year), read_selections(year))
    admitting = Admitting(season, run)
    if admitting.is_done():
        progress("", 1, 1)
        return 0
    steps = admitting.steps()
    with _hasty_commits():
        for done, (label, step) in enumerate(steps):
            progress(label, done, len(steps))
            step()
        season.read_notices()
    progress("", len(steps), len(steps))
    return len(steps)


def _done_on_their_days(deeds: Sequence[Deed], progress: Progress) -> int:
    """Do these deeds in their order, each on its day of the business clock; returns how many there were."""
    with _hasty_commits():
        for done, deed in enumerate(deeds):
            progress(deed.name, done, len(deeds))
            with clock_at(deed.day):
                deed.do()
    progress("", len(deeds) or 1, len(deeds) or 1)
    return len(deeds)


def load_accounts(year: int, progress: Progress = silent) -> int:
    """Open the demonstration accounts that are missing; returns how many were."""
    progress("", 0, 1)
    opened = accounts.load_demo_accounts(read_specification(year))
    progress("", 1, 1)
    return opened


def load_facts(year: int, progress: Progress = silent) -> int:
    """Record kinship and employment; returns how many facts were new."""
    progress("", 0, 1)
    new = facts.load_facts(read_specification(year), accounts.reporting_officer(ROOT_CODE))
    progress("", 1, 1)
    return new


def _landed() -> set[tuple[str, str]]:
    """Organisation code and digest of all files that have landed, as the province sees them."""
    province = accounts.reporting_officer(ROOT_CODE)
    with acting(province):
        receipts = Receipt.objects.filter(state=Receipt.State.LANDED)
        codes = accounts.codes_of(set(receipts.values_list("organisation_id", flat=True)))
        return {(codes[owner], digest) for owner, digest in receipts.values_list("organisation_id", "digest")}
