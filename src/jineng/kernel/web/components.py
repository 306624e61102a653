"""What pages hand to components: crumbs, facts, events, bars and tabs. Labels are ``中文 English``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

Number = int | float | Decimal


def mark_of(kind: str, words: Any) -> SafeString:
    """A short state on a tinted ground (plain, ok, warn, red, data): c-mark, for tables and lines of many."""
    return format_html('<span class="mark {}">{}</span>', kind or "plain", words)


@dataclass(frozen=True)
class Crumb:
    """One step of the way along the tree; the last step is the page itself and needs no address."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of a record. ``kind`` shows the value as a mark (plain, ok, warn, red, data) or as ``code``."""

    label: str
    value: Any
    url: str = ""
    note: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; ``mark`` is a short state beside it, ``voided`` strikes it out."""

    date: date
    title: str
    detail: str = ""
    url: str = ""
    mark: str = ""
    kind: str = "plain"
    voided: bool = False


@dataclass(frozen=True)
class Tab:
    """One view of a thing."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Bar:
    """One part of a figure; ``share`` is the length of its bar in percent of the longest."""

    label: str
    value: Number
    share: str
    url: str = ""


def bars_of(parts: Iterable[tuple[str, Number, str]]) -> list[Bar]:
    """Bars for ``(label, value, address)``, in the given order; the longest fills the line."""
    rows = list(parts)
    longest = max((float(value) for _, value, _ in rows), default=0.0)
    return [
        Bar(label, value, f"{max(float(value), 0.0) / longest * 100:.1f}" if longest > 0 else "0.0", url)
        for label, value, url in rows
    ]
