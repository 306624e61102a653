"""The one way to make a list page: filter, sort, count, turn pages, export to Excel.

A room's list is a few lines::

    class OfferingTable(Table):
        name = Column(verbose_name="专业 Major", linkify=("majors:offering", {"pk": A("pk")}))
        opened_on = DateColumn(verbose_name="增设日期 Opened")

        class Meta:
            order_by = ("name",)

    @require_GET
    @door(Right.VIEW_MAJORS)
    def offerings(request):
        rows = visible(request.actor, Offering).select_related("major", "organisation")
        return list_page(request, title="专业点", title_en="Offerings", rows=rows,
                         table=OfferingTable, filters=OfferingFilters)

Two queries, however many rows there are: one counts (see :mod:`jineng.kernel.web.paging` for how far), one
fetches the page. What a cell follows must be in ``select_related`` or ``prefetch_related``, else the number
of queries grows with the rows. Every list has a total order: the key decides between equal rows, so that no
row is shown on two pages or on none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django_filters import FilterSet
from django_tables2 import Table
from django_tables2.rows import BoundRow

from jineng.engines.exchange import Book, Kind, Sheet, write_book
from jineng.engines.exchange import Column as SheetColumn
from jineng.engines.exchange.values import tidy
from jineng.kernel import clock
from jineng.kernel.remembering import remembered
from jineng.kernel.templatetags.jineng import chinese
from jineng.kernel.web.asking import speak_plainly
from jineng.kernel.web.cells import call
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.fetching import quickly
from jineng.kernel.web.paging import address, settled, turn_to_page
from jineng.kernel.web.requests import ActorRequest

Export = Callable[[QuerySet[Any]], bytes]
Number = Callable[[FilterSet | None], int | None]
EXPORTED_ROWS = 50_000
"""The most rows that one export holds: about ten seconds of one core; more are asked for in parts."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FETCHED_AT_ONCE = 2_000
_NOTHING = SafeString("")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_FORBIDDEN_ON_TABS = re.compile(r"[\[\]:*?/\\']")


class _ExportedRow(BoundRow):
    """A row whose cells are read without inspecting the column's function anew for each of them."""

    def _call_value(self, bound_column: Any, value: Any = None) -> Any:
        return call(bound_column.value, self._optional_cell_arguments(bound_column, value))


@dataclass(frozen=True)
class Drawn:
    """What a list shows of its rows, as HTML: filters, table and pager, and what the page around them asks of them.

    ``wrong`` says that a filter is not well given, ``narrowed`` that one is set; ``clear`` is the address without
    filters, ``export_url`` that of the workbook, empty where there is none.
    """

    filters: SafeString
    table: SafeString
    pager: SafeString
    total: int
    wrong: bool
    narrowed: bool
    clear: str
    export_url: str

    @property
    def weight(self) -> int:
        """How much there is to remember, in pieces of two hundred bytes."""
        return (len(self.filters) + len(self.table) + len(self.pager)) // 100


