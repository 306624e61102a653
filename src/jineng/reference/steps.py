"""The steps from an installation to a loaded reference year. Each may be repeated: what is done is left alone.

Order: :func:`prepare` (needs the owner's credentials), :func:`build_returns`, :func:`load_majors_catalogue`,
:func:`load_procedures`, :func:`load_returns`, :func:`load_facts`, :func:`run_selections`, :func:`load_accounts` (the
organisations come by the returns). All but the first run as the application's role, through actors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from jineng.cases.seeding import seed_procedures
from jineng.engines.exchange import CellError, Reading
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.majors.models import CatalogueEdition
from jineng.majors.verbs import load_catalogue
from jineng.reference import accounts, building, facts
from jineng.reference.books import ROOT_CODE
from jineng.reference.building import BuiltReturn, Progress, built_returns, path_of
from jineng.reference.expansion import all_awards
from jineng.reference.matters import all_matters, is_done
from jineng.reference.places import Places
from jineng.reference.reading_ahead import read_ahead
from jineng.reference.season import Season
from jineng.reference.selecting import Running
from jineng.reference.selections import read_selections
from jineng.reference.specification import read_specification
from jineng.registry import installation

ERRORS_SHOWN = 10
UNFINISHED = (Receipt.State.WAITING, Receipt.State.RUNNING)


class ReturnNotLanded(Exception):
    """A workbook of the reference year was refused; the message lists its first errors."""


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
            _hand_in(item, reading)
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


def _hand_in(item: BuiltReturn, reading: Reading | None) -> None:
    officer = accounts.reporting_officer(item.organisation_code)
    receipt = _cut_off(officer, item)
    if receipt is None:
        content = path_of(item).read_bytes()
        receipt = submit_return(actor=officer, file_name=item.file_name, content=content)
    receipt = process_return(actor=officer, receipt_id=receipt.pk, reading=reading)
    if receipt.state != Receipt.State.LANDED:
        raise ReturnNotLanded(_refusal(receipt))


def _cut_off(officer: Actor, item: BuiltReturn) -> Receipt | None:
    """The receipt of these bytes whose processing was cut off, if any."""
    with acting(officer):
        return Receipt.objects.filter(
            organisation_id=officer.organisation_id,
            digest=item.digest,
            dry_run=False,
            state__in=UNFINISHED,
        ).first()


def _refusal(receipt: Receipt) -> str:
    count = receipt.error_count
    lines = [f"{receipt.file_name} 未通过，共 {count} 处错误。 It was refused: {count} errors."]
    for error in receipt.errors[:ERRORS_SHOWN]:
        if "cell" in error:
            cell = CellError(**error)
            lines.append(f"  {cell.sheet}!{cell.cell} {cell.message}{cell.remedy} {cell.message_en} {cell.remedy_en}")
        else:
            lines.append(f"  {error['message']}{error['remedy']} {error['message_en']} {error['remedy_en']}")
    return "\n".join(lines)
