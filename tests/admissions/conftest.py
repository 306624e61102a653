"""The small province with the catalogue of 2021 loaded."""

from __future__ import annotations

import pytest

from jineng.majors.verbs import load_catalogue
from tests.factories import World


@pytest.fixture
def province(world: World) -> World:
    """The province, its catalogue of majors loaded."""
    load_catalogue(actor=world.actor("province_officer"), edition=2021)
    return world
