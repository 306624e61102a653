"""The small province with a county centre, another county's, the list of fields and a few courses."""

from __future__ import annotations

import pytest

from tests.factories import World
from tests.learning.classrooms import furnish


@pytest.fixture
def learning(world: World) -> World:
    """The province with centres in two counties and courses to hold classes of."""
    furnish(world)
    return world
