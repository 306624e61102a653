"""Read the next workbooks in a process of its own while one lands: the database and this process leave a core free."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.pool import AsyncResult
from typing import Any

from jineng.engines.exchange import FileError, Reading, Table, read
from jineng.kernel.returns.landing import the_book
from jineng.reference.building import BuiltReturn, path_of, processors
from jineng.reference.forking import forked_pool

AHEAD = 3
"""So many workbooks are kept read at a time."""
Columns = dict[str, tuple[dict[str, list[Any]], list[int], dict[str, int]]]
"""By sheet what a `Table` holds, without the layout of the sheet, which cannot be sent to another process."""
Pending = tuple[BuiltReturn, "AsyncResult[tuple[str, Columns] | None]"]


def read_ahead(items: Iterable[BuiltReturn]) -> Iterator[tuple[BuiltReturn, Reading | None]]:
    """Each workbook with what it holds, in order; None where it is better read by whoever lands it: it has errors, is
    no workbook, or there is no processor to spare."""
    if processors() < 2:
        yield from ((item, None) for item in items)
        return
    with forked_pool(1) as pool:
        waiting: deque[Pending] = deque()
        for item in items:
            waiting.append((item, pool.apply_async(_columns, (item,))))
            if len(waiting) > AHEAD:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: deque[Pending]) -> tuple[BuiltReturn, Reading | None]:
    item, result = waiting.popleft()
    found = result.get()
    if found is None:
        return item, None
    digest, columns = found
    book = the_book()
    tables = {name: Table(book.by_name[name], *parts) for name, parts in columns.items()}
    return item, Reading(book, digest, tables, (), 0)


def _columns(item: BuiltReturn) -> tuple[str, Columns] | None:
    try:
        reading = read(path_of(item).read_bytes(), the_book())
    except (FileError, OSError):
        return None
    if not reading.ok:
        return None
    return reading.digest, {
        name: (table.columns, table.row_numbers, table.positions) for name, table in reading.tables.items()
    }
