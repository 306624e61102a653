"""Many rows written by one statement: every kind of value arrives, nothing is cut off, walls hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DataError, transaction

from jineng.credentials.models import Candidate
from jineng.kernel import clock
from jineng.kernel.actors import acting
from jineng.kernel.updating import update_many
from jineng.registry.models import Person
from jineng.registry.verbs import ensure_people
from tests.credentials.assessments import certificate_type, people, seated, session
from tests.factories import World


@pytest.fixture
def rows(world: World) -> list[Candidate]:
    """Three candidates at the county school."""
    of = session(world, certificate_type(world))
    county = world.actor("county_officer")
    with acting(county):
        return seated(county, of, people(1, 3))


def test_values_arrive_in_one_statement(world: World, rows: list[Candidate], django_assert_num_queries) -> None:
    told = [("sat", "passed", Decimal("150.5")), ("sat", "failed", Decimal(0)), ("absent", "", None)]
    for row, (row.attendance, row.outcome, row.score) in zip(rows, told, strict=True):
        row.voided_at, row.void_reason = clock.now(), "“引号” 'a', \\ {b}"
    fields = ["attendance", "outcome", "score", "voided_at", "void_reason"]
    with acting(world.actor("county_officer")):
        with django_assert_num_queries(1):
            assert update_many(rows, fields) == 3
        found = {row.pk: row for row in Candidate.objects.all()}
        for row in rows:
            assert [getattr(found[row.pk], name) for name in fields] == [getattr(row, name) for name in fields]
        with django_assert_num_queries(0):
            assert update_many([], fields) == 0


def test_encrypted_text_and_foreign_keys_arrive(world: World) -> None:
    province = world.actor("province_officer")
    with acting(province):
        one, other = Person.objects.filter(pk__in=ensure_people(actor=province, rows=people(1, 2, world["university"])))
        one.name, one.merged_into, one.is_synthetic = "新名", other, False
        update_many([one, other], ["name", "merged_into", "is_synthetic"])
        found = {row.pk: row for row in Person.objects.filter(pk__in=[one.pk, other.pk])}
        assert (found[one.pk].name, found[one.pk].merged_into_id, found[one.pk].is_synthetic) == (
            "新名",
            other.pk,
            False,
        )
        assert (found[other.pk].name, found[other.pk].merged_into_id) == (other.name, None)


def test_what_is_too_long_is_refused_and_not_cut_off(world: World, rows: list[Candidate]) -> None:
    with acting(world.actor("county_officer")):
        rows[0].outcome = "passed beyond all measure"
        with pytest.raises(DataError), transaction.atomic():
            update_many(rows, ["outcome"])


def test_rows_out_of_sight_are_not_written(world: World, rows: list[Candidate]) -> None:
    for row in rows:
        row.attendance = "absent"
    with acting(world.actor("other_county_officer")):
        assert update_many(rows, ["attendance"]) == 0


def test_an_array_is_refused(world: World) -> None:
    with pytest.raises(TypeError, match="levels"):
        update_many([certificate_type(world)], ["levels"])
