"""The figure of the room: what counts, what does not, and that the rows behind it open."""

from __future__ import annotations

from datetime import date

import pytest

from jineng.engines.measures import Period, drill, record_ids, values
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators, live_engine, record_doors, sources
from jineng.registry.verbs import change_organisation
from jineng.workforce.models import AutonomyGrant
from jineng.workforce.verbs import grant_autonomy, revoke_autonomy, void_autonomy
from tests.factories import World

KEY = "pay_autonomies"
FIVE = ("pay_distribution", "pay_appraisal", "pay_talent", "pay_service", "pay_part_time")


def figure(year: int) -> int:
    return int(values(live_engine, indicators, sources, [KEY], Period.year(year))[KEY].value or 0)


@pytest.fixture
def granted(school: World) -> World:
    """All five to the college and the county's school in 2020 and 2021, others and elsewhere besides."""
    actor = school.actor("province_officer")
    with acting(actor):
        for place, day in (("petrochemical", date(2020, 5, 1)), ("county_school", date(2021, 12, 31))):
            for autonomy in FIVE[:3] if place == "petrochemical" else FIVE:
                grant_autonomy(actor=actor, organisation_id=school[place].pk, autonomy=autonomy, granted_on=day)
        for place in ("petrochemical", "university", "firm"):
            grant_autonomy(
                actor=actor, organisation_id=school[place].pk, autonomy="recruitment", granted_on=date(2020, 5, 1)
            )
        for place in ("university", "firm"):
            grant_autonomy(
                actor=actor, organisation_id=school[place].pk, autonomy="pay_service", granted_on=date(2019, 5, 1)
            )
    return school


def test_distinct_autonomies_over_pay_at_vocational_schools_count(granted: World) -> None:
    assert [figure(year) for year in (2019, 2020, 2021, 2022)] == [0, 3, 5, 5]


def test_revoking_counts_from_its_day_and_voiding_always(granted: World) -> None:
    actor = granted.actor("province_officer")
    with acting(actor):
        of = {(row.organisation_id, row.autonomy): row.pk for row in AutonomyGrant.objects.all()}
        college, school = granted["petrochemical"].pk, granted["county_school"].pk
        revoke_autonomy(actor=actor, grant_id=of[college, FIVE[0]], revoked_on=date(2021, 6, 1))
        assert [figure(2020), figure(2021)] == [3, 5]
        revoke_autonomy(actor=actor, grant_id=of[school, FIVE[0]], revoked_on=date(2022, 1, 1))
        assert [figure(2020), figure(2021), figure(2022)] == [3, 5, 4]
        void_autonomy(actor=actor, grant_id=of[school, FIVE[3]], reason="没有下放")
        assert [figure(2021), figure(2022)] == [4, 3]


def test_a_school_that_is_closed_or_something_else_no_longer_counts(granted: World) -> None:
    actor = granted.actor("province_officer")
    with acting(actor):
        change_organisation(
            actor=actor, organisation_id=granted["county_school"].pk, change="closed", on=date(2022, 3, 1)
        )
        assert [figure(2021), figure(2022)] == [5, 3]


def test_the_parts_say_why_they_sum_to_more_and_the_rows_open(granted: World) -> None:
    found = drill(live_engine, indicators, sources, KEY, Period.year(2021), "city")
    assert {part.code: part.value for part in found.parts} == {"620100": 5}
    assert found.reason or found.sums
    by_autonomy = drill(live_engine, indicators, sources, KEY, Period.year(2021), "autonomy")
    assert {part.label for part in by_autonomy.parts} >= {"绩效考核办法自主"}
    actor = granted.actor("province_officer")
    with acting(actor):
        rows = {str(pk) for pk in AutonomyGrant.objects.filter(pk__in=_ids()).values_list("pk", flat=True)}
    assert len(rows) == 8
    assert record_doors["autonomy_grant"].url(next(iter(rows))).startswith("/workforce/autonomies/")


def _ids() -> list[str]:
    found = record_ids(live_engine, indicators, sources, KEY, Period.year(2021))
    return [str(pk) for pk in found["autonomy_grant"]]
