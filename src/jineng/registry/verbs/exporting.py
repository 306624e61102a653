"""Take out, as a workbook of the return, what the registers hold of a year; each taking-out leaves a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from jineng.engines.exchange import write_book
from jineng.kernel.actors import Actor
from jineng.kernel.returns import the_book
from jineng.kernel.returns.landing import landings
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

ROOM = "registry"


@verb(Right.VIEW_RETURNS, room=ROOM)
def export_return(*, actor: Actor, year: int, sheets: Collection[str] = (), at_most: int | None = None) -> bytes:
    """The workbook of ``year`` as the actor's scope has it, ready to be handed in again; by default all sheets.

    A sheet goes out to whoever may see its room. Rows that tell who people are go out to those only who may read
    personal data. ``at_most`` is how many rows it may have in all.

    Raises:
        ValidationError: an unknown sheet, nothing to take out, or more rows than ``at_most``.
    """
    chosen = exportable(actor)
    if unknown := sorted(set(sheets) - set(chosen)):
        raise ValidationError(f"没有可导出的表：{'、'.join(unknown)}。 There are no such sheets to export.")
    names = [name for name in chosen if not sheets or name in sheets]
    counted: Counter[str] = Counter()
    book = the_book()
    content = write_book(
        book, {name: _counting(name, landings()[name].export(actor, year), counted, at_most) for name in names}
    )
    if not counted:
        raise ValidationError(f"{year} 年没有可导出的记录。 There is nothing to export for {year}.")
    people = [name for name in counted if any(column.personal for column in book.by_name[name].columns)]
    current_deed().note(
        f"导出 {year} 年填报表，{counted.total()} 行", year=year, rows=dict(counted), personal=sorted(people)
    )
    return content


def exportable(actor: Actor) -> dict[str, str]:
    """Sheets that the actor may take out, by name, with their titles: those of rooms that the actor may see."""
    return {
        name: landing.sheet.title for name, landing in landings().items() if actor.may(Right(f"view_{landing.room}"))
    }


def _counting(
    name: str, rows: Iterable[Sequence[Any]], counted: Counter[str], at_most: int | None
) -> Iterator[Sequence[Any]]:
    for row in rows:
        counted[name] += 1
        if at_most is not None and counted.total() > at_most:
            raise ValidationError(
                f"超过 {at_most:,} 行，请少选几张表，或用 jineng export 导出。 "
                f"More than {at_most:,} rows: choose fewer sheets, or use jineng export."
            )
        yield row
