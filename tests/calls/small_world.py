"""Calls and returns to test with: a call in a line, a return in a dict."""

from __future__ import annotations

from datetime import date
from typing import Any

from stdnum.cn.ric import calc_check_digit

from jineng.calls.models import Award, Batch, Call
from jineng.calls.verbs import add_batch, announce_call, record_award
from jineng.engines.exchange import write_book
from jineng.kernel.actors import Actor
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.receiving import process_return, submit_return
from tests.factories import World

DAY = date(2021, 5, 20)


def resident(number: int) -> str:
    """A resident ID number that is valid in form and nobody's: orders from 996 on are kept for centenarians."""
    stem = f"620102{19610101 + number}996"
    return stem + str(calc_check_digit(f"{stem}0"))


def call(world: World, code: str = "master-teacher-studio", **fields: Any) -> Call:
    """A provincial call, decided by the root unless said otherwise."""
    values = {
        "name": f"遴选 {code}",
        "level": "provincial",
        "decider_ids": [world.root.pk],
        "actor": world.actor("province_officer"),
        **fields,
    }
    return announce_call(code=code, **values)


def batch(world: World, of: Call, number: int = 1, day: date | None = DAY, **fields: Any) -> Batch:
    """A batch of ``of``."""
    year = day.year if day else 2021
    return add_batch(
        **{"actor": world.actor("province_officer"), **fields}, call_id=of.pk, number=number, year=year, decided_on=day
    )


def award(world: World, of: Batch, who: str, title: str = "某项", status: str = "recognised", **fields: Any) -> Award:
    """An award of ``of`` to the organisation called ``who``."""
    values = {"actor": world.actor("province_officer"), **fields}
    return record_award(batch_id=of.pk, organisation_id=world[who].pk, title=title, status=status, **values)


def report(actor: Actor, **sheets: list[dict[str, Any]]) -> Receipt:
    """Submit a return with rows by sheet name, and land it."""
    book = the_book()
    content = write_book(
        book,
        {
            name: [[row.get(column.name) for column in book.by_name[name].columns] for row in rows]
            for name, rows in sheets.items()
        },
    )
    receipt = submit_return(actor=actor, file_name="return.xlsx", content=content)
    return process_return(actor=actor, receipt_id=receipt.pk)


def award_row(code: str, title: str, org_code: str, **cells: Any) -> dict[str, Any]:
    """A row of the sheet 立项; also the key of the sheets that hang on an award."""
    return {"call_code": code, "batch_number": 1, "title": title, "org_code": org_code, **cells}
