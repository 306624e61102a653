"""How a deed enters the table under its name."""

from __future__ import annotations

from collections.abc import Callable

from jineng.kernel.actors import Actor
from tests.reference_year import ReferenceYear

Deed = Callable[[ReferenceYear, Actor], object]
DEEDS: dict[str, Deed] = {}


def deed(function: Deed) -> Deed:
    """Enter a deed under its name."""
    assert function.__name__ not in DEEDS, function.__name__
    DEEDS[function.__name__] = function
    return function
