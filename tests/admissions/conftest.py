"""What several tests of a round begin with."""

from __future__ import annotations

import pytest

from tests.admissions.small_rounds import Rounds, rounds
from tests.factories import World


@pytest.fixture
def season(world: World) -> Rounds:
    """Two applicants for the one seat of chemistry."""
    made = rounds(world)
    made.enrol(1, "200", "150")
    made.enrol(2, "190", "150")
    return made
