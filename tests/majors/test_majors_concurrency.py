"""Two officers at once: the database lets one of two overlapping openings through, never both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from jineng.kernel.actors import Actor, acting
from jineng.majors.models import Major, MajorOffering
from jineng.majors.queries import major_by_code
from jineng.majors.verbs import load_catalogue, open_offering
from tests.factories import build_world


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_openings_at_once_one_passes():
    world = build_world()
    officer = world.actor("province_officer")
    load_catalogue(actor=officer, edition=2021)
    with acting(officer):
        major = major_by_code("460301")
    assert major is not None
    barrier = Barrier(2)

    def open_(actor: Actor, on: date, chosen: Major) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE jineng_app")
            barrier.wait(10)
            open_offering(
                actor=actor,
                organisation_id=world["petrochemical"].pk,
                major=chosen,
                duration_years=Decimal(3),
                opened_on=on,
            )
        except ValidationError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for year in (2016, 2017):
            days = (date(year, 9, 1), date(year, 9, 2))
            passed = list(pool.map(lambda on: open_(officer, on, major), days))
            with acting(officer):
                standing = MajorOffering.objects.count()
                assert standing == 1
                assert sum(passed) == (1 if year == 2016 else 0)
