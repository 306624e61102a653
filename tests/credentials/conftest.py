"""A school that converts credits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jineng.credentials.kinds import AchievementKind, Direction
from jineng.credentials.verbs import add_rule, publish_scheme
from jineng.kernel.clock import clock_at
from tests.factories import World

TODAY = date(2021, 9, 1)


@pytest.fixture
def bank(world: World) -> World:
    """A world with a scheme."""
    return with_scheme(world)


def with_scheme(world: World) -> World:
    """The county's school takes a certificate for 4 credits, courses for 3 and 2, up to 8 in all."""
    school = world.actor("county_officer")
    with clock_at(TODAY):
        scheme = publish_scheme(
            actor=school, school_id=world["county_school"].pk, since=date(2021, 3, 1), cap=Decimal(8), document="1号"
        )
        for code, accepts, source, level, credits in (
            ("Z1", AchievementKind.CERTIFICATE, "X01", "elementary", "4"),
            ("K1", AchievementKind.COURSE, "KC-1", "", "3"),
            ("K2", AchievementKind.COURSE, "KC-2", "", "2"),
        ):
            add_rule(
                actor=school,
                scheme_id=scheme.pk,
                code=code,
                direction=Direction.COURSE,
                accepts=accepts,
                source=source,
                level=level,
                target=f"课程{code}",
                credits=Decimal(credits),
                valid_years=2,
            )
    return world