def list_page(
    request: ActorRequest,
    *,
    title: str,
    rows: QuerySet[Any] | Callable[[], QuerySet[Any]],
    table: type[Table],
    filters: type[FilterSet] | None = None,
    title_en: str = "",
    lead: str = "",
    crumbs: Sequence[Crumb] = (),
    export: Export | bool = True,
    empty: str = "还没有记录。 Nothing is recorded yet.",
    number: Number | None = None,
    template: str = "kernel/list.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page of ``rows`` as ``table``, narrowed by ``filters``; with ``?export=xlsx`` all of them as a workbook.

    ``rows`` is a scoped queryset (``visible(actor, Model)``), not sliced; the list adds order and cut. Given as a
    function, the list is remembered until one of its tables changes (:mod:`jineng.kernel.remembering`); then rows,
    table and filters must follow from the actor, the address and the day alone.
    ``export`` is true (the table's columns as a workbook), false (none) or a function that makes the
    workbook's bytes from the filtered, ordered rows. ``lead`` and ``empty`` are ``中文 English``.
    ``number`` tells from the filters how many rows they leave, where that is known without counting, else None.
    ``template`` extends ``kernel/list.html``; ``context`` is added to what it shows. Parameters of the
    address that no filter knows are kept while filtering, sorting and turning pages.
    """
    listing = _Listing(request, table, filters, export, number)
    if export and request.GET.get("export") == "xlsx":
        shown = listing.shown(rows)
        if not listing.wrong:
            return _exported(request, shown, title, export)
    if callable(rows):
        asked = tuple((name, *values) for name, values in request.GET.lists())
        question = ("list", request.path, asked, request.actor, clock.today())
        drawn = remembered(question, lambda: listing.draw(rows), lambda drawn: drawn.weight)
    else:
        drawn = listing.draw(rows)
    return render(
        request,
        template,
        {
            "title": title,
            "title_en": title_en,
            "lead": lead,
            "crumbs": list(crumbs),
            "drawn": drawn,
            "export_url": drawn.export_url,
            "empty": empty,
            **(context or {}),
        },
    )


class _Listing:
    """One asking for a list."""

    def __init__(
        self,
        request: ActorRequest,
        table: type[Table],
        filters: type[FilterSet] | None,
        export: Export | bool,
        number: Number | None,
    ) -> None:
        self.request, self.export, self._number = request, export, number
        self._table, self._filters = table, filters
        self._chosen: FilterSet | None = None
        self.wrong = False

    def shown(self, rows: QuerySet[Any] | Callable[[], QuerySet[Any]]) -> Table:
        """The table of all rows that the filters leave, in the order asked for."""
        rows = rows() if callable(rows) else rows
        if self._filters is not None:
            chosen = self._chosen = self._filters(self.request.GET or None, queryset=rows, request=self.request)
            if chosen.is_bound:
                self.wrong = not chosen.is_valid()
                rows = rows.none() if self.wrong else chosen.qs
        shown = self._table(
            rows,
            order_by=self.request.GET.getlist("sort") or None,
            order_by_field="sort",
            template_name="kernel/table.html",
            attrs={"class": "list cards"},
        )
        shown.request = self.request
        settle_order(shown)
        return shown

    def draw(self, rows: QuerySet[Any] | Callable[[], QuerySet[Any]]) -> Drawn:
        """The page of the list that is asked for."""
        shown, asked = self.shown(rows), self.request.GET
        chosen = self._chosen
        known = self._number(chosen) if self._number is not None and not self.wrong else None
        pages = turn_to_page(shown, self.request, known)
        narrowed = chosen is not None and chosen.is_bound and bool(chosen.form.changed_data)
        clear = ""
        if narrowed:
            clear = address(asked, **dict.fromkeys(_names_of(chosen, self.request), None), page=None)
        return Drawn(
            filters=self._asking(chosen, clear) if chosen is not None else _NOTHING,
            table=_written("kernel/table.html", table=shown, request=self.request) if pages.total else _NOTHING,
            pager=_written("kernel/list_pager.html", pages=pages) if pages.total else _NOTHING,
            total=pages.total,
            wrong=self.wrong,
            narrowed=narrowed,
            clear=clear,
            export_url=address(asked, export="xlsx", page=None) if self.export and pages.total else "",
        )

    def _asking(self, chosen: FilterSet, clear: str) -> SafeString:
        """The form of the filters; its fields are remembered as they look for what is asked, on whichever page."""
        if self.wrong or not isinstance(self._filters, type):
            written, errors = _fields_of(chosen), chosen.form
        else:
            filters, data = self._filters, self.request.GET or None

            def fields() -> SafeString:
                # Made anew, so that whatever it asks is heard.
                return _fields_of(filters(data, queryset=chosen.queryset, request=self.request))

            names = sorted(_names_of(chosen, self.request))
            asked = tuple((name, *self.request.GET.getlist(name)) for name in names)
            question = ("fields", filters, chosen.is_bound, asked, self.request.actor, clock.today())
            written, errors = remembered(question, fields, lambda text: len(text) // 100), None
        keep = _kept(chosen, self.request)
        return _written("kernel/list_filters.html", form=errors, fields=written, keep=keep, clear=clear)


def _fields_of(chosen: FilterSet) -> SafeString:
    speak_plainly(chosen.form)
    return _written("kernel/list_fields.html", form=chosen.form)


def _written(template: str, **given: Any) -> SafeString:
    return render_to_string(template, given)


def settle_order(table: Table) -> None:
    """Let the key decide between rows that are equal in the table's order, and have rows made quickly."""
    rows = table.data.data
    if isinstance(rows, QuerySet):
        ordered = settled(rows)
        table.data.data = ordered if ordered is rows else quickly(ordered)


def workbook_of(table: Table, title: str) -> bytes:
    """The rows of ``table`` as a workbook: its columns, their Chinese headings, numbers and dates as such.

    Columns with ``exclude_from_export`` are left out. Rows are fetched in portions.
    """
    bound = [column for column in table.columns if not column.column.exclude_from_export]
    kinds = [getattr(column.column, "kind", Kind.TEXT) for column in bound]
    columns = tuple(
        SheetColumn(name=column.name, heading=_heading(column.header, column.name), kind=kind)
        for column, kind in zip(bound, kinds, strict=True)
    )
    sheet = Sheet(name="rows", title=_FORBIDDEN_ON_TABS.sub("", title)[:31] or "列表", columns=columns)
    book = Book(name="list", title=title, sheets=(sheet,))
    names = [column.name for column in bound]
    return write_book(book, {"rows": _values(table, names, kinds)})


def _heading(header: Any, name: str) -> str:
    return chinese(header).replace("*", "").strip() or name


def _values(table: Table, names: list[str], kinds: list[Kind]) -> Iterator[list[Any]]:
    data = table.data.data
    records: Iterable[Any] = data
    if isinstance(data, QuerySet):
        records = data.iterator(chunk_size=_FETCHED_AT_ONCE)
    for record in records:
        row = _ExportedRow(record, table)
        yield [_value(row.get_cell_value(name), kind) for name, kind in zip(names, kinds, strict=True)]


def _value(value: Any, kind: Kind) -> Any:
    if value is None or kind is not Kind.TEXT:
        return value
    return _UNPRINTABLE.sub(" ", tidy(str(value))).strip()


def _exported(request: ActorRequest, table: Table, title: str, export: Export | bool) -> HttpResponse:
    rows = table.data.data
    if rows.order_by()[: EXPORTED_ROWS + 1].count() > EXPORTED_ROWS:
        messages.error(
            request,
            f"超过 {EXPORTED_ROWS:,} 条，请先筛选再导出。 More than {EXPORTED_ROWS:,} rows: filter before exporting.",
        )
        return redirect(request.path + address(request.GET, export=None))
    content = export(rows) if callable(export) else workbook_of(table, title)
    disposition = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx")
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"})


def _names_of(chosen: FilterSet | None, request: ActorRequest) -> list[str]:
    """Parameters of the address that belong to a filter; a field of several inputs has ``name_part``."""
    if chosen is None:
        return []
    fields = list(chosen.form.fields)
    return [n for n in request.GET if any(n == field or n.startswith(f"{field}_") for field in fields)]


def _kept(chosen: FilterSet | None, request: ActorRequest) -> list[tuple[str, str]]:
    """Parameters that the filter form sends along: the order, the page size, whatever the page itself uses."""
    dropped = {*_names_of(chosen, request), "page", "export"}
    return [(name, value) for name in request.GET if name not in dropped for value in request.GET.getlist(name)]
