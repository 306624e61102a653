"""Pages of a list: counting that stays cheap on large registers, and the addresses of the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django_tables2 import Table

PAGE_SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
COUNTED_ROWS = 100_000
"""How far rows are counted. Within it the count is exact, beyond it the page says "or more": an officer
compares exact counts with figures, and nobody turns to page 2,001. The database stops counting there, so
that a list over millions of rows costs no more than one over this many."""
_NEIGHBOURS = 2


class CappedPaginator(Paginator):
    """A paginator over a table's rows that counts no further than :data:`COUNTED_ROWS`.

    ``more`` is true when there are rows beyond what was counted; they are reached by filtering.
    """

    more = False

    @cached_property
    def count(self) -> int:
        """Rows there are, at most :data:`COUNTED_ROWS`; one query, whatever the number of rows."""
        data: Any = self.object_list
        rows = data.data.data
        if not isinstance(rows, QuerySet):
            return len(data)
        found = rows.order_by()[: COUNTED_ROWS + 1].count()
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


def turn_to_page(table: Table, request: HttpRequest) -> PageLinks:
    """Cut ``table`` to the page that ``request`` asks for, and tell the addresses of the others.

    A page number that is none shows the first page, one past the end the last.
    """
    size = page_size(request)
    paginator = CappedPaginator(table.rows, size)
    page = paginator.get_page(request.GET.get("page"))
    table.paginator, table.page = paginator, page
    return _links(page, paginator, request.GET, size)


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
