"""Ids of the records that one merge makes: valid, apart from every other merge's, and following each other."""

from __future__ import annotations

import uuid
from datetime import date

from jineng.calls.models import Award, Batch, Call
from jineng.kernel.actors import acting
from jineng.kernel.returns.staging import identities
from tests.calls.small_world import award_row, report
from tests.factories import World


def test_an_identity_is_a_uuid_of_version_8() -> None:
    for _ in range(50):
        made = uuid.UUID(identities() + f"{1:012x}")
        assert (made.version, made.variant) == (8, uuid.RFC_4122)


def test_no_two_merges_share_identities() -> None:
    assert len({identities() for _ in range(1000)}) == 1000


def test_records_of_a_landing_follow_each_other_in_the_order_of_the_rows(world: World) -> None:
    officer = world.actor("province_officer")
    receipt = report(
        officer,
        calls=[{"code": "c", "name": "c", "level": "provincial", "deciders": world.root.code}],
        batches=[{"call_code": "c", "batch_number": 1, "year": 2021, "decided_on": date(2021, 5, 1)}],
        awards=[award_row("c", f"课程{number}", world["county_school"].code) for number in range(20)],
    )
    assert receipt.counts["awards"]["added"] >= 20
    with acting(officer):
        titles = list(Award.objects.order_by("id").values_list("title", flat=True))
        prefixes = {str(pk)[:24] for pk in Award.objects.values_list("id", flat=True)}
        others = {str(pk)[:24] for model in (Call, Batch) for pk in model.objects.values_list("id", flat=True)}
    assert titles == [f"课程{number}" for number in range(20)]
    assert len(prefixes) == 1
    assert not prefixes & others
