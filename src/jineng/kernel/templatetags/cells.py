"""The rows of a list table as a template tag; see :mod:`jineng.kernel.web.cells`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django_tables2 import Table

from jineng.kernel.web.cells import rows_of

register = template.Library()


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """The rows of the table's page."""
    return rows_of(table)
