"""Pages of a list: a total order, counting that stays cheap on large registers, the addresses of the other pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django_tables2 import Table

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine, RegisterVersion
from jineng.kernel.records import Recorded
from jineng.kernel.remembering import deaf
from jineng.kernel.tallies import tally_of
from jineng.kernel.web.fetching import count_with_keys

PAGE_SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
COUNTED_ROWS = 100_000
"""How far rows are counted. Within it the count is exact, beyond it the page says "or more": an officer
compares exact counts with figures, and nobody turns to page 2,001. The database stops counting there, so
that a list over millions of rows costs no more than one over this many."""
REMEMBERED_FROM = 2_000
"""Counts of so many rows and more are remembered for as long as the registers stand still; smaller ones cost little."""
_NEIGHBOURS = 2
_ORDER_ONLY = {"page", "size", "sort"}


class _Counts:
    """Numbers of rows that lists have counted, by question and by the state of the registers."""

    kept = 2_000

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[Hashable, int]] = OrderedDict()

    def count(self, question: Hashable, rows: QuerySet[Any]) -> int:
        """How many ``rows`` there are, up to one more than :data:`COUNTED_ROWS`.

        How many stand of a whole register is kept (:mod:`jineng.kernel.tallies`), so that it need not be counted.
        Only register rows and audit lines are remembered: each change leaves an audit line, which moves the version.
        A question is remembered from the second time on; the version is read before the rows, so that a change in
        between can only make the answer too new for its version, never too old.
        """
        whole = tally_of(rows)
        if whole is not None:
            return min(whole, COUNTED_ROWS + 1)
        known = self._known.get(question)
        version = _version() if known else None
        if known and known[0] == version:
            return known[1]
        found = _bare(rows)[: COUNTED_ROWS + 1].count()
        if question is not None and found >= REMEMBERED_FROM and issubclass(rows.model, Recorded | AuditLine):
            self._known[question] = (version, found)
            while len(self._known) > self.kept:
                with suppress(KeyError):
                    self._known.popitem(last=False)
        return found


def _bare(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows without order, and without what is told of each where that makes no difference to their number."""
    query = rows.query
    plain = query.group_by is None and not (query.combinator or query.values_select or query.distinct)
    return rows.order_by().values("pk") if plain else rows.order_by()


def _version() -> Hashable:
    """A number that grows with each change of any room."""
    with deaf(), connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(version) FROM {RegisterVersion._meta.db_table}")  # noqa: S608 the model's own table
        return cursor.fetchone()


_counts = _Counts()


def _question(request: HttpRequest) -> Hashable:
    """What tells one list's rows from another's: the page, its filters, the day, and who asks."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    filters = tuple((name, *request.GET.getlist(name)) for name in sorted(request.GET) if name not in _ORDER_ONLY)
    return request.path, filters, clock.today(), actor.organisation_id, actor.account_id, actor.role


class CappedPaginator(Paginator):
    """A paginator over a table's rows that counts no further than :data:`COUNTED_ROWS`.

    ``more`` is true when there are rows beyond what was counted; they are reached by filtering.
    """

    more = False
    known: int | None = None
    question: Hashable = None

    @cached_property
    def count(self) -> int:
        """Rows there are, at most :data:`COUNTED_ROWS`; one query, whatever their number, or none if ``known``."""
        data: Any = self.object_list
        rows = data if isinstance(data, QuerySet | list) else data.data.data
        if not isinstance(rows, QuerySet):
            return len(data)
        found = _counts.count(self.question, rows) if self.known is None else self.known
        self.more = found > COUNTED_ROWS
        return min(found, COUNTED_ROWS)


@dataclass(frozen=True)
class PageLink:
    """One entry of the pager; without an address it is the current page or a gap."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class PageLinks:
    """What the pager component shows."""

    first: int
    last: int
    total: int
    more: bool
    links: tuple[PageLink, ...]
    previous: str
    next: str
    sizes: tuple[PageLink, ...]


def settled(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``rows`` in a total order: the key decides between those that are equal in the order they have.

    Without it a row may stand on two pages and another on none. Rows that have no key to order by (unions, groups)
    and those that are cut already are left as they are.
    """
    query = rows.query
    if query.combinator or query.values_select or query.is_sliced:
        return rows
    order = query.order_by or tuple(query.get_meta().ordering or ())
    return rows.order_by(*order, "pk")


def page_size(request: HttpRequest) -> int:
    """The page size asked for with ``?size=``; one of :data:`PAGE_SIZES`, anything else is the default."""
    asked = request.GET.get("size", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else DEFAULT_SIZE


def address(parameters: QueryDict, **changes: object) -> str:
    """The same page with some parameters changed; ``None`` takes one out."""
    changed = parameters.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def turn_to_page(table: Table, request: HttpRequest, known: int | None = None) -> PageLinks:
    """Cut ``table`` to the page that ``request`` asks for, and tell the addresses of the others.

    ``known`` is how many rows there are where that need not be counted.
    A page number that is none shows the first page, one past the end the last.
    """
    size = page_size(request)
    paginator = CappedPaginator(table.rows, size)
    if known is None and request.GET.get("page", "1") == "1" and isinstance(table.data.data, QuerySet):
        known = count_with_keys(table.data.data, size)
    paginator.question, paginator.known = _question(request), known
    page = paginator.get_page(request.GET.get("page"))
    table.paginator, table.page = paginator, page
    return _links(page, paginator, request.GET, size)


def cut_to_page(rows: QuerySet[Any] | list[Any], request: HttpRequest) -> tuple[list[Any], PageLinks]:
    """The page of ``rows`` that ``request`` asks for, and the addresses of the others; for pages without a table."""
    size = page_size(request)
    paginator = CappedPaginator(rows, size)
    paginator.question = _question(request)
    page = paginator.get_page(request.GET.get("page"))
    return list(page.object_list), _links(page, paginator, request.GET, size)


def _links(page: Page[Any], paginator: CappedPaginator, parameters: QueryDict, size: int) -> PageLinks:
    last, here = paginator.num_pages, page.number
    near = {n for n in range(here - _NEIGHBOURS, here + _NEIGHBOURS + 1) if 1 <= n <= last} | {1, last}
    links: list[PageLink] = []
    for number in sorted(near):
        if links and number - links[-1].number > 1:
            links.append(PageLink(number - 1))
        links.append(PageLink(number, "" if number == here else address(parameters, page=number), number == here))
    return PageLinks(
        first=page.start_index(),
        last=page.end_index(),
        total=paginator.count,
        more=paginator.more,
        links=tuple(links),
        previous=address(parameters, page=here - 1) if page.has_previous() else "",
        next=address(parameters, page=here + 1) if page.has_next() else "",
        sizes=tuple(PageLink(n, address(parameters, size=n, page=None), n == size) for n in PAGE_SIZES)
        if paginator.count > min(PAGE_SIZES)
        else (),
    )
