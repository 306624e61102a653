"""Columns of list tables: how a cell looks on the page, and what goes into the exported workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django_tables2 import A, Column

from jineng.engines.exchange import Kind
from jineng.kernel.templatetags.jineng import thousands
from jineng.kernel.web.components import mark_of


class ListColumn(Column):
    """A column with a look of its own: ``css`` names the class of its cells, ``kind`` the type in exports."""

    css = ""
    kind = Kind.TEXT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        for part in ("th", "td"):
            classes = " ".join(filter(None, (self.css, attrs.get(part, {}).get("class", ""))))
            attrs = {**attrs, part: {**attrs.get(part, {}), "class": classes}}
        super().__init__(*args, attrs=attrs, **kwargs)


class NumberColumn(ListColumn):
    """A number: grouped digits, at the right; a number in exports."""

    css = "num"
    kind = Kind.DECIMAL

    def render(self, value: Any) -> str:
        """Digits in groups of three."""
        return thousands(value)

    def value(self, value: Any) -> Any:
        """The number itself."""
        return value


class DateColumn(ListColumn):
    """A day as 2021-12-31, a moment with hour and minute of the business time zone."""

    css = "date"
    kind = Kind.DATE

    def render(self, value: date) -> str:
        """ISO 8601, without seconds."""
        if isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{local:%Y-%m-%d %H:%M}"
        return value.isoformat()

    def value(self, value: date) -> date:
        """The day; of a moment the day in the business time zone."""
        if isinstance(value, datetime):
            return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
        return value


class CodeColumn(ListColumn):
    """A code: never broken, digits of one width."""

    css = "code"


class MarkColumn(ListColumn):
    """A state as a mark. ``kinds`` maps the raw value to plain, ok, warn, red or data; others are plain."""

    css = "mark-cell"

    def __init__(self, *args: Any, kinds: Mapping[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = dict(kinds or {})

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        """The value's label as a mark of its kind."""
        raw = A(bound_column.accessor).resolve(record, quiet=True)
        return mark_of(self.kinds.get(raw, "plain"), value)

    def value(self, value: Any) -> Any:
        """The label."""
        return value
