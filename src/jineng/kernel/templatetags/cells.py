"""What pages write most of, as template tags: the navigation, and the headings and rows of a list table."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django_tables2 import Table

from jineng.kernel.web.cells import heading_of, rows_of
from jineng.kernel.web.shell import written

register = template.Library()


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
