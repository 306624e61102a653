"""What each room above the calls reports for the reference year, and the years beside it.

A room's module has ``fill(books)``: it reads the room's part of the specification by ``books.read(room)``, which is
empty where there is none, and writes rows into the books of whoever reports them.
"""

from __future__ import annotations

from importlib import import_module

from jineng.reference.books import Books

ROOMS: tuple[str, ...] = (
    "partnerships",
    "facilities",
    "workforce",
    "governance",
    "credentials",
    "admissions",
    "learning",
)
"""In the order in which their books come in: what is named later is there by then."""


def fill_rooms(books: Books) -> None:
    """Let every room write its rows."""
    for room in ROOMS:
        import_module(f"jineng.reference.rooms.{room}").fill(books)
