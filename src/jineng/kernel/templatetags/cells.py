"""What pages write most of, as template tags: addresses, the navigation, the headings and rows of a list table."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString
from django_tables2 import Table

from jineng.kernel.web.addresses import address_of, way_to_one
from jineng.kernel.web.cells import heading_of, rows_of
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
