"""What each room adds to the matrix: its lines, the forms that its routes take, its objects, its lists.

A room's module holds ``PAGES`` and ``API`` (lines as in ``tests/rights/table.py``), ``PAGE_FORMS`` and ``API_FORMS``
(what is sent), ``LISTS`` (list pages and who looks at them), ``ASKED`` (queries that a list is asked with),
``furnish(stage)``, which puts its objects on the stage, at least one row of every table that follows the scope, and
``fill(stage)``, which adds forty-eight more of everything that its lists show.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

ROOMS = (
    "cases",
    "reviews",
    "partnerships",
    "facilities",
    "workforce",
    "governance",
    "credentials",
    "admissions",
    "learning",
    "procedures",
    "briefs",
    "notices",
)


def rooms() -> list[ModuleType]:
    """The modules, in the order in which they furnish the stage."""
    return [import_module(f"tests.rights.rooms.{name}") for name in ROOMS]
