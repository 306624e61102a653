"""What the coverage of the program is measured by: tests that repeat others at length are left out, and run faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage


@contextmanager
def uncounted() -> Iterator[None]:
    """What runs within the block does not count as covered."""
    measuring = Coverage.current()
    if measuring is None or not measuring._started:
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()
