"""Offerings in the small province."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jineng.kernel.actors import acting
from jineng.majors.models import MajorOffering
from jineng.majors.queries import major_by_code
from jineng.majors.verbs import open_offering
from tests.factories import World

OPENED = date(2018, 9, 1)


@pytest.fixture
def opened(world: World) -> Any:
    """Opens an offering as the province's officer: ``opened("petrochemical", "460301", years=5)``."""

    def open_(
        where: str, code: str, on: date = OPENED, years: int | str = 3, document: str = "", by: str = "province_officer"
    ) -> MajorOffering:
        actor = world.actor(by)
        with acting(actor):
            major = major_by_code(code)
            assert major is not None
            return open_offering(
                actor=actor,
                organisation_id=world[where].pk,
                major=major,
                duration_years=Decimal(years),
                opened_on=on,
                document=document,
            )

    return open_
