"""The workforce in the matrix of rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
"""
API = """
"""
PAGE_FORMS: dict[str, Make] = {}
API_FORMS: dict[str, Make] = {}
LISTS: dict[str, str] = {}
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """Put the room's objects on the stage."""


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
