"""The rows of a list table, written quickly: what does not change from row to row is settled once for a column.

django-tables2 finds out anew for every cell which arguments a column takes, which attributes it has and whether its
field has choices; on a page of fifty rows that was two thirds of the page. What a cell shows is the same.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django_tables2 import Column, Table
from django_tables2.columns.base import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import Accessor, signature

from jineng.kernel.templatetags.jineng import bilingual, chinese
from jineng.kernel.web.addresses import address_of_one


@cache
def arguments_of(function: Callable[..., Any]) -> tuple[tuple[str, ...], str | None]:
    """The names of a function's arguments, and of the one that takes all others."""
    return signature(function)


def call(method: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a column's method with those of ``given`` that it takes, ``None`` where it wants others, as tables do."""
    function = getattr(method, "__func__", None)
    names, catch_all = arguments_of(function or method)
    if function is not None:
        names = names[1:]
    if catch_all:
        return method(**given)
    if any(name not in given for name in names):
        return None
    return method(**{name: given[name] for name in names})


@cache
def _label_getter(model: type[Model], field: str) -> str:
    """The method that gives the label of a field with choices; empty for other fields and for no field."""
    try:
        choices = getattr(model._meta.get_field(field), "choices", ())
    except FieldDoesNotExist:
        return ""
    return f"get_{field}_display" if choices and hasattr(model, f"get_{field}_display") else ""


_ALL = ("value", "record", "column", "bound_column", "bound_row", "table")


class _Cells:
    """The cells of one column."""

    def __init__(self, table: Table, bound: BoundColumn, first: bool) -> None:
        self.bound, self.link = bound, bound.link
        self.column, self.table = bound.column, table
        self.empty_values = bound.column.empty_values
        self.accessor = Accessor(bound.accessor)
        bits: list[str] = list(self.accessor.bits) or [""]
        self.path, self.last = bits[:-1], bits[-1]
        self.fixed = not _has_callable(table.attrs) and not _has_callable(bound.column.attrs)
        self.tag = "th" if first else "td"
        self.label = "" if first else format_html(' data-label="{}"', chinese(bound.header))
        self.start = self._start() if self.fixed else ""
        self.end = f"</{self.tag}>"
        self.shown_as_is = getattr(bound.render, "__func__", None) is Column.render
        self.takes_value_only = _takes_value_only(bound.render)
        self.one = _leads_to_one(self.link)
        self.read: Callable[[Any], Any] | None = None

    def _start(self) -> str:
        attributes = self.bound.attrs["td"].as_html()
        row = ' scope="row"' if self.tag == "th" else ""
        return f"<{self.tag}{row} {attributes}{self.label}>"

    def write(self, row: BoundRow) -> str:
        """The cell of ``row`` with its tag."""
        content = self._content(row)
        start = self.start
        if not self.fixed:
            self.bound.current_value, self.bound.current_record = content, row.record
            start = self._start()
        return f"{start}{_text(content)}{self.end}"

    def _content(self, row: BoundRow) -> Any:
        record = row.record
        if not isinstance(record, Model):
            return row.get_cell(self.bound.name)
        value = self._value(record)
        if value in self.empty_values:
            return self.bound.default
        if self.one or not self.link:
            content = value if self.shown_as_is else self._shown(value, row)
        else:
            return self.link(self._shown(value, row), **self._given(value, row))
        if self.one:
            name, argument, read = self.one
            url = address_of_one(name, argument, read(record))
            return mark_safe(f'<a href="{html.escape(url)}">{_text(content)}</a>')  # noqa: S308 both are escaped
        return content

    def _given(self, value: Any, row: BoundRow) -> dict[str, Any]:
        return dict(zip(_ALL, (value, row.record, self.column, self.bound, row, self.table), strict=True))

    def _shown(self, value: Any, row: BoundRow) -> Any:
        if self.takes_value_only:
            return self.bound.render(value)
        return call(self.bound.render, self._given(value, row))

    def _value(self, record: Model) -> Any:
        try:
            if self.read is None:
                self.read = self._reader(record)
            return self.read(record)
        except Exception:
            # A relation that is not there, or a column without a field: tables show the column's default.
            return None

    def _reader(self, record: Model) -> Callable[[Any], Any]:
        """How the values of a column are read, found on the first record: by attributes alone where these suffice.

        Raises whatever reading raises where this record leads nowhere; the next one may.
        """
        holder: Any = record
        for bit in self.path:
            holder = getattr(holder, bit)
            if callable(holder):
                return self.accessor.resolve
        if holder is None:
            raise AttributeError(self.last)
        if not isinstance(holder, Model):
            return self.accessor.resolve
        getter = _label_getter(type(holder), self.last)
        value = getattr(holder, getter or self.last)
        if getter:
            label = attrgetter(".".join((*self.path, getter)))
            return lambda each: label(each)()
        return self.accessor.resolve if callable(value) else attrgetter(".".join((*self.path, self.last)))


def _takes_value_only(render: Any) -> bool:
    """Whether a column's method asks for nothing but the value."""
    names, catch_all = arguments_of(getattr(render, "__func__", render))
    return names[1:] == ("value",) and not catch_all if hasattr(render, "__func__") else False


def _leads_to_one(link: Any) -> tuple[str, str, Callable[[Any], Any]] | None:
    """The page, its argument and what gives it, of a plain link to the page of one thing; else nothing."""
    if link is None or link.attrs or link.url:
        return None
    wanted = dict(link.reverse_args)
    name, arguments = wanted.pop("viewname", None), wanted.pop("kwargs", None)
    if type(name) is not str or wanted or not arguments or len(arguments) != 1:
        return None
    ((argument, given),) = arguments.items()
    return (name, argument, attrgetter(".".join(given.bits))) if isinstance(given, Accessor) and given.bits else None


def _text(content: Any) -> str:
    """What a cell holds, escaped; numbers and moments as templates write them."""
    if type(content) is str:
        return html.escape(content)
    if not isinstance(content, str | Promise):
        content = localize(localtime(content) if isinstance(content, datetime) and is_aware(content) else content)
    return conditional_escape(content)


def _has_callable(attributes: Any) -> bool:
    if isinstance(attributes, Mapping):
        return any(_has_callable(value) for value in attributes.values())
    return callable(attributes)


def heading_of(table: Table, parameters: QueryDict) -> SafeString:
    """The row of headings; those by which rows can be ordered lead to the list in that order, from its first page."""
    written = []
    for bound in table.columns:
        classes, order = bound.attrs["th"].get("class"), bound.order_by_alias
        marked = f' class="{html.escape(classes)}"' if classes else ""
        if bound.is_ordered:
            marked += f' aria-sort="{"descending" if order.is_descending else "ascending"}"'
        words = bilingual(bound.header)
        if bound.orderable:
            asked = parameters.copy()
            asked.pop("page", None)
            asked["sort"] = order.next
            words = f'<a href="?{html.escape(asked.urlencode())}">{words}</a>'
        written.append(f'<th scope="col"{marked}>{words}</th>')
    return mark_safe("".join(written))  # noqa: S308 every part was escaped


def rows_of(table: Table) -> SafeString:
    """The rows of the table's page, as the body of an HTML table; the first cell of each is its heading."""
    cells = [_Cells(table, bound, place == 0) for place, bound in enumerate(table.columns)]
    rows: Iterable[BoundRow] = table.paginated_rows
    written = ["".join(("<tr>", *(cell.write(row) for cell in cells), "</tr>\n")) for row in rows]
    return mark_safe("".join(written))  # noqa: S308 every cell was escaped
