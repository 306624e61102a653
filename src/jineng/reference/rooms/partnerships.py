"""Agreements, bodies, projects and clusters of the reference year."""

from __future__ import annotations

from jineng.reference.books import Books


def fill(books: Books) -> None:
    """Write what the specification says of the partnerships."""
