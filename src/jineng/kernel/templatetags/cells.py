"""What pages write most of, as template tags: addresses, the navigation, the headings and rows of a list table, marks,
the lines of a record. A component in the stead of one would take some twenty times as long."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import Table

from jineng.kernel.templatetags.jineng import bilingual, plainly
from jineng.kernel.web.addresses import address_of, way_to_one
from jineng.kernel.web.cells import heading_of, rows_of
from jineng.kernel.web.components import Fact, mark_of
from jineng.kernel.web.shell import written

register = template.Library()


@register.simple_tag
def page_at(name: str) -> str:
    """The address of a page that takes no arguments, found once; empty where the site has no such page."""
    try:
        return address_of(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def page_of(name: str, argument: str, value: object) -> SafeString:
    """The address of the page of one thing; for pages that hold many."""
    return SafeString(way_to_one(name, argument)(value))


@register.simple_tag
@lru_cache(maxsize=256)
def file_at(name: str) -> str:
    """The address of a file that comes with the program, found once."""
    return static(name)


@register.simple_tag(takes_context=True)
def table_heading(context: Context, table: Table) -> SafeString:
    """The headings of the table's columns."""
    return heading_of(table, context["request"].GET)


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """The rows of the table's page."""
    return rows_of(table)


@register.simple_tag(takes_context=True)
def rooms_navigation(context: Context) -> SafeString:
    """The navigation of whoever acts, shown twice: beside the page, and in the menu where there is little room."""
    given = context.get("navigation")
    return written(given() if callable(given) else given or [])


@register.simple_tag
def mark(kind: str, words: object) -> SafeString:
    """A short state on a tinted ground, as c-mark shows it; for pages that hold many."""
    return mark_of(kind, words)


@register.simple_tag
def fact(label: str, value: object = "", url: str = "", note: str = "", kind: str = "") -> SafeString:
    """One line of a record; the arguments are those of `kernel.web.components.Fact`."""
    return _line(Fact(label, value, url, note, kind))


@register.simple_tag
def fact_lines(facts: Iterable[Fact]) -> SafeString:
    """The lines of a record."""
    return SafeString("".join(map(_line, facts)))


def _line(fact: Fact) -> SafeString:
    value: Any = plainly(fact.value)
    if fact.url:
        value = format_html('<a href="{}">{}</a>', fact.url, value)
    elif fact.kind == "code":
        value = format_html('<span class="code">{}</span>', fact.value or "—")
    elif fact.kind:
        value = mark_of(fact.kind, fact.value)
    note = format_html('<span class="note">{}</span>', bilingual(fact.note)) if fact.note else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", bilingual(fact.label), value or "—", note)
