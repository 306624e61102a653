"""A return of 100,000 rows from submission to sealed receipt, beside reading the same file with calamine alone.

Beside it stands what no import can do without: to read the file and to put the rows into their tables. The latter is
measured as the bare COPY of the very rows that came of the import, with the tables' indexes and keys, and with
triggers, foreign keys, walls and history off.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice, product
from statistics import median
from typing import Any

import python_calamine

from benchmarks.effort import database_process, spent
from benchmarks.timing import Line, Spread

ROWS = 100_000
BOUND = 4.0
MOST_SECONDS = 20.0
COLLEGES = 150
CALL = "benchmark-courses"
TRUNCATED = (
    "majors_majoroffering",
    "majors_majorofferingevent",
    "calls_award",
    "calls_awardevent",
    "calls_awardstatus",
    "calls_awardstatusevent",
    "kernel_confirmation",
)


class NotLanded(RuntimeError):
    """A return of the measurement was refused; the message says why."""


def prepare() -> Any:
    """Divisions, root, catalogue, colleges and one call in an empty database; gives the province's officer."""
    from jineng.reference.accounts import reporting_officer
    from jineng.reference.books import ROOT_CODE
    from jineng.reference.steps import load_majors_catalogue
    from jineng.reference.steps import prepare as install

    install()
    load_majors_catalogue(2021)
    officer = reporting_officer(ROOT_CODE)
    colleges = [
        {
            "code": college_code(number),
            "code_scheme": "school",
            "name": f"第{number}职业学院",
            "kind": "higher_vocational",
            "division_code": "620102",
            "authority_code": ROOT_CODE,
            "nature": "public",
            "is_synthetic": True,
        }
        for number in range(COLLEGES)
    ]
    call = [{"code": CALL, "name": "课程", "level": "provincial", "deciders": ROOT_CODE}]
    batch = [{"call_code": CALL, "batch_number": 1, "year": 2021, "decided_on": date(2021, 6, 1)}]
    hand_in(officer, book({"organisations": colleges, "calls": call, "batches": batch}))
    return officer


def college_code(number: int) -> str:
    return f"41620{number:05d}"


def offerings() -> Iterator[tuple[Any, ...]]:
    """Rows of 专业点: every college has every major of higher vocational education in three years."""
    from jineng.majors.models import Major

    codes = list(Major.objects.filter(level="higher", since__lte=2021).order_by("code").values_list("code", flat=True))
    pairs = product(map(college_code, range(COLLEGES)), enumerate(codes))
    for college, (place, code) in islice(pairs, ROWS):
        revoked = date(2021, 9, 1) if place % 10 == 0 else None
        yield college, code, Decimal(3), date(2018, 9, 1), revoked, f"甘教职成〔2018〕{place % 50}号", None, None


def awards() -> Iterator[tuple[Any, ...]]:
    """Rows of 立项: as many courses, each recognised."""
    for number in range(ROWS):
        college = college_code(number % COLLEGES)
        yield CALL, 1, f"精品课程（{number}）", college, None, f"K{number}", "recognised", None, None, None, None


SHEETS: dict[str, Callable[[], Iterator[tuple[Any, ...]]]] = {"offerings": offerings, "awards": awards}


REGISTERS = {
    "offerings": ("majors_majoroffering",),
    "awards": ("calls_award", "calls_awardstatus", "calls_awardparty"),
}
"""Where the rows of a sheet end up."""


def measure(rounds: int) -> list[Line]:
    """Import each sheet ``rounds`` times into emptied tables, in turn with calamine reading the same bytes and with
    the bare COPY of the rows that came of them."""
    from jineng.kernel.actors import acting
    from jineng.kernel.returns import the_book

    officer = prepare()
    lines = []
    for sheet, rows in SHEETS.items():
        with acting(officer):
            content = book({sheet: list(rows())})
        title = the_book().by_name[sheet].title
        ours, theirs, bare = Times(), Times(), Times()
        for _ in range(rounds):
            _empty()
            theirs.take(lambda content=content, title=title: _calamine(content, title))
            ours.take(lambda content=content: hand_in(officer, content))
            landed = {table: _out_of(table) for table in REGISTERS[sheet]}
            _empty()
            bare.take(lambda landed=landed: _into(landed))
        word = "holds" if max(ours.seconds) < MOST_SECONDS else "does not hold"
        name = f"import {ROWS:,} rows of {title}"
        lines += [
            ours.beside(theirs, name, "beside calamine", BOUND, f"(under {MOST_SECONDS:g} s: {word})"),
            ours.beside(bare, name, "beside bare COPY"),
            ours.beside(theirs.and_then(bare), name, "beside calamine and bare COPY"),
        ]
    return lines


@dataclass
class Times:
    """How long one thing took each time, by the clock and in processor time of this process and of its sessions."""

    seconds: list[float] = field(default_factory=list)
    effort: list[float] = field(default_factory=list)

    def take(self, act: Callable[[], object]) -> None:
        """Do it once more."""
        database = database_process()
        start, before = time.perf_counter(), spent(os.getpid(), database)
        act()
        self.seconds.append(time.perf_counter() - start)
        self.effort.append(spent(os.getpid(), database) - before)

    def and_then(self, other: Times) -> Times:
        """One after the other."""
        pairs = (self.seconds, other.seconds), (self.effort, other.effort)
        return Times(*(list(map(sum, zip(mine, theirs, strict=True))) for mine, theirs in pairs))

    def beside(self, other: Times, name: str, what: str, bound: float | None = None, note: str = "") -> Line:
        """How this compares with another thing of the same run."""
        spread, floor = Spread.of(self.seconds), Spread.of(other.seconds)
        by_processor = round(median(self.effort) / median(other.effort), 2)
        return Line(name, what, spread, floor, round(spread.median / floor.median, 2), bound, note, by_processor)


def _out_of(table: str) -> bytes:
    """The rows of a table, in the order in which they lie."""
    from django.db import connections

    with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as stream:
        return b"".join(map(bytes, stream))


def _into(landed: dict[str, bytes]) -> None:
    """Copy rows back into their tables, whose indexes and keys are as ever; triggers are off, nothing is checked."""
    from django.db import connections, transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, content in landed.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as stream:
                stream.write(content)


def book(tables: dict[str, Any]) -> bytes:
    from jineng.engines.exchange import write_book
    from jineng.kernel.returns import the_book

    return write_book(the_book(), tables)


def _calamine(content: bytes, title: str) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(title).to_python()


def hand_in(officer: Any, content: bytes) -> None:
    from jineng.kernel.models import Receipt
    from jineng.kernel.returns.receiving import process_return, submit_return

    receipt = submit_return(actor=officer, file_name="benchmark.xlsx", content=content)
    receipt = process_return(actor=officer, receipt_id=receipt.pk)
    if receipt.state != Receipt.State.LANDED:
        raise NotLanded(f"{receipt.error_count} errors, the first: {receipt.errors[:1]}")


def _empty() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TRUNCATED)} CASCADE")
        cursor.execute("CHECKPOINT")
