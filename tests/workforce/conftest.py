"""The business day of the room's tests, and a world in which the standard of 2020 is declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jineng.kernel.clock import clock_at
from tests.factories import World
from tests.workforce.small_school import DAY, declare_standard


@pytest.fixture(autouse=True)
def business_day() -> Iterator[None]:
    """1 June 2021."""
    with clock_at(DAY):
        yield


@pytest.fixture
def school(world: World, settings: Any, tmp_path: Path) -> World:
    """The world with the standard of 2020."""
    settings.VAR = tmp_path
    receipt = declare_standard(world)
    assert receipt.state == "landed", receipt.errors
    return world
