"""The rows of a list table, written quickly: what does not change from row to row is settled once for a column.

django-tables2 finds out anew for every cell which arguments a column takes, which attributes it has and whether its
field has choices; on a page of fifty rows that was two thirds of the page. What a cell shows is the same.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
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
from jineng.kernel.web.addresses import way_to_one

Show = Callable[[Any, Any], Any]


@cache
def arguments_of(function: Callable[..., Any]) -> tuple[tuple[str, ...], str | None]:
    """The names of a function's arguments, and of the one that takes all others."""
    return signature(function)


def call(method: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a column's method with those of ``given`` that it takes, ``None`` where it wants others, as tables do."""
    names, catch_all = _asked_by(method)
    if catch_all:
        return method(**given)
    if any(name not in given for name in names):
        return None
    return method(**{name: given[name] for name in names})


def _asked_by(method: Callable[..., Any]) -> tuple[tuple[str, ...], str | None]:
    """What a function or a bound method wants to be told."""
    function = getattr(method, "__func__", None)
    names, catch_all = arguments_of(function or method)
    return (names if function is None else names[1:]), catch_all


@cache
def _label_getter(model: type[Model], field: str) -> str:
    """The method that gives the label of a field with choices; empty for other fields and for no field."""
    try:
        choices = getattr(model._meta.get_field(field), "choices", ())
    except FieldDoesNotExist:
        return ""
    return f"get_{field}_display" if choices and hasattr(model, f"get_{field}_display") else ""


class _Cells:
    """The cells of one column."""

    def __init__(self, table: Table, bound: BoundColumn, first: bool) -> None:
        self.bound, self.table, self.link = bound, table, bound.link
        self.accessor = Accessor(bound.accessor)
        bits: list[str] = list(self.accessor.bits) or [""]
        self.path, self.last = bits[:-1], bits[-1]
        self.tag = "th" if first else "td"
        self.end = f"</{self.tag}>"
        self.fixed = not _has_callable(table.attrs) and not _has_callable(bound.column.attrs)

    def writer(self) -> Callable[[Any], str]:
        """What writes the cell of a record with its tag."""
        content = self._content()
        if not self.fixed:
            return self._on_its_own(content)
        start, end = _start_of(self.table, self.bound, self.tag), self.end
        return lambda record: f"{start}{content(record)[1]}{end}"

    def _on_its_own(self, content: Callable[[Any], tuple[Any, str]]) -> Callable[[Any], str]:
        """The same where each cell has attributes of its own."""

        def write(record: Any) -> str:
            self.bound.current_value, told = content(record)
            self.bound.current_record = record
            return f"{_started(self.bound, self.tag)}{told}{self.end}"

        return write

    def _content(self) -> Callable[[Any], tuple[Any, str]]:
        """What gives the content of a record's cell, and the same as HTML."""
        read: Callable[[Any], Any] | None = None
        empty, show, other = self.bound.column.empty_values, self._show(), self._other_link()
        one = None if other else _leads_to_one(self.link)
        way, read_key = (way_to_one(one[0], one[1]), one[2]) if one else (None, None)

        def content(record: Any) -> tuple[Any, str]:
            nonlocal read
            if not isinstance(record, Model):
                shown = BoundRow(record, self.table).get_cell(self.bound.name)
                return shown, _text(shown)
            try:
                if read is None:
                    read = self._reader(record)
                value = read(record)
            except Exception:
                # A relation that is not there, or a column without a field: tables show the column's default.
                value = None
            if value in empty:
                value = self.bound.default
                return value, _text(value)
            shown = value if show is None else show(value, record)
            if other is not None:
                shown = other(shown, record, value)
            text = html.escape(shown) if type(shown) is str else _text(shown)
            if way is not None and read_key is not None:
                return shown, f'<a href="{way(read_key(record))}">{text}</a>'
            return shown, text

        return content

    def _show(self) -> Show | None:
        """What a column makes of a value; nothing where it shows the value as it is."""
        render = self.bound.render
        if getattr(render, "__func__", None) is Column.render:
            return None
        names, catch_all = _asked_by(render)
        if not catch_all and names == ("value",):
            return lambda value, record: render(value)
        if not catch_all and set(names) == {"value", "record"}:
            return lambda value, record: render(value=value, record=record)
        return lambda value, record: call(render, self._given(value, record))

    def _other_link(self) -> Callable[[Any, Any, Any], Any] | None:
        """A link that is more than the address of one thing."""
        link = self.link
        if not link or _leads_to_one(link):
            return None
        return lambda shown, record, value: link(shown, **self._given(value, record))

    def _given(self, value: Any, record: Any) -> dict[str, Any]:
        return {
            "value": value,
            "record": record,
            "column": self.bound.column,
            "bound_column": self.bound,
            "bound_row": BoundRow(record, self.table),
            "table": self.table,
        }

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
        getter = _label_getter(type(holder), self.last) or self.last
        value = getattr(holder, getter)
        if not callable(value):
            return attrgetter(".".join((*self.path, getter)))
        if getter.startswith("get_") and getter.endswith("_display"):
            label = attrgetter(".".join((*self.path, getter)))
            return lambda each: label(each)()
        return self.accessor.resolve


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


def _is_declared(table: Table, bound: BoundColumn) -> bool:
    """Whether a column looks in every table of the class as it does in this one."""
    return bound.name in type(table).base_columns and not set(table.attrs) & {"th", "td", "cell"}


def _started(bound: BoundColumn, tag: str) -> str:
    row = ' scope="row"' if tag == "th" else ""
    label = "" if tag == "th" else format_html(' data-label="{}"', chinese(bound.header))
    return f"<{tag}{row} {bound.attrs['td'].as_html()}{label}>"


_starts: dict[tuple[type[Table], str, str], str] = {}


def _start_of(table: Table, bound: BoundColumn, tag: str) -> str:
    """The tag before the cells of a column, which is the same for all tables of a class."""
    if not _is_declared(table, bound):
        return _started(bound, tag)
    key = (type(table), bound.name, tag)
    if key not in _starts:
        _starts[key] = _started(bound, tag)
    return _starts[key]


def heading_of(table: Table, parameters: QueryDict) -> SafeString:
    """The row of headings; those by which rows can be ordered lead to the list in that order, from its first page."""
    asked = parameters.copy()
    asked.pop("page", None)
    asked["sort"] = "ORDER"
    before, _, after = asked.urlencode().partition("sort=ORDER")
    written = []
    for bound in table.columns:
        order = bound.order_by_alias
        ordered = ("descending" if order.is_descending else "ascending") if bound.is_ordered else ""
        link = f"?{before}sort={order.next}{after}" if bound.orderable else ""
        written.append(_heading(str(bound.header), _heading_classes(table, bound, ordered), ordered, link))
    return mark_safe("".join(written))  # noqa: S308 every part was escaped


_classes: dict[tuple[type[Table], str, bool, str], str] = {}


def _heading_classes(table: Table, bound: BoundColumn, ordered: str) -> str:
    """The classes of a heading, which are the same for all tables of a class."""
    if not _is_declared(table, bound):
        return bound.attrs["th"].get("class") or ""
    key = (type(table), bound.name, bool(bound.orderable), ordered)
    if key not in _classes:
        _classes[key] = bound.attrs["th"].get("class") or ""
    return _classes[key]


@lru_cache(maxsize=4096)
def _heading(header: str, classes: str, ordered: str, link: str) -> str:
    marked = f' class="{html.escape(classes)}"' if classes else ""
    if ordered:
        marked += f' aria-sort="{ordered}"'
    words = bilingual(header)
    if link:
        words = f'<a href="{html.escape(link)}">{words}</a>'
    return f'<th scope="col"{marked}>{words}</th>'


def rows_of(table: Table) -> SafeString:
    """The rows of the table's page, as the body of an HTML table; the first cell of each is its heading."""
    writers = [_Cells(table, bound, place == 0).writer() for place, bound in enumerate(table.columns)]
    written = []
    for record in table.paginated_rows.data:
        written.append("<tr>")
        written += [write(record) for write in writers]
        written.append("</tr>\n")
    return mark_safe("".join(written))  # noqa: S308 every cell was escaped
