"""The workbooks of a reference year on disk: built once, again only when what they follow from changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from jineng.engines.exchange import write_book
from jineng.kernel.returns import the_book
from jineng.majors.catalogue import read_catalogue
from jineng.reference.books import Return, code_of, returns_of
from jineng.reference.forking import forked_pool
from jineng.reference.returns import plan_returns
from jineng.reference.specification import folder_of, read_specification

Progress = Callable[[str, int, int], None]
MANIFEST = "returns.json"
MANY = 40
"""Fewer workbooks than this are not worth another process."""
SOURCES = (Path(__file__).parent, Path(__file__).parents[1] / "engines" / "exchange")


@dataclass(frozen=True)
class BuiltReturn:
    """A workbook on disk: the year that it reports, its name, the code of whoever hands it in, its bytes' SHA-256."""

    year: int
    file_name: str
    organisation_code: str
    digest: str


class NotBuilt(LookupError):
    """The year's returns were not built yet."""


def returns_folder(year: int) -> Path:
    """Where the year's workbooks lie."""
    return returns_of(Path(settings.VAR), year)


def path_of(item: BuiltReturn) -> Path:
    """Where a workbook lies."""
    return returns_folder(item.year) / item.file_name


def catalogue_names(edition: int) -> dict[str, str]:
    """Names of majors by code, with the mark of state control, as offerings write them."""
    return {
        major.code + ("K" if major.state_controlled else ""): major.name for major in read_catalogue(edition).majors
    }


def build_returns(year: int, progress: Progress) -> list[BuiltReturn]:
    """Write the year's workbooks where they are missing or out of date; the same input gives the same bytes.

    Raises:
        SpecificationError: the specification says something that cannot be built.
    """
    fingerprint = _fingerprint(year)
    try:
        built = _read_manifest(year, fingerprint)
    except NotBuilt:
        built = []
    if built:
        progress("", len(built), len(built))
        return built
    folder = returns_folder(year)
    folder.mkdir(parents=True, exist_ok=True)
    specification = read_specification(year)
    returns = plan_returns(specification, catalogue_names(year))
    for place in {returns_folder(item.year) for item in returns}:
        place.mkdir(parents=True, exist_ok=True)
    with _all_written(returns) as digests:
        for done, item in enumerate(returns):
            progress(item.file_name, done, len(returns))
            code = code_of(specification.organisations[item.organisation], specification)
            built.append(BuiltReturn(item.year, item.file_name, code, next(digests)))
    kept = {path_of(item) for item in built}
    for place in {path.parent for path in kept}:
        for path in place.glob("*.xlsx"):
            if path not in kept:
                path.unlink()
    manifest = {"fingerprint": fingerprint, "returns": [asdict(item) for item in built]}
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    progress("", len(returns), len(returns))
    return built


def built_returns(year: int) -> list[BuiltReturn]:
    """The year's workbooks as they were built, in the order in which they come in.

    Raises:
        NotBuilt: they were not built yet, or one is gone.
    """
    return _read_manifest(year, None)


def _read_manifest(year: int, fingerprint: str | None) -> list[BuiltReturn]:
    folder = returns_folder(year)
    problem = NotBuilt(f"{year} 年的填报表还没有生成，请先生成。 The returns of {year} were not built yet; build them.")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise problem from error
    built = [BuiltReturn(**item) for item in manifest["returns"]]
    if fingerprint not in (None, manifest["fingerprint"]) or not all(path_of(item).exists() for item in built):
        raise problem
    return built


def _fingerprint(year: int) -> str:
    """A digest of all that the workbooks follow from: the specification, the sheets' layout, the programs."""
    digest = hashlib.sha256(repr(the_book()).encode())
    paths = [*folder_of(year).rglob("*.yaml"), *(path for folder in SOURCES for path in folder.rglob("*.py"))]
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(repr(sorted(catalogue_names(year).items())).encode())
    return digest.hexdigest()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def _all_written(returns: list[Return]) -> Iterator[Iterator[str]]:
    """Write the workbooks, where there are many by a process for each processor; gives their digests in order."""
    processes = min(processors(), len(returns) // MANY)
    if processes < 2:
        yield map(_write_return, returns)
        return
    # Plans hold functions, which only a forked process has without their being sent to it.
    with forked_pool(processes, _take_over, returns) as pool:
        yield pool.imap(_write_planned, range(len(returns)))


_planned: list[Return] = []


def _take_over(returns: list[Return]) -> None:
    """Begin as one of the processes that write ``returns``."""
    _planned[:] = returns


def _write_planned(number: int) -> str:
    return _write_return(_planned[number])


def _write_return(item: Return) -> str:
    content = write_book(the_book(), item.sheets())
    _write(returns_folder(item.year) / item.file_name, content)
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)
