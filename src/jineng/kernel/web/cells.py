"""The rows of a list table, written quickly: what does not change from row to row is settled once for a column.

django-tables2 finds out anew for every cell which arguments a column takes, which attributes it has and whether its
field has choices; on a page of fifty rows that was two thirds of the page. What a cell shows is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django_tables2 import Table
from django_tables2.columns.base import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import Accessor, signature

from jineng.kernel.templatetags.jineng import chinese


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


class _Cells:
    """The cells of one column."""

    def __init__(self, table: Table, bound: BoundColumn, first: bool) -> None:
        self.bound, self.link = bound, bound.link
        self.empty_values = bound.column.empty_values
        self.accessor = Accessor(bound.accessor)
        bits: list[str] = list(self.accessor.bits) or [""]
        self.path, self.last = bits[:-1], bits[-1]
        self.fixed = not _has_callable(table.attrs) and not _has_callable(bound.column.attrs)
        self.tag = "th" if first else "td"
        self.label = "" if first else format_html(' data-label="{}"', chinese(bound.header))
        self.start = self._start() if self.fixed else ""

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
        if not isinstance(content, str | Promise):
            content = localize(localtime(content) if isinstance(content, datetime) and is_aware(content) else content)
        return f"{start}{conditional_escape(content)}</{self.tag}>"

    def _content(self, row: BoundRow) -> Any:
        record = row.record
        if not isinstance(record, Model):
            return row.get_cell(self.bound.name)
        value = self._value(record)
        if value in self.empty_values:
            return self.bound.default
        given = row._optional_cell_arguments(self.bound, value)
        content = call(self.bound.render, given)
        return self.link(content, **given) if self.link else content

    def _value(self, record: Model) -> Any:
        try:
            holder: Any = record
            for bit in self.path:
                holder = getattr(holder, bit)
                if callable(holder):
                    return self.accessor.resolve(record)
            if isinstance(holder, Model):
                getter = _label_getter(type(holder), self.last)
                value = getattr(holder, getter or self.last)
                return value() if getter else self.accessor.resolve(record) if callable(value) else value
            return self.accessor.resolve(record)
        except Exception:
            # A relation that is not there, or a column without a field: tables show the column's default.
            return None


def _has_callable(attributes: Any) -> bool:
    if isinstance(attributes, Mapping):
        return any(_has_callable(value) for value in attributes.values())
    return callable(attributes)


def rows_of(table: Table) -> SafeString:
    """The rows of the table's page, as the body of an HTML table; the first cell of each is its heading."""
    cells = [_Cells(table, bound, place == 0) for place, bound in enumerate(table.columns)]
    rows: Iterable[BoundRow] = table.paginated_rows
    written = ["".join(("<tr>", *(cell.write(row) for cell in cells), "</tr>\n")) for row in rows]
    return mark_safe("".join(written))  # noqa: S308 every cell was escaped
