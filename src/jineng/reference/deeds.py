"""What is left to do of a reference year, each on its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple


class Deed(NamedTuple):
    """Something that is left to do, with its day of the business clock and what it is called."""

    day: date
    name: str
    do: Callable[[], object]
