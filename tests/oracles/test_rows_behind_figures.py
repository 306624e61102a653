"""Behind every figure of the brief: the rows give the figure, the parts sum to it, a county's officer opens its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from jineng.briefs.desk import Desk, live_desk
from jineng.briefs.queries import brief_of, records_behind
from jineng.calls.verbs import record_award, void_award
from jineng.engines.documents.phrasing import agrees
from jineng.engines.measures import Distinct, Period, Sum
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators, record_doors
from jineng.registry.scope import visible
from tests.oracles.deeds.spine import GANGU, batch, organisation
from tests.reference.specification import ROOT, read
from tests.reference_year import YEAR as THE_YEAR
from tests.reference_year import ReferenceYear

YEAR = Period.year(THE_YEAR)
EVERYTHING = 10**6
SAMPLE = (
    "micro_courses",
    "major_offerings",
    "majors",
    "vocational_universities",
    "integration_pilot_enterprises",
    "certificate_pilots",
    "training_centres",
    "expansion_enrolled",
)
EXPECTED = read(ROOT / "tests/oracles/figures-2021.yaml")["figures"]


@pytest.fixture
def desk(reference_year: ReferenceYear, db: None) -> Desk:
    return live_desk()


def test_every_expected_figure_is_printed_and_no_sentence_is_held(desk: Desk) -> None:
    brief = brief_of(desk, THE_YEAR, "/x/")
    assert {item.state for item in brief.said} == {"printed"}
    assert set(brief.keys) == set(EXPECTED)
    assert {key: fits(key, brief.values[key, YEAR].value) for key in EXPECTED} == dict.fromkeys(EXPECTED, True)


def fits(key: str, value: Any) -> bool:
    """Whether a value is what was published, in the form in which it was."""
    return agrees(value, Fraction(str(EXPECTED[key]["value"])), EXPECTED[key]["form"])


def told_by(rows: Sequence[dict[str, object]], aggregate: object) -> Fraction:
    """What rows come to, counted or summed by hand as the definition says."""
    if isinstance(aggregate, Sum):
        return sum((Fraction(str(row["measure"])) for row in rows), Fraction(0))
    counted = "counted_id" if isinstance(aggregate, Distinct) else "record_id"
    return Fraction(len({row[counted] for row in rows}))


@pytest.mark.parametrize("key", EXPECTED)
def test_the_rows_counted_as_defined_give_the_figure(key: str, reference_year: ReferenceYear, desk: Desk) -> None:
    actor = reference_year.actor("province")
    with acting(actor):
        behind = records_behind(actor, desk, key, YEAR, None, EVERYTHING, 0)
    assert behind.total == behind.in_scope
    sides = indicators.sides(key)
    by_side = [
        told_by([row for row in behind.rows if row["side"] == name], side.aggregate)
        for name, side in zip(("value",) if len(sides) == 1 else ("numerator", "denominator"), sides, strict=True)
    ]
    value = by_side[0] if len(sides) == 1 else by_side[0] / by_side[1]
    assert value == desk.measure(((key, YEAR),))[key, YEAR].value
    assert fits(key, value)


@pytest.mark.parametrize("key", EXPECTED)
def test_the_parts_sum_to_the_figure_or_say_why_not(key: str, desk: Desk) -> None:
    found = desk.drill(key, YEAR, "city", None)
    assert fits(key, found.total)
    assert found.sums == (sum(part.value or 0 for part in found.parts) == found.total)
    assert found.sums or found.reason
    greatest = max(found.parts, key=lambda part: part.value or 0)
    below = desk.drill(key, YEAR, "county", greatest.code)
    assert below.total == greatest.value


@pytest.mark.parametrize("key", SAMPLE)
@pytest.mark.parametrize("login", ["county", "city", "college"])
def test_an_officer_is_told_how_many_rows_are_theirs_and_gets_just_those(
    key: str, login: str, reference_year: ReferenceYear, desk: Desk
) -> None:
    actor, root = reference_year.actor(login), reference_year.actor("province")
    with acting(root):
        everything = records_behind(root, desk, key, YEAR, None, EVERYTHING, 0)
    with acting(actor):
        mine = records_behind(actor, desk, key, YEAR, None, EVERYTHING, 0)
        model = record_doors[indicators.get(key).record_type].model()
        seen = set(visible(actor, model).values_list("pk", flat=True))
        size = max(7, mine.in_scope // 3)
        starts = range(0, mine.in_scope, size)
        pages = [records_behind(actor, desk, key, YEAR, None, size, start).rows for start in starts]
    assert mine.total == everything.total
    assert mine.in_scope == len(mine.rows) < everything.total
    ids = [row["record_id"] for row in mine.rows]
    assert set(ids) == seen & {row["record_id"] for row in everything.rows}
    assert [row["record_id"] for page in pages for row in page] == ids
    if (key, login) == ("micro_courses", "county"):
        assert mine.in_scope > 0


def test_figures_follow_a_commit_of_another_connection(
    reference_year: ReferenceYear, django_db_blocker: DjangoDbBlocker
) -> None:
    actor, year = reference_year.province, Period.year(2020)
    made: list[object] = []

    def counted() -> object:
        return live_desk().measure((("micro_courses", year),))["micro_courses", year].value

    def elsewhere(do: object) -> None:
        def run() -> None:
            with acting(actor):
                made.append(do())
            connection.close()

        with django_db_blocker.unblock():
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()

    with django_db_blocker.unblock():
        before, edition = counted(), live_desk().edition
        elsewhere(
            lambda: record_award(
                actor=actor,
                batch_id=batch("micro-course", 1).pk,
                organisation_id=organisation(GANGU).pk,
                title="别处登记的一门",
                status="recognised",
            )
        )
        assert live_desk().edition != edition
        assert counted() == before + 1
        elsewhere(lambda: void_award(actor=actor, award_id=made[0].pk, reason="误录"))
        assert counted() == before
